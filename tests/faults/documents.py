"""Faults of documents: feeds, sitemaps, listings and pages that do harm when they are read. Fetching lets them pass."""

# ruff: noqa: E501  a table is read by its columns

import gzip
import json
from collections.abc import Callable

from tests.faults.bodies import bomb
from tests.faults.case import Fault, Place, Reply, Visit, answer, article, fault, head, points, repeats, says, text_of

_RSS = "application/rss+xml"
_LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '" + f"&{chr(97 + n)};" * 10 + "'>" for n in range(9))
    + "]>"
)
_PEEK = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


def _item(link: str, *, title: str = "News", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def _rss(items: str, *, start: str = "", title: str = "Feed") -> str:
    return f"{start}<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def _writes(make: Callable[[str], str | bytes], *, content_type: str = _RSS, encoding: str = "utf-8") -> Reply:
    """Answers with a document made for the URL of the host."""

    async def reply(visit: Visit) -> None:
        document = make(f"http://{visit.name}.localhost:{visit.port}")
        body = document.encode(encoding, "surrogatepass") if isinstance(document, str) else document
        await visit.send(answer(body, content_type=content_type))

    return reply


def _at(place: Place, prefix: str) -> Callable[..., Fault]:
    def make(name: str, becomes: str, reply: Reply) -> Fault:
        return fault(f"{prefix}-{name}", f"{prefix}s", becomes, reply, place=place)

    return make


_feed = _at("feed", "feed")
_sitemap = _at("sitemap", "sitemap")
_listing = _at("listing", "listing")


def _atom(entry: str, *, base: str) -> str:
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{base}'><entry><title>News</title>{entry}</entry></feed>"
    )


def _linking(link: str, **more: str) -> Reply:
    return _writes(lambda base: _rss(_item(link.replace("{base}", base), **more)))


def _json_feed(items: object, *, encoding: str = "utf-8") -> Reply:
    def make(base: str) -> str:
        text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Feed", "items": items})
        return text.replace("{base}", base)

    return _writes(make, content_type="application/feed+json", encoding=encoding)


FEEDS: tuple[Fault, ...] = (
    _feed("404", "poll:not-found", says(answer(b"gone", status="404 Not Found"))),
    _feed("403", "poll:forbidden", says(answer(b"no", status="403 Forbidden"))),
    _feed("500", "poll:server-error", says(answer(b"no", status="500 Oops"))),
    _feed("empty", "poll:empty-body", says(answer(b"", content_type=_RSS))),
    _feed("blank", "poll:empty-body", says(answer(b"  \n ", content_type=_RSS))),
    _feed("html", "poll:bad-feed", _writes(lambda base: article("feed-html"), content_type="text/html")),
    _feed("words", "poll:bad-feed", says(answer(b"this is no feed", content_type="text/plain"))),
    _feed("image", "poll:unsupported-type", says(answer(b"\x89PNG\r\n\x1a\n" + bytes(2_000), content_type="image/png"))),
    _feed("binary", "poll:bad-feed", says(answer(bytes(range(256)) * 20, content_type="application/xml"))),
    _feed("bomb", "poll:too-large", says(answer(bomb(), content_type=_RSS, Content_Encoding="gzip"))),
    _feed("bomb-undeclared", "poll:too-large", says(answer(bomb(), content_type="application/xml"))),
    _feed("endless", "poll:too-large", repeats(head(Content_Type=_RSS) + b"<rss><channel>", b"<item></item>" * 5_000)),
    _feed("redirect-loop", "poll:too-many-redirects", points("/feed.xml")),
    _feed("redirect-to-private", "poll:private-address", points("http://10.0.0.1/feed.xml")),
    _feed("billion-laughs", "poll:bad-feed", _writes(lambda base: _rss(_item(f"{base}/article", title="&j;"), start=_LAUGHS))),
    _feed("external-entity", "poll:bad-feed", _writes(lambda base: _rss(_item(f"{base}/article", title="&a;"), start=_PEEK))),
    _feed("thousand-attributes", "poll:bad-feed", _writes(lambda base: _rss("<item " + " ".join(f"a{n}='1'" for n in range(1_000)) + "/>"))),
    _feed("deeply-nested", "", _writes(lambda base: _rss("<a>" * 50_000))),
    _feed("broken-off", "", _writes(lambda base: _rss(_item(f"{base}/article"))[:-30])),
    _feed("ill-formed", "stored", _writes(lambda base: _rss(_item(f"{base}/article", title="AT&T &nbsp; <b>")))),
    _feed("without-entries", "", _writes(lambda base: _rss(""))),
    _feed("of-10000-entries", "fetch:not-found", _writes(lambda base: _rss("".join(_item(f"{base}/gone/{n}") for n in range(10_000))))),
    _feed("controls", "stored", _linking("{base}/article", title="News \x01\x0b\x1f")),
    _feed("nul", "stored", _linking("{base}/article", title="News \x00")),
    _feed("utf-16", "stored", _writes(lambda base: _rss(_item(f"{base}/article")), encoding="utf-16")),
    _feed("misdeclared-charset", "stored", _writes(lambda base: "<?xml version='1.0' encoding='utf-8'?>" + _rss(_item(f"{base}/article", title="Grüße")), encoding="latin-1")),
    _feed("gzip-undeclared", "stored", _writes(lambda base: gzip.compress(_rss(_item(f"{base}/article")).encode()))),
    _feed("gzip-typed-as-such", "stored", _writes(lambda base: gzip.compress(_rss(_item(f"{base}/article")).encode()), content_type="application/x-gzip")),
    _feed("type-rss-xml", "stored", _writes(lambda base: _rss(_item(f"{base}/article")), content_type="application/rss-xml")),
    _feed("type-octet-stream", "stored", _writes(lambda base: _rss(_item(f"{base}/article")), content_type="application/octet-stream")),
    _feed("type-unheard-of", "stored", _writes(lambda base: _rss(_item(f"{base}/article")), content_type="x-news/x-feed")),
    _feed("type-video", "poll:unsupported-type", _writes(lambda base: _rss(_item(f"{base}/article")), content_type="video/mp4")),
    _feed("type-unheard-of-but-pdf", "poll:unsupported-type", says(answer(b"%PDF-1.7 " * 200, content_type="application/x-unheard-of"))),
    _feed("huge-title", "stored", _linking("{base}/article", title="News " * 100_000)),
    _feed("far-future", "stored", _linking("{base}/article", more="<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>")),
    _feed("rubbish-date", "stored", _linking("{base}/article", more="<pubDate>yesterday-ish</pubDate>")),
    _feed("one-guid-for-all", "stored", _writes(lambda base: _rss("".join(_item(f"{base}/arrived/{n}", more="<guid>1</guid>") for n in range(3))))),
    _feed("relative-link", "stored", _linking("/article")),
    _feed("padded-link", "stored", _linking("\n  {base}/article  \n")),
    _feed("link-with-credentials", "stored", _writes(lambda base: _rss(_item(base.replace("//", "//user:secret@") + "/article")))),
    _feed("without-link", "fetch:bad-url", _writes(lambda base: _rss("<item><title>News</title></item>"))),
    _feed("javascript-link", "fetch:bad-url", _linking("javascript:go()")),
    _feed("mail-link", "fetch:bad-url", _linking("mailto:news@example.org")),
    _feed("file-link", "fetch:bad-url", _linking("file:///etc/hosts")),
    _feed("private-link", "fetch:private-address", _linking("http://10.0.0.2/article")),
    _feed("long-link", "fetch:bad-url", _linking("{base}/" + "x" * 5_000)),
    _feed("of-empty-items", "fetch:bad-url stored", _writes(lambda base: _rss(_item(f"{base}/article") + "<item/>" * 100_000))),
    _feed("base-of-javascript", "stored", _writes(lambda base: _atom("<link href='/article'/>", base="javascript:x"))),
    _feed("base-of-private", "fetch:private-address", _writes(lambda base: _atom("<link href='/article'/>", base="http://10.0.0.9/"))),
    _feed("utf-32", "stored", _writes(lambda base: _rss(_item(f"{base}/article")), encoding="utf-32")),
    _feed("ebcdic", "poll:bad-feed", _writes(lambda base: ("<?xml version='1.0' encoding='cp037'?>" + _rss("")).encode("cp037"))),
    _feed("charset-punycode", "stored", _writes(lambda base: "<?xml version='1.0' encoding='punycode'?>" + _rss(_item(f"{base}/article", title="é")), encoding="latin-1")),
    _feed("charset-undefined", "stored", _writes(lambda base: "<?xml version='1.0' encoding='undefined'?>" + _rss(_item(f"{base}/article", title="é")), encoding="latin-1")),
    _feed("external-dtd", "stored", _writes(lambda base: _rss(_item(f"{base}/article"), start="<!DOCTYPE rss SYSTEM 'http://10.0.0.1/x.dtd'>"))),
    _feed("cdata-never-closed", "stored", _writes(lambda base: _rss(_item(f"{base}/article")) + "<![CDATA[" * 50_000)),
    _feed("html-of-links", "poll:bad-feed", _writes(lambda base: "<html><link " + "application/rss+xml " * 20_000, content_type="text/html")),
    _feed("impossible-references", "stored", _linking("{base}/article", title="&#xD800;&#0;&#x110000;&#99999999999;")),
    _feed("skip-hours-never-closed", "stored", _writes(lambda base: _rss("<skipHours>" * 20_000 + _item(f"{base}/article")))),
    _feed("huge-guid", "fetch:bad-url", _writes(lambda base: _rss(f"<item><guid isPermaLink='false'>{'g' * 500_000}</guid></item>"))),
    _feed("port-0-link", "fetch:bad-url", _linking("http://example.org:0/article")),
    _feed("zone-link", "fetch:bad-url", _linking("http://[fe80::1%25eth0]/article")),
    _feed("other-dots-link", "fetch:private-address", _linking("http://10。0。0。4/article")),
    _feed("backslash-link", "fetch:bad-url", _linking("{base}\\article")),
    _feed("view-source-link", "fetch:bad-url", _linking("view-source:{base}/article")),
    _feed("homograph-link", "stored", _writes(lambda base: _rss(_item(base.replace("feed-homograph-link", "аррӏе") + "/article")))),
    _feed("climbing-link", "stored", _linking("{base}/" + "../" * 1_000 + "article")),
    _feed("json-of-infinity", "stored", _json_feed([{"id": float("inf"), "url": "{base}/article", "date_published": float("inf"), "title": float("nan")}])),
    _feed("json-of-wrong-types", "fetch:bad-url stored", _json_feed([{"id": ["x"], "url": {"a": 1}, "authors": [[1]], "title": {}}, None, 1, {"url": "{base}/article", "id": True}])),
    _feed("json-in-utf-16", "stored", _json_feed([{"url": "{base}/article"}], encoding="utf-16")),
    _feed("json", "stored", _json_feed([{"id": "1", "url": "{base}/article", "title": "News"}])),
    _feed("json-surrogates", "stored", _json_feed([{"id": "1", "url": "{base}/article", "title": "News \ud800"}])),
    _feed("json-of-wrong-shape", "poll:bad-feed", _json_feed("none")),
    _feed("json-list", "poll:bad-feed", says(answer(b"[1, 2, 3]", content_type="application/json"))),
    _feed("json-broken-off", "poll:bad-feed", says(answer(b'{"version": "https://jsonfeed.org/version/1.1", "items": [', content_type="application/json"))),
    _feed("json-deeply-nested", "poll:bad-feed", says(answer(b'{"items": ' + b"[" * 100_000, content_type="application/json"))),
)  # fmt: skip


def _urlset(urls: str) -> str:
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"


def _loc(link: str, more: str = "") -> str:
    return f"<url><loc>{link}</loc>{more}</url>"


def _index(links: str) -> str:
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{links}</sitemapindex>"


_XML = "application/xml"


async def _chain(visit: Visit) -> None:
    """Each index names three others, for ever."""
    step = int(visit.path.partition("?")[2] or 0)
    base = f"http://{visit.name}.localhost:{visit.port}/sitemap.xml"
    links = (f"<sitemap><loc>{base}?{step * 3 + number}</loc></sitemap>" for number in (1, 2, 3))
    await visit.send(answer(_index("".join(links)).encode(), content_type=_XML))


SITEMAPS: tuple[Fault, ...] = (
    _sitemap("good", "stored", _writes(lambda base: _urlset(_loc(f"{base}/article")), content_type=_XML)),
    _sitemap("gz", "stored", _writes(lambda base: gzip.compress(_urlset(_loc(f"{base}/article")).encode()), content_type="application/x-gzip")),
    _sitemap("text", "stored", _writes(lambda base: f"{base}/article\n", content_type="text/plain")),
    _sitemap("byte-order-mark", "stored", _writes(lambda base: "\ufeff" + _urlset(_loc(f"{base}/article")), content_type=_XML)),
    _sitemap("without-namespace", "stored", _writes(lambda base: f"<urlset>{_loc(f'{base}/article')}</urlset>", content_type=_XML)),
    _sitemap("rubbish-date", "stored", _writes(lambda base: _urlset(_loc(f"{base}/article", "<lastmod>last week</lastmod>")), content_type=_XML)),
    _sitemap("without-urls", "", _writes(lambda base: _urlset(""), content_type=_XML)),
    _sitemap("html", "poll:bad-sitemap", _writes(lambda base: article("sitemap-html"), content_type="text/html")),
    _sitemap("binary", "poll:bad-sitemap", says(answer(bytes(range(256)) * 20, content_type=_XML))),
    _sitemap("bomb", "poll:too-large", says(answer(bomb(), content_type="application/gzip"))),
    _sitemap("endless", "poll:too-large", repeats(head(Content_Type=_XML) + b"<urlset>", b"<url></url>" * 6_000)),
    _sitemap("billion-laughs", "poll:bad-sitemap", _writes(lambda base: _LAUGHS + _urlset(_loc("&j;")), content_type=_XML)),
    _sitemap("external-entity", "poll:bad-sitemap", _writes(lambda base: _PEEK + _urlset(_loc("&a;")), content_type=_XML)),
    _sitemap("index-of-itself", "", _writes(lambda base: _index(f"<sitemap><loc>{base}/sitemap.xml</loc></sitemap>"), content_type=_XML)),
    _sitemap("index-of-missing", "poll:not-found", _writes(lambda base: _index(f"<sitemap><loc>{base}/gone.xml</loc></sitemap>"), content_type=_XML)),
    _sitemap("index-of-private", "poll:bad-sitemap", _writes(lambda base: _index("<sitemap><loc>http://10.0.0.1/s.xml</loc></sitemap>"), content_type=_XML)),
    _sitemap("chain-for-ever", "", _chain),
    _sitemap("undeclared-prefixes", "stored", _writes(lambda base: f"<urlset>{_loc(f'{base}/article', '<news:news><news:title>x</news:title></news:news>')}</urlset>", content_type=_XML)),
    _sitemap("external-dtd", "stored", _writes(lambda base: "<!DOCTYPE urlset SYSTEM 'http://10.0.0.1/x.dtd'>" + _urlset(_loc(f"{base}/article")), content_type=_XML)),
    _sitemap("parameter-entity", "stored", _writes(lambda base: "<!DOCTYPE urlset [<!ENTITY % x SYSTEM 'http://10.0.0.1/x'> %x;]>" + _urlset(_loc(f"{base}/article")), content_type=_XML)),
    _sitemap("default-attributes", "stored", _writes(lambda base: f"<!DOCTYPE urlset [<!ATTLIST url a CDATA '{'x' * 50_000}'>]>" + _urlset(_loc(f"{base}/article") + "<url/>" * 5_000), content_type=_XML)),
    _sitemap("xinclude", "", _writes(lambda base: _urlset("<url><loc><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/></loc></url>"), content_type=_XML)),
    _sitemap("in-cdata", "stored", _writes(lambda base: _urlset(_loc(f"<![CDATA[{base}/article]]>")), content_type=_XML)),
    _sitemap("utf-16", "stored", _writes(lambda base: _urlset(_loc(f"{base}/article")), content_type=_XML, encoding="utf-16")),
    _sitemap("text-in-utf-16", "stored", _writes(lambda base: f"{base}/article\n", content_type="text/plain; charset=utf-16", encoding="utf-16")),
    _sitemap("deeply-nested", "", _writes(lambda base: _urlset("<url>" * 20_000), content_type=_XML)),
    _sitemap("of-private", "fetch:private-address", _writes(lambda base: _urlset(_loc("http://10.0.0.3/article")), content_type=_XML)),
    _sitemap("of-files", "fetch:bad-url", _writes(lambda base: _urlset(_loc("file:///etc/passwd")), content_type=_XML)),
    _sitemap("of-20000-urls", "fetch:not-found", _writes(lambda base: _urlset("".join(_loc(f"{base}/gone/{n}") for n in range(20_000))), content_type=_XML)),
)  # fmt: skip


def _links(start: str = "", more: str = "") -> Reply:
    """An index page with one good link, to a relative address."""
    link = "<h2><a href='article'>The news of listings, told at length here</a></h2>"
    return _writes(
        lambda base: f"<html><head>{start.replace('{base}', base)}</head><body>{more}{link}", content_type="text/html"
    )


LISTINGS: tuple[Fault, ...] = (
    _listing("good", "stored", _writes(lambda base: "<html><body><h2><a href='/article'>The news of listings, at length</a></h2></body></html>", content_type="text/html")),
    _listing("without-links", "poll:bad-listing", _writes(lambda base: "<html><body><p>nothing</p></body></html>", content_type="text/html")),
    _listing("of-javascript", "poll:bad-listing", _writes(lambda base: "<html><body><h2><a href='javascript:go()'>The news of listings, at length</a></h2></body></html>", content_type="text/html")),
    _listing("image", "poll:unsupported-type", says(answer(b"\x89PNG\r\n\x1a\n" + bytes(2_000), content_type="image/png"))),
    _listing("deeply-nested", "poll:bad-listing", _writes(lambda base: "<html><body>" + "<div>" * 20_000 + "<a href='/article'>The news of listings, at length</a>", content_type="text/html")),
    _listing("of-50000-links", "poll:bad-listing", _writes(lambda base: "<html><body>" + "".join(f"<h2><a href='/gone/{n}'>The news of number {n} at length</a></h2>" for n in range(50_000)), content_type="text/html")),
    _listing("base-of-javascript", "poll:bad-listing", _links("<base href='javascript:x'>")),
    _listing("base-of-private", "poll:bad-listing", _links("<base href='http://10.0.0.1/'>")),
    _listing("base-twice", "stored", _links("<base href='{base}/'><base href='http://10.0.0.1/'>")),
    _listing("refreshes-itself", "stored", _links("<meta http-equiv='refresh' content='0;url=/list'>")),
    _listing("link-of-1-mb", "fetch:bad-url stored", _links(more="<h2><a href='/" + "x" * 1_000_000 + "'>The news of listings, told at length</a></h2>")),
    _listing("links-never-closed", "fetch:not-found stored", _links(more="<a href='/x'>" * 10_000)),
    _listing("403", "poll:forbidden", says(answer(b"no", status="403 Forbidden"))),
)  # fmt: skip


def _page(name: str, becomes: str, make: Callable[[str], str | bytes]) -> Fault:
    async def reply(visit: Visit) -> None:
        body = make(visit.name)
        await visit.send(answer(body.encode() if isinstance(body, str) else body))

    return fault(f"markup-{name}", "markup", becomes, reply)


MARKUP: tuple[Fault, ...] = (
    _page("good", "stored", lambda name: article(name)),
    _page("nothing", "clean:no-text", lambda name: "<html></html>"),
    _page("blank", "clean:no-text", lambda name: " \n" * 100),
    _page("comment-only", "clean:no-text", lambda name: "<html><!-- " + article(name) + " "),
    _page("script-only", "clean:script-only", lambda name: f"<html><body><div id='root'></div><script>render({json.dumps(article(name))})</script></body></html>"),
    _page("three-words", "clean:too-short", lambda name: "<html><body><article><p>Three short words.</p></article></body></html>"),
    _page("nested-divs", "clean:no-text", lambda name: "<html><body>" + "<div>" * 50_000 + article(name)),
    _page("nested-spans", "clean:no-text", lambda name: "<html><body>" + "<span>" * 20_000 + article(name)),
    _page("nested-tables", "clean:too-complex", lambda name: "<html><body>" + "<table><tr><td>" * 5_000 + article(name)),
    _page("200000-paragraphs", "clean:too-complex", lambda name: "<html><body>" + "<p>a" * 200_000),
    _page("40000-links", "clean:link-page", lambda name: "<html><body>" + "<a href='/x'>more</a> " * 40_000),
    _page("unclosed-everything", "stored", lambda name: article(name).replace("</p>", "").replace("</article></body></html>", "")),
    _page("unclosed-comment", "clean:too-short", lambda name: article(name).replace("</h1>", "</h1><!-- ", 1)),
    _page("huge-attribute", "stored", lambda name: article(name).replace("<h1>", f"<h1 data-x='{'x' * 500_000}'>")),
    _page("inline-image", "stored", lambda name: article(name, extra=f"<img src='data:image/png;base64,{'A' * 600_000}'>")),
    _page("huge-title", "stored", lambda name: article(name).replace("<title>", "<title>" + "News " * 100_000)),
    _page("doctype-entities", "stored", lambda name: _LAUGHS + article(name, extra="<p>&j;</p>")),
    _page("broken-json-ld", "stored", lambda name: article(name, head="<script type='application/ld+json'>{\"@type\": [</script>")),
    _page("deep-json-ld", "stored", lambda name: article(name, head="<script type='application/ld+json'>" + "[" * 100_000 + "</script>")),
    _page("json-ld-of-numbers", "stored", lambda name: article(name, head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": 1, "author": 2, "datePublished": 3}</script>')),
    _page("base-elsewhere", "stored", lambda name: article(name, head="<base href='javascript:x'>")),
    _page("canonical-elsewhere", "stored", lambda name: article(name, head="<link rel='canonical' href='http://10.0.0.1/'>")),
    _page("canonical-nonsense", "stored", lambda name: article(name, head="<link rel='canonical' href='http://[oops'>")),
    _page("date-9999", "stored", lambda name: article(name, head="<meta property='article:published_time' content='9999-12-31T23:59:59+99:99'>")),
    _page("plaintext-tag", "stored", lambda name: article(name).replace("</h1>", "</h1><plaintext>")),
    _page("svg-and-mathml", "stored", lambda name: article(name, extra="<svg><foreignObject><math><mi>x</mi></math></foreignObject></svg>" * 50)),
    _page("right-to-left", "stored", lambda name: article(name, extra="<p>\u202eesrever\u202c \u200b\u200f</p>")),
    _page("frameset", "clean:no-text", lambda name: "<html><frameset cols='50%,50%'><frame src='/a'><frame src='/b'></frameset></html>"),
    _page("form-of-numbers", "stored", lambda name: article(name, extra="<p>=1+1</p><p>@SUM(A1)</p>")),
    _page("refreshes-itself", "clean:no-text", lambda name: "<html><head><meta http-equiv='refresh' content='0;url=/article'></head><body></body></html>"),
    _page("attributes", "clean:too-complex", lambda name: article(name, extra="<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x</p>")),
    _page("bold-for-ever", "stored", lambda name: article(name, extra="<b><i><u><font>" * 5_000)),
    _page("in-a-template", "clean:no-text", lambda name: article(name).replace("<article>", "<template shadowrootmode='open'><article>")),
    _page("accents-for-ever", "stored", lambda name: article(name, extra="<p>a" + "\u0301" * 200_000 + "</p>")),
    _page("in-a-frame", "clean:no-text", lambda name: f"<html><body><iframe srcdoc='{'&lt;p&gt;' * 10_000}'></iframe></body></html>"),
    _page("long-word", "stored", lambda name: article(name, extra=f"<p>{'x' * 200_000}</p>")),
    _page("soft-404", "clean:soft-404", lambda name: "<html><head><title>404 Not Found</title></head><body><h1>Page not found</h1><p>The page you are looking for does not exist.</p></body></html>"),
    _page("bot-check", "clean:bot-check", lambda name: "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1><noscript>Enable JavaScript and cookies to continue</noscript><script src='/cdn-cgi/challenge-platform/x.js'></script></body></html>"),
    _page("sentences-without-markup", "stored", lambda name: " ".join(text_of(name))),
)  # fmt: skip
