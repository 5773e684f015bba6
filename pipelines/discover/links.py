"""Links: what stands in a document as an address becomes the address that is meant."""

import re
from urllib.parse import parse_qs, urlsplit

_ESCAPED_TWICE = re.compile(r"&(?:amp;)+")
# Search engines send their readers, and those of their feeds, through an address of their own.
_REDIRECTOR = re.compile(
    r"(?i)https?://(?:(?:www|news)\.google\.[a-z.]{2,6}/(?:news/)?url|www\.bing\.com/news/apiclick\.aspx)\?"
)
_TARGETS = ("url", "q")


def mend_link(link: str) -> str:
    """A link without line breaks, and without the second of two escapes: `?id=8&amp;lang=en`."""
    return _ESCAPED_TWICE.sub("&", "".join(link.splitlines()).strip())


def target_of(link: str) -> str:
    """Where a link of a search engine leads (`https://www.google.com/url?…&url=`); any other link as it is."""
    if not _REDIRECTOR.match(link):
        return link
    try:
        parameters = parse_qs(urlsplit(link).query, max_num_fields=50)
    except ValueError:
        return link
    targets = (value for name in _TARGETS for value in parameters.get(name, ()))
    return next((target for target in targets if is_web_link(target)), link)


def is_web_link(link: str) -> bool:
    """Whether a link is an absolute address of the web."""
    return link.lower().startswith(("http://", "https://"))
