"""Decoding: bytes of any charset become text, and what kills parsers leaves it."""

import codecs

import pytest

from pipelines.clean.decode import decode, is_html
from pipelines.clean.draft import NotAnArticle

RUSSIAN = "Россия и Китай договорились"


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        (RUSSIAN.encode(), "text/html; charset=utf-8", RUSSIAN),
        (RUSSIAN.encode(), None, RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode("cp1251"), 'text/html; charset="Windows-1251"', RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "text/html; charset=KOI8-R", RUSSIAN),
        # The header lies: what does not decode strictly is not believed.
        (RUSSIAN.encode("cp1251"), "text/html; charset=utf-8", None),
        (RUSSIAN.encode(), "text/html; charset=unheard-of", RUSSIAN),
        (codecs.BOM_UTF8 + RUSSIAN.encode(), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode("utf-16"), "text/html", RUSSIAN),
        (b"caf\xe9 \x93quoted\x94", "text/html; charset=iso-8859-1", "café “quoted”"),
        ("中文报纸".encode("gb18030"), "text/html; charset=gb2312", "中文报纸"),
        ("日本経済新聞".encode("cp932"), "text/html; charset=Shift_JIS", "日本経済新聞"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, f"<meta charset=windows-1251>{RUSSIAN}"),
        (b"almost utf-8 " * 200 + b"\xff", "text/html; charset=utf-8", "almost utf-8 " * 200 + "\ufffd"),
    ],
)
def test_text_comes_out_of_its_charset(content: bytes, content_type: str | None, text: str | None) -> None:
    decoded = decode(content, content_type=content_type)

    assert decoded == text if text is not None else "\ufffd" not in decoded


@pytest.mark.parametrize(
    "reference",
    ["&#0;", "&#1;", "&#8;", "&#x1F;", "&#127;", "&#xFFFE;", "&#xffff;", "&#55296;", "&#xD800;", "&#1114112;"],
)
def test_references_that_kill_the_parser_are_taken_out(reference: str) -> None:
    assert decode(f"one{reference}two".encode(), content_type=None) == "onetwo"


@pytest.mark.parametrize(
    "reference", ["&#8217;", "&#39;", "&#039;", "&#xA0;", "&#10;", "&#128512;", "&#1055;", "&#xfffd;", "&#8"]
)
def test_other_references_stay(reference: str) -> None:
    expected = "onetwo" if reference == "&#8" else f"one{reference}two"

    assert decode(f"one{reference}two".encode(), content_type=None) == expected


def test_control_characters_are_taken_out_and_white_space_stays() -> None:
    assert decode(b"o\x00n\x08e\x7f \tt\nw\ro", content_type=None) == "one \tt\nw\ro"


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"PK\x03\x04...", bytes(range(256)) * 40])
def test_binary_data_is_no_text(content: bytes) -> None:
    with pytest.raises(NotAnArticle, match="undecodable"):
        decode(content, content_type="text/html")


@pytest.mark.parametrize(
    ("text", "content_type", "expected"),
    [
        ("<p>one</p>", "text/html; charset=utf-8", True),
        ("one", "application/xhtml+xml", True),
        ("<p>one</p>", "text/plain", False),
        ("<!DOCTYPE html><html>", None, True),
        ("3 < 4 and 5 > 4", None, False),
        ("<p>one</p>", "application/octet-stream", True),
    ],
)
def test_html_is_told_from_plain_text(text: str, content_type: str | None, expected: bool) -> None:
    assert is_html(text, content_type=content_type) is expected


@pytest.mark.parametrize("charset", ["undefined", "unicode_escape", "idna", "punycode", "utf-7", "base64"])
def test_codec_that_is_no_charset_is_not_used(charset: str) -> None:
    page = f'<meta charset="{charset}">caf\\u00e9 '

    assert decode(page.encode() + b"caf\xe9", content_type=None) == page + "café"
