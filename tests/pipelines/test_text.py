"""Text: bytes of any charset become text, and what no text may hold leaves it."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.charsets import find_codec
from pipelines.text import (
    decode,
    is_binary,
    language_code,
    plain,
    printable,
    printable_json,
    printable_lines,
    start_of,
    storable,
)

ROWS = [
    (language, codec, text)
    for line in (Path(__file__).parents[1] / "fixtures" / "charsets.tsv").read_text("utf-8").splitlines()
    for language, codecs, text in [line.split("\t")]
    for codec in codecs.split(",")
]
RUSSIAN = "Россия и Китай договорились о поставках"
FRENCH = "L'école près de la mairie coûtera très cher"


def as_page(text: str, *, lang: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html><html{lang}><head>{head}<title>News</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("has_lang", [True, False])
@pytest.mark.parametrize(("language", "codec", "text"), ROWS)
def test_a_page_that_names_no_charset_is_read(language: str, codec: str, text: str, has_lang: bool) -> None:
    page = as_page(text, lang=f' lang="{language}"' if has_lang else "")
    content = page.encode(codec, "ignore")

    assert decode(content) == content.decode(codec)


@pytest.mark.parametrize("text", ["déjà vu", "Müller", "Señor", "São Paulo", "“quoted” – and dashed…"])
def test_a_few_letters_of_the_west_are_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


def test_the_language_of_the_source_decides_where_the_page_names_none() -> None:
    content = "jövőre".encode("cp1250")

    assert decode(content, language="hu") == "jövőre"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1251", "gb2312", "utf-16", "unheard-of"])
@pytest.mark.parametrize("place", ["header", "meta", "xml"])
def test_utf_8_is_utf_8_whatever_the_document_says(charset: str, place: str) -> None:
    page = as_page(RUSSIAN, head=f'<meta charset="{charset}">' if place == "meta" else "")
    page = f'<?xml version="1.0" encoding="{charset}"?>{page}' if place == "xml" else page

    assert decode(page.encode(), f"text/html; charset={charset}" if place == "header" else None) == page


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (RUSSIAN.encode()[:-1], RUSSIAN[:-1]),
        (RUSSIAN.encode().replace("К".encode(), b"\xd0"), RUSSIAN.replace("К", "\ufffd")),
        ((RUSSIAN * 40).encode() + b"\xff" + RUSSIAN.encode(), RUSSIAN * 40 + "\ufffd" + RUSSIAN),
    ],
)
def test_damaged_utf_8_stays_utf_8(content: bytes, text: str) -> None:
    assert decode(content, "text/html; charset=windows-1251") == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("tis-620", "cp874"),
        ("cp-1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("Windows1251", "cp1251"),
        ("x-cp1250", "cp1250"),
        ("iso88592", "iso8859-2"),
        ("iso-8859-8-i", "iso8859-8"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("gb_2312-80", "gb18030"),
        ("x-gbk", "gb18030"),
        ("x-x-big5", "big5hkscs"),
        ("ks_c_5601-1987", "cp949"),
        ("koi", "koi8-r"),
        ("utf8", "utf-8"),
        ("hex", None),
        ("punycode", None),
        ("utf-7", None),
        ("undefined", None),
        ("none", None),
        ("x" * 1_000, None),
    ],
)
def test_a_label_means_what_the_web_means_by_it(label: str, codec: str | None) -> None:
    assert find_codec(label) == codec


@pytest.mark.parametrize("declared", ["header", "meta", "xml"])
def test_a_declared_charset_is_used(declared: str) -> None:
    page = as_page(RUSSIAN, head="<meta charset='windows-1251'>" if declared == "meta" else "")
    page = f'<?xml version="1.0" encoding="cp-1251"?>{page}' if declared == "xml" else page

    assert decode(page.encode("cp1251"), "text/html;charset=win-1251" if declared == "header" else None) == page


def test_a_label_that_cannot_be_right_is_not_believed() -> None:
    content = as_page(FRENCH, lang=" lang=fr").encode("cp1252")

    assert FRENCH in decode(content, "text/html; charset=utf-8")
    assert RUSSIAN in decode(as_page(RUSSIAN).encode("cp1251"), "text/html; charset=euc-jp")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_text_shows_by_its_mark_or_its_zeros(codec: str) -> None:
    page = as_page(RUSSIAN)

    assert decode(page.encode(codec)) == page
    assert not is_binary(page.encode(codec))


def test_japanese_in_seven_bits_is_read() -> None:
    assert decode("<p>日本経済新聞</p>".encode("iso2022_jp")) == "<p>日本経済新聞</p>"


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)), st.one_of(st.none(), st.text(max_size=5)))
def test_decoding_never_raises_and_leaves_nothing_unstorable(
    content: bytes, content_type: str | None, language: str | None
) -> None:
    text = decode(content, content_type, language=language)

    assert text == storable(text)
    text.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"\xe9a" * 2_000_000,
        b"<meta charset=" * 300_000,
        b"\xff" * 4_000_000,
        b"A" * 4_000_000 + b"\xe9",
        b"\xc2" * 4_000_000,
        b"\xc2\xa0" * 2_000_000,
    ],
)
def test_hostile_bytes_take_no_time(content: bytes) -> None:
    started = time.process_time()

    decode(content, "text/html; charset=big5")

    assert time.process_time() - started < 5


def test_controls_go_and_quotation_marks_of_windows_come_back() -> None:
    assert storable("o\x00n\x08e\x7f \tt\nw\ro\ud800\ufffe") == "one \tt\nw\ro"
    assert decode("It\x92s \x93here\x94\x81".encode()) == "It’s “here”"


def test_a_terminal_is_sent_nothing_that_moves_or_reorders() -> None:
    assert printable("a\x1b[31mred\x9b2J\r\nb\u202eevil\u2066x") == "a [31mred 2J b evil x"
    assert printable("می\u200cخواهم") == "می\u200cخواهم"
    assert printable("x" * 10_000, most=5) == "xxxx…"
    assert printable_lines("a\x1b[2J\tb\n\rc\u202e") == "a[2J\tb\nc"


@given(st.text())
def test_json_for_a_terminal_says_the_same(text: str) -> None:
    shown = printable_json(json.dumps([text], ensure_ascii=False, indent=2))

    assert json.loads(shown) == [text]
    assert shown == printable_lines(shown)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh_Hans", "zh"),
        ("EN_us.UTF-8", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("cmn-Hant", "zh"),
        ("nb", "no"),
        ("nno", "no"),
        ("iw", "he"),
        ("zxx", None),
        ("und", None),
        ("mul", None),
        ("xx", None),
        ("english", None),
        ("", None),
        (None, None),
        ("-", None),
    ],
)
def test_a_language_tag_becomes_an_iso_639_1_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code


def test_markup_becomes_words() -> None:
    assert plain("<p>One<br>two</p> &amp;lt;b&amp;gt;three&amp;lt;/b&amp;gt; <!-- no -->") == "One two three"
    assert plain("<script>x</script>") is None
    assert plain(7) is None


def test_the_start_of_a_document_is_one_line() -> None:
    assert start_of(b"\x1b[31m<html>\n<body>") == "[31m<html> <body>"


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"PK\x03\x04...", bytes(range(256)) * 40])
def test_binary_data_is_recognised(content: bytes) -> None:
    assert is_binary(content)
    assert not is_binary(b"one\x00 NUL in a text")
