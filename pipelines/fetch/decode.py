"""Decode: pieces of a compressed body become plain bytes, within a bound and to the end of the stream."""

import zlib
from collections.abc import Iterator
from typing import Protocol

from pipelines.fetch.faults import RefusedError

STEP = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"


class Decoder(Protocol):
    """Feeds on pieces, gives pieces of at most STEP bytes, and knows at the end whether anything is missing."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def close(self) -> None: ...


def decoder_for(codings: str) -> Decoder:
    """The decoder for the value of a Content-Encoding header; refuses all but one gzip or deflate."""
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if not names:
        return Plain()
    if names in (["gzip"], ["x-gzip"]):
        return Inflate(zlib.MAX_WBITS | 16)
    if names == ["deflate"]:
        return Inflate(None)
    # httpx would undo gzip over gzip over gzip: 1 kB becomes gigabytes.
    raise RefusedError("bad-encoding", f"Content-Encoding is {codings[:80]!r}, not one gzip or deflate")


class Plain:
    """Nothing to decode."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def close(self) -> None:
        return None


class Inflate:
    """gzip (several members too), zlib or raw deflate. `wbits` None: zlib or raw, as the first two bytes say.

    httpx inflates without a bound and hands out a truncated body as if it were whole, hence our own.
    """

    def __init__(self, wbits: int | None) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits) if wbits is not None else None
        self._head = b""  # bytes that wait until there are two of them to tell what begins
        self._is_fed = False
        self._is_done = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces of at most STEP bytes. What follows the end of the stream is dropped, as browsers do."""
        self._is_fed = self._is_fed or bool(data)
        while data and not self._is_done:
            if self._stream is None or self._stream.eof:
                data, self._head = self._head + data, b""
                if len(data) < 2:
                    self._head = data
                    return
                self._begin(data)
                if self._stream is None or self._stream.eof:
                    return
            yield from self._inflate(data)
            data = self._stream.unused_data

    def _begin(self, data: bytes) -> None:
        if self._stream is None:
            # RFC 9110 says zlib; old servers send raw deflate. A zlib header is a multiple of 31.
            is_zlib = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        elif self._wbits is not None and data.startswith(GZIP_MAGIC):
            self._stream = zlib.decompressobj(self._wbits)
        else:
            self._is_done = True

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        assert self._stream is not None
        while True:
            try:
                piece = self._stream.decompress(data, STEP)
            except zlib.error as error:
                raise RefusedError("bad-encoding", f"the compressed body is broken: {error}") from error
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            # A full piece may leave output inside zlib although its input is used up.
            if self._stream.eof or (not data and len(piece) < STEP):
                return

    def close(self) -> None:
        """Refuses a stream that broke off."""
        if self._is_fed and (self._stream is None or not self._stream.eof):
            raise RefusedError("truncated-body", "the compressed body ends before its end", is_retryable=True)
