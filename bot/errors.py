"""The errors of Pathways.

* BotError                  anything that is ours
  x ContentError            a YAML file is wrong: found at start-up or on reload, never in a turn
  x SettingsError           a setting is missing or wrong
  x StoreError              the store could not do what was asked
    - StaleSession          somebody else saved this session first: load it again
    - Inconsistent          what was asked can never be kept: a mistake of ours, not the store's
    - StoreBusy             another process owns the database file
    - StoreFull             the disk is full or read-only: nothing was written
    - SchemaTooNew          the database was made by a newer version of Pathways
  x DeliveryError           a channel did not take a reply
    - Throttled             the channel asked us to wait `retry_after_s` seconds
    - Unreachable           the person or place can no longer be written to: stop sending
    - OutcomeUnknown        it may or may not have arrived
    - Rejected              the channel will never take this reply, whoever it is for
  x ResultsError            results cannot be made from this: the text says what to change
  x Refused                 a command of the command line may not be done; the text says why
"""

from collections.abc import Callable
from dataclasses import dataclass
from traceback import extract_tb
from types import TracebackType
from typing import ClassVar, Generic, Self, TypeVar

T = TypeVar("T")


class BotError(Exception):
    """Anything that goes wrong in Pathways and has a sentence for the person."""

    wording: ClassVar[str] = "error.generic"
    exit_status: ClassVar[int] = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a content file: where it is, what is wrong and what to do."""

    file: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        """The problem on one line, as editors and people expect it."""
        return f"{self.file}:{self.line}: {self.what} {self.fix}"


class ContentError(BotError):
    """Content that cannot be used; carries every problem that was found.

    Args:
        problems: At least one, in file order.
    """

    exit_status = 1

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class SettingsError(BotError):
    """A setting is missing or wrong; the text names it and says what it should be."""

    exit_status = 3


class StoreError(BotError):
    """The store could not do what was asked."""

    wording = "error.try-again"


class StaleSession(StoreError):
    """The stored session is not the one that was loaded."""


class StoreBusy(StoreError):
    """Another process owns the database file."""


class StoreFull(StoreError):
    """The disk is full or read-only; nothing of the work was written."""


class Inconsistent(StoreError):
    """The work broke a rule of the tables: a key, a reference, a column. Tried again it does so again.

    A store that is well refuses it, so nobody who waits for the store to get better should wait for
    this; only where two processes raced for the same key does another try go well.
    """


class SchemaTooNew(StoreError):
    """The database holds migrations that this version does not know."""


class DeliveryError(BotError):
    """A channel did not take a reply."""


class Throttled(DeliveryError):
    """The channel asked us to wait.

    Args:
        retry_after_s: Seconds to wait before the next try to this address.
        is_wide: Whether it holds, or may hold, for every address of the channel.
    """

    def __init__(self, retry_after_s: float, *, is_wide: bool = False) -> None:
        super().__init__(f"asked to wait {retry_after_s:g} s")
        self.retry_after_s = retry_after_s
        self.is_wide = is_wide


class Unreachable(DeliveryError):
    """The address can no longer be written to."""


class OutcomeUnknown(DeliveryError):
    """The connection broke after the call went out: it may have arrived."""


class ResultsError(BotError):
    """Results or a report cannot be made from what was given; the text says what to change."""

    wording = "error.results"


class Rejected(DeliveryError):
    """The channel will not take this reply, however often it is tried; others it may."""


class Refused(BotError):
    """An administrative command that may not be done, with the reason."""

    exit_status = 2


def places(error: BaseException) -> list[str]:
    """The places in the code an error came through; never its text, which may be a person's words."""
    frames = extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A call came to its end."""

    value: T


@dataclass(frozen=True, slots=True)
class Raised:
    """A call was broken off."""

    error: BaseException


def attempted(call: Callable[[], T]) -> Done[T] | Raised:
    """What a call came to, whatever it raises: it belongs to whoever waits for it on another thread.

    Nobody may wait for ever, so here even what ends a program is held, to be raised where it is waited for.
    """
    try:
        return Done(call())
    except BaseException as error:  # noqa: BLE001 - see above
        return Raised(error)


class Tried:
    """A door: whatever goes wrong within it goes no further, so that one piece of work cannot stop the rest.

    It stands where a process takes work in and nobody above could go on: not to hide a slip, but to
    say it. What is cancelled is never held up.

    Args:
        but: Errors that go through.

    Attributes:
        error: What went wrong; None where nothing did. Whoever opens a door looks at it and logs it.
    """

    def __init__(self, *but: type[Exception]) -> None:
        self._but = but
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        """Begin the work."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Hold what went wrong."""
        if not isinstance(error, Exception) or isinstance(error, self._but):
            return False
        self.error = error
        return True
