"""Slots: how many exchanges may be under way, and how many bodies may be in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# A host that thinks for twenty seconds costs a socket, not memory: 500 slow hosts behind 32 places were 16 rounds.
EXCHANGES_PER_BODY = 8


class Places:
    """The places that many share: `bodies` of them, and eight times as many exchanges, most of which wait."""

    def __init__(self, bodies: int) -> None:
        self.bodies = asyncio.Semaphore(max(1, bodies))
        self.exchanges = asyncio.Semaphore(max(1, bodies) * EXCHANGES_PER_BODY)


class Slot:
    """The places that one page takes; none, where there are none to share. A host's pause takes no place."""

    def __init__(self, places: Places | None = None) -> None:
        self._places = places
        self._has_body = False

    @asynccontextmanager
    async def exchange(self) -> AsyncIterator[None]:
        """Waits for a place for an exchange and holds it for the block."""
        if self._places is None:
            yield
            return
        async with self._places.exchanges:
            yield

    async def take_body(self) -> None:
        """Waits for room for a body; it is held until it is given back, past the end of the exchange."""
        if self._places is not None and not self._has_body:
            await self._places.bodies.acquire()
            self._has_body = True

    def give_body(self) -> None:
        """Gives the room back, where it is held."""
        if self._places is not None and self._has_body:
            self._has_body = False
            self._places.bodies.release()
