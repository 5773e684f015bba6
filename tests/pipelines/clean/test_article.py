"""The five seeds, as plain texts and in several templates: the same text, and exactly what must become of it."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from pipelines.clean import clean
from pipelines.clean.article import detect
from pipelines.model import Article, Page
from tests.builders import a_fetch, a_page, an_entry

SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds"
TITLE = 'Russia and China agreed to cure the world of "western disease"'

# What leaves the text of each seed, line by line; all else stays as it is.
GONE: dict[str, set[str]] = {
    "000": set(),
    "001": set(),
    "002": {"Read More: Cold War 2.0", "Read More: Russian Invasion of Ukraine"},
    "003": {"Share.", "Exit mobile version"},
    "004": {
        TITLE,
        "Author: Zhao Jiandong (赵建东)",
        "Leave a Reply",
        "Your email address will not be published.",
        "Back to top button",
    },
}
FLAGS: dict[str, tuple[str, ...]] = {"000": ("truncated",), "001": ("mixed-script",)}
REMOVED: dict[str, dict[str, int]] = {
    "002": {"read-more": 2},
    "003": {"residue": 2},
    "004": {"byline": 1, "residue": 3},
}


def seed(number: str) -> str:
    [path] = SEEDS.glob(f"{number}_*.txt")
    return path.read_text("utf-8")


def lines(number: str) -> list[str]:
    return [line for line in seed(number).splitlines() if line.strip()]


def plain_page(number: str) -> Page:
    [path] = SEEDS.glob(f"{number}_*.txt")
    entry = an_entry(path.as_uri(), title=None)
    fetch = a_fetch(path.as_uri(), status=None, content_type="text/plain")
    return a_page(path.read_bytes(), entry=entry, fetch=fetch)


def cleaned(page: Page) -> Article:
    article = clean(page)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("number", GONE)
def test_plain_seed_becomes_exactly_its_article(number: str) -> None:
    article = cleaned(plain_page(number))

    assert article.text.split("\n") == [line for line in lines(number) if line not in GONE[number]]
    assert article.title == (TITLE if number == "004" else None)
    assert article.authors == (("Zhao Jiandong (赵建东)",) if number == "004" else ())
    assert article.language == "en"
    assert article.flags == FLAGS.get(number, ())
    assert article.removed_lines == REMOVED.get(number, {})
    assert article.published_at is None


def test_name_of_two_scripts_stays() -> None:
    assert "Xiao Ган emphasizing" in cleaned(plain_page("001")).text


def test_note_of_the_translator_stays() -> None:
    assert "New Zealand. – Approx. InoSMI.), promoted" in cleaned(plain_page("004")).text


def wordpress(title: str, body: list[str]) -> str:
    paragraphs = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in body)
    return f"""<!DOCTYPE html><html lang="en-US"><head><title>{escape(title)} - Courier</title>
    <meta property="og:site_name" content="Courier"><meta property="og:title" content="{escape(title)}"></head>
    <body class="single"><header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">W</a></li></ul></nav></header>
    <article class="post"><h1 class="entry-title">{escape(title)}</h1>
    <div class="entry-content">{paragraphs}</div></article>
    <aside class="widget"><h3>Recent posts</h3><ul><li><a href="/a">A story about something else</a></li></ul></aside>
    <footer>© 2024 Courier</footer></body></html>"""


def bare(title: str, body: list[str]) -> str:
    paragraphs = "".join(f"<p>{escape(line, quote=False)}" for line in body)
    return f"<html><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{paragraphs}</body></html>"


def table(title: str, body: list[str]) -> str:
    text = "<br><br>".join(escape(line, quote=False) for line in body)
    return f"""<html><head><title>{escape(title)}</title></head><body><table width="100%"><tr><td colspan="2">
    <font size="5"><b>{escape(title)}</b></font></td></tr>
    <tr><td width="20%"><a href="/">Home</a><br><a href="/w">World</a></td><td>{text}</td></tr></table></body></html>"""


def divs(title: str, body: list[str]) -> str:
    blocks = "".join(f'<div class="css-1x">{escape(line, quote=False)}</div>' for line in body)
    return f"""<html><head><title>{escape(title)} | Meridian</title></head><body>
    <div id="__next"><div><a href="/">Meridian</a> <a href="/world">World</a></div>
    <div><h1>{escape(title)}</h1><div>{blocks}</div></div></div></body></html>"""


def sections(title: str, body: list[str]) -> str:
    """The article lies in several blocks of the same name, with boxes between them."""
    middle = len(body) // 2
    box = '<div class="newsletter-box"><h3>The daily letter</h3><p>Three stories, every weekday.</p></div>'
    parts = ["".join(f"<p>{escape(line, quote=False)}</p>" for line in part) for part in (body[:middle], body[middle:])]
    joined = box.join(f'<section class="article-body">{part}</section>' for part in parts)
    page = f"<main><h1>{escape(title)}</h1>{joined}</main>"
    return f"<html><head><title>{escape(title)}</title></head><body>{page}</body></html>"


@pytest.mark.parametrize("number", GONE)
@pytest.mark.parametrize("template", [wordpress, bare, table, divs, sections])
def test_same_text_comes_out_of_every_template(number: str, template: Callable[[str, list[str]], str]) -> None:
    body = [line for line in lines(number) if line != TITLE]
    title = TITLE if number == "004" else "A headline of the outlet"

    article = cleaned(a_page(template(title, body).encode()))

    expected = cleaned(plain_page(number))
    assert article.text == expected.text
    assert article.content_hash == expected.content_hash
    assert (article.title, article.authors, article.flags) == (title, expected.authors, expected.flags)


CANTONESE = "香港特區政府今日公布，因應颱風嘅影響，天文台將會喺聽日改發八號風球，市民應該留喺屋企。" * 3
ENGLISH = "The council met on Tuesday and spoke about the repair of the bridge near the school. " * 8
GERMAN = "Der Rat hat am Dienstag über die Reparatur der Brücke an der Schule gesprochen. " * 20


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (CANTONESE, None, "zh"),
        (ENGLISH, "de", "en"),
        (ENGLISH[:500] + GERMAN, "de-AT", "de"),
        ("12:30 14:15 | 3-2 1-0 " * 20, "zxx", None),
        ("12:30 14:15 | 3-2 1-0 " * 20, "en_GB", "en"),
    ],
    ids=["no code of its own", "declared wrongly", "begins with a quotation", "no language", "figures"],
)
def test_language_has_a_code_of_two_letters(text: str, declared: str | None, expected: str | None) -> None:
    assert detect(text, declared=declared) == expected
