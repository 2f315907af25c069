"""The English names of months and weekdays in all their lengths, and spellings near them."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.language.word_lists import word_list

CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545's names, from Monday

_SHORTEST: Final = 3  # letters; "tu" could be anything
CHAT: Final = {
    "tmrw": "tomorrow",
    "tmw": "tomorrow",
    "tomoz": "tomorrow",
    "tomo": "tomorrow",
    "wensday": "wednesday",
    "wendsday": "wednesday",
    "xmas": "christmas",
    "crimbo": "christmas",
    "wk": "week",
    "wks": "weeks",
    "yr": "year",
    "yrs": "years",
    "mth": "month",
    "mths": "months",
    "nxt": "next",
    "b4": "before",
}


@cache
def months() -> tuple[str, ...]:
    """January to December, in lower case."""
    return _names("MONTHS")


@cache
def weekdays() -> tuple[str, ...]:
    """Monday to Sunday, in lower case."""
    return _names("WEEKDAYS")


def _names(table: str) -> tuple[str, ...]:
    from dateutil.parser import parserinfo  # noqa: PLC0415 - most turns read no date

    return tuple(names[-1].lower() for names in getattr(parserinfo, table))


@cache
def month_pattern() -> str:
    """A pattern of every way to write a month's name, without a group."""
    return _pattern(months())


@cache
def weekday_pattern() -> str:
    """A pattern of every way to write a weekday's name, without a group; not its plural."""
    return _pattern(weekdays(), more=("weds",))


def _pattern(names: Sequence[str], more: Sequence[str] = ()) -> str:
    starts = {name[:length] for name in names for length in range(_SHORTEST, len(name) + 1)}
    return "(?:" + "|".join(sorted({*starts, *more}, key=lambda s: (-len(s), s))) + r")\b\.?"


def month_number(written: str) -> int:
    """1 to 12 for what `month_pattern` matched."""
    return _place(written, months()) + 1


def weekday_number(written: str) -> int:
    """0 for Monday to 6 for what `weekday_pattern` matched."""
    return _place(written, weekdays())


def _place(written: str, names: Sequence[str]) -> int:
    return next(at for at, name in enumerate(names) if name[:_SHORTEST] == written[:_SHORTEST])


@cache
def spellings() -> frozenset[str]:
    """Words of dates and times that a misspelt word may be meant as."""
    plurals = (f"{day}s" for day in weekdays())
    return frozenset((*months(), *weekdays(), *plurals, *word_list("day_words")))
