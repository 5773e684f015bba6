"""Blocks: which elements of a page hold its prose, which stand beside it, and which introduce it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.clean.metadata import squeeze

# Class and id tokens of boxes that stand in an article without belonging to it.
_BOXES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"(?:fig|img|image|photo|picture|media|wp)?-?_?caption(?:-text|s)?|bildunterschrift|bildnachweis|"
    r"image-?credits?|photo-?credits?|absatzbild__info|legende|leyenda|pie-?foto|"
    r"info-?box|infobox|fact-?box|faktenbox|factbox|info-?kasten|"
    r"pull-?quote|"
    r"author-?(?:box|bio|content|info|card|profile|description|details)|about-?(?:the-)?author|post-?author|autoren?-?box|"
    r"article-?author|(?:single-)?author-?section|"
    r"twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|reddit-embed-bq|bluesky-embed|telegram-post|"
    r"poll|umfrage|quiz|survey|"
    r"newsletter(?:-?(?:box|signup|teaser|form|promo|widget|module|banner))?|"
    r"read-?more(?:-?(?:box|link|articles?))?|readmore|see-?also|also-?read|lees-?ook|lire-?aussi|"
    r"related(?:-?(?:articles?|posts?|stories|content|links?|news|topics|box|items?))?|"
    r"recommended|recommendations?|most-?read|meistgelesen|trending|"
    r"ad-?slot|ad-?container|advert(?:isement|ising)?|anzeige|werbung|sponsored|"
    r"article-?tags|post-?tags|tag-?cloud|breadcrumbs?|share-?(?:bar|buttons?|links?|tools)|"
    r"social-?(?:share|links|media|bar|buttons)"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAMING = ("class", "id", "data-testid", "data-component")
_MAX_NAMES = 500  # characters
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_POST = re.compile(
    r"^https?://(?:www\.|mobile\.)?(?:(?:twitter|x)\.com/\w+/status/|instagram\.com/(?:p|reel|tv)/|bsky\.app/profile/|"
    r"tiktok\.com/@|threads\.(?:net|com)/@|facebook\.com/\S+/(?:posts|videos)/|t\.me/\w+/\d|vk\.com/wall)",
    re.IGNORECASE,
)
_CAPTIONED = frozenset({"div", "span", "section", "td", "li", "picture"})
_CAPTION_LEVELS = 4  # how far above a picture its caption may stand
_MAX_CAPTION = 250  # characters
_GUARDED_SHARE = 0.25  # of the page's paragraphs; a box that holds more is the article in an unlucky class
_CONTENT = (
    "p",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "li",
    "blockquote",
    "figcaption",
    "span",
    "h2",
    "h3",
    "h4",
    "details",
    "table",
)
_SET_ASIDE = frozenset(
    {"a", "aside", "footer", "nav", "figure", "form", "header", "dialog", "noscript", "button", "label"}
)
_COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?(?![a-z])|disqus|kommentare|reacties|leserbriefe)", re.IGNORECASE)
_LENGTH_COUNTS = 1.4  # exponent: an article has the longer paragraphs, teasers are many
_MAX_TEASER = 450  # characters of a paragraph below a linked headline
_HEADLINE = 15  # characters; what a link must have to be a headline
_NEXT_TO_NOTHING = 0.02  # of the page's longer paragraphs
_AROUND = 0.8  # of the page's longer paragraphs
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff]{4}")
_DENSE = 3  # times as much is said in a character of Chinese or Japanese
_DENSE_SAMPLE = 60  # characters
_LONG = 80  # characters of a paragraph that counts

_MIN_TEASER = 25  # letters of a description
_MIN_LEAD, _MAX_LEAD = 40, 700  # letters of what only a class name says is the lead
_LEADS = re.compile(
    r"(?:^|[\s_-])(?:"
    r"lead|lede|lead-?(?:text|paragraph|in)|excerpt|intro|intro-?text|introduction|deck|dek|standfirst|"
    r"sub-?(?:title|heading|headline|head|hed)|teaser|teaser-?text|summary|strapline|ingress|vorspann|anleser|anriss|"
    r"chapo|chapeau|sous-?titre|catenaccio|occhiello|sommario|sottotitolo|bajada|copete|entradilla|subtitulo|perex|sapo|"
    r"zhaiyao|abstract|article-?description"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_POPUP = re.compile(r"(?:^|[\s_-])(?:modal|pop-?up|pop-?over|tool-?tip|dialog|balloon)", re.IGNORECASE)
_TELLING = re.compile("[\u3040-\u30ff\u3400-\u9fff]{2}|[^\\W\\d_]{5,}")
_MAX_COMPARED = 20_000  # letters of the text
_MIN_SHARED_WORDS = 0.4  # of its longer words
_SENTENCES = frozenset({"p", "h2", "h3"})
_STOPS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", ".“", ".”", '."', "…”")
_MAX_LOOKED_AT = 500  # elements between the headline and the text
_LEAD_LEVELS = 2  # how far above a paragraph its class may stand
_KEY = 50  # letters by which a paragraph is known again


def drop_boxes(tree: HtmlElement) -> int:
    """Take captions, fact boxes, embedded posts and the like out of a page; return how many."""
    boxes = [element for element in tree.iter(*_CONTENT) if is_box(element)]
    boxes += [*_embedded_posts(tree), *_captions(tree)]
    if not boxes:
        return 0
    weights = paragraph_weights(tree, with_boxes=True)
    limit = _GUARDED_SHARE * weights[tree]
    dropped = 0
    for element in boxes:
        if weights[element] <= limit and element.getparent() is not None:
            element.drop_tree()
            dropped += 1
    return dropped


def _embedded_posts(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Quotations that link to a post on a social network: what its embed shows before its script runs."""
    for link in tree.iter("a"):
        if _POST.search(link.get("href") or ""):
            yield from islice(link.iterancestors("blockquote"), 1)


def _captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    """What is short and stands in one element with a picture and nothing else."""
    sizes: dict[HtmlElement, int] = {}  # thousands of pictures may stand in one element
    for picture in tree.iter("img"):
        for around in islice(picture.iterancestors(), _CAPTION_LEVELS):
            if around not in sizes:
                sizes[around] = len(around.text_content().strip())
                is_caption = around.tag in _CAPTIONED and 0 < sizes[around] <= _MAX_CAPTION
                if is_caption and next(around.iter("h1", "h2"), None) is None:
                    yield around
            if sizes[around]:
                break


def is_box(element: HtmlElement) -> bool:
    """Whether an element's class or id says that it stands beside the text."""
    return any(_names_box(element.get(name) or "") for name in _NAMING)


def names_of(element: HtmlElement) -> Iterator[str]:
    """Yield what an element is called, with its camels parted: "leadText" is "lead-Text"."""
    for name in _NAMING:
        if 0 < len(given := element.get(name) or "") < _MAX_NAMES:
            yield _CAMEL.sub("-", given)


@lru_cache(maxsize=4096)  # a page repeats its class names, and so do the pages of an outlet
def _names_box(name: str) -> bool:
    return 0 < len(name) < _MAX_NAMES and _BOXES.search(_CAMEL.sub("-", name)) is not None


def paragraph_weights(tree: HtmlElement, *, with_boxes: bool = False) -> Counter[HtmlElement]:
    """Return how many characters of longer paragraphs each element holds; asides, boxes, comments count nothing.

    Where next to nothing would count, what holds most of the page is no aside: a form or a class of comments around
    everything.
    """
    sizes = {paragraph: size for paragraph in tree.iter("p") if (size := prose_size(paragraph)) >= _LONG}
    weights = _weights(sizes, with_boxes=with_boxes)
    total = sum(sizes.values())
    if weights[tree] < _NEXT_TO_NOTHING * total:
        around = Counter[HtmlElement]()
        for paragraph, size in sizes.items():
            around.update(dict.fromkeys(paragraph.iterancestors(), size))
        wrappers = frozenset(one for one, size in around.items() if size >= _AROUND * total)
        weights = _weights(sizes, with_boxes=with_boxes, wrappers=wrappers)
    return weights


def prose_in(element: HtmlElement, weights: Counter[HtmlElement]) -> dict[HtmlElement, int]:
    """Return the paragraphs in an element that count, in their order, with their characters."""
    return {paragraph: weights[paragraph] for paragraph in element.iter("p") if weights[paragraph]}


def _weights(
    sizes: Mapping[HtmlElement, int], *, with_boxes: bool, wrappers: Collection[HtmlElement] = ()
) -> Counter[HtmlElement]:
    weights: Counter[HtmlElement] = Counter()
    is_beside: dict[HtmlElement, bool] = dict.fromkeys(wrappers, False)
    for paragraph, size in sizes.items():
        above = list(paragraph.iterancestors())
        for one in above:
            if one not in is_beside:
                is_beside[one] = one.tag in _SET_ASIDE or _is_comments(one) or (not with_boxes and is_box(one))
        if any(is_beside[one] for one in above) or _is_card(paragraph):
            continue
        weights[paragraph] = size
        for one in above:
            weights[one] += size
    return weights


def _is_card(paragraph: HtmlElement) -> bool:
    """Whether a lone paragraph stands below a linked headline: the teaser of another article."""
    card = paragraph.getparent()
    if len(paragraph.text_content()) > _MAX_TEASER:
        return False
    if card is not None and len(card) == 1:
        card = card.getparent()
    if card is None or sum(1 for _ in islice(card.iter("p"), 2)) > 1:
        return False
    return any(
        len(link.text_content().strip()) >= _HEADLINE and paragraph not in link.iterancestors()
        for link in card.iter("a")
    )


def _is_comments(element: HtmlElement) -> bool:
    return _names_comments(element.get("class") or "") or _names_comments(element.get("id") or "")


@lru_cache(maxsize=4096)
def _names_comments(name: str) -> bool:
    return _COMMENTS.search(name) is not None


def container(tree: HtmlElement, weights: Counter[HtmlElement], *, share: float = 0.8) -> HtmlElement | None:
    """Return the innermost element that holds that share of the page's paragraphs, or None where there is no such."""
    heavy: Counter[HtmlElement] = Counter()
    for element, size in weights.items():
        if element.tag == "p":
            for one in element.iterancestors():
                heavy[one] += round(size**_LENGTH_COUNTS)
    total = heavy[tree]
    if not total:
        return None
    inside = tree
    while True:
        heaviest = max(inside, key=lambda child: heavy[child], default=None)
        if heaviest is None or heaviest.tag == "p" or heavy[heaviest] < share * total:
            break
        inside = heaviest
    return None if inside.tag in {"html", "body"} else inside


def prose_size(paragraph: HtmlElement) -> int:
    """The characters of a paragraph outside its links, where it is not mostly links."""
    text = paragraph.text_content().strip()
    size = len(text)
    linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
    if linked * 2 >= size:
        return 0
    return size * _DENSE if _IDEOGRAPHS.search(text, 0, _DENSE_SAMPLE) else size


def find_leads(
    tree: HtmlElement, descriptions: Sequence[str], lines: Sequence[str], *, title: str | None = None
) -> list[str]:
    """Return what stands above the text and belongs to it, as the page shows it; nothing that the text has already.

    The paragraph that says what one of the page's descriptions says, else what a class name calls lead, excerpt or
    standfirst between the headline and the text.
    """
    said = squash(" ".join(lines))
    teaser = _described(tree, descriptions, said)
    if teaser or not lines:
        return [teaser] if teaser else []
    return list(_leads(tree, said, first=squash(lines[0])[:_KEY], title=squash(title or "")))


def squash(text: str) -> str:
    """Return what remains of a text without its white space: enough to find it again on the page it came from."""
    return "".join(text.split()).replace("\u00ad", "").casefold()


def _described(tree: HtmlElement, descriptions: Sequence[str], said: str) -> str | None:
    shown = None
    for description in descriptions:
        key = squash(description.rstrip(".… "))
        if len(key) < _MIN_TEASER or key[:200] in said:
            continue
        shown = shown or squash(tree.text_content())
        if key not in shown:
            continue
        for element in tree.iter("p", "h2", "h3", "h4", "div", "span", "strong", "b", "li", "em", "section", "header"):
            if not element.text or element.text.isspace():
                continue
            text = element.text_content()
            if len(text) < 2 * len(description) + 100 and key in squash(text) and not _is_beside(element):
                above = element.getparent()
                if element.tag in {"span", "strong", "b", "em"} and above is not None:
                    whole = squeeze(above.text_content())
                    if len(whole) <= len(text) + 60 and above.tag in {"p", "div", "h2"}:
                        return whole
                return squeeze(text)
    return None


def _leads(tree: HtmlElement, said: str, *, first: str, title: str) -> Iterator[str]:
    """What is called a lead below the last h1 above the text, where the text's first line is found at all."""
    found: list[str] = []
    looked_at = 0
    is_below_title = False
    for element in tree.iter("h1", "h2", "h3", "p", "div", "span", "strong", "b", "em", "li", "section"):
        if element.tag == "h1":
            found.clear()
            looked_at = 0
            is_below_title = True
        looked_at += 1
        if looked_at > _MAX_LOOKED_AT:
            return
        if element.tag != "p" and (not element.text or element.text.isspace()):
            continue
        text = squash(element.text_content())
        if text.startswith(first):
            yield from dict.fromkeys(found)
            return
        if (
            _MIN_LEAD <= len(text) <= _MAX_LEAD
            and element.tag != "h1"
            and text[:_KEY] not in said
            and text[-_KEY:] not in said
            and not (title and (text in title or (len(title) >= _HEADLINE and title in text)))
            and (_is_lead(element) or (is_below_title and _is_sentence(element) and _shares_words(element, said)))
            and not _is_beside(element)
        ):
            found.append(squeeze(element.text_content()))


def _is_sentence(element: HtmlElement) -> bool:
    """Whether an element is a paragraph or a heading that ends as a sentence does, and no caption or notice."""
    if element.tag not in _SENTENCES or not element.text_content().rstrip().endswith(_STOPS):
        return False
    if next(element.iterdescendants("a", "time", "button", "p"), None) is not None:
        return False
    above = list(islice(element.iterancestors(), _LEAD_LEVELS))
    around = next((one for one in above if next(one.iter("h1"), None) is None), element)
    return next(around.iter("img", "picture", "button"), None) is None and not any(map(_is_hidden, above))


def _shares_words(element: HtmlElement, said: str) -> bool:
    """Whether a text speaks of what the article speaks of: some of its longer words stand there, too."""
    words = set(_TELLING.findall(element.text_content().casefold()))
    said = said[:_MAX_COMPARED]
    return sum(word in said for word in words) >= _MIN_SHARED_WORDS * len(words)


def _is_hidden(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "none" in (element.get("style") or "")
        or element.get("role") in {"dialog", "tooltip", "alert"}
        or any(_POPUP.search(name) for name in names_of(element))
    )


def _is_lead(element: HtmlElement) -> bool:
    above = element
    for _ in range(1 + _LEAD_LEVELS):
        if any(_LEADS.search(name) for name in names_of(above)):
            return True
        parent = above.getparent()
        if parent is None:
            return False
        above = parent
    return False


def _is_beside(element: HtmlElement) -> bool:
    return any(
        above.tag in {"figure", "figcaption", "aside", "a"} or is_box(above)
        for above in [element, *element.iterancestors()]
    )
