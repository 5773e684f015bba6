"""The gate: pages that are no articles are rejected with the right reason; articles about the same things are not."""

import pytest

from pipelines.clean import clean
from pipelines.clean.draft import Draft, Line
from pipelines.clean.gate import count_words, flags_of
from pipelines.model import Article, Cleaning, Reject
from tests.builders import a_page, an_entry

SENTENCE = "The council met on Tuesday to discuss the bridge and decided after three hours to repair it before winter. "
ARTICLE = "".join(f"<p>{SENTENCE}{SENTENCE}It was decision number {number}.</p>" for number in range(6))


def html(body: str, *, title: str = "Courier", head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def outcome(content: bytes, **fields: object) -> str:
    result = clean(a_page(content, entry=an_entry(title=None), **fields))
    return result.reason if isinstance(result, Reject) else "article"


CONSENT = """<h1>Bevor Sie fortfahren</h1><p>Wir und unsere 184 Partner speichern Informationen auf Ihrem Gerät, um
personalisierte Werbung anzuzeigen. Mit Klick auf „Alle akzeptieren“ geben Sie Ihre Einwilligung. Einige Partner
stützen sich auf ihr berechtigtes Interesse. Sie können die Auswahl jederzeit in den Datenschutzeinstellungen ändern
und finden dort auch die vollständige Liste aller beteiligten Unternehmen sowie Hinweise zur Verarbeitung.</p>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (html(CONSENT), "consent-wall"),
        (
            html(
                "<h1>courier.example</h1><p>Checking your browser before accessing the site.</p>",
                title="Just a moment...",
            ),
            "bot-check",
        ),
        (html("<p>Please verify you are a human. Reference #18.2f</p>", title="Access denied"), "bot-check"),
        (html("<h1>404</h1><p>The page is gone.</p>", title="Page not found - Courier"), "soft-404"),
        (html("<h1>Seite nicht gefunden</h1><p>" + "Vielleicht hilft die Suche weiter. " * 12 + "</p>"), "soft-404"),
        (html("<h1>Страница не найдена</h1><p>Вернитесь на главную.</p>"), "soft-404"),
        (html("<h1>503 Service Temporarily Unavailable</h1><hr><center>nginx</center>"), "error-page"),
        (html("<p>Please try again later.</p>", title="Error establishing a database connection"), "error-page"),
        (
            html(
                "<h1>The index</h1><p>The figure has fallen for weeks.</p><b>Subscribe to continue reading</b>",
                head='<script type="application/ld+json">{"@type":"Article","isAccessibleForFree":"False"}</script>',
            ),
            "paywall",
        ),
        (
            html('<div id="__next"></div><noscript>You need to enable JavaScript to run this app.</noscript>'),
            "script-only",
        ),
        (html("<p>Bitte aktivieren Sie JavaScript in Ihrem Browser.</p>"), "script-only"),
        (
            html(
                "<ul>"
                + "".join(f'<li><a href="/{n}">Headline number {n} of the day</a></li>' for n in range(40))
                + "</ul>"
            ),
            "link-page",
        ),
        (b"<html><body>" + b"<a href='/x'>more</a> " * 40_000, "link-page"),
        (html("".join(f'<a href="/{n}">Headline number {n} of the day</a> ' for n in range(2000))), "link-page"),
        (html("<table><tr><td>" * 5000 + ARTICLE), "too-complex"),
        (html(f"<h1>Forbidden</h1><p>{SENTENCE * 4}</p>", title="403 Forbidden"), "error-page"),
        (html(f"<h1>Oops! That page can’t be found.</h1><p>{SENTENCE * 4}</p>"), "soft-404"),
        (html("<h1>The road was forbidden to all</h1><p>Little is known.</p>"), "error-page"),
        (html("<p>Ring road reopened on Tuesday.</p>"), "too-short"),
        (html(""), "no-text"),
        (b"", "no-text"),
        (b"%PDF-1.7", "undecodable"),
    ],
)
def test_page_that_is_no_article_is_rejected(content: bytes, reason: str) -> None:
    assert outcome(content) == reason


@pytest.mark.parametrize(
    "headline",
    [
        "Page not found: how the web forgets",
        "Why we and our partners use cookies and similar technologies",
        "Access denied: the refugees at the border",
        "Service unavailable for commuters after storm",
        "Just a moment, says the central bank",
        "Court: subscribe to continue reading is lawful",
    ],
)
def test_article_about_walls_is_an_article(headline: str) -> None:
    assert outcome(html(f"<h1>{headline}</h1>{ARTICLE}", title=headline)) == "article"


@pytest.mark.parametrize(
    "headline",
    [
        "Forbidden city reopens to visitors",
        "403 people rescued from the flood",
        "Court: fatal error in the signal box caused the crash",
        "Not found guilty: the trial of the bridge builders",
        "Oops, says the minister, and pays",
        "Access denied for a day to the refugees at the border",
    ],
)
def test_short_article_about_walls_is_an_article(headline: str) -> None:
    more = "The mayor said that the money for it had been set aside long ago and would be spent by the end of the year."
    content = html(f"<h1>{headline}</h1><p>{SENTENCE}{SENTENCE}</p><p>{more}</p>", title=f"{headline} | Courier")

    assert outcome(content) == "article"


def test_long_list_of_short_items_is_an_article() -> None:
    items = "".join(f"<li>Runner {number} of the valley, two hours and {number} minutes</li>" for number in range(200))

    assert outcome(html(f"<h1>Results</h1><p>{SENTENCE}</p><ul>{items}</ul>")) == "article"


def test_tables_side_by_side_are_no_matter() -> None:
    assert outcome(html(ARTICLE + "<table><tr><td>a</td></tr></table>" * 300)) == "article"


def test_article_below_a_consent_banner_is_an_article() -> None:
    assert (
        outcome(
            html(f'<div class="cookie-banner" role="dialog">{CONSENT}</div><article><h1>Bridge</h1>{ARTICLE}</article>')
        )
        == "article"
    )


def test_least_length_is_for_the_source_to_say() -> None:
    content = html("<p>Ring road reopened on Tuesday. Repairs took nine days.</p>")

    assert outcome(content) == "too-short"
    assert outcome(content, cleaning=Cleaning(min_words=5)) == "article"


def test_reject_tells_what_came() -> None:
    reject = clean(a_page(html("<p>Ring road reopened on Tuesday.</p>")))

    assert isinstance(reject, Reject)
    assert (reject.stage, reject.source, reject.url) == ("clean", "courier", "https://courier.example/one")
    assert reject.evidence == "Ring road reopened on Tuesday."
    assert reject.entry is not None
    assert reject.fetch is not None


def flags(*texts: str | Line, **fields: object) -> tuple[str, ...]:
    lines = tuple(text if isinstance(text, Line) else Line(text) for text in texts)
    return flags_of(lines, Draft(lines=lines, **fields))  # type: ignore[arg-type]


LONG = "Their unwavering commitment serves as a powerful counterbalance, making the alliance a force in shaping global"


@pytest.mark.parametrize("ending", ["", " [...]", " […]", ","])
def test_text_whose_last_sentence_is_cut_off_is_truncated(ending: str) -> None:
    assert flags(LONG + ending) == ("truncated",)


@pytest.mark.parametrize(
    "line",
    [
        *(
            LONG + ending
            for ending in (
                ".",
                "!",
                "?",
                "…",
                "...",
                ".”",
                ".“",
                ".»",
                ".)",
                "?“",
                ".*",
                " order. DM",
                ": courier.example/a",
                " ann@courier.example",
            )
        ),
        "北京和莫斯科的合作将继续下去。" * 6,
        "今後も協力を続けていくと表明した。" * 6,
        "واستمر التعاون بين موسكو وبكين في جميع المجالات الاقتصادية والعسكرية خلال العام؟",
        "सहयोग आने वाले वर्षों में भी जारी रहेगा, प्रवक्ता ने मंगलवार को संवाददाताओं से कहा और धन्यवाद दिया।",
        "ความร่วมมือจะดำเนินต่อไปในปีหน้า โฆษกกล่าวกับผู้สื่อข่าวเมื่อวันอังคารที่ผ่านมา",
        Line("Repair of the northern pier, by far the oldest of all the piers of the bridge", "item"),
    ],
)
def test_text_with_an_end_is_not_truncated(line: str | Line) -> None:
    assert flags(line) == ()


def test_signature_below_the_last_sentence_is_no_cut() -> None:
    assert flags(LONG + " order.", "dpa/afp") == ()


@pytest.mark.parametrize("text", ["officials such as Xiao Ган said so.", "the firm Mосква said so."])
def test_mixed_scripts_are_flagged(text: str) -> None:
    assert flags(f"In a text of Latin letters {text}") == ("mixed-script",)


@pytest.mark.parametrize(
    "text",
    [
        "Президент Путин встретился с Elon Musk и NATO в Москве.",
        "The newspaper “Правда” wrote of Zhao Jiandong (赵建东).",
    ],
)
def test_names_of_another_script_are_no_mixture(text: str) -> None:
    assert flags(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Dies ist eine maschinelle Übersetzung eines Artikels.",
        "This story was machine translated.",
        "Переведено автоматически.",
    ],
)
def test_machine_translation_is_hinted_at(text: str) -> None:
    assert flags(text, LONG + ".") == ("machine-translated",)


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one two\nthree", 3), ("北京和莫斯科", 6), ("iPhone 15 を発表", 5)]
)
def test_words_are_counted(text: str, words: int) -> None:
    assert count_words(text) == words


def test_article_carries_its_flags() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T10:00:00Z">'
    article = clean(a_page(html(f"<h1>Bridge</h1>{ARTICLE}", head=head)))

    assert isinstance(article, Article)
    assert article.flags == ("future-date",)
    assert article.published_at is not None


CONSENTS = {
    "en": (
        "We and our 842 partners store and access information on a device, such as cookies and "
        "process personal data, such as unique identifiers, for personalised ads and content, ad "
        "measurement and audience insights. With your permission we and our partners may use precise "
        "geolocation data. You may click to consent or refuse to consent. Manage options. Some rely "
        "on legitimate interest. You can change your preferences at any time."
    ),
    "fr": (
        "Nous et nos 763 partenaires stockons et/ou accédons à des informations sur un appareil, "
        "telles que les cookies, et traitons les données personnelles pour des publicités et contenus "
        "personnalisés. Avec votre consentement, nous pouvons utiliser des données de géolocalisation "
        "précises. Continuer sans accepter."
    ),
    "es": (
        "Nosotros y nuestros 810 socios almacenamos o accedemos a información en un dispositivo, como "
        "cookies, y procesamos datos personales para anuncios y contenido personalizados, medición de "
        "anuncios. Con su permiso podemos utilizar datos de localización geográfica precisa. Puede "
        "retirar su consentimiento. Rechazar y suscribirse."
    ),
    "it": (
        "Noi e i nostri 780 fornitori archiviamo informazioni su un dispositivo (e/o vi accediamo), "
        "come i cookie, e trattiamo i dati personali per annunci e contenuti personalizzati. Il tuo "
        "consenso può essere revocato. Rifiuta e abbonati."
    ),
    "nl": (
        "Wij en onze 150 partners slaan informatie op een apparaat op en verwerken persoonsgegevens "
        "voor gepersonaliseerde advertenties en inhoud. Met jouw toestemming gebruiken we cookies. "
        "Alles accepteren of instellingen beheren. Je kunt je toestemming altijd intrekken."
    ),
    "pl": (
        "My i nasi partnerzy przechowujemy informacje na urządzeniu i przetwarzamy dane osobowe, "
        "takie jak pliki cookie, w celu wyświetlania spersonalizowanych reklam i treści. Nasi zaufani "
        "partnerzy mogą wykorzystywać dane. Przejdź do serwisu. Możesz wycofać zgodę w dowolnym "
        "momencie."
    ),
    "ru": (
        "Мы и наши партнёры используем файлы cookie и обрабатываем персональные данные для показа "
        "персонализированной рекламы. Нажимая «Принять все», вы даёте согласие на обработку "
        "персональных данных. Вы можете отозвать своё согласие."
    ),
    "pt": (
        "Nós e os nossos 800 parceiros armazenamos e acedemos a informações num dispositivo, tais "
        "como cookies, e processamos dados pessoais para anúncios e conteúdos personalizados. Com a "
        "sua permissão. Pode retirar o seu consentimento. Aceitar todos ou gerir opções."
    ),
    "sv": (
        "Vi och våra 120 partner lagrar och får åtkomst till information på en enhet och behandlar "
        "personuppgifter för personligt anpassade annonser. Du kan återkalla ditt samtycke. Godkänn "
        "alla eller hantera inställningar."
    ),
    "ja": (
        "当社と当社のパートナーは、デバイス上の情報を保存し、またはこれにアクセスし、Cookieな"
        "どの個人データを処理して、パーソナライズされた広告とコンテンツを表示します。同意はいつでも"
        "撤回できます。すべて受け入れる。"
    ),
}


@pytest.mark.parametrize("language", CONSENTS)
def test_consent_wall_is_known_in_many_languages(language: str) -> None:
    assert outcome(html(f"<div><p>{CONSENTS[language]}</p><button>OK</button></div>")) == "consent-wall"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (html("<p>Please enable JS and disable any ad blocker</p>"), "bot-check"),
        (html('<iframe src="/_Incapsula_Resource?x=1">Request unsuccessful.</iframe>'), "bot-check"),
        (html('<script src="/149e/ips.js"></script>', title=""), "bot-check"),
        (html("<h1>Подтвердите, что запросы отправляли вы, а не робот</h1>"), "bot-check"),
        (html("<app-root></app-root><script src=/main.js></script>"), "script-only"),
        (html("<p>There has been a critical error on this website.</p>", title="WordPress"), "error-page"),
        (html("<h1>Error 503 Backend fetch failed</h1><p>Guru Meditation: XID: 123</p>"), "error-page"),
        (
            html(
                "<h1>Bridges</h1>"
                + "".join(
                    f"<a href=/{n}><h3>Story {n}</h3><p>What was said of that bridge, {n}</p></a>" for n in range(30)
                )
            ),
            "link-page",
        ),
    ],
)
def test_page_of_a_system_is_rejected_for_what_it_is(content: bytes, reason: str) -> None:
    assert outcome(content) == reason


def test_article_whose_site_checks_for_bots_is_an_article() -> None:
    assert outcome(html(ARTICLE + '<script src="/cdn/ips.js"></script><div class="cf-turnstile"></div>')) == "article"


def test_headline_that_asks_for_a_robot_is_no_check() -> None:
    text = "".join(f"<p>{SENTENCE}It was decision number {number}.</p>" for number in range(5))

    assert outcome(html(f"<h1>Are you a robot?</h1>{text}", title="Are you a robot?")) == "article"


THAI = "สภาเมืองจัดประชุมเมื่อวันอังคารเพื่อหารือเรื่องสะพาน และหลังจากการอภิปรายสามชั่วโมงได้ตัดสินใจซ่อมเสาด้านเหนือ "


def test_article_in_a_script_that_parts_no_words_is_long_enough() -> None:
    assert outcome(html(f"<h1>สะพาน</h1><p>{THAI}</p><p>{THAI}ก่อนฤดูหนาวจะมาถึง</p>", title="สะพาน")) == "article"


TEASER_LIST = "".join(
    f"<div class=k><a href='/story/{number}'><h3>Another story of the day, number {number}</h3></a>"
    f"<p>What happened in place number {number} on that Tuesday, in a line that is long enough to be prose.</p></div>"
    for number in range(40)
)


@pytest.mark.parametrize(
    "phrase",
    [
        "Page not found", "Error 404", "Seite nicht gefunden", "Page introuvable", "Página no encontrada",
        "Pagina non trovata", "Страница не найдена", "Strona nie istnieje", "Pagina niet gevonden", "Sayfa bulunamadı",
        "Η σελίδα δεν βρέθηκε", "Az oldal nem található", "Halaman tidak ditemukan", "Không tìm thấy trang",
        "הדף לא נמצא", "صفحه یافت نشد", "الصفحة غير موجودة", "पृष्ठ नहीं मिला", "ไม่พบหน้าที่คุณต้องการ",
        "ページが見つかりません", "页面不存在", "페이지를 찾을 수 없습니다",
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", [TEASER_LIST, f"<p>{SENTENCE * 4}</p>" * 12], ids=["teasers", "prose"])
def test_page_that_says_it_is_gone_is_no_article_at_any_length(phrase: str, below: str) -> None:
    assert outcome(html(f"<h1>{phrase}</h1>{below}", title=f"{phrase} - Courier")) == "soft-404"


def test_front_page_of_teasers_is_a_list() -> None:
    assert outcome(html(f"<h1>Courier</h1>{TEASER_LIST}", title="Courier - news of the valley")) == "link-page"


def test_brief_article_above_teasers_is_no_list() -> None:
    headline = "Ferry to the island stops for a day"
    said = (
        "The ferry to the island will not run today.",
        "The harbour says that the wind is too strong for it.",
        "Those who have a ticket may go on any other day.",
        "A boat of the coast guard brings the mail and the bread.",
        "The next ferry is to leave on Wednesday at noon.",
    )
    brief = "".join(f"<p>{sentence}</p>" for sentence in said)

    assert outcome(html(f"<h1>{headline}</h1>{brief}{TEASER_LIST}", title=f"{headline} - Courier")) == "article"
