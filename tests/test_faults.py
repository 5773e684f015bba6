"""Every fault that a source can announce, through the whole product: each ends as the row it must become."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.case import Fault
from tests.faults.catalogue import FAULTS
from tests.faults.product import read_outcomes
from tests.flows.presswatch import ROOT, clean_environ, presswatch

ANNOUNCED = [fault for fault in FAULTS if fault.is_announced]
SHORT = {
    "PRESSWATCH_CONNECT_TIMEOUT_S": "4",
    "PRESSWATCH_READ_TIMEOUT_S": "4",
    "PRESSWATCH_TOTAL_TIMEOUT_S": "18",
    "PRESSWATCH_RETRY_WAIT_S": "0.05",
    "PRESSWATCH_MAX_ARTICLES": "20",
    "PRESSWATCH_POLL_CONCURRENCY": "64",
    "PRESSWATCH_CONCURRENCY": "64",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, frozenset[str]]]:
    """What one run over all faults left in the database, by source."""
    folder = tmp_path_factory.mktemp("faults")
    command = [sys.executable, "-m", "tests.faults", str(folder)]
    server = subprocess.Popen(command, cwd=ROOT, env=clean_environ(), stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline()
    try:
        trusted = str(folder / "authority.pem")
        ended = presswatch("run", "--data", str(folder / "data"), cwd=folder, SSL_CERT_FILE=trusted, **SHORT)
        assert ended.returncode == 1, ended.stderr
        assert ended.stderr == ""
        yield read_outcomes(Path(folder, "data", "presswatch.duckdb"))
    finally:
        server.kill()
        server.communicate()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("fault", ANNOUNCED, ids=lambda fault: fault.name)
def test_a_fault_ends_as_the_row_it_must_become(outcomes: Mapping[str, frozenset[str]], fault: Fault) -> None:
    assert outcomes.get(fault.name, frozenset()) & fault.becomes, (outcomes.get(fault.name), fault.becomes)


def test_there_are_at_least_120_faults() -> None:
    assert len(ANNOUNCED) >= 120
