"""Identity: what counts as the same text, and what does not."""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.identity import article_id, content_hash, normalise

# A surrogate cannot be stored; cleaning takes it out before.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
@example("a\u200b\u0301")  # taking the invisible out brings two together that compose
@example("\u00ad\n \u00ad")
@example("\u2060 x")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_normalised_text_has_no_blank_lines_and_single_spaces(text: str) -> None:
    normalised = normalise(text)

    assert "\n\n" not in normalised
    assert "  " not in normalised
    assert normalised == normalised.strip()
    assert all(line == line.strip(" ") for line in normalised.split("\n"))


@given(TEXTS)
def test_both_unicode_forms_are_one_text(text: str) -> None:
    assert content_hash(unicodedata.normalize("NFD", text)) == content_hash(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moscow\u2019s \u201cpartner\u201d", 'Moscow\'s "partner"'),
        ("\u00abпартнёр\u00bb", '"партнёр"'),
        ("one two", "one\u00a0 two"),
        ("one\n\n\ntwo\n", "one\ntwo"),
        ("one \r\n two", "one\ntwo"),
        ("part\u00adner", "partner"),
        ("\ufeffone", "one"),
    ],
)
def test_spellings_of_templates_are_one_text(one: str, other: str) -> None:
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("one two", "one\ntwo"), ("Partner", "partner"), ("1.5", "15"), ("Xiao Ган", "Xiao Gan"), ("10 000", "10000")],
)
def test_other_words_are_another_text(one: str, other: str) -> None:
    assert content_hash(one) != content_hash(other)


def test_hash_is_frozen_and_carries_its_version() -> None:
    # Should this change, every article in every database gets another key: then the version must change too.
    assert content_hash("Moscow\u2019s  partner\n\n") == FROZEN


def test_article_id_is_the_beginning_of_the_hash() -> None:
    assert article_id("1:00112233445566778899aabbccddeeff" + "0" * 32) == UUID("00112233-4455-6677-8899-aabbccddeeff")


FROZEN = "1:42cd8c75d78cc0d8b59eb7f0d6cd51ff2f83d3b04213ca0a6f05478429a9d230"
