"""Work that lets all others go first: what takes seconds of the processor while people write."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
BACK: Final = 10  # how far it steps back: about a tenth of the processor where others want it

LOWEST: Final = 19  # that the system knows


def aside(work: Callable[[], T]) -> T:
    """Do some work on a thread of low priority, and wait for it.

    Only for what goes on outside Python's lock: whoever holds that holds all others up. A thread cannot
    take its step back again, so it has one of its own.
    """
    with ThreadPoolExecutor(1, "aside", _step_back) as thread:
        return thread.submit(work).result()


def _step_back() -> None:
    if sys.platform == "linux":  # where a thread has a number and a priority of its own
        here = threading.get_native_id()
        lower = min(os.getpriority(os.PRIO_PROCESS, here) + BACK, LOWEST)
        os.setpriority(os.PRIO_PROCESS, here, lower)
