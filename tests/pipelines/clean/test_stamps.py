"""Stamps and counters are known in many languages, and sentences with a date, a time or a number are none."""

import pytest

from pipelines.clean import clean
from pipelines.clean.stamps import is_stamp
from pipelines.model import Article
from tests.builders import a_page

PARAGRAPHS = (
    "<p>The council met on Tuesday and spoke about the repair of the bridge near the school, closed since the storm in "
    "the autumn of last year.</p><p>Engineers said that the work would last until spring and that it would cost twice "
    "as much as had been planned.</p>"
)


@pytest.mark.parametrize(
    "line",
    [
        "Stand: 14.03.2025, 09:05 Uhr",
        "Aktualisiert am Dienstag, 14. September 2025 um 09:05",
        "vor 5 Minuten",
        "Lesezeit: 3 Minuten",
        "1.234 mal gelesen",
        "Updated 5 minutes ago",
        "Last updated: March 14, 2025, 9:05 PM EST",
        "Published: 11/18/2011 2:27 AM",
        "12 people have read this",
        "12 people have read",
        "3 min read",
        "1,234 views",
        "Mis à jour le 14 mars 2025 à 09h05",
        "il y a 5 minutes",
        "Actualizado hace 5 minutos",
        "Tempo di lettura: 3 min",
        "Gepubliceerd op 14 maart 2025 om 09:05",
        "Senast uppdaterad 14 mars 2025",
        "Oppdatert 14.03.2025 kl. 09:05",
        "Обновлено: 14.03.2025 09:05",
        "5 минут назад",
        "Просмотров: 1 234",
        "Güncelleme: 14.03.2025 09:05",
        "Diperbarui: 14 Maret 2025, 09:05 WIB",
        "更新时间：2025-03-14 09:05",
        "阅读 1234",
        "2025年3月14日 09:05 更新",
        "입력 2025.03.14 09:05",
        "آخر تحديث: 14-03-2025 09:05",
    ],
)
def test_stamp_is_known(line: str) -> None:
    assert is_stamp(line, is_bare_enough=False)


@pytest.mark.parametrize(
    "line",
    [
        "In 2024, the bridge was closed.",
        "On 14 March 2025 the mayor resigned",
        "12 people were injured in the crash on the motorway near the town on Tuesday.",
        "12 people were killed in the attack",
        "14.03.2025",
        "At 9:05 a.m. the bridge fell",
        "Two hours ago the mayor spoke",
        "1. FC Köln 2:1 Bayern",
        "3 comments on the law show how it works in practice",
        "Was it 14.03.2025?",
    ],
)
def test_sentence_with_a_number_is_no_stamp(line: str) -> None:
    assert not is_stamp(line, is_bare_enough=False)


def test_date_alone_is_a_stamp_at_the_ends_of_a_text() -> None:
    assert is_stamp("14.03.2025", is_bare_enough=True)


@pytest.mark.parametrize("form", ["Stand: 14.03.2025, 09:%02d Uhr", "Updated %d minutes ago", "%d people have read"])
@pytest.mark.parametrize(
    "place", ["<h1>Bridge</h1><p>%s</p>" + PARAGRAPHS, "<h1>Bridge</h1>" + PARAGRAPHS + "<p>%s</p>"]
)
def test_another_minute_makes_no_other_article(form: str, place: str) -> None:
    made = [
        clean(a_page(f"<html><body><main>{place % (form % minute)}</main></body></html>".encode())) for minute in (5, 6)
    ]

    assert all(isinstance(article, Article) for article in made)
    assert len({article.content_hash for article in made if isinstance(article, Article)}) == 1
    assert all(article.removed_lines["stamps"] == 1 for article in made if isinstance(article, Article))
