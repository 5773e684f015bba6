from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dates import instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 03 May 2024 10:00:00 +0300", "2024-05-03T07:00:00"),
        ("Fri, 03 May 2024 10:00:00 -0000", "2024-05-03T10:00:00"),
        ("Fri, 3 May 2024 9:5:00 GMT", "2024-05-03T09:05:00"),
        ("3 May 24 10:00 EST", "2024-05-03T15:00:00"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37"),
        ("Fri May  3 10:00:00 2024", "2024-05-03T10:00:00"),
        ("Tue, 10 Jun 2003 09:41:01 GMT-0500", "2003-06-10T14:41:01"),
        ("Fri, 03 May 2024 10:00:00 MSK", "2024-05-03T07:00:00"),
        ("2024-05-03T10:11:12.123+03:00", "2024-05-03T07:11:12.123000"),
        ("20240503T101112Z", "2024-05-03T10:11:12"),
        ("2024-05-03 10:11:12 +0300", "2024-05-03T07:11:12"),
        ("2024-05-03T10:11Z", "2024-05-03T10:11:00"),
        ("2024-05-03T24:00:00Z", "2024-05-04T00:00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00"),
        ("2024-05-03T10:00:00 Europe/Berlin", "2024-05-03T08:00:00"),
        ("2024-05-03", "2024-05-03T00:00:00"),
        ("2024-05", "2024-05-01T00:00:00"),
        ("2024/05/03 10:00", "2024-05-03T10:00:00"),
        ("1714730400", "2024-05-03T10:00:00"),
        ("1714730400000", "2024-05-03T10:00:00"),
        (1714730400, "2024-05-03T10:00:00"),
        ("Пт, 03 мая 2024 10:00:00 +0300", "2024-05-03T07:00:00"),
        ("3. Mai 2024, 10:00 Uhr", "2024-05-03T10:00:00"),
        ("vendredi 3 mai 2024 à 10h30", "2024-05-03T10:30:00"),
        ("3 de mayo de 2024 10:00", "2024-05-03T10:00:00"),
        ("12 Kasım 2024 Salı 10:00", "2024-11-12T10:00:00"),
        ("2024年5月3日 10時30分", "2024-05-03T10:30:00"),
        ("2024년 5월 3일 10:30", "2024-05-03T10:30:00"),
        ("May 3, 2024 10:00 PM EST", "2024-05-04T03:00:00"),
        ("5/13/2024 3:04:05 PM", "2024-05-13T15:04:05"),
        ("13/05/2024", "2024-05-13T00:00:00"),
        ("03.05.2024 10:00", "2024-05-03T10:00:00"),
        ("1950-06-25", "1950-06-25T00:00:00"),
    ],
)
def test_a_date_becomes_an_instant_in_utc(text: object, expected: str) -> None:
    assert instant(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "yesterday", "0001-01-01", "-0001-11-30T00:00:00Z", "1970-01-01T00:00:00Z", "0", "2024-13-45"),
        *("Fri, 31 Feb 2024 00:00:00 GMT", "99999999999999999999", None, True, [], "12:30"),
    ],
)
def test_what_is_no_date_is_none(text: object) -> None:
    assert instant(text) is None


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60), st.text(st.sampled_from("0123456789-:/. TZ+MayGMT年月日"), max_size=40), st.floats()
    )
)
def test_arbitrary_text_never_raises(text: object) -> None:
    found = instant(text)

    assert found is None or found.tzinfo is UTC


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_iso_dates_come_back(moment: datetime) -> None:
    assert instant(moment.isoformat()) == moment
    assert instant(f"{moment:%d %b %Y %H:%M:%S} +0000") == moment.replace(microsecond=0)
