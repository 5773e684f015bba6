"""Links: what stands in a document as an address becomes the address that is meant."""

import pytest

from pipelines.discover.links import mend_link, target_of

STORY = "https://paper.example.org/cranes?id=7"
ESCAPED = "https%3A%2F%2Fpaper.example.org%2Fcranes%3Fid%3D7"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (f"https://www.google.com/url?rct=j&sa=t&url={ESCAPED}&ct=ga", STORY),
        (f"http://www.google.co.uk/url?q={ESCAPED}", STORY),
        (f"https://news.google.com/news/url?sa=t&url={ESCAPED}", STORY),
        (f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&url={ESCAPED}&c=1", STORY),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t"),
        (f"https://www.google.com.evil.example/url?url={ESCAPED}",) * 2,
        (f"https://paper.example.org/url?url={ESCAPED}",) * 2,
        ("https://www.google.com/url?" + "&a=1" * 100,) * 2,
    ],
)
def test_a_redirector_is_passed_by(link: str, target: str) -> None:
    assert target_of(link) == target


@pytest.mark.parametrize(
    ("written", "link"),
    [
        (" /a\n?b=1 ", "/a?b=1"),
        ("/a?b=1&amp;c=2", "/a?b=1&c=2"),
        ("/a?b=1&amp;amp;amp;c=2", "/a?b=1&c=2"),
        ("/a?b=1&lt=2", "/a?b=1&lt=2"),
    ],
)
def test_a_link_that_was_escaped_twice_is_mended(written: str, link: str) -> None:
    assert mend_link(written) == link
