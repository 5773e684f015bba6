"""Fetch: a URL becomes a response, an entry becomes a page; or a reason why not."""

from pipelines.fetch.accept import Accept
from pipelines.fetch.client import Client, Response
from pipelines.fetch.clock import Clock
from pipelines.fetch.faults import Fault
from pipelines.fetch.limits import Limits
from pipelines.fetch.opening import open_client
from pipelines.fetch.pages import fetch_page, fetch_pages
from pipelines.fetch.state import HostState, load_host_state, save_host_state

__all__ = [
    "Accept",
    "Client",
    "Clock",
    "Fault",
    "HostState",
    "Limits",
    "Response",
    "fetch_page",
    "fetch_pages",
    "load_host_state",
    "open_client",
    "save_host_state",
]
