"""Markup: what stands before a root is read past, and entities are expanded within bounds."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.markup import EntityFault, mend_xml, read_prolog

LAUGHS = '<!DOCTYPE x [<!ENTITY a "0123456789">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcd", "bcde", strict=True)
)


@pytest.mark.parametrize(
    ("text", "root", "is_html"),
    [
        ("<rss>", "rss", False),
        ("\ufeff \n<?xml version='1.0'?><!-- <html> --><rdf:RDF>", "rdf", False),
        ("<!DOCTYPE html PUBLIC '-//W3C' 'x.dtd'>\n<rss version='2.0'>", "rss", False),
        ("<script>document.write('<rss>')</script><feed>", "feed", False),
        ("Notice: undefined <b>index</b><br />\n<?xml version='1.0'?><rss>", "rss", False),
        ("<!DOCTYPE rss [<!ENTITY a ']>'> <!-- ]> --> <!ENTITY % b SYSTEM \"x\"> %b; ]><rss>", "rss", False),
        ("<!DOCTYPE html><html><body><feed>", "html", True),
        ("<!doctype HTML>Hello", "", True),
        ("<div>Sorry</div>", "div", True),
        ("Sorry", "", False),
        ("<soap:Envelope>", "envelope", False),
        ("", "", False),
        ("<!DOCTYPE rss [<!ENTITY a '", "", False),
    ],
)
def test_the_root_is_found_behind_whatever_stands_before_it(text: str, root: str, is_html: bool) -> None:
    found = read_prolog(text)

    assert (found.root, found.is_html) == (root, is_html)


def test_entities_become_what_they_stand_for() -> None:
    doctype = """<!DOCTYPE x [<!ENTITY paper "A &amp; B"><!ENTITY by 'of &paper; &#169;'><!ENTITY paper "no">
        <!ENTITY tag "<b>"> <!ENTITY secret SYSTEM "file:///etc/passwd">]>"""

    assert mend_xml("&paper; &by; &tag;", doctype) == "A &amp; B of A &amp; B &#169; &lt;b>"
    assert mend_xml("&eacute; & &x; &copy=1 &#1;&lt;", doctype) == "&#233; &amp; &amp;x; &amp;copy=1 &lt;"
    assert mend_xml("<![CDATA[&paper; &secret; <!ENTITY]]>", doctype) == "<![CDATA[&paper; &secret; <!ENTITY]]>"


@pytest.mark.parametrize(
    ("text", "doctype"),
    [
        ("&x;", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        ("&x;", '<!DOCTYPE a [<!ENTITY x PUBLIC "-//x" "http://example.org/x">]>'),
        ("&x;", '<!DOCTYPE a [<!ENTITY x "&x;">]>'),
        ("&x;", '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>'),
        ("&x;", f'<!DOCTYPE a [<!ENTITY x "{"long " * 1_000}">]>'),
        ("&d;", LAUGHS),
        ("&e;", LAUGHS),
        ("&c;" * 2_000, LAUGHS),
    ],
    ids=["system", "public", "itself", "circle", "long", "laughs", "deep", "many"],
)
def test_what_is_external_or_grows_is_refused(text: str, doctype: str) -> None:
    with pytest.raises(EntityFault, match="<!ENTITY"):
        mend_xml(text, doctype)


@pytest.mark.parametrize(
    "part", ["<!--", "<?", "<![CDATA[", "<!DOCTYPE a [", '<!ENTITY a "', "]", "&", "&a", "<script>", " ", "<br>", "'"]
)
def test_what_never_ends_takes_no_more_time_than_its_length(part: str) -> None:
    text = part * (1_000_000 // len(part))
    started = time.process_time()

    for before in ("", "<!DOCTYPE a ["):
        mend_xml(before + text, read_prolog(before + text).doctype)

    # Quadratic, a megabyte would take an hour.
    assert time.process_time() - started < 60


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("<>!?-[]\"'&;#a DOCTYPENIrs:"), max_size=200), st.text(max_size=100))
def test_any_text_becomes_text_or_a_fault(text: str, doctype: str) -> None:
    found = read_prolog(text)

    assert 0 <= found.end <= len(text)
    with suppress(EntityFault):
        mend_xml(text[found.end :], found.doctype or doctype)
