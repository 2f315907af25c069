"""The ways people name a date: by its numbers, by its month, by a festival."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.language import calendar_days as days
from bot.language.bank_holidays import holidays_of
from bot.language.calendar_days import Asked
from bot.language.calendar_words import month_number, weekday_number
from bot.language.days import Day, Open, Precision, Vague

Found = Day | Vague | None
Row = tuple[str, Callable[[re.Match[str], Asked], Found], bool]


def dates(month: str, weekday: str) -> Iterator[Row]:
    """Dates by their numbers, and the weekdays of a month."""
    of_month = rf"(?:of|in) (?:the )?((?:this |next |last )?month|{month}(?: \d{{4}})?)"
    place = r"(1st|2nd|3rd|4th|5th|last)"
    yield rf"\b(?:the )?{place} ({weekday}|day) {of_month}", _nth_weekday, False
    yield rf"\b(?:the )?{place} week {of_month}", _nth_week, False
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
    yield (
        rf"\b(?:(?:on |by |before |after )?the )?{ordinal}\b(?! (?:{month}|thing)| of)",
        _nth,
        False,
    )
    yield r"\bthe (\d{1,2})\b(?! \w|[/:.]\d)", _nth, False
    yield rf"\b({weekday}),? (\d{{1,2}})$", _weekday_nth, False


def festivals() -> Iterator[Row]:
    """Days with a name that everybody knows."""
    bank = r"(?:early |late )?(?:may|spring|summer|august) bank holiday|may day"
    eves = r"(?:christmas|new year'?s?) eve|christmas(?: day)?|boxing day|new year'?s? day"
    yield rf"\b(?:{bank}|{eves}|good friday|easter(?: (?:sunday|monday))?)\b", _festival, False
    yield r"\b(?:the |next )*bank holiday\b", _next_bank_holiday, False


def stretches(month: str) -> Iterator[Row]:
    """Weeks, months, seasons and years, and the parts of them."""
    stretch = rf"(?:(?:this|next|last|the|our) )?(?:month|year|week)|{month}(?: \d{{4}})?"
    part = r"(end|start|beginning|middle|mid|early|late)"
    yield rf"\b(?:the )?(?:very )?{part}[ -](?:of )?(?:the )?({stretch})\b", _part_of, False
    yield r"\b(month|year|week)(?:'s)?[ -](end)\b", lambda m, a: _part(m[2], m[1], a), False
    yield rf"\b(?:last |in |since )?({month}) (\d{{4}})\b", _month_year, False
    yield rf"\b(last) ({month})", lambda m, a: _month(m[2], a, is_past=True), False
    yield r"\b(this|next|last) (month|year|quarter)\b", _next_stretch, False
    yield (
        r"\b(?:(early|mid|late|last|next|this) )?(spring|summer|autumn|winter)(?: (?:of )?(\d{4}))?\b",
        _season,
        True,
    )
    yield rf"\b({month})", lambda m, a: _month(m[1], a, is_past=a.prefer == "past"), True
    yield r"\b(?:in |since )(\d{4})\b|^(\d{4})$", _year, False


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


def _nth_weekday(found: re.Match[str], asked: Asked) -> Found:
    """The first Monday of a month; "the last day of June" is one too."""
    if not (ends := _ends(found[3], asked)):
        return None
    first, last = ends
    unit = None if found[2] == "day" else weekday_number(found[2])
    named = [day for day in days.each_day(first, last) if unit in {None, day.weekday()}]
    at = -1 if found[1] == "last" else int(found[1][0]) - 1
    return Day(named[at]) if at < len(named) else Vague(Open.NO_SUCH_DAY, (named[-1],))


def _nth_week(found: re.Match[str], asked: Asked) -> Found:
    if not (ends := _ends(found[2], asked)):
        return None
    mondays = [day for day in days.each_day(*ends) if day.weekday() == 0]
    at = -1 if found[1] == "last" else int(found[1][0]) - 1
    return Vague(Open.PART, (mondays[min(at, len(mondays) - 1)],))


def _weekday_nth(found: re.Match[str], asked: Asked) -> Found:
    """A weekday and a day of the month: one day if they agree."""
    named = days.next_nth(asked.today, int(found[2]), asked.prefer)
    if named is None or named.day.weekday() == weekday_number(found[1]):
        return named
    return Vague(Open.CLASH, (named.day,))


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
    is_month = not stretch.endswith(("week", "year"))
    middle = first.replace(day=15) if is_month else first + (last - first) // 2
    return Day(middle, is_inferred=True)


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
    year = int(found[1] or found[2])
    if not days.is_near(year, asked.today) or (found[2] and asked.prefer == "future"):
        return None
    if year < asked.today.year and asked.prefer == "past":
        return Day(date(year, 1, 1), is_inferred=True, precision=Precision.YEAR)
    return Vague(Open.PART)


def _next_stretch(found: re.Match[str], asked: Asked) -> Found:
    if found[2] == "year" and found[1] == "last" and asked.prefer == "past":
        last = asked.today.replace(year=asked.today.year - 1, month=1, day=1)
        return Day(last, is_inferred=True, precision=Precision.YEAR)
    if found[2] != "month":
        return Vague(Open.PART)
    first = days.turned_month(asked.today, found[1])
    if found[1] == "last" and asked.prefer == "past":
        return Day(first, is_inferred=True, precision=Precision.MONTH)
    return days.open_month(first, asked.today)


def _season(found: re.Match[str], asked: Asked) -> Found:
    if found[3]:
        return Vague(Open.PART)
    month = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[found[2]]
    first = days.next_month(asked.today, month, asked.prefer)
    return Vague(Open.PART, tuple(days.later_month(first, step) for step in range(3)))


def _festival(found: re.Match[str], asked: Asked) -> Found:
    return Day(days.festival(found[0], asked.today, asked.prefer))


def _next_bank_holiday(_found: re.Match[str], asked: Asked) -> Found:
    years = (asked.today.year, asked.today.year + 1)
    coming = [day for year in years for day in sorted(holidays_of(year)) if day > asked.today]
    return Day(coming[0], is_inferred=True)
