"""A plan: what one workplace means to do, how each item stands, and why it is there.

A plan belongs to a branch and a workplace; people own it together and come and go. It is the replay
of its history, which says who did what. Only `bot/coach/changes.py` makes a new one out of an old.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from bot.coach.history import Event, replay, version_of
from bot.coach.owners import Sharing, lead, owners
from bot.messages import BranchId, PersonId

PlanId = NewType("PlanId", str)
ItemId = NewType("ItemId", str)


class Status(StrEnum):
    """How an item stands. Only `done` is done."""

    OPEN = "open"
    LATER = "later"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


A_FEW: Final = "~few"  # a number below `SHOWN_FROM`: co-owners need not have mapped the workplace
CLOSED = frozenset({Status.DONE, Status.DROPPED})


@dataclass(frozen=True, slots=True)
class Why:
    """Why an item is there: a rule of the action's, and what filled its gaps on that day.

    Attributes:
        rule: The rule's name; empty where the action's own `why` is all there is to say.
        gaps: Name and value, such as ("area", "Lab 2"); `A_FEW` for a number too small to be shared.
    """

    rule: str = ""
    gaps: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do.

    Attributes:
        action: The action of the content; empty where a rep added it.
        step: The step it counts for.
        title: The rep's own words for it; empty where the action's title serves.
        about: The area it is about; empty where it is about none.
        due: None only for a rep's own item without a day.
        wished: The day that was asked for; another than `due` where that is no working day.
        holiday: The bank holiday that was in the way of it.
        wake: Until when it is to be left in peace; with status `later` and only then.
        block: What is in the way, by its id in the content; with status `blocked` and only then.
        note: The rep's own.
        place: Where it stands in the plan; the lower the earlier.
        after: Actions that come first.
    """

    id: ItemId
    action: str = ""
    step: str
    title: str = ""
    about: str = ""
    status: Status = Status.OPEN
    due: date | None = None
    wished: date | None = None
    holiday: str = ""
    wake: date | None = None
    block: str = ""
    note: str = ""
    place: float
    after: tuple[str, ...] = ()
    why: Why = Why()

    def __post_init__(self) -> None:
        """Refuse what can never be.

        Raises:
            ValueError: The parts of it do not go together.
        """
        if (self.status is Status.LATER) != (self.wake is not None):
            raise ValueError("`wake` goes with `later` and with nothing else")
        if (self.status is Status.BLOCKED) != bool(self.block):
            raise ValueError("`block` goes with `blocked` and with nothing else")
        if not self.action and not self.title:
            raise ValueError("an item without an action needs a title")

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.status in CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed. Being reminded later does not change that; moving does."""
        return not self.is_closed and self.due is not None and self.due < today

    def is_awake(self, today: date) -> bool:
        """Whether it can be worked on: open, or left in peace until a day that has come."""
        is_woken = self.wake is not None and self.wake <= today
        return self.status is Status.OPEN or is_woken


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An action that is not part of the plan, and the rule that says why not."""

    action: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of one workplace.

    Attributes:
        workplace: Its name, as the branch calls it.
        steps: The steps, in order; every item counts for one of them.
        answers: The opening questions, and what was chosen.
        left_out: What was not put into it when it was built.
        history: Everything that was done to its items. The items are its replay.
        sharing: Who came, went and took over.
        archived_at: When it was put away; None while it is in hand.
    """

    id: PlanId
    branch: BranchId
    workplace: str
    made_on: date
    steps: tuple[str, ...]
    answers: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    history: tuple[Event[Item], ...] = ()
    sharing: Sharing = ()
    archived_at: datetime | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """Its items in their order."""
        found = replay(self.history).values()
        return tuple(sorted(found, key=lambda item: (item.place, item.id)))

    @property
    def owners(self) -> tuple[PersonId, ...]:
        """Who works on it, the one who leads first."""
        return owners(self.sharing)

    @property
    def lead(self) -> PersonId | None:
        """Who is reminded; None where it is only the branch's."""
        return lead(self.sharing)

    def item(self, item_id: ItemId) -> Item | None:
        """The item with an id; None where there is none, or no more."""
        return next((item for item in self.items if item.id == item_id), None)

    def version(self, item_id: ItemId) -> int:
        """What a button for this item must have seen for its press to count."""
        return version_of(self.history, item_id)
