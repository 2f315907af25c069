"""A run: one person's way through one flow. Data only; `runner.py` alone makes new ones.

A slot is named by its question and, inside repeats, by the rounds around it: `years`, `heads.3`,
`tool.3.1`. Rounds have ids that are never used again in their run, so that a button on an old message
means the round it was shown for, whatever was added or taken out since.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from bot.flows.model import FlowHash, FlowId
from bot.language.replies import Missing

Key = NewType("Key", str)  # of a slot, or of the gate of a repeat

HISTORY_LIMIT: Final = 60  # steps that `back` can take back
PAUSED_LIMIT: Final = 5  # runs that wait beside each other
TRIES_LIMIT: Final = 3  # prompts for one answer; then the run is paused


class Status(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """What we made of loose words, such as "10-15" or "about 40".

    Attributes:
        low: The least that was meant, for a number.
        high: The most.
        is_about: Whether the person said that it is a guess.
    """

    low: float | None = None
    high: float | None = None
    is_about: bool = False


Answered = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person gave for a slot: a value, or the reason why there is none.

    Attributes:
        value: Text, a number, an ISO day, a code, or several codes.
        inferred: Where the value was read out of loose words.
    """

    value: Answered | None = None
    missing: Missing | None = None
    inferred: Inferred | None = None

    def __post_init__(self) -> None:
        """Exactly one of value and reason is there, and a number is a number."""
        if (self.value is None) is (self.missing is None):
            raise ValueError("an answer has a value or a reason, and not both")
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise ValueError("an answer is a finite number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """The rounds of a repeat.

    Attributes:
        ids: In order.
        next_id: Of the round that would be added now.
        closed: Whether the person said that there are no more.
    """

    ids: tuple[int, ...] = ()
    next_id: int = 1
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What `back` puts back: for each thing that a step changed, what it was; None: not there."""

    key: Key
    answers: Mapping[Key, Answer | None] = field(default_factory=dict)
    dropped: Mapping[Key, Answer | None] = field(default_factory=dict)
    rounds: Mapping[Key, Rounds | None] = field(default_factory=dict)
    focus: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where one run stands.

    Attributes:
        flow_hash: Exactly the flow it began on, and ends on.
        answers: What was answered and counts.
        rounds: Of each repeat that was begun, by the key of its gate.
        dropped: Answers that do not fit any more; they come back if they fit again.
        suggested: What was answered before the person went back; offered, not taken.
        focus: The slot being changed; None: the first that is open.
        history: What `back` takes back, newest last.
        ticked: What is ticked in the pending question, in the order of tapping.
        tries: Answers to the pending question that could not be taken.
        revision: How often it was submitted.
    """

    flow: FlowId
    flow_hash: FlowHash
    version: str
    status: Status = Status.RUNNING
    answers: Mapping[Key, Answer] = field(default_factory=dict)
    rounds: Mapping[Key, Rounds] = field(default_factory=dict)
    dropped: Mapping[Key, Answer] = field(default_factory=dict)
    suggested: Mapping[Key, Answer] = field(default_factory=dict)
    focus: Key | None = None
    history: tuple[Undo, ...] = ()
    ticked: tuple[str, ...] = ()
    tries: int = 0
    revision: int = 0


def key_of(name: str, rounds: tuple[int, ...] = ()) -> Key:
    """The key of a slot."""
    return Key(".".join((name, *map(str, rounds))))


def name_of(key: Key) -> str:
    """The name of the question, or repeat, that a key belongs to."""
    return key.split(".", 1)[0]
