"""Reckoning with days: the coming Tuesday, the 14th that is next, the ends of a month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bot.language.bank_holidays import holidays_of
from bot.language.days import Day, Open, Vague

Prefer = Literal["future", "past"]

STEPS: Final = {"next": 1, "last": -1}
_BACK: Final = 100  # years away that a date may be
_AHEAD: Final = 50
_LEAP: Final = 9  # years within which every day of the calendar comes up
_LAST_DAYS: Final = (31, 30, 29, 28)


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


def is_near(year: int, today: date) -> bool:
    """Whether a year can be one that somebody at work speaks of."""
    return today.year - _BACK <= year <= today.year + _AHEAD


def full_year(digits: str, today: date) -> int:
    """2027 for "27" and 1998 for "98"."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year <= today.year % 100 + _AHEAD // 2 else 1900 + year


def dated(today: date, year: int, month: int, day: int) -> Day | Vague | None:
    """The day with these numbers; where there is none, the nearest ones to ask back."""
    if not is_near(year, today):
        return None
    if exact := _exact(year, month, day):
        return Day(exact)
    return _no_such_day(year, month, day)


def next_date(today: date, month: int, day: int, prefer: str) -> Day | Vague | None:
    """The day and month that comes next, or came last; today itself counts."""
    step = -1 if prefer == "past" else 1
    for year in range(today.year, today.year + step * _LEAP, step):
        exact = _exact(year, month, day)
        if exact and (exact - today).days * step >= 0:
            return Day(exact, is_inferred=year != today.year)
    return _no_such_day(today.year, month, day)


def next_nth(today: date, day: int, prefer: str) -> Day | None:
    """The day of the month that comes next, or came last; today itself counts."""
    step = -1 if prefer == "past" else 1
    for months in range(12):
        first = later_month(today, step * months)
        exact = _exact(first.year, first.month, day)
        if exact and (exact - today).days * step >= 0:
            return Day(exact, is_inferred=True)
    return None


def _exact(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_such_day(year: int, month: int, day: int) -> Vague | None:
    """Perhaps the last of a short month was meant, or the month was written first."""
    if 1 <= month <= 12 and 28 < day <= 31:
        return Vague(Open.NO_SUCH_DAY, (month_ends(date(year, month, 1))[1],))
    swapped = _exact(year, day, month)
    return Vague(Open.NO_SUCH_DAY, (swapped,)) if swapped else None


def month_ends(day: date) -> tuple[date, date]:
    """The first and the last day of the month that a day is in."""
    last = next(d for n in _LAST_DAYS if (d := _exact(day.year, day.month, n)))
    return day.replace(day=1), last


def later_month(day: date, months: int) -> date:
    """The first of the month that is so many months later."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def turned_month(today: date, turn: str) -> date:
    """The first of this, the `next` or the `last` month."""
    return later_month(today, STEPS.get(turn, 0))


def turned_week(today: date, turn: str) -> date:
    """The Monday of this, the `next` or the `last` week."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=STEPS.get(turn, 0))


def next_month(today: date, month: int, prefer: str) -> date:
    """The first of the month of that number that comes next or came last; this one counts ahead."""
    year = today.year
    if prefer == "past":
        return date(year - (month > today.month), month, 1)
    return date(year + (month < today.month), month, 1)


def open_month(first: date, today: date) -> Vague:
    """A month without a day in it, and three days to choose from."""
    last = month_ends(first)[1]
    return Vague(Open.PART, tuple(d for d in (first, first.replace(day=15), last) if d >= today))


def coming(today: date, weekday: int) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def gone(today: date, weekday: int) -> date:
    """The last such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def weekday_near(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def away(today: date, count: int, unit: str) -> date | None:
    """So many days, weeks, months or years from today; None past the calendar's end."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - most turns read no date

    many = count * 2 if unit == "fortnight" else count
    units = {
        "day": relativedelta(days=many),
        "week": relativedelta(weeks=many),
        "fortnight": relativedelta(weeks=many),
        "month": relativedelta(months=many),
        "year": relativedelta(years=many),
    }
    try:
        return today + units[unit]
    except (ValueError, OverflowError):
        return None


def festival(name: str, today: date, prefer: str) -> date:
    """The day with a name ("xmas eve", "good friday") that comes next or came last; today counts."""
    years = (today.year - 1, today.year, today.year + 1)
    named = sorted(_festival_in(name, year) for year in years)
    return _nearest(named, today, prefer)


def _nearest(named: Iterable[date], today: date, prefer: str) -> date:
    if prefer == "past":
        return max(day for day in named if day <= today)
    return min(day for day in named if day >= today)


def _festival_in(name: str, year: int) -> date:
    from dateutil.easter import easter  # noqa: PLC0415 - most turns read no date

    if name.startswith("easter"):
        return easter(year) + timedelta(days=int(name.endswith("monday")))
    if "bank holiday" in name or name == "may day":
        return _bank_holiday_in(name, year)
    is_eve = name.endswith("eve")
    beginnings = ("christmas", "boxing", "good", "new")
    begins = next(start for start in beginnings if name.startswith(start))
    titles = sorted(holidays_of(year).items(), reverse=True)
    named = {title.split(maxsplit=1)[0].lower(): day for day, title in titles}
    return named[begins] - timedelta(days=int(is_eve))


def _bank_holiday_in(name: str, year: int) -> date:
    """The May Day, spring or summer bank holiday of England in a year."""
    seasons = {"spring": "Spring", "late may": "Spring", "may": "May Day"}
    begins = next((title for start, title in seasons.items() if start in name), "Late Summer")
    return min(day for day, title in holidays_of(year).items() if title.startswith(begins))


def each_day(first: date, last: date) -> Iterable[date]:
    """Every day from one to another, both of them too."""
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
