"""Pipelines say how: discover, fetch, clean, dedup and store, without Prefect."""
