"""Courier: a WordPress house with a share bar and comments; RSS 2.0 with content:encoded and dc:creator."""

from datetime import datetime
from email.utils import format_datetime
from functools import partial

from tests.newsroom.desk import FOUNDED_AT, Answer, Desk, Outlet, Routes, fill, paragraphs, script_json, xml
from tests.newsroom.stories import HARBOUR, VISIT, Story

NAME = "courier"
TITLE = "The Courier"

# The post ids of a WordPress site: its guids and its short links are made of them.
POST_IDS = {VISIT.slug: 1254, HARBOUR.slug: 1187}

ROBOTS = """User-agent: *
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php
Disallow: /partners/

Sitemap: {sitemap}
"""

# In-text links and what a theme sets between the paragraphs.
LINKS = {
    "Belt and Road Initiative": "/tag/belt-and-road/",
    "Power of Siberia": "/tag/pipelines/",
    "container yard": "/tag/harbour/",
}
ADVERTISEMENT = (
    '<div class="a-wrap a-wrap-base a-wrap-8" data-nosnippet=""><div class="label">Advertisement</div>'
    '<ins class="adsbygoogle" style="display:block" data-ad-slot="5530417"></ins>'
    "<script>(adsbygoogle = window.adsbygoogle || []).push({});</script></div>\n"
)
COMMENTS = {
    VISIT.slug: (
        ("Peter H.", "2023-10-17T12:20:41+02:00", "Interesting read. I would have liked more about the pipeline."),
        ("marlene_k", "2023-10-17T15:02:09+02:00", "Trade figures would help here. Which year do they refer to?"),
        ("Peter H.", "2023-10-17T15:31:55+02:00", "@marlene_k The customs office publishes them every month."),
    ),
    HARBOUR.slug: (
        ("Old Town Neighbour", "2023-09-12T10:11:00+02:00", "At last! We have waited for quiet nights since 2011."),
    ),
}


def path(story: Story) -> str:
    """WordPress' "month and name" permalink."""
    return f"/{story.published_at:%Y/%m}/{story.slug}/"


def routes(desk: Desk) -> Routes:
    """All that courier answers."""
    stories = [*desk.published, VISIT, HARBOUR]
    pages = {path(story): partial(_article, desk, story) for story in stories}
    return {
        **pages,
        "/": lambda: _home(desk, stories),
        f"/?p={POST_IDS[HARBOUR.slug]}": lambda: Answer(
            status=301, body=b"", headers=(("Location", desk.url(NAME, path(HARBOUR))), ("X-Redirect-By", "WordPress"))
        ),
        "/feed.xml": lambda: _feed(desk),
        "/feed/": lambda: _feed(desk),
        "/partners/autumn-offers/": lambda: _article(desk, HARBOUR),  # robots.txt forbids it
        "/robots.txt": lambda: Answer(
            body=ROBOTS.format(sitemap=desk.url(NAME, "/wp-sitemap.xml")).encode(),
            content_type="text/plain; charset=utf-8",
        ),
    }


OUTLET = Outlet(
    name=NAME,
    title=TITLE,
    template="WordPress with a share bar and comments",
    entrances=("/feed.xml",),
    routes=routes,
    path=path,
)


def _article(desk: Desk, story: Story) -> Answer:
    url = desk.url(NAME, path(story))
    image = desk.url(NAME, f"/wp-content/uploads/{story.published_at:%Y/%m}/{story.slug}-1200x675.jpg")
    author = story.authors[0] if story.authors else TITLE
    comments = COMMENTS.get(story.slug, ())
    body = fill(
        "courier_article.html",
        home=desk.url(NAME),
        url=url,
        title=story.title,
        description=story.description,
        section=story.section,
        author=author,
        author_slug=author.lower().replace(" ", "-"),
        published=story.published_at.isoformat(),
        modified=story.changed_at.isoformat(),
        day=f"{story.published_at:%B} {story.published_at.day}, {story.published_at.year}",
        image=image,
        post_id=str(POST_IDS.get(story.slug, 1300)),
        graph=script_json(_graph(desk, story, url, image, author)),
        content=paragraphs(story, links=LINKS, after={2: ADVERTISEMENT}),
        tags="".join(f'<a href="/tag/{tag.lower()}/" rel="tag">{xml(tag)}</a> ' for tag in story.tags),
        comment_count=str(len(comments)),
        comments="".join(_comment(number, *comment) for number, comment in enumerate(comments, start=88)),
    )
    return Answer(body=body.encode(), content_type="text/html; charset=UTF-8", changed_at=story.changed_at)


def _graph(desk: Desk, story: Story, url: str, image: str, author: str) -> dict[str, object]:
    # The graph that the Yoast plugin writes.
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "@id": f"{url}#article",
                "isPartOf": {"@id": url},
                "author": {"name": author, "@id": f"{desk.url(NAME)}#/schema/person/3f1c"},
                "headline": story.title,
                "datePublished": story.published_at.isoformat(),
                "dateModified": story.changed_at.isoformat(),
                "mainEntityOfPage": {"@id": url},
                "wordCount": sum(len(text.split()) for text in story.paragraphs),
                "publisher": {"@id": f"{desk.url(NAME)}#organization"},
                "thumbnailUrl": image,
                "keywords": list(story.tags),
                "articleSection": [story.section],
                "inLanguage": "en-GB",
            },
            {"@type": "WebPage", "@id": url, "url": url, "name": f"{story.title} - {TITLE}", "inLanguage": "en-GB"},
            {"@type": "Organization", "@id": f"{desk.url(NAME)}#organization", "name": TITLE},
            {"@type": "Person", "@id": f"{desk.url(NAME)}#/schema/person/3f1c", "name": author},
        ],
    }


def _comment(number: int, name: str, instant: str, text: str) -> str:
    return (
        f'<li class="comment even thread-even depth-1" id="comment-{number}">\n'
        f'<article id="div-comment-{number}" class="comment-body"><footer class="comment-meta">\n'
        f'<div class="comment-author vcard"><b class="fn">{xml(name)}</b> <span class="says">on</span></div>\n'
        f'<div class="comment-metadata"><a href="#comment-{number}"><time datetime="{instant}">'
        f"{datetime.fromisoformat(instant):%d/%m/%Y %H:%M}</time></a></div></footer>\n"
        f'<div class="comment-content"><p>{xml(text)}</p></div>\n'
        f'<div class="reply"><a rel="nofollow" class="comment-reply-link" href="#respond">Reply</a></div>\n'
        "</article></li>\n"
    )


def _home(desk: Desk, stories: list[Story]) -> Answer:
    items = "".join(
        f'<article class="l-post grid-post"><h2 class="is-title post-title"><a href="{desk.url(NAME, path(story))}">'
        f'{xml(story.title)}</a></h2><div class="excerpt"><p>{xml(story.description)}</p></div></article>\n'
        for story in stories
    )
    body = fill("courier_home.html", home=desk.url(NAME), feed=desk.url(NAME, "/feed.xml"), items=items)
    return Answer(body=body.encode(), content_type="text/html; charset=UTF-8", changed_at=_changed_at(desk))


def _changed_at(desk: Desk) -> datetime:
    return max([desk.published_at, VISIT.changed_at] if desk.published else [VISIT.changed_at, FOUNDED_AT])


def _feed(desk: Desk) -> Answer:
    items = [_item(desk, story) for story in reversed(desk.published)]
    items.append(_item(desk, VISIT))
    # The newsletter plugin announces its own links beside the plain ones.
    tracking = "?utm_source=rss&utm_medium=rss&utm_campaign=" + VISIT.slug
    items.append(_item(desk, VISIT, query=tracking, guid="newsletter-2023-42"))
    items.append(_item(desk, HARBOUR))
    short = desk.url(NAME, f"/?p={POST_IDS[HARBOUR.slug]}")
    items.append(
        f"\t<item>\n\t\t<title>From the archive: electric cranes</title>\n\t\t<link>{xml(short)}</link>\n"
        f'\t\t<guid isPermaLink="false">archive-{POST_IDS[HARBOUR.slug]}</guid>\n\t</item>\n'
    )
    partner = desk.url(NAME, "/partners/autumn-offers/")
    items.append(
        f"\t<item>\n\t\t<title>Autumn offers from our partners</title>\n\t\t<link>{partner}</link>\n"
        f"\t\t<pubDate>Mon, 04 Sep 2023 06:00:00 +0000</pubDate>\n\t\t<guid>{partner}</guid>\n\t</item>\n"
    )
    body = fill(
        "courier_feed.xml",
        home=desk.url(NAME),
        feed=desk.url(NAME, "/feed.xml"),
        built=format_datetime(_changed_at(desk)),
        items="".join(items),
    )
    return Answer(body=body.encode(), content_type="application/rss+xml; charset=UTF-8", changed_at=_changed_at(desk))


def _item(desk: Desk, story: Story, *, query: str = "", guid: str = "") -> str:
    url = desk.url(NAME, path(story))
    guid = guid or desk.url(NAME, f"/?p={POST_IDS.get(story.slug, 1300)}")
    categories = "".join(f"\t\t<category><![CDATA[{tag}]]></category>\n" for tag in (story.section, *story.tags))
    creator = f"\t\t<dc:creator><![CDATA[{story.authors[0]}]]></dc:creator>\n" if story.authors else ""
    # WordPress cuts the excerpt at 55 words and appends a link to itself.
    excerpt = " ".join(" ".join(story.paragraphs).split()[:55])
    return (
        f"\t<item>\n\t\t<title>{xml(story.title)}</title>\n\t\t<link>{xml(url + query)}</link>\n"
        f"\t\t<comments>{url}#respond</comments>\n{creator}"
        f"\t\t<pubDate>{format_datetime(story.published_at)}</pubDate>\n{categories}"
        f'\t\t<guid isPermaLink="false">{xml(guid)}</guid>\n'
        f'\t\t<description><![CDATA[<p>{excerpt} [&#8230;]</p>\n<p>The post <a href="{url}">{story.title}</a> '
        f'appeared first on <a href="{desk.url(NAME)}">{TITLE}</a>.</p>\n]]></description>\n'
        f"\t\t<content:encoded><![CDATA[{paragraphs(story)}]]></content:encoded>\n"
        f"\t\t<slash:comments>{len(COMMENTS.get(story.slug, ()))}</slash:comments>\n\t</item>\n"
    )
