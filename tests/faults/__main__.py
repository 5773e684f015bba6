"""Serve all faults until interrupted: python -m tests.faults FOLDER [PORT] writes FOLDER/sources.yaml."""

import asyncio
import contextlib
import sys
from pathlib import Path

from tests.faults.catalogue import FAULTS
from tests.faults.product import write_sources
from tests.faults.server import serve


async def main(folder: Path, port: int) -> None:
    """Serves; the first line of the output says that all is ready."""
    async with serve(FAULTS, port=port) as served:
        path = await asyncio.to_thread(write_sources, folder, served, FAULTS)
        sys.stdout.write(f"SSL_CERT_FILE={folder / 'authority.pem'} presswatch run --sources {path} --data {folder}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
