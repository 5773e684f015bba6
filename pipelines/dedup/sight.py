"""Sight: what was cleaned, held against what is known, becomes one sighting each: new, seen or revised."""

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pipelines.model import Article, Known, Page, Sighting
from pipelines.urls import canonicalise, is_same_site, registered_domain

Outcome: TypeAlias = Literal["new", "seen", "revised"]

# What AMP, mobile, print and paged twins hang onto the path of the page they belong to.
_TWIN = re.compile(
    r"(?:amp(?:\.html?)?|m|mobile|print|printable|drucken|imprimer|full|singlepage|all|page/?\d+|\d{1,2})/?", re.I
)


def sight(cleaned: Sequence[tuple[Page, Article]], *, known: Known) -> list[Sighting]:
    """Return one sighting a page, in the order given. Pure; twins inside the batch are handled in that order.

    known must answer for the article_id and the canonical URL (`resolve`) of every page of the batch.

    URL and text unknown: new. Text known, URL unknown: seen, at one more URL. URL known with another text: revised,
    one revision above the highest. That text at that URL: seen, no matter what stood there in between.
    """
    article_ids = set(known.article_ids)
    current = dict(known.current)
    pairs = set(known.pairs)
    sightings = []
    for page, article in cleaned:
        url = resolve(page, article)
        pair = (url, article.article_id)
        _, highest = current.get(url, (None, -1))
        outcome: Outcome
        if pair in pairs:
            outcome, revision = "seen", max(highest, 0)
        else:
            revision = highest + 1
            outcome = "revised" if revision else "seen" if article.article_id in article_ids else "new"
            current[url] = (article.article_id, revision)
        pairs.add(pair)
        article_ids.add(article.article_id)
        sightings.append(
            Sighting(
                entry=page.entry,
                fetch=page.fetch,
                article=article,
                canonical_url=url,
                domain=registered_domain(url),
                outcome=outcome,
                revision=revision,
            )
        )
    return sightings


def resolve(page: Page, article: Article) -> str:
    """Return the canonical URL at which an article was seen.

    It is what the page calls itself (rel=canonical), where that stays on the site, so that AMP and mobile twins are
    one; else the URL after redirects. Templates err: a rel=canonical that points at the home page or at a section
    above the page is ignored.
    """
    final_url = page.fetch.final_url or page.entry.url
    if urlsplit(final_url).scheme not in {"http", "https"}:
        return page.entry.canonical_url
    own = canonicalise(final_url)
    if not article.page_url:
        return own
    named = canonicalise(article.page_url)
    return named if is_same_site(named, own) and not _is_above(named, own) else own


def _is_above(named: str, own: str) -> bool:
    """Whether a URL names the home page, or a folder that the page lies in without being its twin."""
    parts = urlsplit(named)
    if parts.query:
        return False
    folder, path = parts.path.rstrip("/"), urlsplit(own).path.rstrip("/")
    if not folder:
        return bool(path)
    rest = path.removeprefix(f"{folder}/")
    return rest != path and _TWIN.fullmatch(rest) is None
