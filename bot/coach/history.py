"""What happened, as a list that is only ever added to, and undoing the last of it.

Where things stand is the list replayed: the last event of each key says what it became. Undoing is
an event too; the one that was undone stays in the list, so who did what is never lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from bot.messages import PersonId

T = TypeVar("T")

UNDO_FOR: Final = timedelta(hours=24)
BUILT: Final = "built"  # how everything begins; nobody's own doing, and not undone
UNDONE: Final = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Generic[T]):
    """One thing that somebody did.

    Attributes:
        seq: From 1, without gaps, in the order it happened.
        at: When; aware, in UTC.
        by: Who.
        what: What was done, such as `done` or `moved`.
        key: What it was done to.
        before: What that was; None where it was not there.
        after: What it became; None where it is gone.
        undoes: The event that this one took back.
    """

    seq: int
    at: datetime
    by: PersonId
    what: str
    key: str
    before: T | None
    after: T | None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """This person did nothing in the last 24 hours that could be undone."""


@dataclass(frozen=True, slots=True)
class Overtaken(Generic[T]):
    """Somebody changed it in the meantime; this is what they did."""

    event: Event[T]


def replay(events: Iterable[Event[T]]) -> Mapping[str, T]:
    """Where everything stands after all events, in the order in which things came up."""
    found: dict[str, T] = {}
    for event in events:
        if event.after is None:
            found.pop(event.key, None)
        else:
            found[event.key] = event.after
    return found


def last_of(events: Iterable[Event[T]], key: str) -> Event[T] | None:
    """The last event of a key; None where there is none."""
    return next((one for one in reversed(tuple(events)) if one.key == key), None)


def seen_of(events: Iterable[Event[T]], key: str, seen: int) -> T | None:
    """What a key was at the version that somebody saw; None where that was no event of its own."""
    return next((one.after for one in events if one.key == key and one.seq == seen), None)


def version_of(events: Iterable[Event[T]], key: str) -> int:
    """What a button must have seen for its press to count: the number of the key's last event."""
    last = last_of(events, key)
    return last.seq if last else 0


def add(events: tuple[Event[T], ...], event: Event[T]) -> tuple[Event[T], ...]:
    """The list with one event more, numbered.

    Raises:
        ValueError: The event has a number already, or does not follow from where its key stands.
    """
    last = last_of(events, event.key)
    if event.seq or event.before != (last.after if last else None):
        raise ValueError(f"`{event.what}` does not follow from where `{event.key}` stands")
    made = Event(
        seq=len(events) + 1,
        at=event.at,
        by=event.by,
        what=event.what,
        key=event.key,
        before=event.before,
        after=event.after,
        undoes=event.undoes,
    )
    return (*events, made)


def undo(
    events: tuple[Event[T], ...], by: PersonId, at: datetime
) -> tuple[Event[T], ...] | NothingToUndo | Overtaken[T]:
    """Take back the last thing a person did, if nobody has touched the same since.

    Args:
        events: All of them.
        by: Who asks; one undoes only what one did oneself.
        at: Now; what is older than 24 hours stays.
    """
    standing = still_standing(events)
    mine = [one for one in standing if one.by == by and one.what != BUILT]
    if not mine or not timedelta(0) <= at - mine[-1].at <= UNDO_FOR:
        return NothingToUndo()
    wanted = mine[-1]
    latest = last_of(standing, wanted.key)
    if latest is not None and latest.seq != wanted.seq:
        return Overtaken(latest)
    return add(
        events,
        Event(
            seq=0,
            at=at,
            by=by,
            what=UNDONE,
            key=wanted.key,
            before=wanted.after,
            after=wanted.before,
            undoes=wanted.seq,
        ),
    )


def still_standing(events: Iterable[Event[T]]) -> tuple[Event[T], ...]:
    """The events without those that were undone and those that undid them."""
    all_of_them = tuple(events)
    undone = {event.undoes for event in all_of_them if event.undoes is not None}
    return tuple(one for one in all_of_them if one.undoes is None and one.seq not in undone)
