"""State: what is remembered of hosts survives, and what is broken does no harm."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch import Clock, HostState, load_host_state, open_client, save_host_state
from pipelines.fetch.state import ALL_TEXT_LENGTH, TEXT_LENGTH, Pause, Robots, import_plain
from pipelines.model import FetchRules

NOW = 1_800_000_000.0
CLOCK = Clock(now=lambda: NOW)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["version", "robots", "pauses", "until", "x"]), inner)
    ),
)


def state(**more: float) -> HostState:
    return HostState(
        robots={"http://a.example": Robots(fetched_at=NOW - 10, availability="rules", text="User-agent: *")},
        pauses={host: Pause(until=until, reason="429") for host, until in more.items()},
    )


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hosts.json"

    save_host_state(state(a=NOW + 3_600), path, now=NOW)

    assert load_host_state(path) == state(a=NOW + 3_600)
    assert [entry.name for entry in path.parent.iterdir()] == ["hosts.json"]


def test_two_runs_at_once_both_count(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"

    save_host_state(state(a=NOW + 3_600, b=NOW + 60), path, now=NOW)
    save_host_state(state(b=NOW + 600, c=NOW + 60), path, now=NOW)

    pauses = load_host_state(path).pauses
    assert {host: pause.until - NOW for host, pause in pauses.items()} == {"a": 3_600, "b": 600, "c": 60}


def test_what_has_run_out_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"

    save_host_state(state(a=NOW + 60), path, now=NOW + 100_000)

    assert load_host_state(path) == HostState()


def test_a_clock_that_jumped_pauses_nobody_for_ever() -> None:
    known = state(a=NOW + 3_600)

    known.forget(now=NOW - 1_000_000)

    assert known == HostState()


def test_a_missing_or_broken_file_is_an_empty_memory(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    for content in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 99}', b"[" * 100_000):
        path.write_bytes(content)
        assert load_host_state(path) == HostState()

    assert load_host_state(tmp_path / "gone.json") == HostState()
    assert load_host_state(tmp_path) == HostState()


@given(JSON, JSON, JSON)
def test_no_json_makes_it_raise(robots: object, pauses: object, value: object) -> None:
    known = import_plain({"version": 1, "robots": {"a": robots, "b": value}, "pauses": {"a": pauses, "b": value}})
    import_plain(value)
    import_plain({"version": 1, "robots": robots, "pauses": pauses})

    known.forget(now=NOW)
    json.dumps(known.export_plain())


def test_memory_is_bounded() -> None:
    known = HostState()
    text = "x" * 500_000

    for number in range(200):
        known.remember(f"http://{number}.example", Robots(fetched_at=NOW, availability="rules", text=text))

    assert sum(len(robots.text) for robots in known.robots.values()) <= ALL_TEXT_LENGTH
    assert "http://199.example" in known.robots
    assert known.export_plain()["robots"] == {}  # longer than what is kept from run to run
    assert len(text) > TEXT_LENGTH


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
