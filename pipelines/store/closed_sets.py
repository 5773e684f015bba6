"""Closed sets: the values that columns accept, and what each reason implies, become rows and comments of the database.

Each set stands here once. The table `accepted_values`, the comments of the columns, docs/tables.md and the check
`columns_hold_accepted_values` follow from it. A value that is no longer written stays as long as rows may hold it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb

from pipelines.reasons import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSet:
    """The values of some columns, each with its meaning; and of each TABLE.COLUMN what its comment says before them."""

    values: Mapping[str, str]
    columns: Mapping[str, str]
    is_listed: bool = True  # False where the values are too many for a comment

    def comment(self, column: str) -> str:
        """The whole comment of one of the columns."""
        if not self.is_listed:
            return self.columns[column]
        listed = (f"{value} ({meaning})" if meaning else value for value, meaning in self.values.items())
        return f"{self.columns[column]} One of: {', '.join(listed)}."


CLOSED_SETS = (
    ClosedSet(
        values={
            "feed": "RSS, Atom or JSON Feed",
            "sitemap": "a sitemap or an index of sitemaps",
            "listing": "the links of an index page",
            "files": "local texts",
            "warc": "archives made elsewhere",
        },
        columns={
            "sources.kind": "How the source is polled.",
            "source_health.kind": "How the source is polled.",
        },
    ),
    ClosedSet(
        values={
            "discover": "the source could not be read",
            "fetch": "the page did not come",
            "clean": "what came is no article",
        },
        columns={
            "fetches.stage": "Stage at which the entry was rejected; null otherwise.",
            "rejects.stage": "Stage at which it ended.",
            "reasons.stage": "Stage to which the reason belongs; a poll may fail for the reasons of fetching, too.",
        },
    ),
    ClosedSet(
        values={
            "new": "a text that was not stored",
            "seen": "a text that was stored, at this URL or another",
            "revised": "a text that this URL had not shown, where it had shown another",
            "rejected": "no article, for a reason",
        },
        columns={"fetches.outcome": "How the entry ended."},
    ),
    ClosedSet(
        values={
            "new": "the text was new",
            "seen": "it was known from another URL",
            "revised": "the URL was known with another text",
        },
        columns={"sightings.outcome": "What the text was when it first came from this URL."},
    ),
    ClosedSet(
        values={
            "ok": "it was read",
            "unchanged": "nothing has changed since the last poll",
            "failed": "it could not be read",
        },
        columns={
            "polls.outcome": "What the poll brought.",
            "sources.last_outcome": "Outcome of the last poll.",
            "source_health.last_outcome": "Outcome of the last poll.",
            "funnel.poll_outcome": "Outcome of the last of these polls.",
            "run_tallies.poll_outcome": "Outcome of the last poll of the source in this run.",
        },
    ),
    ClosedSet(
        values={"second": "", "minute": "", "day": "", "month": "", "year": ""},
        columns={
            "articles.published_precision": "How exact published_at is.",
            "sightings.published_precision": "How exact published_at is.",
            "current_articles.published_precision": "How exact published_at is.",
        },
    ),
    ClosedSet(
        values={
            "json-ld": "",
            "meta": "a meta element",
            "microdata": "an element marked datePublished",
            "time": "a time element",
            "title": "a day at the end of the title",
            "htmldate": "found by a search through URL and text",
            "entry": "announced by the source",
        },
        columns={"articles.published_origin": "Where published_at was found."},
    ),
    ClosedSet(
        values={
            "truncated": "the page cuts the text off",
            "mixed-script": "a word mixes scripts",
            "machine-translated": "a translation service has been over the page",
            "paywalled": "the page says that it is not free",
            "future-date": "the date lay ahead of the fetch and was passed over, or set to the fetch",
            "implausible-date": "a date before 1990 was passed over",
            "future-modified-date": "the same of modified_at",
            "implausible-modified-date": "the same of modified_at",
            "text-from-feed": "the page shows no text, the feed carries it",
            "text-from-state": "the text was in a script of the page",
            "text-from-json-ld": "the text was in articleBody of the page's JSON-LD",
        },
        columns={
            "articles.flags": "What to be careful with; several may hold.",
            "current_articles.flags": "What to be careful with; several may hold.",
        },
    ),
    ClosedSet(
        values={
            "running": "",
            "completed": "",
            "stopped": "early, by a signal or its time limit",
            "failed": "",
            "interrupted": "a later run found it unfinished",
        },
        columns={"runs.status": "How the run ended, or that it has not."},
    ),
    ClosedSet(
        values={
            "dead": "five failed polls in a row or more, and none that worked for three days",
            "failing": "its last three polls failed, or its last one for an urgent reason, or it has never worked",
            "gaps": "entries may have come and gone unseen in the last 7 days",
            "walls": "most of its pages of 7 days are consent walls, bot checks, paywalls or empty shells",
            "barren": "all pages of 7 days were rejected",
            "silent": "nothing new for longer than is usual for it, or for a week where that is not known",
            "drifting": "its articles are half as long as in the four weeks before, or twice",
            "slow": "a poll takes over 10 s",
            "late": "not polled when it was due",
            "new": "never polled",
            "ok": "well",
            "disabled": "the catalogue does not let it be polled",
            "gone": "no longer in the catalogue",
        },
        columns={"source_health.health": "Whether the source needs a person, and why."},
    ),
    ClosedSet(
        values={
            "hard": "1 point",
            "soft": "half a point",
            "transient": "a quarter of a point",
        },
        columns={"reasons.weight": "Weight where the poll of a source fails; each point doubles the wait."},
    ),
    ClosedSet(
        values={str(rule.reason): rule.meaning for rule in RULES.values()},
        columns={
            "fetches.reason": "Why the entry was rejected, a slug of the table reasons; null otherwise.",
            "rejects.reason": "Why it ended so, a slug of the table reasons.",
            "polls.reason": "Why the poll failed, a slug of the table reasons; null otherwise.",
            "sources.last_reason": "Why the last poll failed, a slug of the table reasons; null where it did not.",
            "source_health.last_reason": "Why the last poll failed, a slug of the table reasons; null if it did not.",
            "reasons.reason": "The slug, as in rejects.reason, fetches.reason, polls.reason and sources.last_reason.",
        },
        is_listed=False,
    ),
)


def reference_rows() -> dict[str, Sequence[dict[str, object]]]:
    """The rows of each table that is made from the program."""
    accepted: list[dict[str, object]] = [
        {"table_name": table, "column_name": name, "value": value, "meaning": meaning, "place": place}
        for closed_set in CLOSED_SETS
        for column in closed_set.columns
        for table, _, name in [column.partition(".")]
        for place, (value, meaning) in enumerate(closed_set.values.items(), 1)
    ]
    return {"reasons": [asdict(rule) for rule in RULES.values()], "accepted_values": accepted}


def fill_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """Make tables and comments of closed sets say what this version of the program knows. Raises duckdb.Error."""
    for table, rows in reference_rows().items():
        connection.execute(f"delete from {table}")
        # As JSON: to bind the 400 rows as they are took 0.3 s.
        connection.execute(
            f"insert into {table} by name select unnest(from_json($rows, json_structure($rows)), recursive := true)",
            {"rows": json.dumps(rows)},
        )
    for closed_set in CLOSED_SETS:
        for column in closed_set.columns:
            comment = closed_set.comment(column).replace("'", "''")
            connection.execute(f"comment on column {column} is '{comment}'")
