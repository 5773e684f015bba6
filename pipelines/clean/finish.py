"""Finish: a draft becomes an article, after the line rules, the gate and the flags."""

import re
import unicodedata

from pipelines.clean.draft import Draft, NotAnArticle
from pipelines.identity import article_id, content_hash
from pipelines.model import Article, Page

CLEANER_VERSION = "1"

_READ_MORE = re.compile(
    r"^(read more|read also|see also|also read|lire aussi|lesen sie auch|читайте также)\s*[::].{1,150}$", re.I
)
_RESIDUE = re.compile(
    r"^(share|exit mobile version|leave a reply|your email address will not be published|back to top button)\W*$", re.I
)
_BYLINE = re.compile(r"^Author: (.{2,80})$")
_ENDS = set(".!?…。！？؟।:\"'”’»)]|")


def finish(draft: Draft, *, page: Page) -> Article:
    """Return the article of a draft. Raises NotAnArticle where it does not pass the gate."""
    switches = page.cleaning
    removed = dict(draft.removed)
    authors = list(draft.authors)
    lines = []
    for line in draft.lines:
        rule = None
        if switches.read_more and _READ_MORE.match(line):
            rule = "read-more"
        elif switches.residue and _RESIDUE.match(line):
            rule = "residue"
        elif switches.byline and (match := _BYLINE.match(line)):
            rule = "byline"
            if match[1] not in authors:
                authors.append(match[1])
        if rule:
            removed[rule] = removed.get(rule, 0) + 1
        else:
            lines.append(line)
    if lines and draft.title and lines[0] == draft.title:
        del lines[0]
    text = unicodedata.normalize("NFC", "\n".join(lines))
    words = len(text.split())
    if words < switches.min_words:
        raise NotAnArticle("too-short", f"{words} words", text[:200])
    flags = list(draft.flags)
    if text[-1] not in _ENDS:
        flags.append("truncated")
    if any("Ѐ" <= c <= "ӿ" for c in text) and sum("a" <= c <= "z" for c in text) > len(text) / 2:
        flags.append("mixed-script")
    hashed = content_hash(text)
    entry = page.entry
    published = draft.published
    return Article(
        article_id=article_id(hashed),
        content_hash=hashed,
        title=draft.title,
        authors=tuple(authors) or entry.authors,
        text=text,
        language=draft.language or entry.language or "en",
        published_at=published.at if published else entry.published_at,
        published_precision=published.precision if published else ("second" if entry.published_at else None),
        published_origin=published.origin if published else ("entry" if entry.published_at else None),
        published_offset=published.offset if published else None,
        modified_at=draft.modified.at if draft.modified else entry.modified_at,
        description=draft.description or entry.description,
        section=draft.section,
        tags=draft.tags,
        image_url=draft.image_url,
        site_name=draft.site_name,
        page_url=draft.page_url,
        is_accessible_for_free=draft.is_accessible_for_free,
        word_count=words,
        flags=tuple(flags),
        removed=removed,
        cleaner_version=CLEANER_VERSION,
    )
