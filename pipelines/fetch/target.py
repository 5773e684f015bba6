"""Targets: a string becomes an address that may be asked, or the sentence that says why not. Pure."""

import re
from typing import TypeAlias

from pipelines.urls import Url, join, parse_url

Target: TypeAlias = Url

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def parse_target(url: str, *, length: int = 4_000) -> Target | str:
    """The target of a URL, or a sentence that says why there is none. Never raises."""
    url = url.strip()
    if not url:
        return "the entry has no link"
    if len(url) > length:
        return f"the URL has {len(url)} characters, more than {length}"
    found = parse_url(url)
    if found is not None:
        return found
    scheme = _SCHEME.match(url)
    if scheme is None:
        return "not an absolute URL"
    if scheme[1].lower() not in {"http", "https"}:
        return f"not a web address: scheme {scheme[1][:20]!r}"
    return f"not a URL with a host and a port: {url[:80]!r}"


def join_target(base: Target, location: str, *, length: int = 4_000) -> Target | str:
    """Where a redirect from `base` leads, or why it leads nowhere. Never raises."""
    return parse_target(join(base.url, location), length=length)


def may_carry(home: Target, target: Target) -> bool:
    """Whether credentials meant for `home` may be shown to `target`: the same host, and never less TLS."""
    if home.host != target.host:
        return False
    if (home.scheme, home.port) == (target.scheme, target.port):
        return True
    return (home.scheme, home.port, target.scheme, target.port) == ("http", 80, "https", 443)
