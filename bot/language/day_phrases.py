"""The ways people name a day, each a pattern and what it means. `when` decides between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from bot.language import calendar_days as days
from bot.language.calendar_days import Asked
from bot.language.calendar_words import month_pattern, weekday_number, weekday_pattern, weekdays
from bot.language.date_phrases import Found, Row, dates, festivals, stretches
from bot.language.days import Day, Open, Vague

_MOST: Final = 1000  # of days, weeks or months away
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_COUNTS: Final = {"a": 1, "an": 1, "1": 1, "one": 1, "couple": 2}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to name a day.

    Attributes:
        pattern: What it looks like in a plain text.
        read: What it means there; None where it is no day after all.
        is_weak: Whether the words have other meanings ("may", "sun"), so that they count only
            where little else is said.
        is_weekday: Whether it is the bare name of a weekday, which may stand beside a date.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Asked], Found]
    is_weak: bool = False
    is_weekday: bool = False


@cache
def phrases() -> tuple[Phrase, ...]:
    """All of them; an earlier one wins where two overlap."""
    month, weekday = month_pattern(), weekday_pattern()
    return tuple(
        Phrase(re.compile(text), read, is_weak, is_weekday=read is _weekday)
        for text, read, is_weak in (
            *dates(month, weekday),
            *festivals(),
            *stretches(month),
            *_weekdays(weekday),
            *_away(),
        )
    )


def _weekdays(weekday: str) -> Iterator[Row]:
    many = r"(?:(?:the )?(an?|1|couple of|\d{1,2}) )?"
    anchor = rf"(today|tomorrow|this day|{weekday})"
    yield (
        rf"(?<!next )(?<!this )(?<!last )\b{many}(week|fortnight)s?"
        rf"(?: (?:on|from|after|come|past)|,)? {anchor}\b",
        lambda m, a: _away_from(m[3], m[1], m[2], a),
        False,
    )
    yield (
        rf"\b{many}(day)s? (?:from|after|past) {anchor}\b",
        lambda m, a: _away_from(m[3], m[1], m[2], a),
        False,
    )
    yield (
        rf"\b{many}(day|week|fortnight)s? before {anchor}\b",
        lambda m, a: _away_from(m[3], m[1], m[2], a, sign=-1),
        False,
    )
    yield rf"\b{anchor},? (week|fortnight)\b", lambda m, a: _away_from(m[1], None, m[2], a), False
    yield rf"\b(?:the )?({weekday}) after next\b", _weekday_after_next, False
    yield (
        rf"\b({weekday}) (?:of )?(this|next|last) week\b",
        lambda m, a: _in_week(m[2], m[1], a),
        False,
    )
    yield (
        rf"\b(this|next|last) week(?: on)? ({weekday})",
        lambda m, a: _in_week(m[1], m[2], a),
        False,
    )
    yield rf"\b(this coming|this|next|last|coming) ({weekday})", _turned_weekday, False
    yield rf"\b({'|'.join(weekdays())})\b", _weekday, False
    yield rf"\b({weekday})", _weekday, True
    yield r"\b(?:the )?week after next\b", _week_after_next, False
    yield r"\b(this|next|last) week\b", _next_week, False
    yield r"\b(?:this |next |the |at )?weekend\b", _weekend, False


def _away() -> Iterator[Row]:
    many = r"(a couple of|couple of|a|an|\d{1,4})"
    unit = r"(day|week|fortnight|month|year)s?'?"
    yield (
        r"\b(?:in |within )?(?:a|1) (?:day|week|month|year) or (?:2|3|so|two|three)\b",
        _soon,
        False,
    )
    yield r"\b(?:the )?day after tomorrow\b", lambda _, a: _from_today(a, 2), False
    yield r"\b(?:the )?day before yesterday\b", lambda _, a: _from_today(a, -2), False
    yield r"\btomorrow\b", lambda _, a: _from_today(a, 1), False
    yield r"\byesterday\b", lambda _, a: _from_today(a, -1), False
    yield rf"\b{many} {unit} ago\b", lambda m, a: _away_by(m[1], m[2], a, -1), False
    yield (
        rf"\b(?:in|within) (?:about )?{many} {unit}(?: time)?\b",
        lambda m, a: _away_by(m[1], m[2], a, 1),
        False,
    )
    yield (
        rf"\b{many} {unit} (?:time|today|from (?:now|today))\b",
        lambda m, a: _away_by(m[1], m[2], a, 1),
        False,
    )
    yield (
        r"\b(?:recently|not long ago|ages ago|(?:a )?(?:long time|while|few years) ago)\b",
        _soon,
        False,
    )
    yield r"^(?:right |straight )?(?:now|away)$", lambda _, a: _from_today(a, 0), True
    yield r"\b(?:today|tonight|right now)\b", lambda _, a: _from_today(a, 0), False
    yield r"\b(?:in |within )?(?:a )?(?:few|several) (?:days|weeks|months)\b", _soon, False
    yield (
        r"\b(?:asap|as soon as (?:possible|i can)|soon(?:ish)?|later(?: on)?|whenever|"
        r"some ?(?:day|time)|one day|eventually|in due course|when (?:i|we|it|things)\b.*|"
        r"after the holidays?|in the new year)\b",
        _soon,
        True,
    )


def _away_from(anchor: str, many: str | None, unit: str, asked: Asked, *, sign: int = 1) -> Found:
    """So many days or weeks from a day that is named itself: "a week on Tuesday"."""
    count = _COUNTS.get((many or "a").split()[0]) or int(many or 1)
    if anchor in {"today", "tomorrow", "this day"}:
        start = asked.today + timedelta(days=int(anchor == "tomorrow"))
    else:
        start = days.coming(asked.today, weekday_number(anchor))
    return Day(start + sign * timedelta(days=count * _DAYS[unit]))


def _weekday_after_next(found: re.Match[str], asked: Asked) -> Found:
    """Nobody agrees which one "next Friday" is, nor then which one comes after it."""
    coming = days.coming(asked.today, weekday_number(found[1]))
    return Vague(Open.NEXT, (coming + timedelta(weeks=1), coming + timedelta(weeks=2)))


def _in_week(turn: str, written: str, asked: Asked) -> Found:
    monday = days.turned_week(asked.today, turn)
    return Day(monday + timedelta(days=weekday_number(written)))


def _turned_weekday(found: re.Match[str], asked: Asked) -> Found:
    weekday = weekday_number(found[2])
    if found[1] == "last":
        return Day(days.gone(asked.today, weekday), is_inferred=True)
    coming = days.coming(asked.today, weekday)
    if found[1] != "next":
        return Day(coming)
    if coming < days.turned_week(asked.today, "next"):
        return Vague(Open.NEXT, (coming, coming + timedelta(weeks=1)))
    return Day(coming)


def _weekday(found: re.Match[str], asked: Asked) -> Found:
    weekday = weekday_number(found[1])
    turn = days.gone if asked.prefer == "past" else days.coming
    return Day(turn(asked.today, weekday), is_inferred=weekday == asked.today.weekday())


def _next_week(found: re.Match[str], asked: Asked) -> Found:
    monday = days.turned_week(asked.today, found[1])
    within = (monday + timedelta(days=step) for step in (0, 2, 4))
    return Vague(
        Open.PART, tuple(day for day in within if found[1] != "this" or day > asked.today)
    )


def _week_after_next(_found: re.Match[str], asked: Asked) -> Found:
    monday = days.turned_week(asked.today, "next") + timedelta(weeks=1)
    return Vague(Open.PART, tuple(monday + timedelta(days=step) for step in (0, 2, 4)))


def _weekend(found: re.Match[str], asked: Asked) -> Found:
    saturday = asked.today + timedelta(days=(5 - asked.today.weekday()) % 7)
    if "next" in found[0]:
        return Vague(Open.NEXT, (saturday, saturday + timedelta(weeks=1)))
    return Vague(Open.PART, (saturday, saturday + timedelta(days=1)))


def _from_today(asked: Asked, step: int) -> Found:
    return Day(asked.today + timedelta(days=step))


def _away_by(many: str, unit: str, asked: Asked, sign: int) -> Found:
    word = many.split()[-2] if many.endswith(" of") else many
    count = _COUNTS.get(word) or int(many)
    if count > _MOST:
        return None
    day = days.away(asked.today, sign * count, unit)
    is_inferred = word == "couple" or unit in {"month", "year"}
    return Day(day, is_inferred) if day and days.is_near(day.year, asked.today) else None


def _soon(_found: re.Match[str], asked: Asked) -> Found:
    if asked.prefer == "past":
        return Vague(Open.SOON)
    return Vague(
        Open.SOON, tuple(days.weekday_near(asked.today + timedelta(weeks=w)) for w in (1, 2, 4))
    )
