"""Discover: a source becomes a poll with the entries that it announces, or with the reason why it could not be read."""

from pipelines.discover.finding import Found, discover_feeds
from pipelines.discover.gaps import coverage_gap, remember
from pipelines.discover.poll import KINDS, poll
from pipelines.discover.rhythm import Rhythm, next_due

__all__ = ["KINDS", "Found", "Rhythm", "coverage_gap", "discover_feeds", "next_due", "poll", "remember"]
