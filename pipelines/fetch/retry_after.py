"""Retry-After: a header becomes seconds, or nothing."""

from pipelines.dates import instant


def read_retry_after(value: str | None, *, now: float) -> float | None:
    """Seconds from `now` (since 1970), never negative; None where there is no sensible value. Never raises."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:12])
    at = instant(text)
    return None if at is None else max(0.0, at.timestamp() - now)
