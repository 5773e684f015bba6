"""What headers and documents say of when to look again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.discover.freshness import Freshness, decode_freshness, fresh_s, read_freshness
from pipelines.fetch import Response

NOW = datetime(2023, 9, 13, 12, 30, tzinfo=UTC)  # a Wednesday
DATE = "Wed, 13 Sep 2023 12:00:00 GMT"
NIGHT = sum(1 << hour for hour in (22, 23, 0, 1, 2, 3))
WEEKEND = 0b1100000


def response(*headers: tuple[str, str]) -> Response:
    return Response(
        final_url="https://example.org/feed",
        status=200,
        headers=headers,
        content=b"",
        content_type=None,
        byte_count=0,
        duration_ms=0,
        attempt_count=1,
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        ((("cache-control", "public, max-age=600"),), 600),
        ((("cache-control", 'Max-Age="60", private'),), 60),
        ((("cache-control", "max-age=600"), ("age", "200")), 400),
        ((("cache-control", "max-age=600"), ("age", "900")), 0),
        ((("cache-control", "max-age=600"), ("age", "old")), 600),
        ((("cache-control", "public"), ("cache-control", "max-age=30")), 30),
        # For caches that many share, which we are not.
        ((("cache-control", "s-maxage=600"),), None),
        ((("cache-control", "no-cache, max-age=600"),), 0),
        ((("cache-control", "no-store"), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT")), 0),
        # A field name behind it forbids to keep that field only.
        ((("cache-control", 'no-cache="set-cookie", max-age=60'),), 60),
        ((("cache-control", "max-age=soon"),), None),
        ((("cache-control", "max-age=" + "9" * 40),), 10**9),
        ((("date", DATE), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT")), 3_600),
        ((("date", DATE), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT"), ("age", "600")), 3_000),
        ((("expires", "Wed, 13 Sep 2023 13:00:00 GMT"),), 1_800),
        ((("expires", "Wed, 13 Sep 2023 13:00:00 GMT"), ("cache-control", "max-age=5")), 5),
        ((("date", DATE), ("expires", DATE)), 0),
        ((("expires", "0"),), 0),
        ((("expires", "-1"),), 0),
        ((("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),), 0),
        ((("last-modified", "Wed, 01 Mar 2023 12:00:00 GMT"), ("date", DATE)), None),
    ],
    ids=str,
)
def test_a_header_says_how_long_it_is_fresh(headers: tuple[tuple[str, str], ...], seconds: int | None) -> None:
    assert fresh_s(response(*headers), now=NOW) == seconds


@pytest.mark.parametrize(
    ("freshness", "pause_s", "minutes"),
    [
        (Freshness(), None, None),
        (Freshness(), 600, 10),
        (Freshness(pause_s=3_600), None, 60),
        (Freshness(pause_s=3_600), 600, 60),
        (Freshness(pause_s=600), 3_600, 60),
        (Freshness(), 0, 0),
        # 12:30 plus half an hour is not within the night.
        (Freshness(skip_hours=NIGHT), None, None),
        # At 12:30 the next look would be due at 13:00, and the skipped stretch ends at 16:00.
        (Freshness(skip_hours=0b111 << 13), None, 210),
        (Freshness(skip_hours=0b111 << 13), 600, 210),
        # The pause ends at 22:10, which is skipped; so is all of the night.
        (Freshness(pause_s=34_800, skip_hours=NIGHT), None, 15 * 60 + 30),
        # Wednesday and Thursday: until Friday.
        (Freshness(skip_days=0b1100), None, 11 * 60 + 30 + 24 * 60),
        # Thursday begins right behind the night that is skipped.
        (Freshness(skip_days=0b1000, skip_hours=0b11111111111 << 13), None, 11 * 60 + 30 + 24 * 60),
        (Freshness(skip_days=WEEKEND), 2 * 86_400 + 12 * 3_600, 11 * 60 + 30 + 4 * 24 * 60),
        # Never is no answer.
        (Freshness(skip_hours=(1 << 24) - 1), None, None),
        (Freshness(skip_hours=(1 << 24) - 1, pause_s=600), None, 10),
        (Freshness(skip_days=(1 << 7) - 1), None, None),
    ],
    ids=str,
)
def test_a_document_says_when_to_look_again(freshness: Freshness, pause_s: int | None, minutes: int | None) -> None:
    left_s = freshness.left_s(now=NOW, pause_s=pause_s, wait_s=1_800)

    assert left_s == (None if minutes is None else minutes * 60)


def test_hours_are_those_of_gmt() -> None:
    now = datetime.fromisoformat("2023-09-13T14:30:00+02:00")

    assert Freshness(skip_hours=1 << 13).left_s(now=now, pause_s=None, wait_s=1_800) == 90 * 60


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"ttl": "20"}, 1_200),
        ({"ttl": " 20\n"}, 1_200),
        ({"ttl": "-5"}, 0),
        ({"ttl": "9" * 30}, 0),
        ({"ttl": "٣"}, 0),
        ({"period": "daily"}, 86_400),
        ({"period": " Hourly ", "frequency": "2"}, 1_800),
        ({"period": "weekly", "frequency": "0"}, 604_800),
        ({"period": "fortnightly"}, 0),
        ({"ttl": "20", "period": "hourly"}, 3_600),
        ({"period": "hourly", "frequency": "1", "generator": "https://wordpress.org/?v=6.3"}, 0),
        ({"period": "daily", "frequency": "1", "generator": "https://wordpress.org/?v=6.3"}, 86_400),
    ],
    ids=str,
)
def test_a_feed_names_its_pause(told: dict[str, str], seconds: int) -> None:
    assert read_freshness("", **told) == Freshness(pause_s=seconds)


@given(
    st.builds(
        Freshness,
        pause_s=st.integers(0, 10**9),
        skip_hours=st.integers(0, (1 << 24) - 1),
        skip_days=st.integers(0, (1 << 7) - 1),
    ),
    st.integers(0, 10**10) | st.none(),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_any_plea_ends_and_is_remembered(freshness: Freshness, pause_s: int | None, now: datetime) -> None:
    left_s = freshness.left_s(now=now.replace(tzinfo=UTC), pause_s=pause_s, wait_s=1_800)

    assert left_s is None or 0 <= left_s <= 10**9 + 8 * 86_400
    assert decode_freshness(freshness.encode()) == freshness


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    decode_freshness(text)
    read_freshness(f"<skipHours>{text}", ttl=text, period=text, frequency=text, generator=text)
    fresh_s(response(("cache-control", text), ("age", text)), now=NOW)
    fresh_s(response(("expires", text), ("date", text)), now=NOW)
