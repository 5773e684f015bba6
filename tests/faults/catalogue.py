"""Catalogue: all faults by name, with the row that each must become."""

from tests.faults.bodies import BOMBS, CHARSETS, STATUS, TYPES
from tests.faults.case import Fault
from tests.faults.documents import FEEDS, LISTINGS, MARKUP, SITEMAPS
from tests.faults.files import FILE_URLS, FILES
from tests.faults.network import HTTP, NETWORK
from tests.faults.ways import ADDRESSES, REDIRECTS, ROBOTS, ROBOTS_HEADERS, TLS, URLS

# What fetching alone decides.
FETCH_FAULTS: tuple[Fault, ...] = (
    *NETWORK,
    *HTTP,
    *BOMBS,
    *STATUS,
    *TYPES,
    *CHARSETS,
    *TLS,
    *REDIRECTS,
    *ADDRESSES,
    *ROBOTS,
    *ROBOTS_HEADERS,
    *URLS,
)
# Local files; the first are also what discovery may find, the second what only a lying entry can say.
FILE_FAULTS: tuple[Fault, ...] = (*FILES, *FILE_URLS)
# What comes through fetching unharmed and is for discovery and cleaning to withstand.
DOCUMENT_FAULTS: tuple[Fault, ...] = (*FEEDS, *SITEMAPS, *LISTINGS, *MARKUP)

FAULTS: tuple[Fault, ...] = (*FETCH_FAULTS, *FILE_FAULTS, *DOCUMENT_FAULTS)
