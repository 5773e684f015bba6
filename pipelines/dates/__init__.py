"""Dates: what a text says as a date, for feeds, sitemaps, HTTP headers and pages alike."""

from pipelines.dates.parsing import ParsedDate, instant, is_date, parse_date

__all__ = ["ParsedDate", "instant", "is_date", "parse_date"]
