"""Teaser: the paragraphs that a page shows between its headline and its text, where the extractor left them out."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.clean.head import squeeze
from pipelines.clean.prune import is_box, names_of

_LEAST_TEASER = 25  # letters of a description
_LEAST_LEAD, _MOST_LEAD = 40, 700  # letters of what only a class name says is the lead
_LEADS = re.compile(
    r"(?:^|[\s_-])(?:"
    r"lead|lede|lead-?(?:text|paragraph|in)|excerpt|intro|intro-?text|introduction|deck|dek|standfirst|"
    r"sub-?(?:title|heading|headline|head|hed)|teaser|teaser-?text|summary|strapline|ingress|vorspann|anleser|anriss|"
    r"chapo|chapeau|sous-?titre|catenaccio|occhiello|sommario|sottotitolo|bajada|copete|entradilla|subtitulo|perex|sapo|"
    r"zhaiyao|abstract|article-?description"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 500  # elements between the headline and the text
_LEAD_LEVELS = 2  # how far above a paragraph its class may stand
_KEY = 50  # letters by which a paragraph is known again


def find_teasers(
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
        if len(key) < _LEAST_TEASER or key[:200] in said:
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
    for element in tree.iter("h1", "h2", "h3", "p", "div", "span", "strong", "b", "em", "li", "section"):
        if element.tag == "h1":
            found.clear()
            looked_at = 0
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            return
        if element.tag != "p" and (not element.text or element.text.isspace()):
            continue
        text = squash(element.text_content())
        if text.startswith(first):
            yield from dict.fromkeys(found)
            return
        if (
            _LEAST_LEAD <= len(text) <= _MOST_LEAD
            and element.tag != "h1"
            and text[:_KEY] not in said
            and text[-_KEY:] not in said
            and not (title and (title in text or text in title))
            and _is_lead(element)
            and not _is_beside(element)
        ):
            found.append(squeeze(element.text_content()))


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
