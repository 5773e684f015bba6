"""Retry-After: a header becomes seconds, or nothing."""

from email.utils import parsedate_to_datetime


def read_retry_after(value: str | None, *, now: float) -> float | None:
    """Seconds from `now` (since 1970), never negative; None where there is no sensible value. Never raises."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
