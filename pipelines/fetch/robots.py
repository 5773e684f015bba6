"""Robots: the text of a robots.txt becomes an answer for a URL (RFC 9309). Pure, but for a small cache."""

from collections import OrderedDict

from protego import Protego

from pipelines.fetch.state import Robots

# The token by which a site can address us, and us alone.
PRODUCT = "presswatch"


def read_text(content: bytes) -> str:
    """The text of a robots.txt. A BOM goes: with it Protego drops the first rule."""
    return content.decode("utf-8", "replace").lstrip("\ufeff")


class Rules:
    """Asks Protego, keeping the parsed files of the hosts in hand."""

    SIZE = 512

    def __init__(self) -> None:
        self._parsed: OrderedDict[str, Protego] = OrderedDict()

    def _parse(self, robots: Robots) -> Protego:
        parsed = self._parsed.get(robots.text)
        if parsed is None:
            parsed = Protego.parse(robots.text)
            self._parsed[robots.text] = parsed
            if len(self._parsed) > self.SIZE:
                self._parsed.popitem(last=False)
        return parsed

    def is_allowed(self, robots: Robots, url: str) -> bool:
        """Whether we may fetch the URL."""
        if robots.availability == "absent" or not robots.text:
            return robots.availability != "unreachable"
        return robots.availability == "rules" and bool(self._parse(robots).can_fetch(url, PRODUCT))

    def crawl_delay_s(self, robots: Robots) -> float:
        """The pause that the site asks of us, 0 where it asks for none."""
        if robots.availability != "rules" or not robots.text:
            return 0.0
        return float(self._parse(robots).crawl_delay(PRODUCT) or 0.0)

    def sitemaps(self, robots: Robots) -> tuple[str, ...]:
        """The sitemaps that the site announces."""
        if robots.availability != "rules" or not robots.text:
            return ()
        return tuple(str(url) for url in self._parse(robots).sitemaps)
