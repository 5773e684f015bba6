"""The `presswatch` command as tests call it: in a process of its own, with its own folder."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "flows.cli"]
ROOT = Path(__file__).parents[2]


def presswatch(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end; the environment is this process's without any PRESSWATCH_* or PREFECT_*, plus `environ`."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=clean_environ(**environ), capture_output=True, text=True, timeout=180
    )


def clean_environ(**environ: str) -> dict[str, str]:
    """This process's environment without settings, which finds the checkout from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRESSWATCH_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **environ}
