"""Authors: names, and nothing but names."""

import pytest

from pipelines.clean.authors import tidy_authors


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["Ann Author"], ("Ann Author",)),
        (["By Ann Author and Ben Byline"], ("Ann Author", "Ben Byline")),
        (["Von Anna Müller und Jörg Groß"], ("Anna Müller", "Jörg Groß")),
        (["Ann Author, Ben Byline & Cem Çelik"], ("Ann Author", "Ben Byline", "Cem Çelik")),
        (["Ann Author; Ben Byline"], ("Ann Author", "Ben Byline")),
        (["Ann Author, Jr."], ("Ann Author, Jr",)),
        (["Ann Author", "ANN AUTHOR"], ("Ann Author",)),
        (["Anna Müller (amu)"], ("Anna Müller",)),
        (["Zhao Jiandong (赵建东)"], ("Zhao Jiandong (赵建东)",)),
        (["Автор: Иван Петров"], ("Иван Петров",)),
        (["山田太郎、鈴木花子"], ("山田太郎", "鈴木花子")),
        (["Vonda Byrd"], ("Vonda Byrd",)),
        (["https://www.facebook.com/courier", "ann@courier.example", "ann-author", "admin", ""], ()),
        (["(Image: Getty Images)", "Ann Author"], ("Ann Author",)),
        (["Courier", "Ann Author"], ("Ann Author",)),
        (["Courier"], ("Courier",)),
        (["x" * 200], ()),
    ],
)
def test_names_are_tidied(given: list[str], expected: tuple[str, ...]) -> None:
    assert tidy_authors(given, outlets=["Courier"]) == expected
