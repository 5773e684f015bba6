"""Faults of the network and of HTTP itself."""

# ruff: noqa: E501  a table is read by its columns

import asyncio

from tests.faults.case import (
    Fault,
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
    fault("breaks-off-in-head", "network", "fetch:connection-failed fetch:protocol-error", says(_OK)),
    fault("resets-in-body", "network", "fetch:connection-failed", _resets_in_body),
    fault("fails-once", "network", "stored", first(closes)),
    fault("resets-once", "network", "stored", first(resets)),
    fault("hangs-once", "network", "stored", first(hangs)),
    fault("breaks-off-once", "network", "stored", first(says(_OK + b"Content-Length: 9000\r\n\r\n<html>half"))),
    fault("slow-but-alive", "network", "stored", _slow_but_alive),
)

HTTP: tuple[Fault, ...] = (
    fault("endless-interim", "http", "fetch:protocol-error", repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500)),
    fault("some-interim", "http", "stored", _interim),
    fault("garbage", "http", "fetch:protocol-error", says(b"\x00\x01\x02\x03\xff\xfe\r\n\r\n" * 50)),
    fault("http-0-9", "http", "fetch:protocol-error fetch:connection-failed", says(b"<html>no headers at all</html>")),
    fault("ssh-banner", "http", "fetch:protocol-error fetch:connection-failed", says(b"SSH-2.0-OpenSSH_9.9\r\n")),
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
    fault("header-without-colon", "http", "fetch:protocol-error", says(_OK + b"this is no header\r\n\r\nhi")),
    fault("header-with-nul", "http", "fetch:protocol-error", says(_OK + b"X-Nul: a\x00b\r\n\r\nhi")),
    fault("negative-length", "http", "fetch:protocol-error", says(_OK + b"Content-Length: -1\r\n\r\nhi")),
    fault("length-in-words", "http", "fetch:protocol-error", says(_OK + b"Content-Length: many\r\n\r\nhi")),
    fault("two-lengths", "http", "fetch:protocol-error", says(_OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!")),
    fault("length-and-chunks", "http", "stored", _length_and_chunks),
    fault("length-of-40-digits", "http", "fetch:protocol-error fetch:too-large", says(_OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\nhi")),
    fault("unknown-transfer-encoding", "http", "fetch:protocol-error", says(_OK + b"Transfer-Encoding: gzip\r\n\r\nhi")),
    fault("bad-chunk-size", "http", "fetch:protocol-error", says(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n")),
    fault("huge-chunk-size", "http", "fetch:protocol-error fetch:truncated-body", says(_OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\nhi")),
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
    fault("sets-cookies", "http", "stored", serves(Set_Cookie="id=1; Path=/; Domain=localhost")),
)  # fmt: skip
