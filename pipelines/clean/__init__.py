"""Clean: a page becomes an article, or a reject that says why."""

from pipelines.clean.cleaner import CLEANER_VERSION, clean, clean_pages

__all__ = ["CLEANER_VERSION", "clean", "clean_pages"]
