"""Terminal: logs hold what a page says as text alone."""

import logging

from flows.cli.terminal import only_printable


def test_a_log_line_moves_no_cursor() -> None:
    record = logging.LogRecord(
        "pipelines", logging.WARNING, "x.py", 1, "%s: failed: %s", ("wire", "\x1b[2J\u202ex"), None
    )

    assert only_printable(record)
    assert record.getMessage() == "wire: failed: [2Jx"
