"""Dates: what pages write becomes instants with precision and offset; what cannot be is flagged."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pipelines.clean import dates
from pipelines.clean.dates import parse
from pipelines.clean.draft import Instant
from pipelines.clean.metadata import PageMetadata

FETCHED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


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
    instant = parse(text, origin="meta")

    assert instant is not None
    assert instant.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert (instant.precision, instant.offset, instant.origin) == (precision, offset, "meta")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "2024-02-30T10:00:00Z", "99999-99-99", "2024-05-03T25:99", "1" * 5000]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse(text, origin="meta") is None


@given(st.text(max_size=80))
def test_reading_never_raises(text: str) -> None:
    parse(text, origin="meta")


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2026, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_with_an_offset_is_read_back(local: datetime, minutes: int) -> None:
    sign, size = "-" if minutes < 0 else "+", abs(minutes)

    instant = parse(f"{local.isoformat()}{sign}{size // 60:02}:{size % 60:02}", origin="json-ld")

    assert instant is not None
    assert instant.at == local.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    assert instant.offset == minutes


def choose(
    candidates: list[tuple[str, str]], *, fetched_at: datetime, kind: str = "date"
) -> tuple[Instant | None, tuple[str, ...]]:
    instants = (parse(text, origin=origin) for origin, text in candidates)
    return dates.choose((one for one in instants if one), fetched_at=fetched_at, kind=kind)


def test_first_plausible_candidate_wins() -> None:
    instant, flags = choose(
        [("json-ld", "rubbish"), ("meta", "2024-05-03"), ("time", "2023-01-01")], fetched_at=FETCHED_AT
    )

    assert instant is not None
    assert (instant.origin, flags) == ("meta", ())


def test_date_in_the_future_is_flagged_and_another_taken() -> None:
    instant, flags = choose([("json-ld", "2031-01-01T10:00:00Z"), ("meta", "2024-05-03")], fetched_at=FETCHED_AT)

    assert instant is not None
    assert (instant.origin, flags) == ("meta", ("future-date",))


def test_date_in_the_future_without_another_is_clamped_to_the_fetch() -> None:
    instant, flags = choose([("json-ld", "2031-01-01T10:00:00Z")], fetched_at=FETCHED_AT)

    assert instant is not None
    assert (instant.at, flags) == (FETCHED_AT, ("future-date",))


def test_a_day_of_slack_is_left_to_wrong_clocks() -> None:
    _, flags = choose([("json-ld", "2026-11-23T11:00:00Z")], fetched_at=FETCHED_AT)

    assert flags == ()


@pytest.mark.parametrize("text", ["1246-05-03", "1970-01-01T00:00:00Z", "0001-01-01"])
def test_date_before_1990_is_flagged_and_dropped(text: str) -> None:
    assert choose([("json-ld", text)], fetched_at=FETCHED_AT) == (None, ("implausible-date",))


def test_flags_say_which_date_they_mean() -> None:
    _, flags = choose([("json-ld", "2031-01-01"), ("meta", "1246-05-03")], fetched_at=FETCHED_AT, kind="modified-date")

    assert flags == ("future-modified-date", "implausible-modified-date")


@pytest.mark.parametrize(
    ("changed", "marked", "expected"),
    [
        ("2024-08-05T19:49:50Z", "2024-08-04T13:23:00Z", "2024-08-04T13:23:00+00:00"),
        ("2024-08-05T20:00:00Z", "2024-08-04T13:23:00Z", "2024-08-05T19:49:50+00:00"),
        ("2024-08-05T19:49:50Z", "2019-08-04T13:23:00Z", "2024-08-05T19:49:50+00:00"),
        ("2024-08-05T19:49:50Z", "2024-08-06T13:23:00Z", "2024-08-05T19:49:50+00:00"),
    ],
)
def test_published_time_that_moves_with_each_change_gives_way_to_the_first(
    changed: str, marked: str, expected: str
) -> None:
    tree = document_fromstring(f'<html><body><div itemprop="datePublished" content="{marked}">x</div></body></html>')
    head = PageMetadata(metas={"article:published_time": ["2024-08-05T19:49:50Z"], "article:modified_time": [changed]})

    first = next(dates.published(head, {}, [], tree))

    assert first.at.isoformat() == expected


@pytest.mark.parametrize("title", ["Bridge to be repaired | Courier | 28.04.2023", "Bridge (2023-04-28)"])
def test_title_may_end_in_the_day(title: str) -> None:
    [instant] = dates.in_title([title])

    assert (instant.at, instant.precision, instant.origin) == (datetime(2023, 4, 28, tzinfo=UTC), "day", "title")


@pytest.mark.parametrize(
    "title",
    ["What changed after 28.04.2023 in the valley", "Horoscope for 28.04.2023", "Version 1.2.2023a", "Budget 2023", ""],
)
def test_day_within_a_title_is_what_it_tells_of(title: str) -> None:
    assert list(dates.in_title([title])) == []
