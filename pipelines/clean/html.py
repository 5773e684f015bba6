"""HTML: a decoded page becomes a draft."""

from datetime import UTC, datetime

import lxml.html
from trafilatura import bare_extraction

from pipelines.clean.draft import Draft, Instant, NotAnArticle
from pipelines.model import Page

_MOST_TAGS = 60_000  # extraction is superlinear: 2.1 MB of tiny paragraphs took 107 s


def read_html(text: str, *, page: Page) -> Draft:
    if text.count("<") > 2 * _MOST_TAGS:
        raise NotAnArticle("too-complex", f"{text.count('<')} tags")
    tree = lxml.html.document_fromstring(text.encode(), parser=lxml.html.HTMLParser(huge_tree=True, encoding="utf-8"))
    found = bare_extraction(tree, url=page.fetch.final_url, include_comments=False, with_metadata=True)
    if found is None or not found.text:
        raise NotAnArticle("no-text", "no text was found on the page")
    published = None
    if found.date:
        published = Instant(
            at=datetime.fromisoformat(found.date).replace(tzinfo=UTC), precision="day", origin="htmldate"
        )
    return Draft(
        lines=tuple(line.strip() for line in found.text.splitlines() if line.strip()),
        title=found.title,
        authors=tuple(part.strip() for part in (found.author or "").split(";") if part.strip()),
        published=published,
        description=found.description,
        site_name=found.sitename,
        page_url=found.url,
        image_url=found.image,
        tags=tuple(found.tags or ()),
    )
