"""Logs how far long work is, where nobody looks at a terminal."""

from collections.abc import Callable
from typing import Final

import structlog

from bot.cli.progress import FEW

STEPS: Final = 10  # lines from the beginning to the end

log = structlog.get_logger(__name__)


def logged_progress() -> Callable[[int, int], None]:
    """What logs how many of the FAQ's phrasings are read, a few times."""
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        step = STEPS * done // max(total, 1)
        if total >= FEW and step > told:
            log.info("vectors.reading", done=done, total=total)
        told = step

    return tell
