"""Work that steps back: its result and its errors come through, and only its own thread is slower."""

import os
import sys

import pytest

from bot.storage.aside import BACK, LOWEST, aside


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)  # on Linux: of the thread that asks


def test_it_is_done_with_less_priority_and_nothing_else_is() -> None:
    before = priority()
    wanted = min(before + BACK, LOWEST) if sys.platform == "linux" else before
    assert aside(priority) == wanted
    assert aside(lambda: aside(priority)) >= wanted, "also where it stepped back already"
    assert priority() == before


def test_what_goes_wrong_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 // 0)
