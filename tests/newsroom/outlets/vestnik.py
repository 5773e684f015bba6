"""Vestnik: an old table layout in windows-1251 with Russian navigation; RSS 1.0 (RDF) in the same charset."""

from tests.newsroom.desk import Answer, Desk, Outlet, Routes, fill, paragraphs, xml
from tests.newsroom.stories import EXERCISES, MUSEUM, Story

NAME = "vestnik"
TITLE = "Вестник края"
CHARSET = "windows-1251"

WITHDRAWN = "/news/2023/02/02/0412.html"
GUARDED = "/news/2023/01/15/0207.html"

MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


def path(story: Story) -> str:
    """A folder a day and a running number."""
    return f"/news/{story.published_at:%Y/%m/%d}/{story.slug}.html"


def routes(desk: Desk) -> Routes:
    """All that vestnik answers."""
    return {
        # One page says its charset in the header, the other only in its meta element.
        path(EXERCISES): lambda: _article(desk, EXERCISES, content_type=f"text/html; charset={CHARSET}"),
        path(MUSEUM): lambda: _article(desk, MUSEUM, content_type="text/html"),
        "/": lambda: _home(desk),
        "/rss.rdf": lambda: _feed(desk),
        WITHDRAWN: lambda: Answer(
            status=410, body="<html><body>Материал удалён</body></html>".encode(CHARSET), content_type="text/html"
        ),
        GUARDED: lambda: Answer(body=fill("vestnik_guard.html", host="vestnik.localhost").encode()),
        "/robots.txt": lambda: Answer(body=b"User-agent: *\r\nDisallow: /cgi-bin/\r\n", content_type="text/plain"),
    }


OUTLET = Outlet(
    name=NAME,
    title=TITLE,
    template="table layout in windows-1251, RDF",
    entrances=("/rss.rdf",),
    routes=routes,
    path=path,
)


def _article(desk: Desk, story: Story, *, content_type: str) -> Answer:
    # The lines of such a page are table cells' text, separated by paragraphs that are never closed.
    content = paragraphs(story, opening='<p align="justify">', closing="\r\n")
    body = fill(
        "vestnik_article.html",
        title=story.title,
        section=story.section,
        day=f"{story.published_at.day} {MONTHS[story.published_at.month - 1]} {story.published_at.year}",
        time=f"{story.published_at:%H:%M}",
        byline=f"<i>{xml(', '.join(story.authors))}</i><br>" if story.authors else "",
        content=content,
    )
    return Answer(body=_encoded(body), content_type=content_type, changed_at=story.changed_at)


def _encoded(text: str) -> bytes:
    return text.encode(CHARSET, "xmlcharrefreplace")


def _home(desk: Desk) -> Answer:
    items = "".join(
        f'<tr><td><a href="{path(story)}"><font size="2">{xml(story.title)}</font></a></td></tr>\n'
        for story in (EXERCISES, MUSEUM)
    )
    body = fill("vestnik_home.html", items=items)
    return Answer(body=_encoded(body), content_type=f"text/html; charset={CHARSET}", changed_at=EXERCISES.published_at)


def _feed(desk: Desk) -> Answer:
    items = [
        (desk.url(NAME, path(story)), story.title, story.description, story.published_at.isoformat(), story.authors)
        for story in (EXERCISES, MUSEUM)
    ]
    items += [
        (desk.url(NAME, WITHDRAWN), "Расписание паромов", "", "2023-02-02T10:00:00+03:00", ()),
        (desk.url(NAME, GUARDED), "Погода на неделю", "", "2023-01-15T09:00:00+03:00", ()),
    ]
    body = fill(
        "vestnik_feed.rdf",
        home=desk.url(NAME),
        feed=desk.url(NAME, "/rss.rdf"),
        list="".join(f'        <rdf:li rdf:resource="{url}"/>\n' for url, *_ in items),
        items="".join(
            f'  <item rdf:about="{url}">\n    <title>{xml(title)}</title>\n    <link>{url}</link>\n'
            f"    <description>{xml(description)}</description>\n    <dc:date>{instant}</dc:date>\n"
            + "".join(f"    <dc:creator>{xml(author)}</dc:creator>\n" for author in authors)
            + "  </item>\n"
            for url, title, description, instant, authors in items
        ),
    )
    return Answer(body=_encoded(body), content_type="application/rdf+xml", changed_at=EXERCISES.published_at)
