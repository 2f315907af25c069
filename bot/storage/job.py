"""One piece of work with the future that waits for it, and how such a future is resolved."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import structlog

from bot.errors import Done, Raised, attempted
from bot.service.ports import Tx

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """A queued piece of work.

    Attributes:
        work: What to do, in one transaction.
        future: Gets what it returned or raised. Its type is the submitter's business.
    """

    work: Callable[[Tx], object]
    future: "Future[Any]"


def finish(future: "Future[Any]", value: object) -> None:
    """Resolve a running future; nothing that waits for it can harm the caller."""
    _calling_back(lambda: future.set_result(value))


def fail(future: "Future[Any]", error: BaseException) -> None:
    """Resolve a running future with an error; nothing that waits for it can harm the caller."""
    _calling_back(lambda: future.set_exception(error))


def resolve(future: "Future[Any]", end: Done[Any] | Raised) -> None:
    """Resolve a running future with what its work came to."""
    match end:
        case Done(value=value):
            finish(future, value)
        case Raised(error=error):
            fail(future, error)


def _calling_back(resolve: Callable[[], None]) -> None:
    end = attempted(resolve)
    if isinstance(end, Raised):  # a callback's trouble is not the writer's
        log.warning("store.callback_failed", error=type(end.error).__name__)
