"""Opening: what a client remembers, and what it does when it cannot."""

import asyncio
from pathlib import Path

import pytest

from pipelines.fetch import Clock, HostState, load_host_state, open_client
from pipelines.fetch.state import Pause
from pipelines.model import ConfigFault, FetchRules

NOW = 1_800_000_000.0
CLOCK = Clock(now=lambda: NOW)


async def test_a_pause_is_saved_while_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    async with open_client(rules=FetchRules(), state_path=path, save_every_s=0.01, clock=CLOCK) as client:
        client.state.pauses["a.example"] = Pause(until=NOW + 3_600, reason="429")
        for _number in range(500):
            if not path.exists():
                await asyncio.sleep(0.02)

        saved = load_host_state(path)  # what a run that is killed now leaves behind

    assert list(saved.pauses) == ["a.example"]


async def test_a_memory_that_cannot_be_saved_ends_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()

    async with open_client(rules=FetchRules(), state_path=tmp_path / "file" / "hosts.json", clock=CLOCK):
        pass

    assert "could not be saved" in caplog.text


async def test_a_state_that_is_handed_in_is_written_to() -> None:
    state = HostState(pauses={"old.example": Pause(until=NOW - 1, reason="429")})

    async with open_client(rules=FetchRules(), state=state, clock=CLOCK) as client:
        assert client.state is state

    assert state.pauses == {}


async def test_rules_that_do_not_hold_are_the_operators_fault() -> None:
    with pytest.raises(ConfigFault, match="allow_networks"):
        async with open_client(rules=FetchRules(allow_networks=("localhost",))):
            pass
