"""What holds for every test: the clock, which `.ci/run` also sets far ahead."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

# Days by which the clock of the test process is ahead. A test that knows today's date fails under it.
DAYS_AHEAD = int(os.environ.get("PRESSWATCH_TEST_DAYS_AHEAD", "0"))


@pytest.fixture(scope="session", autouse=True)
def clock_ahead() -> Iterator[None]:
    if not DAYS_AHEAD:
        yield
        return
    with time_machine.travel(datetime.now(UTC) + timedelta(days=DAYS_AHEAD), tick=True):
        yield
