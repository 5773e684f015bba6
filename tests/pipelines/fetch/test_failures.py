"""Failures: how long a server asks to be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.failures import read_retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60.0),
        ("Friday, 15-Jan-27 08:01:00 GMT", 60.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2500", None),
    ],
)
def test_a_value_becomes_seconds(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, now=NOW) == seconds


@given(st.text() | st.integers().map(str))
def test_no_value_makes_it_raise(value: str) -> None:
    seconds = read_retry_after(value, now=NOW)

    assert seconds is None or seconds >= 0
