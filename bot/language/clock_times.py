"""What time of day somebody means: "9", "half nine", "17.30", "tea time"."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.language.calendar_words import spellings
from bot.language.loose_text import level, mend, with_digits

FIRST_HOUR: Final = 7  # of a day at work: "half six" is in the evening, "seven" in the morning
_HOURS: Final = 24

_LEAD = re.compile(
    r"^(?:(?:at|by|about|around|from|say|yes|let's say|the|(?:12|twelve)(?= noon| midday| midnight))"
    r"\b[ ,]*)+"
)
_TAIL = re.compile(r"[ ,]*(?:please|pls|ish|hrs|hours|sharp|on the dot|o'? ?clock|[.!])+$")
_PART: Final = (
    r"(?: ?(?P<half>a\.?m\.?|p\.?m\.?)"
    r"| (?:in the |at )?(?P<part>morning|afternoon|evening|night))?"
)
_OCLOCK: Final = r"(?: ?o'? ?clock)?"
_CLOCK = re.compile(
    rf"(?P<hour>\d{{1,2}})(?: ?[:.h] ?(?P<minute>\d{{2}})| (?P<spoken>[1-5]\d))?{_OCLOCK}{_PART}"
)
_FOUR = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})(?: ?h)?")
_SPOKEN = re.compile(
    rf"(?P<minutes>half|(?:a )?quarter|\d{{1,2}})(?: min(?:ute)?s?)? ?(?P<way>past|after|to|before)? "
    rf"?(?P<hour>\d{{1,2}}){_OCLOCK}{_PART}"
)
_NAMED: Final = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_VAGUE: Final = (
    (r"first thing|start of (?:the )?(?:shift|day)|before work", (8, 9)),
    (r"(?:mid[ -]?)?morning", (9, 10, 11)),
    (r"lunch ?(?:time|break)?|dinner ?time", (12, 13)),
    (r"afternoon", (14, 15, 16)),
    (r"tea ?(?:time|break)|after work|end of (?:the )?(?:shift|day)", (16, 17, 18)),
    (r"evening|night|tonight", (18, 19, 20)),
    (r"whenever|any ?time|later(?: on)?|soon|early|late", (9, 12, 17)),
)
_AROUND: Final = r"(?:in the |the |at |about |around |my |every |any |each |some ?time )*"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day on the wall.

    Attributes:
        time: To the minute, without a zone.
        is_inferred: Whether the half of the day was ours to choose, so that it has to be echoed.
    """

    time: time
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class VagueTime:
    """A part of the day; to be asked back.

    Attributes:
        suggestions: Times that could be meant, earliest first.
    """

    suggestions: tuple[time, ...]


def read_time(text: str) -> Clock | VagueTime | None:
    """The time of day that a text says.

    Args:
        text: As typed; it has to say only that.

    Returns:
        None where it says no time.
    """
    read = mend(level(text), spellings())
    read = _TAIL.sub("", _LEAD.sub("", read)).strip()
    if read in _NAMED:
        return Clock(_NAMED[read])
    for pattern, hours in _VAGUE:
        if re.fullmatch(rf"{_AROUND}(?:{pattern})", read):
            return VagueTime(tuple(time(hour) for hour in hours))
    digits = with_digits(read)
    return _by_digits(digits) or _spoken(digits)


def _by_digits(text: str) -> Clock | None:
    if found := _FOUR.fullmatch(text):
        return _clock(int(found["hour"]), int(found["minute"]))
    if not (found := _CLOCK.fullmatch(text)):
        return None
    hour = int(found["hour"])
    minute = int(found["minute"] or found["spoken"] or 0)
    if found["half"] or found["part"]:
        return _halved(hour, minute, found["half"], found["part"])
    is_whole_day = len(found["hour"]) == 2 and (found["hour"][0] == "0" or hour > 12)
    return _clock(hour, minute) if is_whole_day else _guessed(hour, minute)


def _spoken(text: str) -> Clock | None:
    """Half nine is half past nine; also "20 to 6" and "five past nine"."""
    found = _SPOKEN.fullmatch(text)
    if not found or (found["way"] is None and found["minutes"] != "half"):
        return None
    said = found["minutes"]
    minutes = 30 if said == "half" else 15 if said.endswith("quarter") else int(said)
    if not 0 < minutes < 60:
        return None
    hour, is_to = int(found["hour"]), found["way"] in {"to", "before"}
    if not 0 < hour <= _HOURS // 2:
        return None
    clock = (
        _halved(hour, 0, found["half"], found["part"])
        if found["half"] or found["part"]
        else _guessed(hour, 0)
    )
    if clock is None:
        return None
    total = clock.time.hour * 60 + (-minutes if is_to else minutes)
    return _clock(total // 60 % _HOURS, total % 60, is_inferred=clock.is_inferred)


def _halved(hour: int, minute: int, half: str | None, part: str | None) -> Clock | None:
    if not 0 < hour <= _HOURS // 2:
        return None
    is_late = (
        half.startswith("p") if half else part != "morning" and not (part == "night" and hour < 6)
    )
    return _clock(hour % 12 + (12 if is_late else 0), minute)


def _guessed(hour: int, minute: int) -> Clock | None:
    """The hour in the day at work, where nothing says which half of the day it is in."""
    if 0 < hour < FIRST_HOUR:
        return _clock(hour + 12, minute, is_inferred=True)
    return _clock(hour, minute, is_inferred=hour < 12)


def _clock(hour: int, minute: int, *, is_inferred: bool = False) -> Clock | None:
    if hour == _HOURS and minute == 0:
        hour = 0
    return Clock(time(hour, minute), is_inferred) if hour < _HOURS and minute < 60 else None
