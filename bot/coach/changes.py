"""How an item moves. Only this module makes a new state of an item, and `NEXT` is the law.

* An open item can be done, put off, moved, blocked or dropped ("not for us").
* Put off means: remind me later. Its day stays as it was, so it may be overdue meanwhile.
* Moved means: another day. It is then not overdue; a blocked one stays blocked.
* A blocked item can be opened again, done, dropped, or blocked by something else.
* What is done or dropped can only be opened again. Nothing is ever deleted.
* Where two people change one item, the one who has not seen the other's change is told of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, assert_never

from bot.coach.diary import Diary
from bot.coach.history import Event, NothingToUndo, Overtaken, add, last_of, seen_of, undo
from bot.coach.plan import Item, ItemId, Plan, Status
from bot.messages import PersonId

TITLE_LIMIT: Final = 120  # characters of a rep's own title; one line on a phone, twice
NOTE_LIMIT: Final = 500  # characters of a note
ITEM_LIMIT: Final = 100  # items of a plan, closed ones too; more is no plan any more

NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset(Status),
    Status.LATER: frozenset(Status),
    Status.BLOCKED: frozenset({Status.OPEN, Status.BLOCKED, Status.DONE, Status.DROPPED}),
    Status.DONE: frozenset({Status.OPEN}),
    Status.DROPPED: frozenset({Status.OPEN}),
}


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """Remind me on a day; it stays due when it is due."""

    until: date


@dataclass(frozen=True, slots=True)
class MoveTo:
    """It is to be done by another day."""

    day: date


@dataclass(frozen=True, slots=True)
class Block:
    """Something is in the way: one of the content's blocks, by its id."""

    by: str


@dataclass(frozen=True, slots=True)
class Drop:
    """It is not for us."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is to be done after all."""


@dataclass(frozen=True, slots=True)
class Note:
    """The rep's own words about it."""

    words: str


@dataclass(frozen=True, slots=True)
class PutBefore:
    """It comes before another item; None: it comes last."""

    other: ItemId | None


Change = Done | PutOff | MoveTo | Block | Drop | Reopen | Note | PutBefore


class Refusal(StrEnum):
    """Why a change cannot be made; the wording has a sentence for each."""

    ARCHIVED = "archived"
    GONE = "gone"
    NOT_OWNER = "not-owner"
    NOT_FROM_HERE = "not-from-here"
    PAST = "past"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    NO_STEP = "no-step"


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be done; nothing has changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It is so already; nothing was written down."""

    item: Item


@dataclass(frozen=True, slots=True)
class Changed:
    """It was done."""

    plan: Plan
    event: Event[Item]


Outcome = Changed | Unchanged | Overtaken[Item] | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does something, when, and what they knew.

    Attributes:
        at: Now; aware, in UTC.
        today: The day it is for them.
        seen: The version of the item they saw; None where they named it without looking.
        diary: The branch's days.
    """

    by: PersonId
    at: datetime
    today: date
    seen: int | None = None
    diary: Diary


def change(plan: Plan, item_id: ItemId, wanted: Change, act: Act) -> Outcome:
    """Change one item of a plan.

    Two reps lose nothing: whoever has not seen the last change is told of it, unless both wanted
    the same. A note is in the way of no more than another note.
    """
    item = plan.item(item_id)
    refused = _refused(plan, act) or (Refusal.GONE if item is None else None)
    if item is None or refused:
        return Refused(refused or Refusal.GONE)
    after = _changed(plan, item, wanted, act)
    if after == item:
        return Unchanged(item)
    last = last_of(plan.history, item_id)
    if after is Refusal.TOO_LONG:
        return Refused(after)
    if (
        last is not None
        and act.seen not in {None, last.seq}
        and not _is_apart(plan, item, wanted, act)
    ):
        return Overtaken(last)
    if isinstance(after, Refusal):
        return Refused(after)
    return _write(plan, _name(wanted), item, after, act)


def add_own(plan: Plan, item: Item, act: Act) -> Outcome:
    """Add an item of the rep's own, or one that was left out when the plan was built.

    Args:
        plan: As it is.
        item: Its `place` does not count; it is put where its day belongs.
        act: Who adds it.
    """
    words = " ".join(item.title.split())
    wrong = (
        _refused(plan, act)
        or (Refusal.NOT_FROM_HERE if plan.item(item.id) else None)
        or (Refusal.TOO_MANY if len(plan.items) >= ITEM_LIMIT else None)
        or (Refusal.NO_STEP if item.step not in plan.steps else None)
        or (Refusal.TOO_LONG if len(words) > TITLE_LIMIT else None)
        or (Refusal.PAST if item.due and item.due < act.today else None)
    )
    if wrong:
        return Refused(wrong)
    placed = replace(item, title=words, place=_place_by_day(plan, item))
    if placed.due is not None:
        placed = _due(placed, placed.due, act.diary)
    return _write(plan, "added", None, placed, act)


def undo_last(plan: Plan, act: Act) -> Changed | NothingToUndo | Overtaken[Item] | Refused:
    """Take back the last thing this person did to an item, for 24 hours."""
    refused = _refused(plan, act)
    if refused:
        return Refused(refused)
    found = undo(plan.history, act.by, act.at)
    match found:
        case NothingToUndo() | Overtaken():
            return found
        case _:
            return Changed(replace(plan, history=found), found[-1])


def _refused(plan: Plan, act: Act) -> Refusal | None:
    if plan.archived_at is not None:
        return Refusal.ARCHIVED
    return None if act.by in plan.owners else Refusal.NOT_OWNER


def _changed(plan: Plan, item: Item, wanted: Change, act: Act) -> Item | Refusal:
    match wanted:
        case Done():
            return _to(item, Status.DONE)
        case Drop():
            return _to(item, Status.DROPPED)
        case Reopen():
            return _to(item, Status.OPEN)
        case Block(by=by):
            return _to(item, Status.BLOCKED, block=by) if by.strip() else Refusal.EMPTY
        case PutOff(until=until):
            is_past = until <= act.today
            return Refusal.PAST if is_past else _to(item, Status.LATER, wake=until)
        case MoveTo(day=day):
            return _moved(plan, item, day, act)
        case Note(words=words):
            return _noted(item, words)
        case PutBefore(other=other):
            return _ordered(plan, item, other)
        case _:
            assert_never(wanted)


def _is_apart(plan: Plan, item: Item, wanted: Change, act: Act) -> bool:
    """Whether what was done since they looked leaves alone what they want to change."""
    seen = seen_of(plan.history, item.id, act.seen or 0)
    return isinstance(wanted, Note) and seen is not None and seen.note == item.note


def _to(
    item: Item, status: Status, *, wake: date | None = None, block: str = ""
) -> Item | Refusal:
    """An item with another status; the same where it has it already."""
    if status is item.status and (wake, block) == (item.wake, item.block):
        return item
    if status not in NEXT[item.status]:
        return Refusal.NOT_FROM_HERE
    return replace(item, status=status, wake=wake, block=block)


def _moved(plan: Plan, item: Item, day: date, act: Act) -> Item | Refusal:
    if item.is_closed:
        return Refusal.NOT_FROM_HERE
    if day < act.today:
        return Refusal.PAST
    status = Status.BLOCKED if item.status is Status.BLOCKED else Status.OPEN
    moved = _due(replace(item, status=status, wake=None), day, act.diary)
    if moved.due == item.due:
        return replace(moved, place=item.place)
    return replace(moved, place=_place_by_day(plan, moved))


def _due(item: Item, wished: date, diary: Diary) -> Item:
    due = diary.on_or_after(wished)
    return replace(item, due=due.day, wished=due.wished, holiday=due.holiday)


def _noted(item: Item, words: str) -> Item | Refusal:
    flat = " ".join(words.split())
    return Refusal.TOO_LONG if len(flat) > NOTE_LIMIT else replace(item, note=flat)


def _ordered(plan: Plan, item: Item, other_id: ItemId | None) -> Item | Refusal:
    others = [one for one in plan.items if one.id != item.id]
    if other_id is None:
        return replace(item, place=_between(others[-1] if others else None, None))
    place = next((n for n, one in enumerate(others) if one.id == other_id), None)
    if place is None:
        return Refusal.GONE
    return replace(item, place=_between(others[place - 1] if place else None, others[place]))


def _place_by_day(plan: Plan, item: Item) -> float:
    """Behind everything that falls due no later."""
    others = [one for one in plan.items if one.id != item.id]
    if item.due is None:
        return _between(others[-1] if others else None, None)
    later = (n for n, one in enumerate(others) if one.due is None or one.due > item.due)
    place = next(later, len(others))
    before = others[place - 1] if place else None
    return _between(before, others[place] if place < len(others) else None)


def _between(before: Item | None, behind: Item | None) -> float:
    low = before.place if before else None
    high = behind.place if behind else None
    if low is not None and high is not None:
        return (low + high) / 2
    return low + 1.0 if low is not None else (high if high is not None else 2.0) - 1.0


def _write(plan: Plan, what: str, before: Item | None, after: Item, act: Act) -> Changed:
    event = Event(seq=0, at=act.at, by=act.by, what=what, key=after.id, before=before, after=after)
    history = add(plan.history, event)
    return Changed(replace(plan, history=history), history[-1])


_NAMES: Final[Mapping[type[Change], str]] = {
    Done: "done",
    PutOff: "put-off",
    MoveTo: "moved",
    Block: "blocked",
    Drop: "dropped",
    Reopen: "reopened",
    Note: "noted",
    PutBefore: "reordered",
}


def _name(wanted: Change) -> str:
    return _NAMES[type(wanted)]
