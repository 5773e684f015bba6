"""Line rules: what templates leave in a text goes and is counted; what is content stays."""

import pytest

from pipelines.clean.draft import Draft, Line
from pipelines.clean.lines import PrunedLines, prune_lines
from pipelines.model import Cleaning

FIRST = "The council decided on Tuesday to repair the bridge before winter comes to the valley."
MORE = [f"Paragraph {number} tells what the engineers said about the piers of the old bridge." for number in range(9)]


EVERYTHING = Cleaning()


def pruned(*lines: str | Line, cleaning: Cleaning = EVERYTHING, **fields: object) -> PrunedLines:
    given = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
    return prune_lines(Draft(lines=given, **fields), cleaning=cleaning)  # type: ignore[arg-type]


def texts(result: PrunedLines) -> list[str]:
    return [line.text for line in result.lines]


@pytest.mark.parametrize(
    "line",
    [
        "Read More: Cold War 2.0",
        "READ MORE: First look at the new bridge",
        "Read also – Ten bridges that fell",
        "Lesen Sie auch: Zehn Brücken, die einstürzten",
        "Mehr zum Thema: Brücken",
        "Lire aussi : Dix ponts",
        "Leia também: Dez pontes",
        "Читайте также: Десять мостов",
        "Czytaj więcej: Dziesięć mostów",
        "Čtěte také: Deset mostů",
        "関連記事：橋",
        "بیشتر بخوانید: ده پل که فرو ریخت",
        ">> Ten bridges that fell",
        "» Zehn Brücken, die einstürzten",
        "À lire aussi Dix ponts qui sont tombés",
        "Lees ook Tien bruggen die instortten",
        "Baca juga Sepuluh jembatan yang runtuh",
    ],
)
def test_lines_that_lead_elsewhere_go(line: str) -> None:
    result = pruned(FIRST, line, *MORE)

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"read-more": 1}


@pytest.mark.parametrize(
    "line",
    [
        "Share.",
        "Exit mobile version",
        "Leave a Reply",
        "Your email address will not be published.",
        "Your email address will not be published. Required fields are marked *",
        "Back to top button",
        "Advertisement",
        "Anzeige",
        "Teilen",
        "Story continues below advertisement",
        "© 2024 Courier Media. All rights reserved.",
        "Подписывайтесь",
        "12 Comments",
        "___",
        "An dieser Stelle finden Sie einen von der Redaktion ausgewählten, externen Inhalt, den Sie laden können.",
        "To display this content from X, you must enable advertisement tracking.",
        "La suite après cette publicité",
        "Noticia relacionada",
        "सर्वाधिकार सुरक्षित",
        "כל הזכויות שמורות",
        "جميع الحقوق محفوظة",
        "تمامی حقوق محفوظ است",
        "สงวนลิขสิทธิ์",
        "무단 전재 및 재배포 금지",
        "版权所有，未经授权不得转载",
        "無断転載を禁じます",
        "Chia sẻ",
        "Image source, Getty Images",
        "Dieses Thema im Programm: Das Radio | Nachrichten | 28. April 2023 | 10:00 Uhr",
    ],
)
def test_residue_goes(line: str) -> None:
    result = pruned(FIRST, *MORE, line)

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"residue": 1}


@pytest.mark.parametrize(
    "line",
    [
        "Foto: Ann Author/dpa",
        "Photo by Ann Author",
        "Ann Author/AFP",
        "(Image: Getty Images)",
        "Фото: Иван Петров",
        "With reports from Reuters and El País",
        "Redaktion: Anna Müller",
    ],
)
def test_credits_go(line: str) -> None:
    result = pruned(FIRST, *MORE[:3], line, *MORE[3:])

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"credits": 1}


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by a tenth on Tuesday.",
        "Image sources say the bridge was photographed in 1945.",
        "See also what the engineers wrote in their report.",
        "Lees ook de kleine letters, waarschuwt de minister.",
        "To see this bridge again was all she wanted.",
        "Read more than one newspaper, the minister advised.",
        "Getty Images sued the company over the pictures.",
        "Avec douze médailles, la France finit troisième.",
        "Copyright law was changed in 1976.",
        "Photo from 1945 shows the bridge in ruins.",
        "Hintergrund: Die Regierung hatte die Mittel gekürzt.",
        "Follow the money, said the prosecutor.",
        "Recibe el premio por su trabajo en los puentes.",
        "Author and critic Ben Byline disagreed.",
        "“OK.”",
        "»Wir haben die Brücke gesperrt«, sagte Müller.",
        "» Wir haben die Brücke gesperrt «, sagte Müller.",
        "»Vi har stängt bron», sade Müller.",
        "– Wir haben die Brücke gesperrt.",
        "Von der Leyen sagte am Dienstag zu.",
        "By Tuesday the water had fallen.",
        "(Alliance of intelligence agencies of the USA. – Approx. InoSMI.)",
        "Correction: an earlier version named another river.",
        "Note of the translator: the Russian word means both bridge and dream.",
    ],
)
@pytest.mark.parametrize("place", [0, 5, 9])
def test_sentences_stay(line: str, place: int) -> None:
    lines = [FIRST, *MORE]
    lines.insert(place, line)

    result = pruned(*lines)

    assert texts(result) == lines
    assert not result.removed


def test_button_within_a_text_may_be_a_heading() -> None:
    lines = [FIRST, *MORE[:5], "Facebook", *MORE[5:], *MORE]

    assert texts(pruned(*lines)) == lines


def test_clipped_teaser_below_read_more_goes_with_it() -> None:
    result = pruned(FIRST, "Czytaj więcej", "W poniedziałek do stolicy dotrze delegacja – wynika ze słów…", *MORE)

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"read-more": 2}


def test_byline_moves_to_the_authors() -> None:
    result = pruned(FIRST, *MORE, "Author: Zhao Jiandong (赵建东)")

    assert result.authors == ("Zhao Jiandong (赵建东)",)
    assert result.removed == {"byline": 1}


def test_byline_adds_nobody_twice() -> None:
    assert pruned(FIRST, "Автор: Иван Петров", authors=("Иван Петров",)).authors == ("Иван Петров",)


def test_signature_names_an_author_where_none_is_known() -> None:
    assert pruned("By Ann Author", FIRST, *MORE).authors == ("Ann Author",)


def test_links_go() -> None:
    result = pruned(FIRST, Line("Ten bridges that fell", "item", marks=frozenset({"link"})), *MORE)

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"links": 1}


def test_page_of_links_keeps_them_for_the_gate() -> None:
    links = [Line(f"Headline of a story, number {number}", "item", marks=frozenset({"link"})) for number in range(20)]

    assert len(pruned(*links, FIRST).lines) == 21


def test_title_date_and_names_at_the_head_go() -> None:
    result = pruned(
        "Bridge to be repaired",
        "2024-05-03",
        "Ann Author",
        FIRST,
        *MORE,
        title="Bridge to be repaired",
        authors=("Ann Author",),
    )

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"head": 3}


def test_kicker_and_title_in_one_line_go() -> None:
    assert texts(pruned("Transport Bridge to be repaired", FIRST, title="Bridge to be repaired")) == [FIRST]


def test_heading_over_nothing_goes() -> None:
    assert texts(pruned(FIRST, Line("What comes next", "heading"))) == [FIRST]


def test_outlet_speaks_of_itself_at_the_end_only() -> None:
    line = "Sign up to our newsletter and get all bridges in your inbox."

    assert texts(pruned(FIRST, *MORE, line)) == [FIRST, *MORE]
    assert texts(pruned(line, FIRST, *MORE)) == [line, FIRST, *MORE]


@pytest.mark.parametrize(
    ("switched", "line"),
    [
        (Cleaning(read_more=False), Line("Read More: Cold War 2.0")),
        (Cleaning(residue=False), Line("Leave a Reply")),
        (Cleaning(byline=False), Line("Author: Zhao Jiandong")),
        (Cleaning(links=False), Line("Ten bridges that fell", marks=frozenset({"link"}))),
        (Cleaning(credits=False), Line("Foto: Ann Author/dpa")),
        (Cleaning(credits=False), Line("Photo by Ann Author")),
    ],
)
def test_each_rule_can_be_switched_off(switched: Cleaning, line: Line) -> None:
    assert texts(pruned(FIRST, line, *MORE, cleaning=switched)) == [FIRST, line.text, *MORE]
    assert texts(pruned(FIRST, line, *MORE)) == [FIRST, *MORE]


def test_article_body_tells_what_is_foreign() -> None:
    box = "One chart, three stories, every weekday, in the letter of our desk for transport."

    result = pruned(FIRST, *MORE[:4], box, *MORE[4:], full_text=" ".join([FIRST, *MORE]))

    assert texts(result) == [FIRST, *MORE]
    assert result.removed == {"full-text": 1}


def test_head_and_article_body_can_be_switched_off() -> None:
    cleaning = Cleaning(head=False, full_text=False)
    lines = ["Bridge", FIRST, *MORE[:4], "One chart, three stories, every weekday, in our letter.", *MORE[4:]]

    result = pruned(*lines, title="Bridge", full_text=" ".join([FIRST, *MORE]), cleaning=cleaning)

    assert texts(result) == lines


def test_article_body_that_is_a_teaser_decides_nothing() -> None:
    assert texts(pruned(FIRST, *MORE, full_text=FIRST)) == [FIRST, *MORE]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Author", ("Ann Author",)),
        ("Ann Author/Ben van-Byline", None),
        ("Ann Author/Ben Byline-Smith", ("Ann Author", "Ben Byline-Smith")),
        ("Ann M. Author and Ben Byline", ("Ann M. Author", "Ben Byline")),
        ("Bridge", None),
        ("NEW YORK", None),
        ("What Happened Next?", None),
    ],
)
def test_line_of_names_above_the_text_is_the_byline_where_only_the_outlet_is_named(
    line: str, names: tuple[str, ...] | None
) -> None:
    result = pruned("A teaser.", line, FIRST, *MORE, authors=("Courier",), has_people=False)

    assert result.authors == (names or ("Courier",))
    assert (line in texts(result)) == (names is None)


def test_line_of_names_is_left_where_people_are_known_and_within_the_text() -> None:
    assert "Bridge Street" in texts(pruned("Bridge Street", FIRST, *MORE, authors=("Ann Author",)))
    assert "Bridge Street" in texts(pruned(FIRST, "Bridge Street", *MORE, authors=("Courier",), has_people=False))
    heading = Line("Bridge Street", "heading")
    assert "Bridge Street" in texts(pruned(heading, FIRST, *MORE, authors=("Courier",), has_people=False))


def test_who_an_author_is_goes_from_the_end_only() -> None:
    biography = "Ann Author is a researcher at the institute of bridges."

    result = pruned(biography, FIRST, *MORE, biography, authors=("Ann Author",))

    assert texts(result) == [biography, FIRST, *MORE]
    assert result.removed == {"credits": 1}


def test_somebody_else_at_the_end_stays() -> None:
    last = "Ann Author is a witness of the night when the old bridge fell."

    assert texts(pruned(FIRST, *MORE, last, authors=("Ben Writer",))) == [FIRST, *MORE, last]


@pytest.mark.parametrize("count", [3, 8])
def test_list_of_headings_at_the_end_is_content(count: int) -> None:
    headings = [Line(f"{number}. The bridge has {number} piers", "heading") for number in range(count)]

    assert texts(pruned(FIRST, *MORE, *headings)) == [FIRST, *MORE, *(line.text for line in headings)]


def test_teaser_below_a_heading_is_not_foreign() -> None:
    full = " ".join([FIRST, *MORE])
    teaser = Line("Everything that was said about the piers of that bridge in one line.")

    result = pruned(Line("Bridge to be repaired", "heading"), teaser, FIRST, *MORE, full_text=full)

    assert teaser in result.lines
