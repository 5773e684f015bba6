"""Settings: what the environment may not say is one line that names the variable."""

import pytest

from pipelines.model import ConfigFault
from pipelines.settings import load_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "0"),
        ("BATCH_SIZE", "-1"),
        ("BATCH_SIZE", "many"),
        ("CONCURRENCY", "0"),
        ("MAX_ARTICLES", "99999999999999999999"),
        ("RUN_MINUTES", "0"),
        ("RUN_MINUTES", "inf"),
        ("PAGE_DEADLINE_S", "nan"),
        ("TOTAL_TIMEOUT_S", "-1"),
        ("RETRIES", "-1"),
        ("ARCHIVE", "maybe"),
        ("ARCHIVE_GB", "0"),
        ("MEMORY_LIMIT", "0GB"),
        ("MEMORY_LIMIT", "0.0GB"),
        ("MEMORY_LIMIT", "-5GB"),
        ("MEMORY_LIMIT", "lots"),
        ("THREADS", "100000"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_makes_no_sense_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PRESSWATCH_{name}", value)

    with pytest.raises(ConfigFault) as caught:
        load_settings()

    assert str(caught.value).startswith(f"PRESSWATCH_{name}: ")
    assert value in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["512MB", "1.5GB", "2 GiB", "0.5GB"])
def test_memory_is_written_as_duckdb_has_it(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PRESSWATCH_MEMORY_LIMIT", value)

    assert load_settings().memory_limit == value
