"""Catalogue: all faults by name, with the row that each must become."""

from tests.faults.bodies import BOMBS, CHARSETS, STATUS, TYPES
from tests.faults.case import Fault
from tests.faults.network import HTTP, NETWORK
from tests.faults.ways import ADDRESSES, REDIRECTS, ROBOTS, TLS, URLS

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
    *URLS,
)
FAULTS: tuple[Fault, ...] = FETCH_FAULTS
