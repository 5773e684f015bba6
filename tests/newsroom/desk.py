"""Desk: what the outlets have printed so far, and the answers that their pages are made of."""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tests.newsroom.stories import HELD_BACK, Story, railway, traffic_report

TEMPLATES = Path(__file__).parent / "templates"

# When the newsroom was set up: the age of everything that has no date of its own.
FOUNDED_AT = datetime(2023, 1, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends for one path, before revalidation and compression."""

    body: bytes = field(repr=False)
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    changed_at: datetime = FOUNDED_AT
    headers: tuple[tuple[str, str], ...] = ()


# What an outlet answers: its paths, each with a function that prints the page.
Routes = Mapping[str, Callable[[], Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A house of the newsroom. `entrances` are the paths that sources.yaml names."""

    name: str
    title: str
    template: str  # what is particular about its pages, in a line
    entrances: tuple[str, ...]
    routes: Callable[["Desk"], Routes]
    path: Callable[[Story], str]  # where a story is printed


@dataclass(slots=True, kw_only=True)
class Desk:
    """The newsroom's state: everything that may change between two polls."""

    port: int
    revision: int = 1  # of the night-train story
    revised_at: datetime = FOUNDED_AT
    published: list[Story] = field(default_factory=list)  # newest last
    published_at: datetime = FOUNDED_AT

    def url(self, outlet: str, path: str = "/") -> str:
        """The absolute URL of a path at an outlet."""
        return f"http://{outlet}.localhost:{self.port}{path}"

    def railway(self) -> Story:
        """The night-train story as it stands now."""
        return railway(self.revision, self.revised_at)

    def revise(self, now: datetime) -> Story:
        """Print the next version of the night-train story."""
        self.revision += 1
        self.revised_at = _next_second(now)
        return self.railway()

    def publish(self, now: datetime, *, title: str | None = None, text: str | None = None) -> Story:
        """Print a story at courier: the one given, else the next that was held back, else a traffic report."""
        self.published_at = _next_second(now)
        number = len(self.published) + 1
        if text is not None:
            heading = title or f"Untitled {number}"
            slug = re.sub(r"\W+", "-", heading.lower()).strip("-") or "story"
            story = Story(
                slug=f"{slug}-{number}",
                title=heading,
                published_at=self.published_at,
                paragraphs=tuple(line.strip() for line in text.splitlines() if line.strip()),
                section="City",
            )
        else:
            printed = {story.slug for story in self.published}
            waiting = [story for story in HELD_BACK if story.slug not in printed]
            story = waiting[0] if waiting else traffic_report(number, self.published_at)
        self.published.append(story)
        return story

    def reset(self) -> None:
        """Back to the first day."""
        self.revision, self.revised_at = 1, FOUNDED_AT
        self.published.clear()
        self.published_at = FOUNDED_AT


def _next_second(now: datetime) -> datetime:
    # Feeds carry whole seconds. Rounding down could date a revision before the fetch that it follows.
    return now.replace(microsecond=0) + timedelta(seconds=1)


def fill(template: str, **values: str) -> str:
    """A template with {{name}} replaced, escaped for HTML, and {{{name}}} as it stands; KeyError if one is missing."""

    def value(match: re.Match[str]) -> str:
        if match[1]:
            return values[match[1]]
        return html.escape(values[match[2]])

    return re.sub(r"\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}", value, _template(template))


@cache
def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def paragraphs(
    story: Story,
    *,
    opening: str = "<p>",
    closing: str = "</p>\n",
    links: Mapping[str, str] | None = None,
    after: Mapping[int, str] | None = None,
) -> str:
    """A story's paragraphs as HTML.

    `links` maps a phrase to the address it links to; `after` maps the number of a paragraph,
    counted from 1, to the HTML that follows it (an advertisement, a "Read More" line).
    """
    parts = []
    for number, text in enumerate(story.paragraphs, start=1):
        line = html.escape(text, quote=False)
        for phrase, address in (links or {}).items():
            line = line.replace(phrase, f'<a href="{html.escape(address)}">{phrase}</a>', 1)
        parts.append(f"{opening}{line}{closing}{(after or {}).get(number, '')}")
    return "".join(parts)


def script_json(value: object) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def xml(text: str) -> str:
    """Text for an XML element or attribute."""
    return html.escape(text, quote=True)
