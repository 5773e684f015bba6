"""Languages: what Unicode's CLDR writes as a date in each of them is read back."""

from datetime import UTC, datetime

import pytest
from babel import dates

from pipelines.dates import parse_date

LANGUAGES = """
    en en_GB en_US de de_AT fr fr_CA es es_MX it pt pt_PT nl ru uk pl cs sk sl hr bs sr sr_Latn mk bg be ro hu tr az uz
    kk ky el sq sv da nb nn is fo fi et lv lt ca gl eu ga cy lb af fy eo ar ar_EG ar_MA ar_LB he ur hi mr ne bn gu pa ta
    te kn ml si th lo km my id ms fil vi sw am zu ka hy zh zh_Hant ja ko
""".split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_of_each_month_is_read_in_each_length(language: str) -> None:
    for month in range(1, 13):
        at = datetime(2025, month, 14, 21, 5)
        for length in ("full", "long", "medium"):
            text = dates.format_date(at, length, locale=language)
            with_clock = f"{text} {dates.format_time(at, 'short', locale=language)}"

            day = parse_date(text, language=language)
            minute = parse_date(with_clock, language=language)

            assert day is not None, text
            assert (day.at, day.precision) == (datetime(2025, month, 14, tzinfo=UTC), "day"), text
            assert minute is not None, with_clock
            assert (minute.at, minute.precision) == (at.replace(tzinfo=UTC), "minute"), with_clock
