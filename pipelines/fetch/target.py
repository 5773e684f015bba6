"""Targets: a string becomes an address that may be asked, or the sentence that says why not. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

DEFAULT_PORTS = {"http": 80, "https": 443}

# Host names as DNS and TLS know them, after IDNA. Underscores occur in the wild.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_](?:[a-z0-9_-]{0,62})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address to ask, without fragment, user or password."""

    url: str
    scheme: str
    host: str  # lower case, IDNA, no trailing dot; IPv6 without brackets
    port: int

    @property
    def key(self) -> str:
        """The host that politeness belongs to: its name, with the port where that is not the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def path(self) -> str:
        """What is asked for: path and query."""
        return self.url.removeprefix(self.origin) or "/"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        return f"{self.scheme}://{self.key}"


def parse_target(url: str, *, length: int = 4_000) -> Target | str:
    """The target of a URL, or a sentence that says why there is none. Never raises."""
    url = url.strip()
    if not url:
        return "the entry has no link"
    if len(url) > length:
        return f"the URL has {len(url)} characters, more than {length}"
    try:
        parsed = httpx.URL(url)
        scheme, host, port = parsed.scheme, parsed.raw_host.decode("ascii").lower(), parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        return f"not a URL: {str(error)[:200]}"
    if scheme not in DEFAULT_PORTS:
        return f"not a web address: scheme {scheme[:20]!r}" if scheme else "not an absolute URL"
    host = host.strip("[]").removesuffix(".")
    if not host:
        return "the URL names no host"
    if ":" not in host and (len(host) > 253 or not _HOST.fullmatch(host)):
        return f"not a host name: {host[:80]!r}"
    if port is not None and not 0 < port <= 65_535:
        return f"there is no port {port}"
    clean = parsed.copy_with(host=host, username=None, password=None, fragment=None)
    return Target(url=str(clean), scheme=scheme, host=host, port=port or DEFAULT_PORTS[scheme])


def join_target(base: Target, location: str, *, length: int = 4_000) -> Target | str:
    """Where a redirect from `base` leads, or why it leads nowhere. Never raises."""
    try:
        joined = urljoin(base.url, location.strip())
    except ValueError as error:
        return f"not a URL: {error}"
    return parse_target(joined, length=length)


def may_carry(home: Target, target: Target) -> bool:
    """Whether credentials meant for `home` may be shown to `target`: the same host, and never less TLS."""
    if home.host != target.host:
        return False
    if (home.scheme, home.port) == (target.scheme, target.port):
        return True
    return (home.scheme, home.port, target.scheme, target.port) == ("http", 80, "https", 443)
