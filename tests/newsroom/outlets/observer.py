"""Observer: an opinion house whose pages have AMP twins; Atom, with a story that is revised between two polls."""

from datetime import datetime
from functools import partial

from tests.newsroom.desk import Answer, Desk, Outlet, Routes, fill, paragraphs, script_json, xml
from tests.newsroom.stories import MULTILATERALISM, WIRE, Story

NAME = "observer"
TITLE = "Eastern Observer"

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /account/
Crawl-delay: 0
"""

# The two lines that the house sets between the paragraphs of the opinion piece, by paragraph.
READ_MORE = {
    MULTILATERALISM.slug: {
        4: ("Cold War 2.0", "/opinion/cold-war-2-0"),
        7: ("Russian Invasion of Ukraine", "/topic/russian-invasion-of-ukraine"),
    }
}


def path(story: Story) -> str:
    """A section and a slug, without a date."""
    return f"/{story.section.lower()}/{story.slug}"


def routes(desk: Desk) -> Routes:
    """All that observer answers."""
    stories = [MULTILATERALISM, desk.railway(), WIRE]
    return {
        **{path(story): partial(_article, desk, story) for story in stories},
        **{f"{path(story)}/amp": partial(_amp, desk, story) for story in stories},
        "/": lambda: _home(desk, stories),
        "/atom.xml": lambda: _feed(desk),
        "/world/leaders-meet-again": lambda: Answer(body=fill("observer_consent.html", home=desk.url(NAME)).encode()),
        "/robots.txt": lambda: Answer(body=ROBOTS.encode(), content_type="text/plain"),
    }


OUTLET = Outlet(
    name=NAME,
    title=TITLE,
    template="pages with AMP twins, “Read More” lines in the text",
    entrances=("/atom.xml",),
    routes=routes,
    path=path,
)


def _values(desk: Desk, story: Story) -> dict[str, str]:
    url = desk.url(NAME, path(story))
    author = story.authors[0]
    return {
        "home": desk.url(NAME),
        "url": url,
        "amp_url": f"{url}/amp",
        "title": story.title,
        "description": story.description,
        "section": story.section,
        "section_slug": story.section.lower(),
        "author": author,
        "author_slug": author.lower().replace(" ", "-"),
        "published": story.published_at.isoformat(),
        "modified": story.changed_at.isoformat(),
        "day": f"{story.published_at.day} {story.published_at:%B %Y}",
        "image": desk.url(NAME, f"/images/{story.slug}.jpg"),
        "linked_data": script_json(
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": story.title,
                "datePublished": story.published_at.isoformat(),
                "dateModified": story.changed_at.isoformat(),
                "author": [{"@type": "Person", "name": name} for name in story.authors],
                "publisher": {"@type": "Organization", "name": TITLE},
                "mainEntityOfPage": {"@type": "WebPage", "@id": url},
                "image": [desk.url(NAME, f"/images/{story.slug}.jpg")],
            }
        ),
    }


def _article(desk: Desk, story: Story) -> Answer:
    read_more = {
        number: f'<p><strong>Read More: <a href="{desk.url(NAME, link)}">{xml(label)}</a></strong></p>\n'
        for number, (label, link) in READ_MORE.get(story.slug, {}).items()
    }
    read_more[2] = read_more.get(2, "") + '<div class="ad-slot ad-slot--inline" id="div-gpt-ad-1"></div>\n'
    body = fill("observer_article.html", content=paragraphs(story, after=read_more), **_values(desk, story))
    return Answer(body=body.encode(), changed_at=story.changed_at)


def _amp(desk: Desk, story: Story) -> Answer:
    read_more = {
        number: f'<p><strong>Read More: <a href="{desk.url(NAME, link)}/amp">{xml(label)}</a></strong></p>\n'
        for number, (label, link) in READ_MORE.get(story.slug, {}).items()
    }
    read_more[3] = read_more.get(3, "") + (
        '<amp-ad width="300" height="250" type="doubleclick" data-slot="/000/observer/inline">'
        "<div placeholder></div><div fallback></div></amp-ad>\n"
    )
    body = fill("observer_amp.html", content=paragraphs(story, after=read_more), **_values(desk, story))
    return Answer(body=body.encode(), changed_at=story.changed_at)


def _home(desk: Desk, stories: list[Story]) -> Answer:
    teasers = "".join(
        f'<article class="teaser"><h2 class="teaser__title"><a href="{path(story)}">{xml(story.title)}</a></h2>'
        f'<p class="teaser__text">{xml(story.description)}</p></article>\n'
        for story in stories
    )
    body = fill("observer_home.html", feed=desk.url(NAME, "/atom.xml"), teasers=teasers)
    return Answer(body=body.encode(), changed_at=_changed_at(desk))


def _changed_at(desk: Desk) -> datetime:
    return max(story.changed_at for story in (MULTILATERALISM, desk.railway(), WIRE))


def _feed(desk: Desk) -> Answer:
    entries = [_entry(desk, MULTILATERALISM), _entry(desk, MULTILATERALISM, suffix="/amp")]
    entries += [_entry(desk, desk.railway()), _entry(desk, WIRE)]
    # A page behind a consent wall, and one that was withdrawn while its entry stayed.
    entries += [
        _bare_entry(desk, "Leaders Meet Again in the Capital", "/world/leaders-meet-again", "2022-11-18T09:00:00Z"),
        _bare_entry(desk, "Correction: a Withdrawn Brief", "/world/withdrawn-brief", "2022-11-17T21:30:00Z"),
    ]
    body = fill(
        "observer_feed.xml",
        home=desk.url(NAME),
        feed=desk.url(NAME, "/atom.xml"),
        updated=_changed_at(desk).isoformat(),
        entries="".join(entries),
    )
    return Answer(body=body.encode(), content_type="application/atom+xml", changed_at=_changed_at(desk))


def _entry(desk: Desk, story: Story, *, suffix: str = "") -> str:
    url = desk.url(NAME, path(story) + suffix)
    authors = "".join(f"    <author><name>{xml(name)}</name></author>\n" for name in story.authors)
    return (
        f'  <entry>\n    <title type="text">{xml(story.title)}</title>\n'
        f'    <link rel="alternate" type="text/html" href="{url}"/>\n'
        f"    <id>tag:observer.localhost,2022:{story.slug}{suffix}</id>\n"
        f"    <published>{story.published_at.isoformat()}</published>\n"
        f"    <updated>{story.changed_at.isoformat()}</updated>\n{authors}"
        f'    <category term="{xml(story.section)}"/>\n'
        f'    <summary type="html">&lt;p&gt;{xml(story.description)}&lt;/p&gt;</summary>\n  </entry>\n'
    )


def _bare_entry(desk: Desk, title: str, page: str, instant: str) -> str:
    url = desk.url(NAME, page)
    return (
        f'  <entry>\n    <title>{xml(title)}</title>\n    <link href="{url}"/>\n    <id>{url}</id>\n'
        f"    <updated>{instant}</updated>\n  </entry>\n"
    )
