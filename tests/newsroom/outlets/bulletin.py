"""Bulletin: bare paragraphs without any class, date or markup to go by; no feed, only an index page."""

from functools import partial

from tests.newsroom.desk import Answer, Desk, Outlet, Routes, fill, paragraphs, xml
from tests.newsroom.stories import HARBOUR_REPRINT, WESTERN_DISEASE, Story

NAME = "bulletin"
TITLE = "Morning Bulletin"

# Linked from the index like articles, but none: a removed page that answers 200, and a page of links.
REMOVED = "/2023/08/30/summer-fair-programme/"
LINKS = "/2023/07/02/what-others-write/"


def path(story: Story) -> str:
    """The day stands in the address and nowhere else."""
    return f"/{story.published_at:%Y/%m/%d}/{story.slug}/"


def routes(desk: Desk) -> Routes:
    """All that bulletin answers."""
    return {
        **{path(story): partial(_article, desk, story) for story in (WESTERN_DISEASE, HARBOUR_REPRINT)},
        "/": lambda: _index(desk),
        REMOVED: lambda: Answer(body=fill("bulletin_removed.html").encode()),
        LINKS: lambda: Answer(body=fill("bulletin_links.html").encode()),
    }


OUTLET = Outlet(
    name=NAME,
    title=TITLE,
    template="bare paragraphs with no class hints",
    entrances=("/",),
    routes=routes,
    path=path,
)


def _article(desk: Desk, story: Story) -> Answer:
    byline = f"<p>Author: {xml(story.authors[0])}</p>\n" if story.authors else ""
    body = fill("bulletin_article.html", title=story.title, content=paragraphs(story), byline=byline)
    return Answer(body=body.encode(), changed_at=story.changed_at)


def _index(desk: Desk) -> Answer:
    links = [(path(story), story.title) for story in (HARBOUR_REPRINT, WESTERN_DISEASE)]
    links[1:1] = [(REMOVED, "The summer fair: all stages, all times"), (LINKS, "What others write")]
    items = "".join(f'<li><a href="{page}">{xml(title)}</a></li>\n' for page, title in links)
    body = fill("bulletin_index.html", items=items)
    return Answer(body=body.encode(), changed_at=HARBOUR_REPRINT.published_at)
