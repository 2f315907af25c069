"""When somebody wants something sent, in their words: "now", "Friday at 9", "every second Tuesday at 9"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.language.clock_times import Clock, VagueTime, read_time
from bot.language.days import Day, Vague
from bot.language.recurrence import Recurrence
from bot.language.recurrence_reading import read_recurrence
from bot.language.when import read_day
from bot.planning.plans import Now, Once, Plan

MORNING: Final = time(9)  # the time of a day where none was said

_NOW = re.compile(r"(?:right |straight )?(?:now|away)|at once|immediately|asap", re.IGNORECASE)
_CUTS: Final = 4  # words at either end that may say the time


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that name several times; to be asked back.

    Attributes:
        why: What was left open.
        suggestions: Times on the wall that could be meant, earliest first.
    """

    why: Vague | VagueTime
    suggestions: tuple[datetime, ...] = ()


def read_plan(text: str, now: datetime) -> Plan | Unclear | None:
    """The plan that a text says.

    Args:
        text: As typed.
        now: The time on the person's wall, without a zone.

    Returns:
        None where it says no time that is still to come.
    """
    words = " ".join(text.split()).strip(" .!")
    if _NOW.fullmatch(words):
        return Now()
    again = read_recurrence(words, now.date(), MORNING)
    if isinstance(again, Recurrence):
        return again
    if isinstance(again, Vague):
        return Unclear(again)
    return _once(words, now)


def _once(words: str, now: datetime) -> Once | Unclear | None:
    for day_words, time_words in _splits(words):
        clock = read_time(time_words) if time_words else None
        if time_words and clock is None:
            continue
        day = read_day(day_words, now.date()) if day_words else None
        if day_words and day is None:
            continue
        if found := _together(day, clock, now):
            return found
    return None


def _splits(words: str) -> list[tuple[str, str]]:
    """Ways to take a text apart into a day and a time; the longest time first."""
    parts = words.split()
    most = min(_CUTS, len(parts))
    behind = [(" ".join(parts[:-n]), " ".join(parts[-n:])) for n in range(most, 0, -1)]
    before = [(" ".join(parts[n:]), " ".join(parts[:n])) for n in range(most, 0, -1)]
    return [*behind, *before, (words, "")]


def _together(
    day: Day | Vague | None, clock: Clock | VagueTime | None, now: datetime
) -> Once | Unclear | None:
    if day is None and clock is None:
        return None
    if isinstance(day, Vague):
        at = clock.time if isinstance(clock, Clock) else MORNING
        return Unclear(day, _to_come([datetime.combine(one, at) for one in day.suggestions], now))
    on = day.day if day else _day_of(clock, now)
    if isinstance(clock, VagueTime):
        return Unclear(
            clock, _to_come([datetime.combine(on, at) for at in clock.suggestions], now)
        )
    wall = datetime.combine(on, clock.time if clock else MORNING)
    is_inferred = day is None or clock is None or clock.is_inferred or day.is_inferred
    return Once(wall, is_inferred) if wall > now else None


def _day_of(clock: Clock | VagueTime | None, now: datetime) -> date:
    """Today, where only a time was said that is still to come; else tomorrow."""
    last = clock.suggestions[-1] if isinstance(clock, VagueTime) else clock.time if clock else None
    today = now.date()
    if last is not None and datetime.combine(today, last) > now:
        return today
    return date.fromordinal(today.toordinal() + 1)


def _to_come(walls: list[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(wall for wall in walls if wall > now)
