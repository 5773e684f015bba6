"""Flows say when and from whom; the only package that imports Prefect."""
