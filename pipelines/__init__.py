"""Pipelines say how: discover, fetch, clean, archive and store, without Prefect."""

__version__ = "0.1.0"
