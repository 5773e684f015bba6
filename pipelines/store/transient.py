"""Transient: which reasons may pass by themselves, and when an entry is tried again."""

from pipelines.model import Reason

# What a later try may mend. All others say something about the page, and hold.
TRANSIENT: frozenset[Reason] = frozenset(
    {
        "robots-unreachable",
        "host-paused",
        "unknown-host",
        "connection-refused",
        "connection-failed",
        "tls-error",
        "timeout",
        "protocol-error",
        "rate-limited",
        "server-error",
        "bad-encoding",
        "truncated-body",
        "empty-body",
        "file-unreadable",
        "fetch-crash",
    }
)

MAX_TRIES = 5
