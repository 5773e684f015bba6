"""Failures: why a URL could not be fetched, as a reason, a sentence and a piece of evidence."""

from dataclasses import dataclass

from pipelines.dates import instant
from pipelines.model import Reason
from pipelines.text import printable

# Another attempt may mend these: a network or server out of breath, never a decision of the server.
RETRIED_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """Why a URL could not be fetched. `evidence` is the first line of what came."""

    reason: Reason
    detail: str
    final_url: str
    evidence: str | None = None
    status: int | None = None  # None where no answer came
    content_type: str | None = None
    byte_count: int = 0
    attempt_count: int = 0  # 0 where nothing was asked
    duration_ms: int = 0  # in exchanges, waiting for the host's turn apart
    is_connected: bool = False  # whether the host was reached at all


class FetchError(Exception):
    """One attempt that failed. It never leaves this package."""

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        evidence: str | None = None,
        is_retryable: bool = False,
        is_connected: bool = True,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = detail
        self.evidence = evidence
        self.is_retryable = is_retryable
        self.is_connected = is_connected
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class Observed:
    """What is known of an exchange so far, also when it ends badly."""

    is_connected: bool = False
    status: int | None = None
    content_type: str | None = None
    byte_count: int = 0


def reason_of_status(status: int) -> Reason:
    """The reason for a final status outside 2xx and the redirects."""
    if status in (401, 407):
        return "unauthorized"
    if status in (403, 451):
        return "forbidden"
    if status == 404:
        return "not-found"
    if status == 408:
        return "timeout"
    if status == 410:
        return "gone"
    if status == 429:
        return "rate-limited"
    if 500 <= status <= 599:
        return "server-error"
    if status < 400:
        return "protocol-error"
    return "client-error"


def read_retry_after(value: str | None, *, now: float) -> float | None:
    """Seconds from `now` (since 1970), never negative; None where there is no sensible value. Never raises."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:12])
    at = instant(text)
    return None if at is None else max(0.0, at.timestamp() - now)


def first_line(content: bytes) -> str | None:
    """The first line of a body that says anything, printable and short."""
    for line in content[:2_048].decode("utf-8", "replace").splitlines():
        shown = printable(line, most=200)
        if shown:
            return shown
    return None
