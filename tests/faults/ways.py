"""Faults of the way there: TLS, redirects, private addresses, robots.txt."""

# ruff: noqa: E501  a table is read by its columns

from typing import Any

from tests.faults.bodies import bomb
from tests.faults.case import (
    Fault,
    Reply,
    Visit,
    answer,
    article,
    closes,
    fault,
    first,
    hangs,
    head,
    points,
    repeats,
    resets,
    says,
)

_TLS = "https://{name}.localhost:{tls}/article"


TLS: tuple[Fault, ...] = (
    fault("tls-valid", "tls", "stored", tls="valid", url=_TLS),
    fault("tls-expired", "tls", "fetch:tls-error", tls="expired", url=_TLS),
    fault("tls-wrong-host", "tls", "fetch:tls-error", tls="wrong-host", url=_TLS),
    fault("tls-unknown-ca", "tls", "fetch:tls-error", tls="unknown-ca", url=_TLS),
    fault("tls-address-not-in-certificate", "tls", "fetch:tls-error", tls="valid", url="https://127.0.0.1:{tls}/article"),
    fault("tls-old", "tls", "fetch:tls-error", tls="old", url=_TLS),
    fault("tls-asks-certificate", "tls", "fetch:robots-unreachable", tls="asks-certificate", url=_TLS),
    fault("tls-none", "tls", "fetch:tls-error", tls="none", url=_TLS),
    fault("tls-hangs", "tls", "fetch:timeout", tls="hangs", url=_TLS),
    fault("tls-closes", "tls", "fetch:tls-error", tls="closes", url=_TLS),
    fault("tls-resets", "tls", "fetch:tls-error", tls="resets", url=_TLS),
    fault("tls-breaks-off", "tls", "fetch:truncated-body", says(head(Content_Type="text/html", Content_Length=9_000) + b"<html>"), tls="valid", url=_TLS),
    fault("tls-plain-to-tls-port", "tls", "fetch:robots-unreachable", tls="valid", url="http://{name}.localhost:{tls}/article"),
    fault("tls-downgrade", "tls", "stored", points("http://{name}.localhost:{port}/arrived"), tls="valid", url=_TLS),
)  # fmt: skip

_DEEP = "http://{name}.localhost:{port}/deep/2026/long-story"
_ARRIVED = "http://{name}.localhost:{port}/arrived"


async def _chain(visit: Visit, length: int) -> None:
    step = int(visit.path.partition("?")[2] or 0) + 1
    where = f"/article?{step}" if step < length else "/arrived"
    await points(where)(visit)


async def _five(visit: Visit) -> None:
    await _chain(visit, 5)


async def _six(visit: Visit) -> None:
    await _chain(visit, 6)


def _to(name: str, location: str, becomes: str) -> Fault:
    return fault(f"redirect-{name}", "redirects", becomes, points(location))


async def _points_in_latin_1(visit: Visit) -> None:
    if "?" in visit.path:  # the bytes come back as they were sent
        right = visit.path == "/article?caf%E9=1"
        await visit.send(
            answer(article(visit.name).encode() if right else b"lost", status="200 OK" if right else "404 No")
        )
    else:
        await visit.send(b"HTTP/1.1 302 Found\r\nLocation: /article?caf\xe9=1\r\nContent-Length: 0\r\n\r\n")


async def _ping_pong(visit: Visit) -> None:
    other = "redirect-pong" if visit.name.endswith("ping") else "redirect-ping"
    where = f"http://{other}.localhost:{visit.port}/article?{visit.number}"
    await visit.send(head("302 Found", Location=where, Set_Cookie=f"seen={visit.number}", Content_Length=0))


REDIRECTS: tuple[Fault, ...] = (
    *(
        fault(f"redirect-{status[:3]}", "redirects", "stored", points(_ARRIVED, status=status))
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
    ),
    fault("redirect-five-times", "redirects", "stored", _five),
    fault("redirect-six-times", "redirects", "fetch:too-many-redirects", _six),
    _to("to-itself", "http://{name}.localhost:{port}/article", "fetch:too-many-redirects"),
    _to("for-ever", "/article?{number}", "fetch:too-many-redirects"),
    _to("relative", "/arrived", "stored"),
    _to("without-scheme", "//{name}.localhost:{port}/arrived", "stored"),
    _to("with-fragment", "/arrived#there", "stored"),
    _to("with-umlaut", "/arrived?ä=ö ü", "stored"),
    _to("to-capitals", "HTTP://{name}.LOCALHOST:{port}/arrived", "stored"),
    _to("to-another-host", "http://neighbour.localhost:{port}/arrived", "stored"),
    _to("to-credentials", "http://user:secret@{name}.localhost:{port}/arrived", "stored"),
    _to("to-file", "file:///etc/passwd", "fetch:bad-redirect"),
    _to("to-ftp", "ftp://{name}.localhost/", "fetch:bad-redirect"),
    _to("to-javascript", "javascript:alert(1)", "fetch:bad-redirect"),
    _to("to-data", "data:text/html,hello", "fetch:bad-redirect"),
    _to("to-mail", "mailto:editor@example.org", "fetch:bad-redirect"),
    _to("to-nonsense", "http://[oops/", "fetch:bad-redirect"),
    _to("without-host", "http:///arrived", "stored"),
    _to("to-port-99999", "http://{name}.localhost:99999/", "fetch:bad-redirect"),
    _to("to-5000-characters", "/arrived?" + "x" * 5_000, "fetch:bad-redirect"),
    _to("to-a-private-address", "http://10.0.0.1/", "fetch:private-address"),
    _to("to-metadata", "http://169.254.169.254/latest/meta-data/", "fetch:private-address"),
    _to("to-ipv6-loopback", "http://[::1]:{port}/arrived", "fetch:private-address"),
    _to("to-zero", "http://0:{port}/arrived", "fetch:private-address"),
    _to("to-nowhere", "http://nowhere.invalid/", "fetch:unknown-host"),
    _to("to-a-forbidden-page", "http://robots-disallow-all.localhost:{port}/arrived", "fetch:robots-disallowed"),
    fault("redirect-ping", "redirects", "fetch:too-many-redirects", _ping_pong),
    fault("redirect-pong", "redirects", "fetch:too-many-redirects", _ping_pong),
    _to("to-port-0", "http://{name}.localhost:0/", "fetch:bad-redirect"),
    _to("to-a-scheme-only", "http:", "fetch:too-many-redirects"),
    _to("to-gopher", "gopher://10.0.0.1:70/_x", "fetch:bad-redirect"),
    _to("to-a-unix-socket", "http+unix://%2Fvar%2Frun%2Fdocker.sock/info", "fetch:bad-redirect"),
    _to("to-a-zone", "http://[fe80::1%25eth0]/", "fetch:bad-redirect"),
    _to("to-loopback-in-a-zone", "http://[::1%lo]:{port}/arrived", "fetch:bad-redirect"),
    _to("to-a-homograph", "http://аррӏе.localhost:{port}/arrived", "stored"),
    _to("to-a-host-with-nul", "http://{name}.localhost%00.example.org/", "fetch:bad-redirect"),
    _to("to-an-escaped-host", "http://%31%30.0.0.1/", "fetch:bad-redirect"),
    _to("with-escaped-line-breaks", "/arrived?%0d%0aX-Injected:%201", "stored"),
    _to("with-tab", "/arr\tived", "stored"),
    _to("to-private-behind-a-user", "http://example.org@10.0.0.1/", "fetch:private-address"),
    _to("to-private-behind-a-backslash", "http://neighbour.localhost:{port}\\@10.0.0.1/", "fetch:bad-redirect"),
    _to("to-private-with-a-last-dot", "http://10.0.0.1./", "fetch:private-address"),
    _to("to-private-with-other-dots", "http://10。0。0。1/", "fetch:private-address"),
    _to("to-private-in-wide-digits", "http://１０.０.０.１/", "fetch:private-address"),
    _to("to-private-in-hexadecimal-parts", "http://0xa.0.0.1/", "fetch:private-address"),
    _to("to-private-in-few-parts", "http://192.168.257/", "fetch:private-address"),
    _to("to-private-in-octal-parts", "http://0300.0250.0.1/", "fetch:bad-redirect"),
    _to("to-private-mapped", "http://[::ffff:a00:1]/", "fetch:private-address"),
    _to("to-private-translated", "http://[::ffff:0:10.0.0.1]/", "fetch:private-address"),
    _to("to-private-by-local-nat64", "http://[64:ff9b:1::a00:1]/", "fetch:private-address"),
    fault("redirect-without-location", "redirects", "fetch:bad-redirect", says(head("302 Found", Content_Length=0))),
    fault("redirect-with-empty-location", "redirects", "fetch:bad-redirect", says(head("302 Found", Location="", Content_Length=0))),
    fault("redirect-with-control", "redirects", "fetch:bad-redirect", says(head("302 Found", Location="/arr\x01ived", Content_Length=0))),
    fault("redirect-in-latin-1", "redirects", "stored", _points_in_latin_1),
    fault("redirect-to-the-front-page", "redirects", "fetch:redirected-home", points("/"), url=_DEEP),
    fault("redirect-to-the-section", "redirects", "fetch:redirected-home", points("/deep/"), url=_DEEP),
    fault("redirect-to-another-front-page", "redirects", "fetch:redirected-home", points("http://neighbour.localhost:{port}/")),
    fault("redirect-with-endless-body", "redirects", "stored", repeats(head("302 Found", Location="/arrived"), b"x" * 65_536)),
    fault("redirect-with-hanging-body", "redirects", "stored", repeats(head("302 Found", Location="/arrived", Content_Length=9_000), b"", every_s=0.1)),
)  # fmt: skip


def _at(name: str, host: str, **more: Any) -> Fault:
    return fault(f"address-{name}", "addresses", "fetch:private-address", url=f"http://{host}/article", **more)


ADDRESSES: tuple[Fault, ...] = (
    _at("ten", "10.0.0.1"),
    _at("one-nine-two", "192.168.1.1"),
    _at("one-seven-two", "172.16.0.1"),
    _at("metadata", "169.254.169.254"),
    _at("azure", "168.63.129.16"),
    _at("carrier", "100.64.0.1"),
    _at("zero", "0.0.0.0"),
    _at("multicast", "224.0.0.1"),
    _at("broadcast", "255.255.255.255"),
    _at("documentation", "203.0.113.5"),
    _at("benchmark", "198.18.0.1"),
    _at("ipv6-loopback", "[::1]"),
    _at("ipv6-any", "[::]"),
    _at("ipv6-private", "[fd00:ec2::254]"),
    _at("ipv6-link-local", "[fe80::1]"),
    _at("ipv6-multicast", "[ff02::1]"),
    _at("v4-mapped", "[::ffff:10.0.0.1]"),
    _at("v4-compatible", "[::10.0.0.1]"),
    _at("nat64", "[64:ff9b::a00:1]"),
    _at("6to4", "[2002:a00:1::1]"),
    _at("teredo", "[2001:0:a00:1::1]"),
    _at("decimal", "167772177"),
    _at("hexadecimal", "0x0a000012"),
    _at("short", "10.19"),
    _at("by-dns", "intranet.example", answers=("10.1.2.3",), is_announced=False),
    _at("among-others-by-dns", "mixed.example", answers=("93.184.216.34", "192.168.0.7"), is_announced=False),
    _at("mapped-by-dns", "mapped.example", answers=("::ffff:169.254.169.254",), is_announced=False),
    fault("address-nowhere-by-dns", "addresses", "fetch:unknown-host", url="http://empty.example/article", answers=("",), is_announced=False),
)  # fmt: skip


def _robots(name: str, becomes: str, text: bytes, **headers: str) -> Fault:
    reply = says(answer(text, content_type="text/plain", **headers))
    return fault(f"robots-{name}", "robots", becomes, reply, place="robots")


def _robots_does(name: str, becomes: str, reply: Reply, *, is_slow: bool = False) -> Fault:
    return fault(f"robots-{name}", "robots", becomes, reply, place="robots", is_slow=is_slow)


_DISALLOW = b"User-agent: *\nDisallow: /\n"
_AGENTS = b"".join(b"User-agent: bot%d\n" % n for n in range(1_200))
_RULES = b"".join(b"Disallow: /%d\n" % n for n in range(5_000))
_FORBIDDEN = "fetch:robots-disallowed"
_UNREACHABLE = "fetch:robots-unreachable"

ROBOTS: tuple[Fault, ...] = (
    _robots("disallow-all", _FORBIDDEN, _DISALLOW),
    _robots("disallow-path", _FORBIDDEN, b"User-agent: *\nDisallow: /art\n"),
    _robots("disallow-wildcard", _FORBIDDEN, b"User-agent: *\nDisallow: /*cle$\n"),
    _robots("disallow-us", _FORBIDDEN, b"User-agent: *\nAllow: /\n\nUser-agent: PressWatch\nDisallow: /\n"),
    _robots("disallow-others", "stored", b"User-agent: Googlebot\nUser-agent: GPTBot\nDisallow: /\n"),
    _robots("disallow-all-but-us", "stored", _DISALLOW + b"\nUser-agent: presswatch\nDisallow:\n"),
    _robots("longer-match-allows", "stored", b"User-agent: *\nDisallow: /\nAllow: /article\n"),
    _robots("byte-order-mark", _FORBIDDEN, b"\xef\xbb\xbf" + _DISALLOW),
    _robots("carriage-returns", _FORBIDDEN, _DISALLOW.replace(b"\n", b"\r")),
    _robots("empty", "stored", b""),
    _robots("html", "stored", b"<!doctype html><html><body>Not found, sorry</body></html>"),
    _robots("binary", "stored", bytes(range(256)) * 100),
    _robots("late-rule", "stored", b"# x\n" * 200_000 + _DISALLOW),
    _robots("early-rule-of-a-big-file", _FORBIDDEN, _DISALLOW + b"# x\n" * 200_000),
    _robots("thousands-of-agents", "stored", b"".join(b"User-agent: bot%d\n" % n for n in range(5_000)) + b"".join(b"Disallow: /%d\n" % n for n in range(12_000))),
    _robots("many-agents-times-rules", "stored", _AGENTS + _RULES),
    _robots("many-groups-for-us", "stored", b"".join(b"User-agent: presswatch\nDisallow: /%d\n" % n for n in range(12_000))),
    _robots("rules-for-us-behind-many", _FORBIDDEN, _AGENTS + _RULES + b"User-agent: presswatch\nDisallow: /\n"),
    _robots("names-us-with-a-version", _FORBIDDEN, b"User-agent: Presswatch/2.0\nDisallow: /\n"),
    _robots("names-the-start-of-us", "stored", b"User-agent: press\nDisallow: /\n"),
    _robots("names-another-by-us", "stored", b"User-agent: presswatch-news\nDisallow: /\n"),
    _robots("many-wildcards", "stored", b"User-agent: *\n" + b"Disallow: /*a*b*c*d*e*f*g*h*i*j$\n" * 1_000),
    _robots("utf-16", _FORBIDDEN, _DISALLOW.decode().encode("utf-16")),
    _robots("utf-16-unmarked", _FORBIDDEN, _DISALLOW.decode().encode("utf-16-le")),
    _robots("nuls", _FORBIDDEN, b"User-agent: *\0\nDis\0allow: /\n"),
    _robots("rules-within-html", _FORBIDDEN, b"<html><pre>\n" + _DISALLOW + b"</pre>"),
    _robots("stars-in-one-rule", "stored", b"User-agent: *\nDisallow: /" + b"*a" * 5_000 + b"*b$\n"),
    _robots("delay-of-infinity", "stored", b"User-agent: *\nCrawl-delay: 1e999\n"),
    _robots("delay-that-is-no-number", "stored", b"User-agent: *\nCrawl-delay: nan\n"),
    _robots_does("of-100-mb", "stored", repeats(head(Content_Type="text/plain", Content_Length=100_000_000), b"# more\n" * 9_000)),
    _robots_does("drips", _UNREACHABLE, repeats(head(Content_Type="text/plain"), b"#", every_s=0.2), is_slow=True),
    _robots_does("endless-gzip-name", _UNREACHABLE, repeats(head(Content_Type="text/plain", Content_Encoding="gzip") + b"\x1f\x8b\x08\x08\0\0\0\0\0\xff", b"n" * 60_000)),
    _robots_does("part", _UNREACHABLE, says(answer(_DISALLOW, status="206 Partial", content_type="text/plain"))),
    _robots_does("too-many-requests", _UNREACHABLE, says(answer(b"slow", status="429 Slow"))),
    _robots_does("bomb", "stored", says(answer(bomb(), content_type="text/plain", Content_Encoding="gzip"))),
    _robots_does("endless", "stored", repeats(head(Content_Type="text/plain"), b"# more\n" * 1_000)),
    _robots_does("redirected", _FORBIDDEN, points("http://robots-disallow-all.localhost:{port}/robots.txt")),
    _robots_does("redirected-for-ever", "stored", points("/robots.txt?{number}")),
    _robots_does("redirected-to-private", _UNREACHABLE, points("http://10.0.0.1/robots.txt")),
    _robots_does("unauthorized", "stored", says(answer(b"no", status="401 Unauthorized"))),
    _robots_does("for-members", "stored", says(answer(b"no", status="403 Forbidden"))),
    _robots_does("gone", "stored", says(answer(b"no", status="410 Gone"))),
    _robots_does("status-500", _UNREACHABLE, says(answer(b"no", status="500 Oops"))),
    _robots_does("status-503-once", "stored", first(says(answer(b"no", status="503 Busy")))),
    _robots_does("status-503-for-an-hour", "fetch:host-paused", says(answer(b"no", status="503 Busy", Retry_After="3600"))),
    _robots_does("hangs", _UNREACHABLE, hangs, is_slow=True),
    _robots_does("closes", _UNREACHABLE, closes),
    _robots_does("resets", _UNREACHABLE, resets),
    _robots_does("breaks-off", _UNREACHABLE, says(head(Content_Length=900) + b"User-agent: *")),
    _robots_does("broken-coding", _UNREACHABLE, says(answer(b"User-agent: *", Content_Encoding="br"))),
    _robots_does("garbage", _UNREACHABLE, says(b"\x00\x01\x02" * 100)),
)  # fmt: skip


def _robots_header(name: str, line: bytes) -> Fault:
    """An odd header line must not cost the rules, nor the source."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + line + b"\r\n"
    reply = says(start + b"Content-Length: %d\r\n\r\n" % len(_DISALLOW) + _DISALLOW)
    return fault(f"robots-{name}", "robots", _FORBIDDEN, reply, place="robots")


ROBOTS_HEADERS: tuple[Fault, ...] = (
    _robots_header("with-header-without-colon", b"no header"),
    _robots_header("with-slash-in-a-header", b"a/b.php: text"),
    _robots_header("with-space-before-colon", b"Server : none"),
    _robots_header("in-coding-utf-8", b"Content-Encoding: utf-8"),
    _robots_header("in-coding-none", b"Content-Encoding: none"),
    fault(
        "robots-dots-in-escapes",
        "robots",
        _FORBIDDEN,
        says(answer(b"User-agent: *\nDisallow: /private/\n", content_type="text/plain")),
        place="robots",
        url="http://{name}.localhost:{port}/public/%2e%2e/private/1",
    ),
)

# What a feed would make another link of, or cannot hold.
_NOT_ANNOUNCED = ("relative", "words", "no-host", "control-characters", "lone-surrogate")

URLS: tuple[Fault, ...] = tuple(
    fault(f"url-{name}", "urls", "fetch:bad-url", url=url, is_announced=name not in _NOT_ANNOUNCED)
    for name, url in (
        ("empty", ""),
        ("blank", "   "),
        ("relative", "/article"),
        ("words", "read more here"),
        ("javascript", "javascript:void(0)"),
        ("mail", "mailto:editor@example.org"),
        ("data", "data:text/html,hello"),
        ("ftp", "ftp://example.org/article"),
        ("file", "file:///etc/passwd"),
        ("no-host", "http:///article"),
        ("bracket", "http://[oops/article"),
        ("octal-address", "http://012.0.0.1/article"),
        ("port-99999", "http://example.org:99999/article"),
        ("port-in-words", "http://example.org:http/article"),
        ("space-in-host", "http://exa mple.org/article"),
        ("dots-in-host", "http://example..org/article"),
        ("long-label", "http://" + "a" * 70 + ".example/article"),
        ("5000-characters", "http://example.org/" + "a" * 5_000),
        ("control-characters", "http://example.org/\x00\x1b[31m"),
        ("lone-surrogate", "http://example.org/\ud800"),
        ("bad-idna", "http://xn--\u2603-\u2603.example/"),
    )
)
