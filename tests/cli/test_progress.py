"""Whoever waits for a slow start is told how far it is, and nobody else."""

import os
import pty
import sys

import pytest
from structlog.testing import capture_logs

from bot.cli.progress import FEW, show_progress
from bot.cli.progress_log import STEPS, logged_progress

TEXTS = 12_000


def test_a_long_reading_is_logged_a_few_times() -> None:
    tell = logged_progress()
    with capture_logs() as logs:
        for done in range(0, TEXTS + 1, 40):
            tell(done, TEXTS)
    assert [one["event"] for one in logs] == ["vectors.reading"] * STEPS
    assert (logs[-1]["done"], logs[-1]["total"]) == (TEXTS, TEXTS)


def test_a_short_reading_is_not_worth_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell = logged_progress()
    with capture_logs() as logs:
        tell(FEW - 1, FEW - 1)
    show_progress(FEW - 1, FEW - 1)
    assert logs == []
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_it_on_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        show_progress(TEXTS // 2, TEXTS)
        show_progress(TEXTS, TEXTS)
        terminal.flush()
        shown = os.read(leader, 4096).decode()
        while not shown.endswith("\033[K"):  # a terminal hands it over in pieces
            shown += os.read(leader, 4096).decode()
    os.close(leader)
    assert "\r" in shown
    assert "50 %" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\033[K")


def test_a_file_has_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_progress(TEXTS // 2, TEXTS)
    assert capsys.readouterr() == ("", "")
