"""Dedup: cleaned pages become sightings: new, seen or revised."""

from pipelines.dedup.sight import resolve, sight

__all__ = ["resolve", "sight"]
