"""Parse date: what texts say as a date, with precision and offset; what is not understood is never ignored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dates import is_date, parse_date

HERE = Path(__file__).parent


def lines_of(name: str) -> list[str]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("line", lines_of("dates.tsv"))
def test_a_date_is_read_with_its_precision_and_offset(line: str) -> None:
    text, at, precision, offset, *language = line.split("\t")

    parsed = parse_date(text, language=language[0] if language else None)

    assert parsed is not None
    assert parsed.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert (parsed.precision, parsed.utc_offset_min) == (precision, None if offset == "-" else int(offset))


@pytest.mark.parametrize("text", [*lines_of("nodates.txt"), "", "1" * 5000, "2025-03-14 " * 1000, "٩" * 90])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "at", "precision", "offset"),
    [
        ("2024-05-03T15:47:42+02:00", "2024-05-03T13:47:42", "second", 120),
        ("2024-05-03T15:47:42.389Z", "2024-05-03T15:47:42.389", "second", 0),
        ("2024-05-03T15:47:42.3891234567+0000", "2024-05-03T15:47:42.389123", "second", 0),
        ("2024-05-03T15:47-0330", "2024-05-03T19:17", "minute", -210),
        ("2024-05-03 15:47:42", "2024-05-03T15:47:42", "second", None),
        ("2024-05-03 15:47 +05", "2024-05-03T10:47", "minute", 300),
        ("2024-05-03", "2024-05-03T00:00", "day", None),
        ("2024-5-3", "2024-05-03T00:00", "day", None),
        ("2024-05-03T00:00:00", "2024-05-03T00:00", "day", None),
        ("2024-05-03T00:00:00Z", "2024-05-03T00:00", "day", 0),
        ("2024-05-03T00:00:00+02:00", "2024-05-02T22:00", "second", 120),
        ("20240503T154742Z", "2024-05-03T15:47:42", "second", 0),
        ("20240503", "2024-05-03T00:00", "day", None),
        ("2024/05/03 15:47", "2024-05-03T15:47", "minute", None),
        ("03.05.2024", "2024-05-03T00:00", "day", None),
        ("3.5.2024, 15:47", "2024-05-03T15:47", "minute", None),
        ("Fri, 03 May 2024 15:47:42 +0200", "2024-05-03T13:47:42", "second", 120),
        ("Fri May 03 2024 15:47:42 GMT+0200 (CEST)", "2024-05-03T13:47:42", "second", 120),
        ("1714751262", "2024-05-03T15:47:42", "second", None),
        ("1714751262389", "2024-05-03T15:47:42", "second", None),
    ],
)
def test_spellings_of_dates_are_read(text: str, at: str, precision: str, offset: int | None) -> None:
    parsed = parse_date(text)

    assert parsed is not None
    assert parsed.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert (parsed.precision, parsed.utc_offset_min) == (precision, offset)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "2024-02-30T10:00:00Z", "99999-99-99", "2024-05-03T25:99", "1" * 5000]
)
def test_impossible_dates_are_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.text(max_size=80))
def test_reading_never_raises(text: str) -> None:
    parse_date(text)


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2026, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_with_an_offset_is_read_back(local: datetime, minutes: int) -> None:
    sign, size = "-" if minutes < 0 else "+", abs(minutes)

    parsed = parse_date(f"{local.isoformat()}{sign}{size // 60:02}:{size % 60:02}")

    assert parsed is not None
    assert parsed.at == local.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    assert parsed.utc_offset_min == minutes


@pytest.mark.parametrize("timezone", ["Europe/Berlin"])
def test_zone_of_a_source_holds_for_times_without_one(timezone: str) -> None:
    naive = parse_date("2025-07-14 09:05", timezone=timezone)
    zoned = parse_date("2025-07-14 09:05 GMT", timezone=timezone)
    day = parse_date("14.07.2025", timezone=timezone)
    seconds = parse_date("1741943107", timezone=timezone)

    assert naive
    assert (naive.at, naive.utc_offset_min) == (datetime(2025, 7, 14, 7, 5, tzinfo=UTC), 120)
    assert zoned
    assert (zoned.at, zoned.utc_offset_min) == (datetime(2025, 7, 14, 9, 5, tzinfo=UTC), 0)
    assert day
    assert (day.at, day.precision) == (datetime(2025, 7, 14, tzinfo=UTC), "day")
    assert seconds
    assert seconds.at == datetime(2025, 3, 14, 9, 5, 7, tzinfo=UTC)


def test_a_date_with_a_byline_is_no_bare_date() -> None:
    assert is_date("Friday, 14 March 2025, 9:05 p.m. ET")
    assert not is_date("By Jane Doe 14 March 2025")
    assert not is_date("March 2025")


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789-:/.,+ TZ()apm月日年時분 MarGMT上午"), max_size=100))
def test_junk_is_read_in_bounded_time(text: str) -> None:
    before = process_time()

    parse_date(text)

    assert process_time() - before < 1
