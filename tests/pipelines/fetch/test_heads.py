"""Heads: what is dropped, what is kept and what is refused."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.failures import FetchError
from pipelines.fetch.heads import mend_head

OK = b"HTTP/1.1 200 OK\r\n"


def mended(*lines: bytes) -> list[bytes]:
    """The header lines that are left of these."""
    return mend_head(OK + b"".join(line + b"\r\n" for line in lines) + b"\r\n").split(b"\r\n")[1:-2]


@pytest.mark.parametrize(
    "line",
    [
        b"this is no header",
        b"a/b.php: text",
        b"Cache Control: none",
        b": value",
        "Имя: да".encode(),
        b"X-Odd: a\x01b",
        b"X-Odd: a\x7f",
        b"X-Odd: a\rb",
        b"(comment): x",
    ],
)
def test_a_line_that_is_no_field_goes_alone(line: bytes) -> None:
    assert mended(b"A: 1", line, b"B: 2") == [b"A: 1", b"B: 2"]


def test_white_space_before_the_colon_goes() -> None:
    assert mended(b"Content-Length \t: 5") == [b"Content-Length: 5"]


def test_lines_may_end_in_bare_newlines() -> None:
    assert mend_head(b"HTTP/1.1 200 OK\nA: 1\n\n") == OK + b"A: 1\r\n\r\n"


def test_a_folded_value_stays_with_its_field_and_goes_with_it() -> None:
    assert mended(b"A: 1", b"  more", b"no field", b"  more", b"B: 2") == [b"A: 1", b"  more", b"B: 2"]
    assert mended(b"  first", b"A: 1") == [b"A: 1"]


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Length 5",
        b"Content-Length: 5\x01",
        b"(Transfer-Encoding): chunked",
        b"Transfer-Encoding: chu\x0bnked",
        b"X: a\0b",
    ],
)
def test_where_the_body_would_end_is_not_guessed(line: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        mended(b"A: 1", line)

    assert caught.value.reason == "protocol-error"


@pytest.mark.parametrize(
    "lines",
    [
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: Chunked"],
        [b"Transfer-Encoding: chunked, chunked"],
        [b"Transfer-Encoding: identity, chunked"],
        [b"Transfer-Encoding: chunked", b"Content-Length: 5"],
    ],
)
def test_a_doubtful_framing_is_read_as_browsers_do_and_ends_the_connection(lines: list[bytes]) -> None:
    left = mended(*lines)

    assert [line for line in left if line.startswith(b"Transfer-Encoding")] == [b"Transfer-Encoding: chunked"]
    assert b"Connection: close" in left


def test_a_sound_head_is_left_as_it_is() -> None:
    lines = [b"Content-Type: text/html", b"X-Title: \xc3\xa4\xe4", b"Transfer-Encoding: chunked"]

    assert mended(*lines) == lines


LINES = st.binary(max_size=30) | st.sampled_from(
    [b"A: 1", b" folded", b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip"]
)


@given(st.lists(LINES.filter(lambda line: b"\n" not in line), max_size=8))
def test_whatever_is_left_is_refused_for_its_framing_alone(lines: list[bytes]) -> None:
    try:
        head = mend_head(OK + b"".join(line + b"\r\n" for line in lines if line.strip()) + b"\r\n")
    except FetchError:
        return
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    reader.send(h11.EndOfMessage())
    reader.receive_data(head)

    try:
        event, refusal = reader.next_event(), ""
    except h11.RemoteProtocolError as error:
        event, refusal = None, str(error)

    assert isinstance(event, h11.Response) or "Content-Length" in refusal or "Transfer-Encoding" in refusal
