"""When something goes out: now, once, or again and again; on the wall clock of a zone.

A plan says a time on the wall, so that nine o'clock stays nine o'clock when the clocks change. Each
moment it comes to has two times: the one that was planned, which names it for ever, and the one at
which it may go out, which quiet hours can put later.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Final, assert_never

from bot.language.bank_holidays import Nation, bank_holiday
from bot.language.recurrence import Recurrence, next_times

OPENS: Final = time(8)  # nothing goes out before, on the wall
CLOSES: Final = time(20)  # nor from then on
SUNDAY: Final = 6  # of date.weekday()
SHOWN: Final = 5  # moments that are shown before somebody confirms
STEP: Final = 8  # moments of a recurrence that are reckoned at a time


@dataclass(frozen=True, slots=True)
class Now:
    """As soon as it is confirmed, whatever the hour says: then it waits for the morning."""


@dataclass(frozen=True, slots=True)
class Once:
    """One time on the wall.

    Attributes:
        wall: Without a zone.
        is_inferred: Whether part of it was ours to choose, so that it has to be echoed.
    """

    wall: datetime
    is_inferred: bool = False


Plan = Now | Once | Recurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When messages may go out.

    Attributes:
        zone: Whose wall clock.
        is_urgent: Whether quiet hours do not count, since somebody gave a reason.
        nation: Whose bank holidays are named.
    """

    zone: tzinfo
    is_urgent: bool = False
    nation: Nation = Nation.ENGLAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One time that a plan comes to.

    Attributes:
        planned: As the plan says it, in UTC; two moments of a plan never share it.
        at: When it goes out, in UTC.
        is_moved: Whether the clock change leaves out the time on the wall, and it is later.
        holiday: The bank holiday on the day it goes out; None for none.
    """

    planned: datetime
    at: datetime
    is_moved: bool = False
    holiday: str | None = None

    @property
    def is_put_off(self) -> bool:
        """Whether quiet hours put it later."""
        return self.at != self.planned


def opening(at: datetime, hours: Hours) -> datetime:
    """The moment itself where messages may go out then, else the next one at which they may.

    Args:
        at: Aware.
        hours: When they may.
    """
    if hours.is_urgent:
        return at
    wall = at.astimezone(hours.zone)
    if wall.weekday() != SUNDAY and OPENS <= wall.time() < CLOSES:
        return at
    day = wall.date() + timedelta(days=wall.time() >= CLOSES or wall.weekday() == SUNDAY)
    day += timedelta(days=day.weekday() == SUNDAY)
    return _on_the_wall(datetime.combine(day, OPENS), hours.zone)[0]


def moments(plan: Plan, hours: Hours, after: datetime) -> Iterator[Moment]:
    """The moments a plan comes to, planned later than one, in order.

    Args:
        plan: For `Now` the only moment is `after` itself.
        hours: When they may go out.
        after: Aware.
    """
    match plan:
        case Now():
            yield _moment(after, hours)
        case Once(wall=wall):
            at, is_moved = _on_the_wall(wall, hours.zone)
            if at > after:
                yield _moment(at, hours, is_moved=is_moved)
        case Recurrence():
            yield from _again(plan, hours, after)
        case _:
            assert_never(plan)


def next_moments(
    plan: Plan, hours: Hours, after: datetime, count: int = SHOWN
) -> tuple[Moment, ...]:
    """The first of `moments`."""
    return tuple(islice(moments(plan, hours, after), count))


def _again(plan: Recurrence, hours: Hours, after: datetime) -> Iterator[Moment]:
    while firings := next_times(plan, hours.zone, after, STEP):
        for firing in firings:
            yield _moment(firing.at, hours, is_moved=firing.is_moved)
        after = firings[-1].at


def _moment(planned: datetime, hours: Hours, *, is_moved: bool = False) -> Moment:
    at = opening(planned, hours)
    holiday = bank_holiday(at.astimezone(hours.zone).date(), hours.nation)
    return Moment(planned=planned, at=at, is_moved=is_moved, holiday=holiday)


def _on_the_wall(wall: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """The moment of a time on the wall, and whether the clock change leaves that time out."""
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return at, at.astimezone(zone).replace(tzinfo=None) != wall


def encode_plan(plan: Plan) -> str:
    """The plan as text; `decode_plan` gives it back equal."""
    match plan:
        case Now():
            return json.dumps(["now"])
        case Once(wall=wall, is_inferred=is_inferred):
            return json.dumps(["once", wall.isoformat(), is_inferred])
        case Recurrence(rule=rule, start=start, time=at, is_inferred=is_inferred):
            return json.dumps(["again", rule, start.isoformat(), at.isoformat(), is_inferred])
        case _:
            assert_never(plan)


def decode_plan(text: str) -> Plan:
    """The plan of a text.

    Raises:
        ValueError: It is none of ours.
    """
    match json.loads(text):
        case ["now"]:
            return Now()
        case ["once", str(wall), bool(is_inferred)]:
            return Once(datetime.fromisoformat(wall), is_inferred)
        case ["again", str(rule), str(start), str(at), bool(is_inferred)]:
            return Recurrence(rule, date.fromisoformat(start), time.fromisoformat(at), is_inferred)
        case _:
            raise ValueError("This is no plan; plan it again.")
