"""The fixture newsroom: five outlets on loopback that print the seeds, and the twins a monitor meets."""

from tests.newsroom.server import Newsroom, Request

__all__ = ["Newsroom", "Request"]
