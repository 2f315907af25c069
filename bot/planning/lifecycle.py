"""The states of a broadcast and what leads from one to the next; nothing else does."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    AWAITING = "awaiting"  # a second ULR has to agree to the text
    SCHEDULED = "scheduled"
    PAUSED = "paused"
    SENDING = "sending"
    SENT = "sent"
    HALTED = "halted"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"  # its time passed while nobody could send it


class Event(StrEnum):
    """What happens to it."""

    CHANGE = "change"
    ASK = "ask"
    SCHEDULE = "schedule"
    APPROVE = "approve"
    REFUSE = "refuse"
    PAUSE = "pause"
    GO_ON = "go-on"
    BEGIN = "begin"
    FINISH = "finish"
    REST = "rest"  # one of several times is done
    HALT = "halt"
    CANCEL = "cancel"
    MISS = "miss"


_D, _A, _S, _P = Status.DRAFT, Status.AWAITING, Status.SCHEDULED, Status.PAUSED
MOVES: Final[Mapping[tuple[Status, Event], Status]] = MappingProxyType(
    {
        (_D, Event.CHANGE): _D,
        (_D, Event.ASK): _A,
        (_D, Event.SCHEDULE): _S,
        (_D, Event.CANCEL): Status.CANCELLED,
        (_A, Event.CHANGE): _D,
        (_A, Event.APPROVE): _S,
        (_A, Event.REFUSE): _D,
        (_A, Event.CANCEL): Status.CANCELLED,
        (_S, Event.CHANGE): _D,
        (_S, Event.PAUSE): _P,
        (_S, Event.BEGIN): Status.SENDING,
        (_S, Event.CANCEL): Status.CANCELLED,
        (_S, Event.HALT): Status.HALTED,
        (_S, Event.MISS): Status.SKIPPED,
        (_P, Event.CHANGE): _D,
        (_P, Event.GO_ON): _S,
        (_P, Event.CANCEL): Status.CANCELLED,
        (_P, Event.HALT): Status.HALTED,
        (Status.SENDING, Event.FINISH): Status.SENT,
        (Status.SENDING, Event.REST): _S,
        (Status.SENDING, Event.HALT): Status.HALTED,
    }
)
LEADS_OUT: Final = frozenset(
    {Event.SCHEDULE, Event.ASK, Event.APPROVE, Event.GO_ON, Event.CHANGE}
)  # only for who may write to those whom it goes to


def after(status: Status, event: Event) -> Status | None:
    """The status after an event; None where it cannot happen then."""
    return MOVES.get((status, event))


def may(status: Status, event: Event) -> bool:
    """Whether an event can happen."""
    return (status, event) in MOVES
