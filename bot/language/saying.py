"""Says back what was read, so that the person can see it and take it back; and asks what was left open.

What is said here reads the same again: `read_quantity(say_quantity(q, sayer))` is `q`.
"""

from datetime import date, time
from decimal import Decimal
from typing import Final, Protocol

from bot.language.calendar_words import CODES
from bot.language.clock_times import VagueTime
from bot.language.days import Bound, Day, Precision, Vague
from bot.language.quantities import Number, Quantity
from bot.language.recurrence import WORKDAYS, Firing, Recurrence, parts_of
from bot.language.replies import Missing

_TEENS: Final = (11, 12, 13)
_SUFFIXES: Final = {1: "st", 2: "nd", 3: "rd"}


class Sayer(Protocol):
    """Whatever says a text of the wording catalogue: the catalogue itself, or a scene of a turn."""

    def say(self, key: str, /, **gaps: str | int) -> str:
        """The text of a key, its gaps filled."""
        ...


def echo(said: str, sayer: Sayer) -> str:
    """Asks whether something inferred is right.

    Args:
        said: From one of the functions below; light Markdown.
        sayer: Says it.
    """
    return sayer.say("echo.inferred", answer=said)


def say_quantity(quantity: Quantity, sayer: Sayer) -> str:
    """As a person would say it: "12", "about 40", "10 to 15", "at least 5"."""
    low = _digits(quantity.low)
    if quantity.high is None:
        return sayer.say("quantity.least", low=low)
    if quantity.low != quantity.high:
        return sayer.say("quantity.range", low=low, high=_digits(quantity.high))
    return sayer.say("quantity.about", number=low) if quantity.is_about else low


def _digits(number: Number) -> str:
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"


def say_day(day: Day, sayer: Sayer) -> str:
    """The whole date, "before ..." it, or only the month or year that is known."""
    named = _named(day, sayer)
    return named if day.bound is Bound.ON else sayer.say(f"bound.{day.bound.value}", day=named)


def _named(day: Day, sayer: Sayer) -> str:
    match day.precision:
        case Precision.YEAR:
            return sayer.say("day.year", year=day.day.year)
        case Precision.MONTH:
            return sayer.say("day.month", month=_month(day.day, sayer), year=day.day.year)
        case Precision.DAY:
            return say_date(day.day, sayer)


def say_date(day: date, sayer: Sayer) -> str:
    """A date with its weekday: "Tuesday 24 November 2026"."""
    weekday = sayer.say(f"weekday.{CODES[day.weekday()].lower()}")
    return sayer.say(
        "day.full", weekday=weekday, day=day.day, month=_month(day, sayer), year=day.year
    )


def _month(day: date, sayer: Sayer) -> str:
    return sayer.say(f"month.{day.month}")


def say_time(at: time) -> str:
    """By the 24-hour clock: "09:00"."""
    return f"{at:%H:%M}"


def say_open(vague: Vague | VagueTime, sayer: Sayer) -> str:
    """The question back about a day or time that was left open; its suggestions make the buttons."""
    kind = "time" if isinstance(vague, VagueTime) else vague.kind.value
    return sayer.say(f"vague.{kind}")


def say_missing(missing: Missing, sayer: Sayer) -> str:
    """Why there is no answer, in a word or two: for reviews, tables and charts."""
    return sayer.say(f"missing.{missing.value}")


def say_bank_holiday(day: date, name: str, moved_to: date, sayer: Sayer) -> str:
    """Says that a day is a bank holiday, and the working day that is taken instead.

    Args:
        day: The bank holiday.
        name: From `bank_holiday`.
        moved_to: From `next_working_day`.
        sayer: Says it.
    """
    return sayer.say(
        "echo.bank-holiday", day=say_date(day, sayer), name=name, next=say_date(moved_to, sayer)
    )


def say_moved(recurrence: Recurrence, firing: Firing, shown: time, sayer: Sayer) -> str:
    """Says that the clocks change, and the time on the wall that is taken instead.

    Args:
        recurrence: What was asked for.
        firing: One that `is_moved`.
        shown: Its time on the wall.
        sayer: Says it.
    """
    return sayer.say(
        "echo.moved",
        day=say_date(firing.at.date(), sayer),
        wanted=say_time(recurrence.time),
        time=say_time(shown),
    )


def say_recurrence(recurrence: Recurrence, sayer: Sayer) -> str:
    """All of it: "every 2 weeks on Tuesday at 09:00, starting Tuesday 24 November 2026".

    Raises:
        KeyError: The rule is none that `read_recurrence` makes.
    """
    parts = parts_of(recurrence.rule)
    whole = sayer.say(
        "recurrence.whole",
        rule=_rule(parts, sayer),
        time=say_time(recurrence.time),
        start=say_date(recurrence.start, sayer),
    )
    if until := parts.get("UNTIL"):
        last = say_date(date.fromisoformat(until), sayer)
        return sayer.say("recurrence.until", whole=whole, day=last)
    if count := parts.get("COUNT"):
        return sayer.say("recurrence.count", whole=whole, count=count)
    return whole


def _rule(parts: dict[str, str], sayer: Sayer) -> str:
    count = parts.get("INTERVAL", "1")
    match parts["FREQ"]:
        case "DAILY":
            return _every(count, "day", sayer)
        case "WEEKLY":
            return _week_rule(parts["BYDAY"], count, sayer)
        case "MONTHLY":
            return sayer.say(
                "recurrence.monthly",
                day=_month_day(parts, sayer),
                months=_every(count, "month", sayer),
            )
        case _:
            month = sayer.say(f"month.{parts['BYMONTH']}")
            return sayer.say("recurrence.yearly", day=parts["BYMONTHDAY"], month=month)


def _every(count: str, unit: str, sayer: Sayer) -> str:
    if count == "1":
        return sayer.say(f"recurrence.every-{unit}")
    return sayer.say(f"recurrence.many-{unit}s", count=count)


def _week_rule(codes: str, count: str, sayer: Sayer) -> str:
    names = [sayer.say(f"weekday.{code.lower()}") for code in codes.split(",")]
    days = (
        sayer.say("list.and", first=", ".join(names[:-1]), last=names[-1])
        if len(names) > 1
        else names[0]
    )
    if count != "1":
        return sayer.say("recurrence.weeks", count=count, days=days)
    if codes == WORKDAYS:
        return sayer.say("recurrence.workdays")
    return sayer.say("recurrence.weekly", days=days)


def _month_day(parts: dict[str, str], sayer: Sayer) -> str:
    if "BYDAY" not in parts:
        return _numbered_day(parts["BYMONTHDAY"].split(",")[-1], parts, sayer)
    if place := parts.get("BYSETPOS"):
        return sayer.say("recurrence.working-day", place=_place(place, sayer))
    place, code = parts["BYDAY"][:-2], parts["BYDAY"][-2:]
    weekday = sayer.say(f"weekday.{code.lower()}")
    return sayer.say("recurrence.nth", place=_place(place, sayer), weekday=weekday)


def _numbered_day(number: str, parts: dict[str, str], sayer: Sayer) -> str:
    if number == "-1":
        return sayer.say("recurrence.last-day")
    place = _place(number, sayer)
    return sayer.say(
        "recurrence.day-or-last" if "BYSETPOS" in parts else "recurrence.day", place=place
    )


def _place(number: str, sayer: Sayer) -> str:
    """A place in a month: "1st", "22nd", "last"."""
    if number == "-1":
        return sayer.say("ordinal.last")
    place = int(number)
    suffix = "th" if place in _TEENS else _SUFFIXES.get(place % 10, "th")
    return sayer.say(f"ordinal.{suffix}", number=place)
