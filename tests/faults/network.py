"""Faults of the network and of HTTP itself."""

# ruff: noqa: E501  a table is read by its columns

import asyncio

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
    repeats,
    resets,
    says,
    serves,
    typed,
)

_HTML = {"Content_Type": "text/html"}


async def _resets_in_body(visit: Visit) -> None:
    await visit.send(head(**_HTML, Content_Length=50_000) + b"<html>" + b"x" * 1_000)
    await asyncio.sleep(0.05)
    await visit.reset()


async def _hangs_in_body(visit: Visit) -> None:
    await visit.send(head(**_HTML, Content_Length=50_000) + b"<html>")
    await hangs(visit)


async def _interim(visit: Visit) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    await visit.send(early * 5 + answer(article(visit.name).encode()))


async def _chunked(visit: Visit, size: int, *, extension: bytes = b"") -> None:
    body = article(visit.name).encode()
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    await visit.send(head(**_HTML, Transfer_Encoding="chunked") + chunks + b"0\r\n\r\n")


async def _small_chunks(visit: Visit) -> None:
    await _chunked(visit, 1)


async def _chunk_extensions(visit: Visit) -> None:
    await _chunked(visit, 500, extension=b";name=value")


async def _trailers(visit: Visit) -> None:
    body = article(visit.name).encode()
    start = head(**_HTML, Transfer_Encoding="chunked", Trailer="X-Sum")
    await visit.send(start + b"%x\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(body), body))


async def _length_and_chunks(visit: Visit) -> None:
    body = article(visit.name).encode()
    start = head(**_HTML, Transfer_Encoding="chunked", Content_Length=3)
    await visit.send(start + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))


async def _no_length(visit: Visit) -> None:
    await visit.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + article(visit.name).encode())


async def _bare_newlines(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode()).replace(b"\r\n", b"\n"))


async def _no_reason_phrase(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode()).replace(b"200 OK", b"200"))


async def _more_than_said(visit: Visit) -> None:
    await visit.send(answer(article(visit.name).encode()) + b"HTTP/1.1 200 OK\r\n\r\nand another")


async def _slow_but_alive(visit: Visit) -> None:
    body = article(visit.name).encode()
    await visit.send(head(**_HTML, Content_Length=len(body)))
    third = len(body) // 3 + 1
    for start in range(0, len(body), third):
        await visit.send(body[start : start + third])
        await asyncio.sleep(0.1)


async def _many_headers(visit: Visit) -> None:
    filler = "".join(f"X-{number}: y\r\n" for number in range(150))
    await visit.send(answer(article(visit.name).encode()).replace(b"\r\n", b"\r\n" + filler.encode(), 1))


async def _flood_of_continues(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000 + answer(article(visit.name).encode()))


_LENGTH = b"Content-Length: %d"


def _one_chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def _chunks(size: bytes) -> Reply:
    """One chunk of the whole article under a size line; %x in it stands for its length."""
    return typed(
        b"Transfer-Encoding: chunked",
        pack=lambda body: size.replace(b"%x", b"%x" % len(body)) + b"\r\n" + body + b"\r\n0\r\n\r\n",
    )


def _starts(line: bytes) -> Reply:
    return typed(_LENGTH, start=line + b"\r\n")


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

NETWORK: tuple[Fault, ...] = (
    fault("refused", "network", "fetch:connection-refused", url="http://{name}.localhost:{closed}/article"),
    fault("no-such-host", "network", "fetch:unknown-host", url="http://nowhere.invalid/article"),
    fault("closes-at-once", "network", "fetch:connection-failed", closes),
    fault("resets-at-once", "network", "fetch:connection-failed", resets),
    fault("never-answers", "network", "fetch:timeout", hangs),
    fault("drips-head", "network", "fetch:timeout", repeats(_OK, b"X", every_s=0.1)),
    fault("drips-headers", "network", "fetch:timeout", repeats(_OK, b"X-More: yes\r\n", every_s=0.1)),
    fault("drips-body", "network", "fetch:timeout", repeats(_OK + b"\r\n<html>", b"x", every_s=0.1)),
    fault("drips-interim", "network", "fetch:timeout", repeats(b"", b"HTTP/1.1 103 Hi\r\n\r\n", every_s=0.1)),
    fault("hangs-in-body", "network", "fetch:timeout", _hangs_in_body),
    fault("breaks-off", "network", "fetch:truncated-body", says(_OK + b"Content-Length: 9000\r\n\r\n<html>half")),
    fault(
        "breaks-off-in-chunk",
        "network",
        "fetch:truncated-body",
        says(_OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf"),
    ),
    fault(
        "breaks-off-between-chunks",
        "network",
        "fetch:truncated-body",
        says(_OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
    ),
    fault("breaks-off-in-head", "network", "fetch:connection-failed", says(_OK)),
    fault("resets-in-body", "network", "fetch:connection-failed", _resets_in_body),
    fault("fails-once", "network", "stored", first(closes)),
    fault("resets-once", "network", "stored", first(resets)),
    fault("hangs-once", "network", "stored", first(hangs), is_slow=True),
    fault("breaks-off-once", "network", "stored", first(says(_OK + b"Content-Length: 9000\r\n\r\n<html>half"))),
    fault("slow-but-alive", "network", "stored", _slow_but_alive),
)

HTTP: tuple[Fault, ...] = (
    fault("endless-interim", "http", "fetch:protocol-error", repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500)),
    fault("some-interim", "http", "stored", _interim),
    fault("garbage", "http", "fetch:protocol-error", says(b"\x00\x01\x02\x03\xff\xfe\r\n\r\n" * 50)),
    fault("http-0-9", "http", "fetch:protocol-error", says(b"<html>no headers at all</html>")),
    fault("ssh-banner", "http", "fetch:protocol-error", says(b"SSH-2.0-OpenSSH_9.9\r\n")),
    fault("http-2-preface", "http", "fetch:protocol-error", says(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    fault("status-000", "http", "fetch:protocol-error", says(b"HTTP/1.1 000 Nothing\r\n\r\n")),
    fault("status-four-digits", "http", "fetch:protocol-error", says(b"HTTP/1.1 2000 OK\r\n\r\n")),
    fault("status-in-words", "http", "fetch:protocol-error", says(b"HTTP/1.1 OK\r\n\r\n")),
    fault("switches-protocols", "http", "fetch:protocol-error", says(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")),
    fault("huge-header", "http", "fetch:protocol-error", says(_OK + b"X-Bomb: " + b"x" * 1_000_000 + b"\r\n\r\nhi")),
    fault("endless-header", "http", "fetch:protocol-error", repeats(_OK + b"X-Bomb: ", b"x" * 65_536)),
    fault("endless-headers", "http", "fetch:protocol-error", repeats(_OK, b"X-More: yes\r\n" * 1_000)),
    fault("thousands-of-headers", "http", "fetch:protocol-error", says(_OK + b"X: y\r\n" * 5_000 + b"\r\nhi")),
    fault("many-headers", "http", "stored", _many_headers),
    fault("header-without-colon", "http", "stored", typed(_LENGTH, b"this is no header")),
    fault("header-with-nul", "http", "fetch:protocol-error", says(_OK + b"X-Nul: a\x00b\r\n\r\nhi")),
    fault("negative-length", "http", "fetch:protocol-error", says(_OK + b"Content-Length: -1\r\n\r\nhi")),
    fault("length-in-words", "http", "fetch:protocol-error", says(_OK + b"Content-Length: many\r\n\r\nhi")),
    fault("two-lengths", "http", "fetch:protocol-error", says(_OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!")),
    fault("length-and-chunks", "http", "stored", _length_and_chunks),
    fault("length-of-40-digits", "http", "fetch:protocol-error", says(_OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\nhi")),
    fault("unknown-transfer-encoding", "http", "fetch:protocol-error", says(_OK + b"Transfer-Encoding: gzip\r\n\r\nhi")),
    fault("bad-chunk-size", "http", "fetch:protocol-error", says(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n")),
    fault("huge-chunk-size", "http", "fetch:protocol-error", says(_OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\nhi")),
    fault("endless-chunk-extension", "http", "fetch:protocol-error", repeats(_OK + b"Transfer-Encoding: chunked\r\n\r\n5;", b"x" * 65_536)),
    fault("endless-trailers", "http", "fetch:protocol-error", repeats(_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n", b"X: y\r\n" * 10_000)),
    fault("flood-of-small-chunks", "http", "fetch:protocol-error", repeats(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 5_000)),
    fault("small-chunks", "http", "stored", _small_chunks),
    fault("chunk-extensions", "http", "stored", _chunk_extensions),
    fault("trailers", "http", "stored", _trailers),
    fault("no-length", "http", "stored", _no_length),
    fault("bare-newlines", "http", "stored", _bare_newlines),
    fault("no-reason-phrase", "http", "stored", _no_reason_phrase),
    fault("more-than-said", "http", "stored", _more_than_said),
    fault("header-folded", "http", "stored", typed(_LENGTH, b"X-Long: begins\r\n   and goes on")),
    fault("header-value-in-utf-8", "http", "stored", typed(_LENGTH, "X-Title: Привет".encode())),
    fault("header-name-in-utf-8", "http", "stored", typed(_LENGTH, "X-Имя: да".encode())),
    fault("header-without-name", "http", "stored", typed(_LENGTH, b": value")),
    fault("header-with-space-before-colon", "http", "stored", typed(b"Content-Length : %d")),
    fault("length-twice-in-a-list", "http", "stored", typed(b"Content-Length: %d, %d")),
    fault("length-with-plus", "http", "fetch:protocol-error", typed(b"Content-Length: +%d")),
    fault("length-in-hexadecimal", "http", "fetch:protocol-error", typed(b"Content-Length: 0x10")),
    fault("length-in-other-digits", "http", "fetch:protocol-error", typed("Content-Length: ٣".encode())),
    fault("header-name-with-slash", "http", "stored", typed(_LENGTH, b"a/b.php: text")),
    fault("header-name-with-spaces", "http", "stored", typed(_LENGTH, b"Cache Control: none")),
    fault("header-with-control", "http", "stored", typed(_LENGTH, b"X-Odd: a\x01b\x7f")),
    fault("header-with-bare-return", "http", "stored", typed(_LENGTH, b"X-Odd: a\rb")),
    fault("header-folded-first", "http", "stored", typed(b"", start=b"HTTP/1.1 200 OK\r\n  folded: yes\r\n")),
    fault("header-dropped-and-folded", "http", "stored", typed(_LENGTH, b"no header", b"  that goes on")),
    fault("length-without-colon", "http", "fetch:protocol-error", typed(b"Content-Length %d")),
    fault("length-with-control", "http", "fetch:protocol-error", typed(b"Content-Length: %d\x01")),
    fault("chunked-and-identity", "http", "stored", typed(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", pack=_one_chunk)),
    fault("chunked-twice", "http", "stored", typed(b"Transfer-Encoding: chunked, chunked", pack=_one_chunk)),
    fault("chunked-in-two-lines", "http", "stored", typed(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", pack=_one_chunk)),
    fault("chunked-but-plain", "http", "fetch:truncated-body", typed(b"Transfer-Encoding: chunked")),
    fault("identity-alone", "http", "stored", typed(b"Transfer-Encoding: identity", _LENGTH)),
    fault("chunked-misspelt", "http", "fetch:protocol-error", typed(b"Transfer-Encoding: xchunked")),
    fault("chunk-size-negative", "http", "fetch:protocol-error", _chunks(b"-%x")),
    fault("chunk-size-with-underscore", "http", "fetch:protocol-error", _chunks(b"5_0")),
    fault("chunk-size-with-0x", "http", "fetch:protocol-error", _chunks(b"0x%x")),
    fault("chunk-size-behind-a-space", "http", "fetch:protocol-error", _chunks(b" %x")),
    fault("chunk-size-behind-zeros", "http", "fetch:protocol-error", _chunks(b"0" * 20_000 + b"%x")),
    fault("chunk-size-before-spaces", "http", "stored", _chunks(b"%x  ")),
    fault("flood-of-continues", "http", "stored", _flood_of_continues),
    fault("status-line-in-utf-8", "http", "stored", _starts("HTTP/1.1 200 Все хорошо".encode())),
    fault("status-line-of-40-kb", "http", "stored", _starts(b"HTTP/1.1 200 " + b"OK" * 20_000)),
    fault("status-line-behind-blank-ones", "http", "fetch:protocol-error", _starts(b"\r\n\r\nHTTP/1.1 200 OK")),
    fault("status-line-in-small-letters", "http", "fetch:protocol-error", _starts(b"http/1.1 200 OK")),
    fault("status-line-of-radio", "http", "fetch:protocol-error", _starts(b"ICY 200 OK")),
    fault("refresh-header", "http", "stored", typed(_LENGTH, b"Refresh: 0; url=http://10.0.0.1/")),
    fault("drips-404", "http", "fetch:not-found", repeats(head("404 Not Found", **_HTML), b"x", every_s=0.2)),
    fault("hangs-in-404", "http", "fetch:not-found", says(head("404 Not Found", **_HTML, Content_Length=900) + b"<h1>No</h1>\n", every_s=20)),
    fault("sets-cookies", "http", "stored", serves(Set_Cookie="id=1; Path=/; Domain=localhost")),
)  # fmt: skip
