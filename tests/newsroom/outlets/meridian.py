"""Meridian: a modern house with JSON-LD and OpenGraph; a JSON Feed, and a sitemap index for its archive."""

import gzip
import json
from functools import partial

from tests.newsroom.desk import Answer, Desk, Outlet, Routes, fill, paragraphs, script_json, xml
from tests.newsroom.stories import GLACIER, ORCHARD, PARTNERSHIP, Story

NAME = "meridian"
TITLE = "Meridian"

# Announced like articles, but none.
SUBSCRIBERS = "/markets/2023/06/28/what-the-shipping-index-hides"
MAP = "/interactive/2023/06/27/where-the-cables-run"
REPORT = "/documents/2022/annual-report.pdf"
BRIEF = "/briefs/2022/11/08/ring-road-reopens"

ROBOTS = """User-agent: *
Disallow: /api/
Allow: /

Sitemap: {sitemap}
"""


def path(story: Story) -> str:
    """Section, day and slug."""
    return f"/{story.section.lower()}/{story.published_at:%Y/%m/%d}/{story.slug}"


def routes(desk: Desk) -> Routes:
    """All that meridian answers."""
    stories = [PARTNERSHIP, GLACIER, ORCHARD]
    return {
        **{path(story): partial(_article, desk, story) for story in stories},
        "/": lambda: _home(desk, stories),
        "/feed.json": lambda: _feed(desk),
        SUBSCRIBERS: lambda: _subscribers(desk),
        MAP: lambda: Answer(body=fill("meridian_map.html", url=desk.url(NAME, MAP)).encode()),
        REPORT: lambda: Answer(
            body=b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
            b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
            content_type="application/pdf",
        ),
        BRIEF: lambda: Answer(body=fill("meridian_brief.html", home=desk.url(NAME)).encode()),
        "/sitemap.xml": lambda: _sitemap_index(desk),
        "/sitemap-news.xml": lambda: _news_sitemap(desk),
        "/sitemap-2022.xml.gz": lambda: _gzipped_sitemap(desk),
        "/sitemap-briefs.txt": lambda: Answer(
            body=f"{desk.url(NAME, BRIEF)}\n".encode(), content_type="text/plain; charset=utf-8"
        ),
        "/robots.txt": lambda: Answer(
            body=ROBOTS.format(sitemap=desk.url(NAME, "/sitemap.xml")).encode(), content_type="text/plain"
        ),
    }


OUTLET = Outlet(
    name=NAME,
    title=TITLE,
    template="modern, with JSON-LD, OpenGraph and times with an offset",
    entrances=("/feed.json", "/sitemap.xml"),
    routes=routes,
    path=path,
)


def _article(desk: Desk, story: Story) -> Answer:
    url = desk.url(NAME, path(story))
    links = {"Thomas W. Pauken II": desk.url(NAME, "/topics/analysts"), "NATO summit": desk.url(NAME, "/topics/nato")}
    newsletter = (
        '<div class="css-1n7hynb" data-testid="newsletter-promo"><h3>The Meridian Line</h3>'
        '<p>One chart, three stories, every weekday.</p><form><input type="email" placeholder="Email">'
        "<button>Sign up</button></form></div>\n"
    )
    related = (
        '<aside class="css-1ur3gdl" aria-label="Related stories"><ul><li><a href="/world/2023/06/26/a-weekend-in-june">'
        'A weekend in June</a></li><li><a href="/world/2023/06/21/trade-by-rail">Trade by rail</a></li></ul></aside>\n'
    )
    body = fill(
        "meridian_article.html",
        home=desk.url(NAME),
        url=url,
        language=story.language,
        title=story.title,
        description=story.description,
        section=story.section,
        section_slug=story.section.lower(),
        published=story.published_at.isoformat(),
        modified=story.changed_at.isoformat(),
        day=f"{story.published_at.day} {story.published_at:%b %Y, %H:%M}",
        image=desk.url(NAME, f"/media/{story.slug}/1600.webp"),
        tag_metas="".join(f'<meta property="article:tag" content="{xml(tag)}"/>' for tag in story.tags),
        byline=" and ".join(
            f'<a href="/people/{xml(name.lower().replace(" ", "-"))}" class="css-n8ff4n">{xml(name)}</a>'
            for name in story.authors
        ),
        linked_data=script_json(_graph(desk, story, url)),
        state=script_json({"props": {"pageProps": {"slug": story.slug, "blocks": len(story.paragraphs)}}}),
        content=paragraphs(
            story,
            opening='<p class="css-at9mc1 evys1bk0" data-component="paragraph">',
            links=links,
            after={3: newsletter, 6: related},
        ),
        tags="".join(f'<li><a href="/topics/{xml(tag.lower())}">{xml(tag)}</a></li>' for tag in story.tags),
    )
    return Answer(body=body.encode(), changed_at=story.changed_at)


def _graph(desk: Desk, story: Story, url: str) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Organization",
                "@id": f"{desk.url(NAME)}#publisher",
                "name": TITLE,
                "logo": {"@type": "ImageObject", "url": desk.url(NAME, "/media/logo.png")},
            },
            {
                "@type": "NewsArticle",
                "@id": f"{url}#story",
                "headline": story.title,
                "description": story.description,
                # A teaser, as many houses have it here: no replacement for the text.
                "articleBody": " ".join(story.paragraphs[0].split()[:30]) + " …",
                "datePublished": story.published_at.isoformat(),
                "dateModified": story.changed_at.isoformat(),
                "author": [
                    {"@type": "Person", "name": name, "url": desk.url(NAME, "/people")} for name in story.authors
                ],
                "publisher": {"@id": f"{desk.url(NAME)}#publisher"},
                "mainEntityOfPage": url,
                "image": [{"@type": "ImageObject", "url": desk.url(NAME, f"/media/{story.slug}/1600.webp")}],
                "articleSection": story.section,
                "keywords": list(story.tags),
                "inLanguage": story.language,
                "isAccessibleForFree": True,
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": 1, "name": "Home", "item": desk.url(NAME)},
                    {"@type": "ListItem", "position": 2, "name": story.section},
                ],
            },
        ],
    }


def _subscribers(desk: Desk) -> Answer:
    url = desk.url(NAME, SUBSCRIBERS)
    graph = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "What the Shipping Index Hides",
        "datePublished": "2023-06-28T05:00:00+00:00",
        "author": {"@type": "Person", "name": "Tomás Rivera"},
        "mainEntityOfPage": url,
        "isAccessibleForFree": False,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"},
    }
    body = fill("meridian_paywall.html", home=desk.url(NAME), url=url, linked_data=script_json(graph))
    return Answer(body=body.encode())


def _home(desk: Desk, stories: list[Story]) -> Answer:
    items = "".join(
        f'<li><a href="{path(story)}"><h3>{xml(story.title)}</h3><p>{xml(story.description)}</p></a></li>\n'
        for story in stories
    )
    body = fill("meridian_home.html", feed=desk.url(NAME, "/feed.json"), items=items)
    return Answer(body=body.encode(), changed_at=PARTNERSHIP.changed_at)


def _feed(desk: Desk) -> Answer:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": desk.url(NAME),
        "feed_url": desk.url(NAME, "/feed.json"),
        "language": "en",
        "items": [
            {
                "id": f"meridian-{PARTNERSHIP.slug}",
                "url": desk.url(NAME, path(PARTNERSHIP)),
                "title": PARTNERSHIP.title,
                "summary": PARTNERSHIP.description,
                "content_text": PARTNERSHIP.description,
                "date_published": PARTNERSHIP.published_at.isoformat(),
                "date_modified": PARTNERSHIP.changed_at.isoformat(),
                "authors": [{"name": name} for name in PARTNERSHIP.authors],
                "tags": list(PARTNERSHIP.tags),
            },
            {
                "id": "meridian-shipping-index",
                "url": desk.url(NAME, SUBSCRIBERS),
                "title": "What the Shipping Index Hides",
                "content_html": "<p>For subscribers.</p>",
                "date_published": "2023-06-28T05:00:00Z",
            },
            {
                "id": "meridian-cables",
                "url": desk.url(NAME, MAP),
                "title": "Where the Cables Run",
                "content_html": "<p>An interactive map.</p>",
                "date_published": "2023-06-27T11:00:00+02:00",
            },
            {
                "id": "meridian-annual-report",
                "url": desk.url(NAME, REPORT),
                "title": "Annual report 2022",
                "content_text": "A document.",
                "date_published": "2023-03-31T10:00:00+02:00",
            },
        ],
    }
    return Answer(
        body=json.dumps(feed, ensure_ascii=False, indent=1).encode(),
        content_type="application/feed+json; charset=utf-8",
        changed_at=PARTNERSHIP.changed_at,
    )


def _sitemap_index(desk: Desk) -> Answer:
    children = "".join(
        f"  <sitemap><loc>{desk.url(NAME, child)}</loc><lastmod>{lastmod}</lastmod></sitemap>\n"
        for child, lastmod in (
            ("/sitemap-news.xml", PARTNERSHIP.changed_at.isoformat()),
            ("/sitemap-2022.xml.gz", "2022-12-31"),
            ("/sitemap-briefs.txt", "2022-11-08"),
        )
    )
    return _xml_answer(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{children}</sitemapindex>\n'
    )


def _news_sitemap(desk: Desk) -> Answer:
    urls = "".join(
        f"  <url>\n    <loc>{desk.url(NAME, path(story))}</loc>\n"
        f"    <lastmod>{story.changed_at.isoformat()}</lastmod>\n"
        f"    <news:news>\n      <news:publication><news:name>{TITLE}</news:name>"
        f"<news:language>{story.language}</news:language></news:publication>\n"
        f"      <news:publication_date>{story.published_at.isoformat()}</news:publication_date>\n"
        f"      <news:title>{xml(story.title)}</news:title>\n    </news:news>\n  </url>\n"
        for story in (PARTNERSHIP, GLACIER)
    )
    return _xml_answer(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


def _gzipped_sitemap(desk: Desk) -> Answer:
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"  <url><loc>{desk.url(NAME, path(ORCHARD))}</loc><lastmod>2022-10-26</lastmod></url>\n</urlset>\n"
    )
    # A file that is gzipped at rest: its type says so, not its transfer.
    return Answer(
        body=gzip.compress(sitemap.encode(), mtime=0),
        content_type="application/x-gzip",
        changed_at=ORCHARD.published_at,
    )


def _xml_answer(text: str) -> Answer:
    return Answer(body=text.encode(), content_type="application/xml; charset=utf-8", changed_at=PARTNERSHIP.changed_at)
