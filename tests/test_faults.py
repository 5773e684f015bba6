"""Every fault that a source can announce, through the whole product: each ends as the rows it must become."""

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
MANY = {
    "PRESSWATCH_RETRY_WAIT_S": "0.05",
    "PRESSWATCH_MAX_ARTICLES": "20",
    "PRESSWATCH_POLL_CONCURRENCY": "64",
    "PRESSWATCH_CONCURRENCY": "64",
}
# What is not slow must not end by a timeout, however busy the machine is.
LONG = {"PRESSWATCH_READ_TIMEOUT_S": "120", "PRESSWATCH_TOTAL_TIMEOUT_S": "600", "PRESSWATCH_CONNECT_TIMEOUT_S": "120"}
SHORT = {
    "PRESSWATCH_READ_TIMEOUT_S": "3",
    "PRESSWATCH_TOTAL_TIMEOUT_S": "30",
    "PRESSWATCH_CONNECT_TIMEOUT_S": "3",
    "PRESSWATCH_RETRIES": "8",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, frozenset[str]]]:
    """What two runs over all faults left in the database, by source."""
    folder = tmp_path_factory.mktemp("faults")
    command = [sys.executable, "-m", "tests.faults", str(folder)]
    server = subprocess.Popen(command, cwd=ROOT, env=clean_environ(), stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline()
    try:
        trusted = str(folder / "authority.pem")
        # Code 1: some sources could not be polled.
        for is_slow, timeouts, code in ((False, LONG, 1), (True, SHORT, 0)):
            names = [fault.name for fault in ANNOUNCED if fault.is_slow is is_slow]
            environ = {"SSL_CERT_FILE": trusted, **MANY, **timeouts}
            ended = presswatch("run", *names, "--data", str(folder / "data"), cwd=folder, **environ)
            assert ended.returncode == code, ended.stderr
            assert ended.stderr == ""
        yield read_outcomes(Path(folder, "data", "presswatch.duckdb"))
    finally:
        server.kill()
        server.communicate()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fault", ANNOUNCED, ids=lambda fault: fault.name)
def test_a_fault_ends_as_the_rows_it_must_become(outcomes: Mapping[str, frozenset[str]], fault: Fault) -> None:
    assert outcomes[fault.name] == fault.becomes
