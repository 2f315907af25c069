"""Which day somebody means: "next Tues", "the 14th", "a week on Friday", "end of June".

British order (14/3 is in March), weeks that begin on Monday. Nothing is picked where two days are as
likely: `Vague` carries both, to be asked back. What no phrase of ours reads goes to dateparser, bound
to the day it is given: the machine's clock, zone and locale never count.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.language.calendar_days import Asked, Prefer, is_near
from bot.language.calendar_words import CHAT, spellings
from bot.language.day_phrases import Phrase, phrases
from bot.language.days import Bound, Day, Open, Vague
from bot.language.loose_text import QUESTION, level, mend, with_digits
from bot.language.word_lists import word_list

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

NOTHING_KNOWN: Final[Mapping[str, date]] = MappingProxyType({})

_MOST_WORDS: Final = 9  # beside the day; more is a story and no answer
_LINKS: Final = frozenset(word_list("day_fillers"))
_REPEATS = re.compile(r"\b(?:every|each|daily|weekly|monthly|yearly|weekdays|fortnightly)\b")
_CLOCK = re.compile(
    r"\b1st thing\b|\b(?:at )?\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b\d{1,2}[:]\d\d\b|\bat \d{1,2}(?:\.\d\d)?\b"
)
_BOUNDS: Final = (
    (re.compile(r"\bbefore\b"), Bound.BEFORE),
    (re.compile(r"\b(?:by|until|till|til|(?:no|not) later than|within)\b"), Bound.BY),
    (re.compile(r"\b(?:after|since)\b"), Bound.AFTER),
)
_STRIDES = re.compile(
    r"\b(?:day|week|fortnight)s? (?:before|after)\b|\bafter next\b"
)  # a distance, and no bound
_TIME_AWAY = re.compile(r"\b(?:an?|\d+) (?:day|week|month|year|fortnight)s?\b")


def read_day(
    text: str,
    today: date,
    *,
    prefer: Prefer = "future",
    known: Mapping[str, date] = NOTHING_KNOWN,
) -> Day | Vague | None:
    """The day that a text names.

    Args:
        text: As typed.
        today: The person's day.
        prefer: Which way to read what could go both ways: a deadline is ahead, "when did you
            join?" is behind.
        known: Days that have a name here, for example of the next branch meeting.

    Returns:
        None where the text names no day.
    """
    read = level(text).replace("2moro", "tomorrow")
    if QUESTION.search(read) or _REPEATS.search(read):
        return None
    read = with_digits(mend(read, spellings(), CHAT))
    asked = Asked(today, prefer, {name.lower(): day for name, day in known.items()})
    found, rest, is_weak = _find(read, asked)
    if found and not _is_story(rest, is_weak=is_weak):
        return _bounded(_one_of(found), read)
    if named := _known(read, asked):
        return _bounded(named, read)
    return None if found else _by_library(read, asked)


def _find(text: str, asked: Asked) -> tuple[list[tuple[int, Day | Vague, Phrase]], str, bool]:
    """Every phrase in a text by its place, the words around them, and whether all are weak."""
    found: list[tuple[int, Day | Vague, Phrase]] = []
    for phrase in phrases():
        for match in phrase.pattern.finditer(text):
            if meant := phrase.read(match, asked):
                found.append((match.start(), meant, phrase))
                text = text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]
    found.sort(key=lambda each: each[0])
    return found, text.replace("\0", " "), all(phrase.is_weak for _, _, phrase in found)


def _is_story(rest: str, *, is_weak: bool) -> bool:
    """Whether more is said around a day than around an answer."""
    words = re.findall(r"[^\s,.!?;:()-]+", _CLOCK.sub(" ", rest))
    if len(words) > _MOST_WORDS or any(char.isdigit() for word in words for char in word):
        return True
    return is_weak and any(word not in _LINKS for word in words)


def _one_of(found: list[tuple[int, Day | Vague, Phrase]]) -> Day | Vague:
    """The day, if all that was said agrees on one."""
    meant = [each for _, each, _ in found]
    days = sorted({each.day for each in meant if isinstance(each, Day)})
    vague = [each for each in meant if isinstance(each, Vague)]
    if len(days) == 1:
        firm = min((each for each in meant if isinstance(each, Day)), key=lambda d: d.is_inferred)
        return firm if all(_allows(each, firm) for each in vague) else vague[0]
    if not days:
        return min(vague, key=lambda each: each.kind is Open.SOON)
    named = [each for _, each, phrase in found if phrase.is_weekday and isinstance(each, Day)]
    exact = [each for _, each, phrase in found if not phrase.is_weekday and isinstance(each, Day)]
    if len(named) == 1 and len(found) == len(days) == 2:
        return _checked(named[0], exact[0])
    return Vague(Open.SEVERAL, tuple(days))


def _allows(vague: Vague, firm: Day) -> bool:
    """A vague word beside a day is taken back by it, unless it says that there are several."""
    return vague.kind in {Open.SOON, Open.PART} or firm.day in vague.suggestions


def _checked(named: Day, exact: Day) -> Day | Vague:
    """A weekday and a date: one day if they agree, else both are asked back."""
    if named.day.weekday() == exact.day.weekday():
        return replace(exact, is_inferred=False)
    shift = (named.day.weekday() - exact.day.weekday() + 3) % 7 - 3
    other = exact.day + timedelta(days=shift)
    return Vague(Open.CLASH, tuple(sorted((exact.day, other))))


def _bounded(meant: Day | Vague, text: str) -> Day | Vague:
    if isinstance(meant, Vague):
        return meant
    said = _STRIDES.sub(" ", text)
    bound = next((bound for pattern, bound in _BOUNDS if pattern.search(said)), Bound.ON)
    return replace(meant, bound=bound)


def _known(text: str, asked: Asked) -> Day | None:
    named = {day for name, day in asked.known.items() if name in text}
    return Day(named.pop(), is_inferred=True) if len(named) == 1 else None


def _by_library(text: str, asked: Asked) -> Day | None:
    """What dateparser makes of a short text with a stretch of time in it."""
    if not _TIME_AWAY.search(text) or len(text.split()) > 5:
        return None
    parser = _library(asked.today, asked.prefer)
    parsed = parser.get_date_data(text).date_obj
    is_ours = parsed and is_near(parsed.year, asked.today)
    return Day(parsed.date(), is_inferred=True) if parsed and is_ours else None


@lru_cache(maxsize=4)
def _library(today: date, prefer: Prefer) -> "DateDataParser":
    from dateparser.date import DateDataParser  # noqa: PLC0415 - half a second that few texts need

    settings = {
        "RELATIVE_BASE": datetime.combine(today, time()),
        "PREFER_DATES_FROM": prefer,
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    return DateDataParser(locales=["en-GB"], settings=settings)
