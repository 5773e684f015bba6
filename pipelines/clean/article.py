"""Article: a page is decoded and read; its draft becomes an article, after the line rules, the gate and the flags."""

import unicodedata
from collections import Counter

from pipelines.clean.decode import decode, is_html
from pipelines.clean.draft import Draft
from pipelines.clean.html import read_html
from pipelines.clean.language import detect
from pipelines.clean.lines import sift, text_of
from pipelines.clean.plain import read_plain
from pipelines.clean.quality import count_words, flags_of, judge
from pipelines.identity import article_id, content_hash
from pipelines.model import Article, Page


def read_article(page: Page, *, cleaner_version: str) -> Article:
    """Return the article on a page. Raises NotAnArticle where there is none."""
    content_type = page.fetch.content_type
    text = decode(page.content, content_type=content_type)
    draft = read_html(text, page=page) if is_html(text, content_type=content_type) else read_plain(text, page=page)
    return _finish(draft, page, cleaner_version)


def _finish(draft: Draft, page: Page, cleaner_version: str) -> Article:
    entry = page.entry
    sifted = sift(draft, cleaning=page.cleaning)
    text = unicodedata.normalize("NFC", text_of(sifted.lines))
    judge(text, draft, cleaning=page.cleaning)
    published = draft.published
    hashed = content_hash(text)
    return Article(
        article_id=article_id(hashed),
        content_hash=hashed,
        title=draft.title or entry.title,
        authors=sifted.authors or entry.authors,
        text=text,
        language=detect(text, declared=draft.language or entry.language),
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        published_origin=published.origin if published else None,
        published_offset=published.utc_offset_min if published else None,
        modified_at=draft.modified.at if draft.modified else entry.modified_at,
        description=draft.description or entry.description,
        section=draft.section,
        tags=draft.tags,
        image_url=draft.image_url,
        site_name=draft.site_name,
        page_url=draft.page_url,
        is_accessible_for_free=draft.is_accessible_for_free,
        word_count=count_words(text),
        flags=flags_of(sifted.lines, draft),
        removed=dict(sorted((sifted.removed + Counter(draft.removed)).items())),
        cleaner_version=cleaner_version,
    )
