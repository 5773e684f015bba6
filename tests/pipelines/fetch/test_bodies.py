"""Decoding: bounded pieces, whole streams, one coding."""

import gzip
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.bodies import STEP, Accept, BodyReader, Decoder, Wanted, decoder_for
from pipelines.fetch.failures import FetchError


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("GZIP", lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:])),
    ("deflate", zlib.compress),
    ("deflate", raw),
    ("", bytes),
    ("identity", bytes),
)
CUTS = st.lists(st.integers(1, 5_000), max_size=50)


def feed(decoder: Decoder, data: bytes, cuts: Sequence[int]) -> bytes:
    pieces: list[bytes] = []
    for cut in [*cuts, len(data) or 1]:
        pieces += decoder.feed(data[:cut])
        data = data[cut:]
    decoder.close()
    return b"".join(pieces)


@given(st.sampled_from(PACKERS), st.binary(max_size=20_000), CUTS)
def test_what_was_packed_comes_out_however_it_is_cut(
    packer: tuple[str, Callable[[bytes], bytes]], data: bytes, cuts: list[int]
) -> None:
    coding, pack = packer

    assert feed(decoder_for(coding), pack(data), cuts) == data


@given(st.sampled_from(["gzip", "deflate", ""]), st.binary(max_size=3_000), CUTS)
def test_no_bytes_make_it_raise_but_a_refusal(coding: str, data: bytes, cuts: list[int]) -> None:
    with suppress(FetchError):
        feed(decoder_for(coding), data, cuts)


@given(st.sampled_from((*PACKERS[:1], *PACKERS[3:4])), st.binary(min_size=1, max_size=3_000), st.data())
def test_a_stream_that_breaks_off_is_refused(
    packer: tuple[str, Callable[[bytes], bytes]], data: bytes, draw: st.DataObject
) -> None:
    coding, pack = packer
    packed = pack(data)
    cut = draw.draw(st.integers(1, len(packed) - 1))

    with pytest.raises(FetchError) as caught:
        feed(decoder_for(coding), packed[:cut], [])

    # Two bytes cut off from zlib's head may look like raw deflate.
    assert caught.value.reason in ("truncated-body", "bad-encoding")


def test_a_bomb_comes_in_small_pieces() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)

    sizes = [len(piece) for piece in decoder_for("gzip").feed(bomb)]

    assert sum(sizes) == 10_000_000
    assert max(sizes) <= STEP


def test_what_follows_the_stream_is_dropped() -> None:
    assert feed(decoder_for("gzip"), gzip.compress(b"text") + b"\0\0tail", []) == b"text"
    assert feed(decoder_for("deflate"), zlib.compress(b"text") + zlib.compress(b"more"), []) == b"text"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, deflate", "utf-8, br"])
def test_other_compressions_are_refused(coding: str) -> None:
    with pytest.raises(FetchError) as caught:
        decoder_for(coding)

    assert caught.value.reason == "bad-encoding"


@pytest.mark.parametrize("coding", ["utf-8", "none", "NONE", "identity", "binary", "8bit", "text/html", "\x00", ",,"])
def test_names_that_are_no_compression_say_nothing(coding: str) -> None:
    assert feed(decoder_for(coding), b"<html>", []) == b"<html>"


@pytest.mark.parametrize("coding", ["utf-8, gzip", "gzip;q=1", "identity,GZIP"])
def test_a_compression_among_them_is_undone(coding: str) -> None:
    assert feed(decoder_for(coding), gzip.compress(b"<html>"), []) == b"<html>"


def test_an_unknown_coding_does_not_let_binary_data_pass() -> None:
    wanted = Wanted(accept=Accept.PAGE, max_bytes=10_000)
    body = BodyReader(wanted, content_type="text/html", content_encoding="rot13", content_length="")
    body.add(bytes(range(256)))

    with pytest.raises(FetchError) as caught:
        body.close()

    assert caught.value.reason == "unsupported-type"
