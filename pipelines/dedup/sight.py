"""Sight: what was cleaned, held against what is known, becomes one sighting each."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pipelines.model import Article, Known, Page, Sighting
from pipelines.urls import canonicalise, is_same_site, registered_domain


def sight(cleaned: Sequence[tuple[Page, Article]], *, known: Known) -> list[Sighting]:
    """Return one sighting a page, in the order given. Pure; twins inside the batch are handled in that order.

    known must answer for every article_id and every resolved canonical URL (`resolve`) of the batch.
    """
    article_ids = set(known.article_ids)
    current = dict(known.current)
    pairs = set(known.pairs)
    sightings = []
    for page, article in cleaned:
        url = resolve(page, article)
        outcome, revision = _judge(url, article.article_id, article_ids, current, pairs)
        if (url, article.article_id) not in pairs:
            pairs.add((url, article.article_id))
            article_ids.add(article.article_id)
            current[url] = (article.article_id, revision)
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
    """Return the canonical URL at which an article was seen: rel=canonical where it stays on the same site.

    A rel=canonical that points at the home page, or elsewhere, is a template's mistake and is ignored.
    """
    at = page.fetch.final_url or page.entry.url
    own = canonicalise(at) if urlsplit(at).scheme in {"http", "https"} else page.entry.canonical_url
    if not article.page_url:
        return own
    named = canonicalise(article.page_url)
    parts = urlsplit(named)
    if parts.path in {"", "/"} and not parts.query:
        return own
    return named if is_same_site(named, own) else own


def _judge(url, article_id, article_ids, current, pairs):
    if (url, article_id) in pairs:
        return "seen", current.get(url, (article_id, 0))[1]
    if url in current:
        return "revised", current[url][1] + 1
    return ("seen" if article_id in article_ids else "new"), 0
