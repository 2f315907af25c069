"""Whoever waits for a slow start is told how far it is, and nobody else."""

import os
import pty
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from bot.cli.progress import FEW, row_progress, show_progress
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


@contextmanager
def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """A terminal in place of standard error; what is yielded reads it until it clears its line."""
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)

        def read() -> str:
            terminal.flush()
            text = os.read(leader, 4096).decode()
            while not text.endswith("\033[K"):  # a terminal hands it over in pieces
                text += os.read(leader, 4096).decode()
            return text

        yield read
    os.close(leader)


def test_a_terminal_shows_it_on_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_of(monkeypatch) as shown:
        show_progress(TEXTS // 2, TEXTS)
        show_progress(TEXTS, TEXTS)
        text = shown()
    assert "\r" in text
    assert "50 %" in text
    assert "\n" not in text
    assert text.endswith("\r\033[K")


def test_rows_are_shown_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_of(monkeypatch) as shown:
        with row_progress("Backing up") as tell:
            tell(30, 60)
            tell(15, 60)
        text = shown()
    assert text.index("Backing up: 50 %") < text.index("Backing up: 75 %")
    assert text.endswith("\r\033[K"), "also where it ends early"


def test_a_file_has_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_progress(TEXTS // 2, TEXTS)
    with row_progress("Backing up") as tell:
        tell(TEXTS, TEXTS)
    assert capsys.readouterr() == ("", "")
