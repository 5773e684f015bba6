"""Fetch: a URL becomes a response, an entry becomes a page; or a reason why not."""

from pipelines.fetch.bodies import Accept
from pipelines.fetch.client import Client, Response, open_client
from pipelines.fetch.failures import FetchFailure
from pipelines.fetch.limits import Clock, FetchLimits
from pipelines.fetch.pages import fetch_page, fetch_pages
from pipelines.fetch.state import HostState, load_host_state, save_host_state

__all__ = [
    "Accept",
    "Client",
    "Clock",
    "FetchFailure",
    "FetchLimits",
    "HostState",
    "Response",
    "fetch_page",
    "fetch_pages",
    "load_host_state",
    "open_client",
    "save_host_state",
]
