"""Reasons: what each reason of the closed set implies, in one table that code, database and documentation read.

The table `reasons` of the database is filled from RULES whenever the views are made, and docs/reference/reasons.md is
written from it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pipelines.model import Reason, Stage

Weight: TypeAlias = Literal["hard", "soft", "transient"]

# What a rule says beside its text: without a weight the reason is soft, and what is hard is urgent.
_Trait: TypeAlias = Literal["hard", "transient", "urgent", "retried", "repeated", "unanswered", "host", "wall"]

# Fetches of one entry that may fail by reasons which are retried.
MAX_TRIES = 5

# Each point doubles the wait before the next poll of a source that fails.
POINTS: Mapping[Weight, float] = {"hard": 1.0, "soft": 0.5, "transient": 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRule:
    """What one reason implies.

    `weight` counts where the poll of a source fails: hard where only the publisher or the operator can mend it,
    transient where it mostly passes within the hour, soft otherwise. A living feed may answer 404 for a while: soft.
    """

    reason: Reason
    stage: Stage  # where it belongs; a poll may fail for the reasons of fetching, too
    meaning: str
    advice: str
    weight: Weight
    is_urgent: bool  # a source that fails for it needs a person after one poll, not after three
    is_retried: bool  # later runs fetch the entry again; the others say something about the page, and hold
    is_repeated: bool  # the fetcher makes three attempts before it gives this reason
    is_unanswered: bool  # nobody answered: if all sources say so, the network of this machine seems to be down
    blames_host: bool  # the fault lies with the host rather than with the page
    is_wall: bool  # the page stands between the reader and an article


def _rule(reason: Reason, stage: Stage, *traits: _Trait, meaning: str, advice: str) -> ReasonRule:
    return ReasonRule(
        reason=reason,
        stage=stage,
        meaning=meaning,
        advice=advice,
        weight="hard" if "hard" in traits else "transient" if "transient" in traits else "soft",
        is_urgent="urgent" in traits or "hard" in traits,
        is_retried="retried" in traits,
        is_repeated="repeated" in traits,
        is_unanswered="unanswered" in traits,
        blames_host="host" in traits,
        is_wall="wall" in traits,
    )


# fmt: off
_TABLE = (
    # discover: the source itself could not be read
    _rule(
        "bad-feed", "discover", "urgent",
        meaning=(
            "The document is no feed that can be read: HTML, plain words, broken beyond repair, or with entities "
            "that explode."
        ),
        advice="Open the URL. Often the feed has moved: `presswatch sources add SITE` looks for it.",
    ),
    _rule(
        "bad-sitemap", "discover", "urgent",
        meaning="The document is no sitemap, or one that must not be read.",
        advice="Open the URL; robots.txt of the site names its sitemaps.",
    ),
    _rule(
        "bad-listing", "discover", "urgent",
        meaning="The page has no links to articles where they are looked for.",
        advice="Give the source a `selector` or a `pattern`.",
    ),
    _rule(
        "bad-archive", "discover", "urgent",
        meaning="No WARC file of the source can be read; or, of one page, its record is broken or gone.",
        advice="Look at the file with another reader, get it again.",
    ),
    _rule(
        "poll-crash", "discover", "urgent",
        meaning="Discovery itself failed on this source; the other sources went on.",
        advice="Report it, with the source's address and the detail.",
    ),
    # fetch: the way to the page
    _rule(
        "bad-url", "fetch", "hard",
        meaning=(
            "The entry has no link, or one that is no web address (`javascript:`, no host, over 4,000 characters), "
            "or a file outside the source's folder."
        ),
        advice="Nothing, unless all entries of a source end so: then its feed is broken.",
    ),
    _rule(
        "private-address", "fetch", "hard",
        meaning="The host, or one its redirects lead to, lies in a private or reserved network.",
        advice="For an intranet of yours name the network under `allow_networks` of the source.",
    ),
    _rule(
        "robots-disallowed", "fetch", "hard",
        meaning="robots.txt forbids the page to `presswatch` or to all.",
        advice="Ask the publisher; it is theirs to allow.",
    ),
    _rule(
        "robots-unreachable", "fetch", "transient", "retried", "unanswered",
        meaning="robots.txt could not be had (5xx, silence, nonsense), which forbids everything (RFC 9309).",
        advice="Wait; ask the publisher if it lasts for days.",
    ),
    _rule(
        "host-paused", "fetch", "transient", "retried", "unanswered",
        meaning=(
            "The host asked to be left alone (Retry-After over a minute), or failed three times in a row. No "
            "request was sent."
        ),
        advice="Wait; for a host that says so often, set a longer `pause` under `fetch.hosts`.",
    ),
    _rule(
        "unknown-host", "fetch", "retried", "repeated", "unanswered", "host",
        meaning="DNS knows no such host. (Where DNS says so for certain, it is asked once.)",
        advice="Look at the spelling, and at the network of this machine if all sources say so.",
    ),
    _rule(
        "connection-refused", "fetch", "transient", "retried", "repeated", "unanswered", "host",
        meaning="Nobody listens there.",
        advice="Wait.",
    ),
    _rule(
        "connection-failed", "fetch", "transient", "retried", "repeated", "unanswered", "host",
        meaning="The connection could not be made, or broke without an answer.",
        advice="Wait; if a browser gets in, the site may block this machine.",
    ),
    _rule(
        "tls-error", "fetch", "hard", "retried", "host",
        meaning=(
            "No TLS, or a certificate that does not hold (expired, for another host, unknown authority). It is "
            "never ignored."
        ),
        advice="Tell the publisher. Behind a proxy with an authority of its own, name that in `SSL_CERT_FILE`.",
    ),
    _rule(
        "timeout", "fetch", "transient", "retried", "repeated", "unanswered", "host",
        meaning=(
            "No connection in 10 s, nothing new in 20 s, or no whole answer in 60 s, all attempts together; also "
            "status 408."
        ),
        advice="Wait; for slow sites raise `PRESSWATCH_READ_TIMEOUT_S` and `PRESSWATCH_TOTAL_TIMEOUT_S`.",
    ),
    _rule(
        "protocol-error", "fetch", "transient", "retried", "host",
        meaning=(
            "The answer is not HTTP as we know it: garbage, endless headers or interim answers, a 304 nobody asked "
            "for."
        ),
        advice="Tell the publisher.",
    ),
    _rule(
        "too-many-redirects", "fetch", "hard",
        meaning="More than five redirects, or a circle.",
        advice="Open the page: often it is a login or a consent page.",
    ),
    _rule(
        "bad-redirect", "fetch", "hard",
        meaning="A redirect without a target, or to something that is no web address.",
        advice="Tell the publisher.",
    ),
    _rule(
        "redirected-home", "fetch",
        meaning="The page redirects to a front page, a section or a folder above it: gone articles often do.",
        advice="Nothing. If a browser shows an article there, report it, with the URL.",
    ),
    _rule(
        "unauthorized", "fetch", "hard",
        meaning="Status 401 or 407.",
        advice="Give the source `headers` with credentials you may use.",
    ),
    _rule(
        "forbidden", "fetch",
        meaning="Status 403 or 451.",
        advice="Often a firewall that dislikes robots: set `fetch.contact`, ask the publisher.",
    ),
    _rule(
        "not-found", "fetch",
        meaning="Status 404.",
        advice="Nothing for a page: the source announced what is not there. For a source, look whether it has moved.",
    ),
    _rule(
        "gone", "fetch", "hard",
        meaning="Status 410.",
        advice="Nothing for a page. A source that is gone can be removed.",
    ),
    _rule(
        "rate-limited", "fetch", "transient", "retried", "repeated", "host",
        meaning="Status 429.",
        advice="Set a longer `pause` for the host under `fetch.hosts`.",
    ),
    _rule(
        "client-error", "fetch", "hard",
        meaning="Any other status from 400 to 499, or an unheard-of one.",
        advice="Look at the status and the evidence.",
    ),
    _rule(
        "server-error", "fetch", "transient", "retried", "repeated", "host",
        meaning="Status 5xx.",
        advice="Wait.",
    ),
    _rule(
        "unsupported-type", "fetch", "hard",
        meaning=(
            "The answer is not of the kind that was asked for: an image, a PDF, a video. A page must be HTML or "
            "plain text. Refused before its body is read, where the header tells."
        ),
        advice="Nothing, or a `pattern` that leaves such links out.",
    ),
    _rule(
        "bad-encoding", "fetch", "retried",
        meaning="Content-Encoding is not one gzip or deflate, or the compressed body is broken.",
        advice="Tell the publisher.",
    ),
    _rule(
        "truncated-body", "fetch", "transient", "retried", "repeated",
        meaning="The body broke off before its end.",
        advice="Wait.",
    ),
    _rule(
        "too-large", "fetch", "hard",
        meaning="The body is over 10 MB decoded (50 MB for a sitemap): large pages, and decompression bombs.",
        advice="Nothing.",
    ),
    _rule(
        "empty-body", "fetch", "retried",
        meaning="An answer without a body.",
        advice="Wait; if it lasts, the site may hide from robots.",
    ),
    # fetch: local files
    _rule(
        "file-missing", "fetch", "hard",
        meaning="The file, or the source's folder, is not there any more.",
        advice="Look at the source's `path`.",
    ),
    _rule(
        "file-unreadable", "fetch", "hard", "retried",
        meaning="The system does not let us read it.",
        advice="Look at its permissions.",
    ),
    _rule(
        "file-not-regular", "fetch", "hard",
        meaning="A link, a folder, a pipe or a device. Links are not followed.",
        advice="Copy the file into the folder.",
    ),
    # fetch: a fault of our own on one page
    _rule(
        "fetch-crash", "fetch", "retried",
        meaning="The fetcher itself failed on this page; the log has the traceback.",
        advice="Report it, with the URL.",
    ),
    # clean: what came is no article
    _rule(
        "undecodable", "clean",
        meaning="The bytes make no text in any charset: a binary file under a page's name.",
        advice="Nothing.",
    ),
    _rule(
        "too-complex", "clean",
        meaning=(
            "More than 60,000 tags, more than 2,000 attributes in one tag, more than 100 tables nested in one "
            "another, or more than a million characters of text: reading it would take minutes."
        ),
        advice="Nothing; `clean.body` cannot help, since it is looked for in a page that was read.",
    ),
    _rule(
        "no-text", "clean",
        meaning="No text was found.",
        advice="`presswatch try URL`; `clean.body` may help.",
    ),
    _rule(
        "too-short", "clean",
        meaning="Fewer words than `clean.min_words` (40).",
        advice="Lower `min_words` for sources of short notices.",
    ),
    _rule(
        "consent-wall", "clean", "wall",
        meaning="A page that asks for consent to cookies.",
        advice="Ask the publisher, or use a feed that carries the text.",
    ),
    _rule(
        "bot-check", "clean", "wall",
        meaning="A page that checks whether we are human.",
        advice="Set `fetch.contact`, ask the publisher.",
    ),
    _rule(
        "paywall", "clean", "wall",
        meaning="A stub with an offer to subscribe.",
        advice="Give the source `headers` with credentials you may use.",
    ),
    _rule(
        "soft-404", "clean",
        meaning='"Not found", with status 200.',
        advice="Nothing.",
    ),
    _rule(
        "error-page", "clean",
        meaning="An error message, with status 200.",
        advice="Nothing, unless it lasts.",
    ),
    _rule(
        "script-only", "clean", "wall",
        meaning="A shell that needs JavaScript.",
        advice="Look for a feed or an AMP page that carries the text.",
    ),
    _rule(
        "link-page", "clean",
        meaning="A list of links: a section, a tag, a front page.",
        advice="A `pattern` that leaves such links out.",
    ),
    _rule(
        "clean-timeout", "clean",
        meaning="Cleaning took more than `PRESSWATCH_PAGE_DEADLINE_S` of CPU time and was killed.",
        advice="Report it, with the URL.",
    ),
    _rule(
        "clean-crash", "clean",
        meaning="Cleaning failed or ran out of memory on this page, and again when it was tried alone.",
        advice="Report it, with the URL.",
    ),
    _rule(
        "clean-interrupted", "clean", "retried",
        meaning=(
            "The process that cleaned the page was killed from outside or got hardly any CPU, and again when the page "
            "was tried alone. It says nothing about the page."
        ),
        advice="Look for a machine that is short of memory or overloaded.",
    ),
)
# fmt: on

RULES: Mapping[Reason, ReasonRule] = {rule.reason: rule for rule in _TABLE}


def points_of(reason: Reason | None) -> float:
    """How much a failed poll weighs; a failure without a reason is soft."""
    return POINTS[RULES[reason].weight if reason else "soft"]


def common_failure(reasons: Collection[Reason | None]) -> str | None:
    """One line that says what is wrong where every poll failed; None where one did not (its reason is None).

    Takes the reason of the last poll of each source: of all sources, or of those that one run polled.
    """
    failed = [reason for reason in reasons if reason is not None]
    if not failed or len(failed) < len(reasons):
        return None
    if len(failed) == 1:
        return f"The only source failed: {failed[0]}."
    # A database may hold a reason that this version does not know.
    if all(reason in RULES and RULES[reason].is_unanswered for reason in failed):
        return f"The network seems to be down: none of {len(failed)} sources answered."
    return f"All {len(failed)} sources failed."
