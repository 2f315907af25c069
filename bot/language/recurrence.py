"""A time that comes again: an RFC 5545 rule in wall-clock time, and the moments it comes to.

"Every Tuesday at nine" stays at nine when the clocks change. A time that the spring change leaves
out moves forward by the gap and is marked; one that the autumn change brings twice fires once, the
first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.language.calendar_words import CODES

if TYPE_CHECKING:
    from dateutil.rrule import rrule

MOST: Final = 1_000  # moments that are reckoned at once
WORKDAYS: Final = ",".join(CODES[:5])


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A day and time that comes again.

    Attributes:
        rule: The value of an RFC 5545 RRULE: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU". Its UNTIL is a day.
        start: The first day it comes to; every second week is counted from here.
        time: On the wall, to the minute.
        is_inferred: Whether part of it was not said, so that it has to be echoed.
    """

    rule: str
    start: date
    time: time
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Firing:
    """One moment that a recurrence comes to.

    Attributes:
        at: In UTC.
        is_moved: Whether the clock change leaves out the time that was asked for, and it is later.
    """

    at: datetime
    is_moved: bool = False


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name: `{"FREQ": "WEEKLY", "BYDAY": "TU"}`."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def next_times(
    recurrence: Recurrence, zone: tzinfo, after: datetime, count: int
) -> tuple[Firing, ...]:
    """The next moments a recurrence comes to, in order.

    Args:
        recurrence: With a rule of ours, or any RRULE that dateutil reads.
        zone: Whose wall clock, for example `ZoneInfo("Europe/London")`.
        after: An aware moment; what is returned is later.
        count: How many, at most 1,000; fewer are returned where the rule ends.
    """
    later = (firing for firing in _firings(recurrence, zone, after) if firing.at > after)
    return tuple(islice(later, min(count, MOST)))


def occurs_on(recurrence: Recurrence, day: date) -> bool:
    """Whether a recurrence comes to a day."""
    return bool(_parsed(recurrence).between(_midnight(day), _midnight(day), inc=True))


def first_day(rule: str, since: date) -> date | None:
    """The first day, from one on, that a rule comes to; None where there is none.

    It begins wherever its day comes first: "every second Tuesday" with the coming Tuesday.
    """
    parts = parts_of(rule)
    parts.pop("INTERVAL", None)
    every = ";".join(f"{name}={value}" for name, value in parts.items())
    first = _parsed(Recurrence(every, since, time())).after(_midnight(since), inc=True)
    return first.date() if first else None


def _firings(recurrence: Recurrence, zone: tzinfo, after: datetime) -> Iterator[Firing]:
    since = after.astimezone(zone).date() - timedelta(days=1)
    for day in _parsed(recurrence).xafter(_midnight(since), inc=True):
        yield _firing(datetime.combine(day.date(), recurrence.time), zone)


def _firing(wall: datetime, zone: tzinfo) -> Firing:
    """The moment of a time on the wall: the first of two, or as much later as the gap is long."""
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return Firing(at, is_moved=at.astimezone(zone).replace(tzinfo=None) != wall)


@lru_cache(maxsize=1024)
def _parsed(recurrence: Recurrence) -> "rrule":
    from dateutil.rrule import rrule, rrulestr  # noqa: PLC0415 - most turns plan nothing

    parsed = rrulestr(recurrence.rule, dtstart=_midnight(recurrence.start))
    if not isinstance(parsed, rrule):
        raise TypeError("A recurrence is one rule; give its RRULE value only.")
    return parsed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
