"""Article: a page is decoded and read; its draft becomes an article, after the line rules, the gate and the flags."""

import unicodedata
from collections import Counter
from dataclasses import replace

import py3langid

from pipelines.clean.decode import decode, is_html
from pipelines.clean.draft import Draft, Line, NotAnArticle
from pipelines.clean.gate import count_words, flags_of, judge
from pipelines.clean.lines import prune_lines, text_of
from pipelines.clean.metadata import squeeze
from pipelines.clean.timestamps import announced, choose
from pipelines.clean.titles import is_title
from pipelines.clean.webpage import lines_of_html, read_html
from pipelines.identity import article_id, content_hash
from pipelines.model import Article, Page
from pipelines.text import language_code

# What a page may be while its entry holds the text. A page that is gone, or is a list, is not the entry's.
_REPLACEABLE = frozenset(
    {"no-text", "too-short", "script-only", "paywall", "consent-wall", "bot-check", "undecodable", "too-complex"}
)
_SAMPLE = 500  # characters; the full text costs ten times as much and gives no more
_AGAIN = 1500  # characters up to which a second sample reaches, where the first denies what the page says
_MIN_LETTERS = 50  # letters; below it what the page declares is the better guess
# Similar languages that a sample cannot separate: what the page declares decides.
_SIMILAR = (
    {"no", "da"},
    {"hr", "sr", "bs", "sl"},
    {"id", "ms", "jv"},
    {"cs", "sk"},
    {"zu", "xh"},
    {"es", "gl", "an"},
)


def read_article(page: Page, *, cleaner_version: str) -> Article:
    """Return the article on a page, or the one in its entry where the page is a wall or a shell.

    Raises NotAnArticle where there is none.
    """
    if not page.entry.url and page.entry.content_html:
        return _finish(read_entry(page.entry.content_html, page=page), page, cleaner_version)
    try:
        return _finish(_read(page), page, cleaner_version)
    except NotAnArticle as fault:
        if fault.reason not in _REPLACEABLE or not page.entry.content_html:
            raise
        try:
            return _finish(read_entry(page.entry.content_html, page=page), page, cleaner_version)
        except NotAnArticle:
            raise fault from None


def _read(page: Page) -> Draft:
    content_type = page.fetch.content_type
    text = decode(page.content, content_type=content_type, language=page.entry.language)
    draft = read_html(text, page=page) if is_html(text, content_type=content_type) else read_plain(text, page=page)
    # Of an entry without a link the fetcher makes a page of what the feed carries.
    return draft if page.entry.url else replace(draft, flags=(*draft.flags, "text-from-feed"))


def _finish(draft: Draft, page: Page, cleaner_version: str) -> Article:
    entry = page.entry
    pruned = prune_lines(draft, cleaning=page.cleaning)
    text = unicodedata.normalize("NFC", text_of(pruned.lines))
    judge(text, draft, cleaning=page.cleaning)
    published = draft.published
    hashed = content_hash(text)
    return Article(
        article_id=article_id(hashed),
        content_hash=hashed,
        title=draft.title or entry.title,
        authors=pruned.authors or entry.authors,
        text=text,
        language=detect(text, declared=draft.language or entry.language),
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        published_origin=published.origin if published else None,
        published_utc_offset_min=published.utc_offset_min if published else None,
        modified_at=draft.modified.at if draft.modified else entry.modified_at,
        description=draft.description or entry.description,
        section=draft.section,
        tags=draft.tags,
        image_url=draft.image_url,
        site_name=draft.site_name,
        page_url=draft.page_url,
        is_accessible_for_free=draft.is_accessible_for_free,
        word_count=count_words(text),
        flags=flags_of(pruned.lines, draft),
        removed_lines=dict(sorted((pruned.removed + Counter(draft.removed)).items())),
        cleaner_version=cleaner_version,
    )


def read_entry(content_html: str, *, page: Page) -> Draft:
    """Return the full text which a feed carries for an entry; what else is known of the article is the entry's."""
    published, flags = choose(announced(page.entry), fetched_at=page.fetch.fetched_at)
    return Draft(lines=lines_of_html(content_html), published=published, flags=(*flags, "text-from-feed"))


def read_plain(text: str, *, page: Page) -> Draft:
    """Return the lines of a plain text, and its title where the first line is one.

    A title is a first line of at most 160 characters, without the end of a sentence, before a blank line and a text.
    """
    lines = [squeeze(line) for line in text.strip().splitlines()]
    title = lines.pop(0) if len(lines) > 2 and not lines[1] and is_title(lines[0]) else None
    published, flags = choose(announced(page.entry), fetched_at=page.fetch.fetched_at)
    return Draft(lines=tuple(Line(line) for line in lines if line), title=title, published=published, flags=flags)


def detect(text: str, *, declared: str | None) -> str | None:
    """Return the language of a text, ISO 639-1. declared: what the page or its source says ("en-GB"), a hint."""
    hint = language_code(declared)
    if sum(map(str.isalpha, text[:_SAMPLE])) < _MIN_LETTERS:
        return hint
    found = _classify(text[:_SAMPLE])
    if hint and hint != found:
        is_similar = any({hint, found} <= group for group in _SIMILAR)
        # A quotation at the beginning is in another language at times.
        if is_similar or (len(text) >= 2 * _SAMPLE and _classify(text[_SAMPLE:_AGAIN]) == hint):
            return hint
    return found or hint


def _classify(text: str) -> str | None:
    """The likeliest language that has a code of two letters; the model knows others, and one for no language."""
    return next((code for name, _ in py3langid.rank(text) if (code := language_code(name))), None)
