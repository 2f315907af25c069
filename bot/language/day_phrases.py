"""The ways people name a day, each a pattern and what it means. `when` decides between them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from bot.language import calendar_days as days
from bot.language.bank_holidays import holidays_of
from bot.language.calendar_words import (
    month_number,
    month_pattern,
    weekday_number,
    weekday_pattern,
)
from bot.language.days import Day, Open, Precision, Vague

Prefer = Literal["future", "past"]
Found = Day | Vague | None

_MOST: Final = 1000  # of days, weeks or months away
_COUNTS: Final = {"a": 1, "an": 1, "1": 1, "one": 1, "couple": 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phrase is read against.

    Attributes:
        today: The person's day.
        prefer: Which way a phrase goes that could go both: "Friday", "14 March".
        known: Days that have a name here ("branch meeting"), by that name in lower case.
    """

    today: date
    prefer: Prefer
    known: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to name a day.

    Attributes:
        pattern: What it looks like in a plain text.
        read: What it means there; None where it is no day after all.
        is_weak: Whether the words have other meanings ("may", "sun"), so that they count only
            where little else is said.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Asked], Found]
    is_weak: bool = False


@cache
def phrases() -> tuple[Phrase, ...]:
    """All of them; an earlier one wins where two overlap."""
    month, weekday = month_pattern(), weekday_pattern()
    return tuple(
        Phrase(re.compile(text), read, is_weak)
        for text, read, is_weak in (
            *_dates(month),
            *_festivals(),
            *_stretches(month),
            *_weekdays(weekday),
            *_away(),
        )
    )


_Row = tuple[str, Callable[[re.Match[str], Asked], Found], bool]


def _dates(month: str) -> Iterator[_Row]:
    ordinal = r"(\d{1,2})(?:st|nd|rd|th)"
    number = r"(\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?:,? (\d{4}|'\d{2}))?"
    yield r"(?<![\d/.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/.-]\d)", _iso, False
    yield r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)", _numeric, False
    yield r"(?<![\d/.-])(\d{1,2})(/)(\d{1,2})()(?![\d/-]|\.\d)", _numeric, False
    yield (
        rf"\b{number} ?(?:-|to|and|or|&) ?(?:the )?{number} (?:of )?({month}){year}",
        _two_days,
        False,
    )
    yield rf"\b(?:the )?{number}(?: day)? ?(?:of )?({month}){year}(?![\w'])", _day_month, False
    yield rf"\b({month}),? (?:the )?{number}{year}(?![\d/:]|\.\d)", _month_day, False
    yield rf"\b(?:the |on the ){number} of (this|next|last) month\b", _of_month, False
    yield rf"\b(?:(?:on |by |before |after )?the )?{ordinal}\b(?! (?:{month})| of)", _nth, False
    yield r"\bthe (\d{1,2})\b(?! \w|[/:.]\d)", _nth, False


def _festivals() -> Iterator[_Row]:
    yield (
        r"\b(?:christmas|new year'?s?) (?:eve)\b|\bchristmas(?: day)?\b|\bboxing day\b",
        _festival,
        False,
    )
    yield (
        r"\bnew year'?s? day\b|\bgood friday\b|\beaster(?: (?:sunday|monday))?\b",
        _festival,
        False,
    )
    yield r"\b(?:the |next )*bank holiday\b", _next_bank_holiday, False


def _stretches(month: str) -> Iterator[_Row]:
    stretch = rf"(?:(?:this|next|last|the|our) )?(?:month|year|week)|{month}(?: \d{{4}})?"
    part = r"(end|start|beginning|middle|mid|early|late)"
    yield rf"\b(?:the )?(?:very )?{part}[ -](?:of )?(?:the )?({stretch})\b", _part_of, False
    yield r"\b(month|year|week)(?:'s)?[ -](end)\b", lambda m, a: _part(m[2], m[1], a), False
    yield rf"\b(?:last |in |since )?({month}) (\d{{4}})\b", _month_year, False
    yield rf"\b(last) ({month})", lambda m, a: _month(m[2], a, is_past=True), False
    yield r"\b(this|next|last) (month|year|quarter)\b", _next_stretch, False
    yield r"\b(?:(early|mid|late) )?(spring|summer|autumn|winter)\b", _season, True
    yield rf"\b({month})", lambda m, a: _month(m[1], a, is_past=a.prefer == "past"), True
    yield r"\b(?:in |since )(\d{4})\b", _year, False


def _weekdays(weekday: str) -> Iterator[_Row]:
    many = r"(?:(a|an|1|2|3|4|couple of) )?(week|fortnight)s?"
    anchor = rf"(today|tomorrow|{weekday})"
    yield (
        rf"\b{many}(?: on| from|,)? {anchor}\b",
        lambda m, a: _week_on(m[3], m[1], m[2], a),
        False,
    )
    yield rf"\b{anchor} (week|fortnight)\b", lambda m, a: _week_on(m[1], None, m[2], a), False
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
    yield rf"\b({weekday})", lambda m, a: _weekday(m[1], a), True
    yield r"\b(this|next|last) week\b", _next_week, False
    yield r"\b(?:this |next |the |at )?weekend\b", _weekend, False


def _away() -> Iterator[_Row]:
    many = r"(a couple of|couple of|a|an|\d{1,4})"
    unit = r"(day|week|fortnight|month|year)s?'?"
    yield r"\b(?:the )?day after tomorrow\b", lambda _, a: _from_today(a, 2), False
    yield r"\b(?:the )?day before yesterday\b", lambda _, a: _from_today(a, -2), False
    yield r"\btomorrow\b", lambda _, a: _from_today(a, 1), False
    yield r"\byesterday\b", lambda _, a: _from_today(a, -1), False
    yield r"\b(?:today|tonight|right now)\b", lambda _, a: _from_today(a, 0), False
    yield rf"\b{many} {unit} ago\b", lambda m, a: _away_by(m[1], m[2], a, -1), False
    yield (
        rf"\b(?:in|within) (?:about )?{many} {unit}(?: time)?\b",
        lambda m, a: _away_by(m[1], m[2], a, 1),
        False,
    )
    yield (
        rf"\b{many} {unit} (?:time|from (?:now|today))\b",
        lambda m, a: _away_by(m[1], m[2], a, 1),
        False,
    )
    yield r"\b(?:in |within )?(?:a )?(?:few|several) (?:days|weeks|months)\b", _soon, False
    yield (
        r"\b(?:asap|as soon as (?:possible|i can)|soon(?:ish)?|later(?: on)?|whenever|"
        r"some ?(?:day|time)|one day|eventually|in due course|when (?:i|we|it|things)\b.*|"
        r"after the holidays?|in the new year)\b",
        _soon,
        True,
    )


def _iso(found: re.Match[str], asked: Asked) -> Found:
    return days.dated(asked.today, int(found[1]), int(found[3]), int(found[4]))


def _numeric(found: re.Match[str], asked: Asked) -> Found:
    """Day first, as the British write it; a day that could be a month is echoed."""
    day, month = int(found[1]), int(found[3])
    if found[4]:
        return days.dated(asked.today, days.full_year(found[4], asked.today), month, day)
    return days.next_date(asked.today, month, day, asked.prefer)


def _day_month(found: re.Match[str], asked: Asked) -> Found:
    return _dated(asked, found[1], found[2], found[3])


def _month_day(found: re.Match[str], asked: Asked) -> Found:
    return _dated(asked, found[2], found[1], found[3])


def _dated(asked: Asked, day: str, month: str, year: str | None) -> Found:
    if year is None:
        return days.next_date(asked.today, month_number(month), int(day), asked.prefer)
    return days.dated(
        asked.today, days.full_year(year.strip("'"), asked.today), month_number(month), int(day)
    )


def _two_days(found: re.Match[str], asked: Asked) -> Found:
    both = (_dated(asked, found[at], found[3], found[4]) for at in (1, 2))
    return Vague(Open.SEVERAL, tuple(sorted(each.day for each in both if isinstance(each, Day))))


def _nth(found: re.Match[str], asked: Asked) -> Found:
    return days.next_nth(asked.today, int(found[1]), asked.prefer)


def _of_month(found: re.Match[str], asked: Asked) -> Found:
    first = days.turned_month(asked.today, found[2])
    return days.dated(asked.today, first.year, first.month, int(found[1]))


def _part_of(found: re.Match[str], asked: Asked) -> Found:
    return _part(found[1], found[2], asked)


def _part(part: str, stretch: str, asked: Asked) -> Found:
    if not (ends := _ends(stretch, asked)):
        return None
    first, last = ends
    if part in {"early", "late"}:
        return Vague(Open.PART, (first, last))
    if part in {"start", "beginning"}:
        return Day(first, is_inferred=True)
    if part == "end":
        return Day(last, is_inferred=True)
    return Day(first + (last - first) // 2, is_inferred=True)


def _ends(stretch: str, asked: Asked) -> tuple[date, date] | None:
    """The first and last day of a week (to Friday), month or year."""
    turn = stretch.split(maxsplit=1)[0]
    if stretch.endswith("week"):
        monday = days.turned_week(asked.today, turn)
        return monday, monday + timedelta(days=4)
    if stretch.endswith("year"):
        year = asked.today.year + days.STEPS.get(turn, 0)
        return date(year, 1, 1), date(year, 12, 31)
    if stretch.endswith("month"):
        return days.month_ends(days.turned_month(asked.today, turn))
    name, _, year_said = stretch.partition(" ")
    month = month_number(name)
    if year_said and not days.is_near(int(year_said), asked.today):
        return None
    if year_said:
        return days.month_ends(date(int(year_said), month, 1))
    return days.month_ends(days.next_month(asked.today, month, asked.prefer))


def _month(written: str, asked: Asked, *, is_past: bool) -> Found:
    first = days.next_month(asked.today, month_number(written), "past" if is_past else "future")
    if is_past:
        return Day(first, is_inferred=True, precision=Precision.MONTH)
    return days.open_month(first, asked.today)


def _month_year(found: re.Match[str], asked: Asked) -> Found:
    year = int(found[2])
    if not days.is_near(year, asked.today):
        return None
    first = date(year, month_number(found[1]), 1)
    if first < asked.today.replace(day=1):
        return Day(first, is_inferred=True, precision=Precision.MONTH)
    return days.open_month(first, asked.today)


def _year(found: re.Match[str], asked: Asked) -> Found:
    year = int(found[1])
    if not days.is_near(year, asked.today):
        return None
    if year < asked.today.year and asked.prefer == "past":
        return Day(date(year, 1, 1), is_inferred=True, precision=Precision.YEAR)
    return Vague(Open.PART)


def _next_stretch(found: re.Match[str], asked: Asked) -> Found:
    if found[2] != "month":
        return Vague(Open.PART)
    first = days.turned_month(asked.today, found[1])
    if found[1] == "last" and asked.prefer == "past":
        return Day(first, is_inferred=True, precision=Precision.MONTH)
    return days.open_month(first, asked.today)


def _season(found: re.Match[str], asked: Asked) -> Found:
    month = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[found[2]]
    first = days.next_month(asked.today, month, asked.prefer)
    return Vague(Open.PART, tuple(days.later_month(first, step) for step in range(3)))


def _week_on(anchor: str, many: str | None, unit: str, asked: Asked) -> Found:
    count = _COUNTS.get((many or "a").split()[0]) or int(many or 1)
    weeks = count * (2 if unit == "fortnight" else 1)
    if anchor in {"today", "tomorrow"}:
        start = asked.today + timedelta(days=int(anchor == "tomorrow"))
    else:
        start = days.coming(asked.today, weekday_number(anchor))
    return Day(start + timedelta(weeks=weeks))


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


def _weekday(written: str, asked: Asked) -> Found:
    weekday = weekday_number(written)
    turn = days.gone if asked.prefer == "past" else days.coming
    return Day(turn(asked.today, weekday), is_inferred=weekday == asked.today.weekday())


def _next_week(found: re.Match[str], asked: Asked) -> Found:
    monday = days.turned_week(asked.today, found[1])
    within = (monday + timedelta(days=step) for step in (0, 2, 4))
    return Vague(
        Open.PART, tuple(day for day in within if found[1] != "this" or day > asked.today)
    )


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
    return Vague(
        Open.SOON, tuple(days.weekday_near(asked.today + timedelta(weeks=w)) for w in (1, 2, 4))
    )


def _festival(found: re.Match[str], asked: Asked) -> Found:
    return Day(days.festival(found[0], asked.today, asked.prefer))


def _next_bank_holiday(_found: re.Match[str], asked: Asked) -> Found:
    years = (asked.today.year, asked.today.year + 1)
    coming = [day for year in years for day in sorted(holidays_of(year)) if day > asked.today]
    return Day(coming[0], is_inferred=True)
