"""Pipelines say how: discover, fetch, clean, dedup and store, without Prefect."""

__version__ = "0.1.0"
