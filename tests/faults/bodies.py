"""Faults of bodies: bombs, codings, types, charsets, status codes."""

# ruff: noqa: E501  a table is read by its columns

import gzip
import time
import zlib
from email.utils import formatdate
from functools import cache

from tests.faults.case import (
    Fault,
    Reply,
    Visit,
    answer,
    article,
    fault,
    first,
    head,
    repeats,
    says,
    serves,
    typed,
)

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
_PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 50
_ZIP = b"PK\x03\x04" + bytes(range(256)) * 8


@cache
def bomb() -> bytes:
    """A gzip member of 64 MB of markup in 64 kB."""
    return gzip.compress(b"<p>" + b"0" * 64_000_000, 9, mtime=0)


async def _gzip_bomb(visit: Visit) -> None:
    await visit.send(answer(bomb(), Content_Encoding="gzip"))


async def _member_bomb(visit: Visit) -> None:
    await visit.send(answer(bomb() * 16, Content_Encoding="gzip"))


async def _deflate_bomb(visit: Visit) -> None:
    await visit.send(answer(zlib.compress(b"0" * 64_000_000, 9), Content_Encoding="deflate"))


async def _bomb_behind_404(visit: Visit) -> None:
    await visit.send(answer(bomb(), status="404 Not Found", Content_Encoding="gzip"))


def _packed(coding: str, *, pack: str, cut: int = 0, tail: bytes = b"") -> Reply:
    async def reply(visit: Visit) -> None:
        body = article(visit.name).encode()
        if pack == "gzip":
            packed = gzip.compress(body, mtime=0)
        elif pack == "members":
            packed = gzip.compress(body[:500], mtime=0) + gzip.compress(body[500:], mtime=0)
        elif pack == "twice":
            packed = gzip.compress(gzip.compress(body, mtime=0), mtime=0)
        elif pack == "crc":
            packed = gzip.compress(body, mtime=0)
            packed = packed[:-8] + bytes(4) + packed[-4:]
        elif pack == "zlib":
            packed = zlib.compress(body)
        elif pack == "raw":
            packer = zlib.compressobj(wbits=-15)
            packed = packer.compress(body) + packer.flush()
        else:
            packed = body
        await visit.send(answer(packed[: len(packed) - cut] + tail, Content_Encoding=coding))

    return reply


def _in_charset(encoding: str, *, header: str | None = None, meta: str | None = None, bom: bytes = b"") -> Reply:
    async def reply(visit: Visit) -> None:
        page = article(visit.name, charset=meta, extra="<p>Grüße aus Köln, señor: déjà vu.</p>")
        body = bom + page.encode(encoding, "xmlcharrefreplace")
        await visit.send(answer(body, content_type="text/html" + (f"; charset={header}" if header else "")))

    return reply


async def _invalid_utf8(visit: Visit) -> None:
    body = article(visit.name).encode().replace(b"</p>", b" \xff\xfe\xc3 \xed\xa0\x80</p>", 1)
    await visit.send(answer(body, content_type="text/html; charset=utf-8"))


async def _nuls(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode().replace(b" the ", b" \x00the\x00 ")))


async def _controls(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode().replace(b" the ", b" \x01\x02\x1b[31mthe\x7f ")))


async def _two_types(visit: Visit) -> None:
    body = article(visit.name).encode()
    await visit.send(head(Content_Type="text/html\r\nContent-Type: text/html", Content_Length=len(body)) + body)


async def _vague(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode(), content_type="application/octet-stream"))


async def _no_type(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode(), content_type=None))


async def _plain(visit: Visit) -> None:
    from tests.faults.case import text_of

    text = f"The news of {visit.name}\n\n" + "\n\n".join(text_of(visit.name))
    await visit.send(answer(text.encode(), content_type="text/plain; charset=utf-8"))


async def _waits_an_hour(visit: Visit) -> None:
    at = formatdate(time.time() + 3_600, usegmt=True)
    await visit.send(answer(b"busy", status="503 Busy", Retry_After=at))


def _status(line: str, **headers: str) -> Reply:
    return says(answer(b"<h1>" + line.encode() + b"</h1>", status=line, **headers))


# A gzip header whose file name never ends.
_ENDLESS_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
_GZIPPED = head(Content_Type="text/html", Content_Encoding="gzip")
_DEFLATED = head(Content_Type="text/html", Content_Encoding="deflate")
_SAYS_GZIP = b"Content-Encoding: gzip"


def _with_extra_field(body: bytes) -> bytes:
    return b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\xff\xff" + b"e" * 65_535 + gzip.compress(body, mtime=0)[10:]


def _with_reserved_flags(body: bytes) -> bytes:
    return b"\x1f\x8b\x08\xe0" + gzip.compress(body, mtime=0)[4:]


def _with_wrong_length(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)[:-4] + b"\xff\xff\xff\xff"


BOMBS: tuple[Fault, ...] = (
    fault("gzip-bomb", "bombs", "fetch:too-large", _gzip_bomb),
    fault("gzip-bomb-of-members", "bombs", "fetch:too-large", _member_bomb),
    fault("deflate-bomb", "bombs", "fetch:too-large", _deflate_bomb),
    fault("bomb-behind-404", "bombs", "fetch:not-found", _bomb_behind_404),
    fault("length-of-5-gb", "bombs", "fetch:too-large", says(head(Content_Type="text/html", Content_Length=5_000_000_000) + b"<html>")),
    fault("endless-body", "bombs", "fetch:too-large", repeats(head(Content_Type="text/html"), b"<p>more</p>" * 6_000)),
    fault("endless-lines", "bombs", "fetch:too-large", repeats(head(Content_Type="text/plain"), b"more\n" * 12_000)),
    fault("endless-404", "bombs", "fetch:not-found", repeats(head("404 Not Found"), b"<p>nothing</p>" * 6_000)),
    fault("gzip-over-gzip", "bombs", "fetch:bad-encoding", _packed("gzip, gzip", pack="twice")),
    fault("gzip-in-gzip", "bombs", "fetch:unsupported-type", _packed("gzip", pack="twice")),
    fault("gzip-with-endless-name", "bombs", "fetch:too-large", repeats(_GZIPPED + _ENDLESS_NAME, b"n" * 65_536)),
    fault("gzip-of-empty-members", "bombs", "fetch:too-large", repeats(_GZIPPED, gzip.compress(b"", mtime=0) * 3_000)),
    fault("deflate-of-empty-blocks", "bombs", "fetch:too-large", repeats(_DEFLATED + b"\x78\x9c", b"\0\0\0\xff\xff" * 10_000)),
    fault("endless-name-behind-404", "bombs", "fetch:not-found", repeats(head("404 Not Found", Content_Encoding="gzip") + _ENDLESS_NAME, b"n" * 65_536)),
    fault("coding-twice", "codings", "fetch:bad-encoding", typed(_SAYS_GZIP, _SAYS_GZIP, pack=gzip.compress)),
    fault("coding-none", "codings", "stored", typed(b"Content-Encoding: none")),
    fault("identity-and-gzip", "codings", "stored", typed(b"Content-Encoding: identity, gzip", pack=gzip.compress)),
    fault("gzip-with-extra-field", "codings", "stored", typed(_SAYS_GZIP, pack=_with_extra_field)),
    fault("gzip-with-reserved-flags", "codings", "fetch:bad-encoding", typed(_SAYS_GZIP, pack=_with_reserved_flags)),
    fault("gzip-with-wrong-length", "codings", "fetch:bad-encoding", typed(_SAYS_GZIP, pack=_with_wrong_length)),
    fault("deflate-with-dictionary", "codings", "fetch:bad-encoding", says(_DEFLATED + b"\x78\xbb\0\0\0\1" + b"x" * 100)),
    fault("brotli", "codings", "fetch:bad-encoding", _packed("br", pack="none")),
    fault("zstd", "codings", "fetch:bad-encoding", _packed("zstd", pack="none")),
    fault("coding-utf-8", "codings", "stored", _packed("utf-8", pack="none")),
    fault("gzip-that-is-none", "codings", "fetch:bad-encoding", _packed("gzip", pack="none")),
    fault("deflate-that-is-none", "codings", "fetch:bad-encoding", _packed("deflate", pack="none")),
    fault("gzip-broken-off", "codings", "fetch:truncated-body", _packed("gzip", pack="gzip", cut=200)),
    fault("gzip-without-trailer", "codings", "fetch:truncated-body", _packed("gzip", pack="gzip", cut=8)),
    fault("gzip-with-wrong-sum", "codings", "fetch:bad-encoding", _packed("gzip", pack="crc")),
    fault("gzip-of-nothing", "codings", "fetch:empty-body", says(answer(b"", Content_Encoding="gzip"))),
    fault("gzip-packed-nothing", "codings", "fetch:empty-body", says(answer(gzip.compress(b""), Content_Encoding="gzip"))),
    fault("gzip-with-a-tail", "codings", "stored", _packed("gzip", pack="gzip", tail=b"\0" * 100)),
    fault("gzip-in-members", "codings", "stored", _packed("gzip", pack="members")),
    fault("x-gzip", "codings", "stored", _packed("X-GZIP", pack="gzip")),
    fault("deflate-zlib", "codings", "stored", _packed("deflate", pack="zlib")),
    fault("deflate-raw", "codings", "stored", _packed("deflate", pack="raw")),
    fault("identity", "codings", "stored", _packed("identity", pack="none")),
    fault("gzip-undeclared", "codings", "fetch:unsupported-type", says(answer(gzip.compress(b"<html>" * 500)))),
)  # fmt: skip

STATUS: tuple[Fault, ...] = (
    *(
        fault(f"status-{line[:3]}", "status", f"fetch:{reason}", _status(line))
        for line, reason in (
            ("204 No Content", "empty-body"),
            ("206 Partial Content", "truncated-body"),
            ("300 Multiple Choices", "protocol-error"),
            ("304 Not Modified", "protocol-error"),
            ("305 Use Proxy", "protocol-error"),
            ("400 Bad Request", "client-error"),
            ("401 Unauthorized", "unauthorized"),
            ("402 Payment Required", "client-error"),
            ("403 Forbidden", "forbidden"),
            ("404 Not Found", "not-found"),
            ("405 Method Not Allowed", "client-error"),
            ("406 Not Acceptable", "client-error"),
            ("407 Proxy Authentication Required", "unauthorized"),
            ("408 Request Timeout", "timeout"),
            ("409 Conflict", "client-error"),
            ("410 Gone", "gone"),
            ("418 I'm a teapot", "client-error"),
            ("421 Misdirected", "client-error"),
            ("425 Too Early", "client-error"),
            ("429 Too Many Requests", "rate-limited"),
            ("451 Unavailable For Legal Reasons", "forbidden"),
            ("500 Oops", "server-error"),
            ("502 Bad Gateway", "server-error"),
            ("503 Unavailable", "server-error"),
            ("504 Gateway Timeout", "server-error"),
            ("520 Cloudflare", "server-error"),
            ("599 Network", "server-error"),
            ("600 Unheard Of", "client-error"),
            ("999 Go Away", "client-error"),
        )
    ),
    fault("status-200-empty", "status", "fetch:empty-body", says(answer(b""))),
    fault("status-201", "status", "stored", serves(status="201 Created")),
    fault("status-203", "status", "stored", serves(status="203 Non-Authoritative Information")),
    fault("busy-once", "status", "stored", first(_status("503 Busy"))),
    fault("busy-for-a-second", "status", "stored", first(_status("429 Busy", Retry_After="1"))),
    fault("busy-for-an-hour", "status", "fetch:host-paused", _status("429 Busy", Retry_After="3600")),
    fault("busy-until-a-date", "status", "fetch:host-paused", _waits_an_hour),
    fault("busy-until-never", "status", "fetch:host-paused", _status("503 Busy", Retry_After="9" * 30)),
    fault("busy-until-nonsense", "status", "fetch:rate-limited", _status("429 Busy", Retry_After="soon")),
    fault("busy-until-last-year", "status", "stored", first(_status("503 Busy", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"))),
)  # fmt: skip

TYPES: tuple[Fault, ...] = (
    fault("type-png", "types", "fetch:unsupported-type", says(answer(_PNG, content_type="image/png"))),
    fault("type-pdf", "types", "fetch:unsupported-type", says(answer(_PDF, content_type="application/pdf"))),
    fault("type-zip", "types", "fetch:unsupported-type", says(answer(_ZIP, content_type="application/zip"))),
    fault("type-json", "types", "fetch:unsupported-type", says(answer(b"{}", content_type="application/json"))),
    fault("type-css", "types", "fetch:unsupported-type", says(answer(b"a{}", content_type="text/css"))),
    fault("type-feed", "types", "fetch:unsupported-type", says(answer(b"<rss/>", content_type="application/rss+xml"))),
    fault("type-endless-video", "types", "fetch:unsupported-type", repeats(head(Content_Type="video/mp4"), _PNG)),
    fault("type-endless-events", "types", "fetch:unsupported-type", repeats(head(Content_Type="text/event-stream"), b"data: x\n\n", every_s=0.1)),
    fault("type-multipart", "types", "fetch:unsupported-type", says(answer(b"--x", content_type="multipart/x-mixed-replace; boundary=x"))),
    fault("type-html-but-pdf", "types", "fetch:unsupported-type", says(answer(_PDF))),
    fault("type-html-but-png", "types", "fetch:unsupported-type", says(answer(_PNG))),
    fault("type-plain-but-png", "types", "fetch:unsupported-type", says(answer(_PNG, content_type="text/plain"))),
    fault("type-plain-but-binary", "types", "fetch:unsupported-type", says(answer(bytes(range(256)) * 8, content_type="text/plain"))),
    fault("type-vague-and-binary", "types", "fetch:unsupported-type", says(answer(_ZIP, content_type="application/octet-stream"))),
    fault("type-none-and-binary", "types", "fetch:unsupported-type", says(answer(_PNG, content_type=None))),
    fault("type-vague-but-html", "types", "stored", _vague),
    fault("type-none-but-html", "types", "stored", _no_type),
    fault("type-plain", "types", "stored", _plain),
    fault("type-xhtml", "types", "stored", serves(content_type="application/xhtml+xml")),
    fault("type-upper-case", "types", "stored", serves(content_type="TEXT/HTML; CHARSET=UTF-8")),
    fault("type-without-slash", "types", "stored", serves(content_type="html")),
    fault("type-with-empty-charset", "types", "stored", serves(content_type="text/html; charset=")),
    fault("type-with-many-parameters", "types", "stored", serves(content_type="text/html;charset=utf-8;charset=utf-8;x")),
    fault("type-twice", "types", "stored", _two_types),
)  # fmt: skip

CHARSETS: tuple[Fault, ...] = (
    fault("charset-utf-8-bom", "charsets", "stored", _in_charset("utf-8", bom=b"\xef\xbb\xbf")),
    fault("charset-utf-16-bom", "charsets", "stored", _in_charset("utf-16")),
    fault("charset-utf-16-header", "charsets", "stored", _in_charset("utf-16-le", header="utf-16le")),
    fault("charset-windows-1252", "charsets", "stored", _in_charset("windows-1252", header="windows-1252")),
    fault("charset-latin-1-in-meta", "charsets", "stored", _in_charset("latin-1", meta="iso-8859-1")),
    fault("charset-undeclared", "charsets", "stored", _in_charset("latin-1")),
    fault("charset-misdeclared", "charsets", "stored", _in_charset("latin-1", header="utf-8")),
    fault("charset-header-against-meta", "charsets", "stored", _in_charset("utf-8", header="utf-8", meta="windows-1251")),
    fault("charset-shift-jis", "charsets", "stored", _in_charset("shift_jis", header="Shift_JIS")),
    fault("charset-gb18030", "charsets", "stored", _in_charset("gb18030", header="gb2312")),
    fault("charset-koi8-r", "charsets", "stored", _in_charset("koi8-r", header="koi8-r")),
    fault("charset-iso-2022-jp", "charsets", "stored", _in_charset("iso2022_jp", header="iso-2022-jp")),
    fault("charset-utf-7", "charsets", "stored", _in_charset("ascii", header="utf-7")),
    fault("charset-undefined", "charsets", "stored", _in_charset("utf-8", header="undefined")),
    fault("charset-punycode", "charsets", "stored", _in_charset("utf-8", header="punycode")),
    fault("charset-utf-32", "charsets", "stored", _in_charset("utf-32")),
    fault("charset-ebcdic", "charsets", "stored", _in_charset("cp037", header="cp037")),
    fault("charset-unheard-of", "charsets", "stored", _in_charset("utf-8", header="x-klingon")),
    fault("charset-of-a-codec", "charsets", "stored", _in_charset("utf-8", header="rot13")),
    fault("charset-twice", "charsets", "stored", _in_charset("utf-8", header="utf-8, utf-8")),
    fault("charset-broken-utf-8", "charsets", "stored", _invalid_utf8),
    fault("charset-nuls", "charsets", "stored", _nuls),
    fault("charset-controls", "charsets", "stored", _controls),
)  # fmt: skip
