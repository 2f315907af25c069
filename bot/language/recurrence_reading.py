"""Which recurrence somebody means: "every second Tuesday at 9", "weekdays at 8"."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from typing import Final

from bot.language.calendar_words import (
    CHAT,
    CODES,
    month_number,
    month_pattern,
    spellings,
    weekday_number,
    weekday_pattern,
)
from bot.language.clock_times import Clock, VagueTime, read_time
from bot.language.days import Day, Open, Vague
from bot.language.loose_text import QUESTION, level, mend, with_digits
from bot.language.recurrence import WORKDAYS, Recurrence, first_day
from bot.language.when import read_day
from bot.language.word_lists import word_list

ANY_MONTH: Final = 28  # the last day of the month that every month has

_MOST_OFTEN: Final = 52  # days, weeks or months between two; more is a slip
_NTH: Final = r"(1st|2nd|3rd|4th|5th|last)"
_MONTHLY = re.compile(
    r"\b(?:(?:of|in) )?(?:the|each|every|once an?|per)(?: (other|2nd|\d{1,2}))? months?\b"
    r"|\b(?:of )?monthly\b"
)
_UNTIL = re.compile(r"[, ]*\b(?:until|till|til|up to|ending(?: on)?) (.+)$")
_STARTING = re.compile(r"[, ]*\b(?:starting|beginning|from|as of)(?: on| from)? (.+)$")
_TIMES = re.compile(r"[, ]*\b(?:for )?(?:the next )?(\d{1,3}) times\b")
_FOR = re.compile(r"[, ]*\bfor (?:the next )?(\d{1,3}|a) (day|week|fortnight|month|year)s?\b")
_DAY_PART: Final = r"(?:in the (?:morning|afternoon|evening)|at night)"
_HALF: Final = r"[ap]\.?m\b\.?"
_CLOCK = re.compile(
    r",? ?(?:\bat )?(\b(?:(?:half|(?:a )?quarter|5|10|20|25) (?:past|to) \d{1,2}|half \d{1,2}|"
    rf"\d{{1,2}}[:.]\d{{2}})\b(?: ?{_HALF}| {_DAY_PART})?"
    rf"|\b\d{{1,2}} ?(?:{_HALF}|o'? ?clock)|\b\d{{1,2}} {_DAY_PART}"
    r"|\b(?:(?:12 )?noon|midday|midnight)\b"
    r"|(?<=at )\d{1,2}(?!\d|st|nd|rd|th)|(?<=at )\d{4}|(?<=[a-z] )\d{1,2}$)"
)
_DAYTIME = re.compile(
    r",? ?(?:\b(?:in|at) the )?\b(?:first thing(?: in the morning)?"
    r"|(morning|afternoon|evening|night)s?|(?:at )?(?:lunch|tea) ?time)\b"
)
_EVERY_MORNING = re.compile(r"\b(?:every|each) (?:morning|afternoon|evening|night)\b")
_OFTEN = re.compile(
    r"regularly|now and (?:then|again)|every (?:now and (?:then|again)|so often|once in a while)|"
    r"from time to time|sometimes|often|hourly|every (?:hour|\d+ hours)|(?:twice|2 times|3 times|a few times)"
    r" (?:a|per|each|every) (?:day|week|month|year)"
)
_LINKS: Final = frozenset(word_list("recurrence_fillers"))


@dataclass(slots=True)
class _Reading:
    """What a text has said so far; `text` is what is left to read."""

    text: str
    parts: dict[str, str] = field(default_factory=dict)
    is_inferred: bool = False

    def take(self, pattern: "re.Pattern[str] | str") -> re.Match[str] | None:
        """Cut the first match out of what is left."""
        if found := re.search(pattern, self.text):
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}".strip()
            self.text = " ".join(self.text.split())
        return found


def read_recurrence(text: str, today: date, time_default: time) -> Recurrence | Vague | None:
    """The recurrence that a text says.

    Args:
        text: As typed.
        today: The person's day; the first time is on it or later.
        time_default: The time of day where the text says none.

    Returns:
        `Vague` where it has to be asked which day, and None where the text says nothing that comes
        again.
    """
    read = with_digits(mend(level(text), spellings(), CHAT))
    if QUESTION.search(read) or not _repeats().search(read):
        return None
    reading = _Reading(read)
    ends = _take_ends(reading, today)
    if isinstance(ends, Vague):
        return ends
    if _OFTEN.fullmatch(reading.text.strip(" .!")):
        return Vague(Open.OFTEN)
    at = _take_time(reading, time_default)
    if not _take_rule(reading):
        return Vague(Open.OFTEN) if reading.parts and not _unread(reading) else None
    return None if _unread(reading) else _recurrence(reading, ends, at)


@cache
def _repeats() -> "re.Pattern[str]":
    """What a text must hold to speak of something that comes again."""
    weekday = weekday_pattern().removesuffix(r"\b\.?")
    alone = (
        "every|each|daily|weekly|monthly|yearly|annually|quarterly|fortnightly|weekdays|weekends|"
        "regularly|often|hourly|sometimes|from time to time|now and (?:then|again)|"
        "(?:once|twice|times) (?:a|per)|of the month|month"
    )
    run = rf"{weekday} ?(?:to|till|until|through|-) ?{weekday}"
    return re.compile(rf"\b(?:{alone}|{weekday}s|{run})\b")


@dataclass(frozen=True, slots=True)
class _Ends:
    """When it begins and ends, as far as that was said."""

    start: date
    until: date | None = None
    count: int | None = None


def _take_ends(reading: _Reading, today: date) -> _Ends | Vague:
    start, until, count = today, None, None
    if found := reading.take(_TIMES):
        count = max(1, int(found[1]))
    for pattern in (_UNTIL, _STARTING):
        if found := reading.take(pattern):
            meant = read_day(found[1], today)
            if not isinstance(meant, Day):
                return meant if meant else Vague(Open.SOON)
            reading.is_inferred = reading.is_inferred or meant.is_inferred
            if pattern is _UNTIL:
                until = meant.last
            else:
                start = meant.day
    if found := reading.take(_FOR):
        meant = read_day(f"in {found[1]} {found[2]}s", start)
        until = meant.day - timedelta(days=1) if isinstance(meant, Day) else None
        reading.is_inferred = True
    return _Ends(start, until, count)


def _take_time(reading: _Reading, default: time) -> time:
    """The time of day; of a part of the day, the default if it lies in it, and said so."""
    if found := reading.take(_CLOCK):
        clock = read_time(found[1])
        if not isinstance(clock, Clock):
            reading.text += f" {found[0]}"  # no time of day: it stays unread
            return default
        reading.take(_DAYTIME)
        reading.is_inferred = reading.is_inferred or clock.is_inferred
        if reading.take(_EVERY_MORNING):
            reading.text += " every day"
        reading.take(_DAYTIME)
        reading.take(r"(?:^| )at$|\bat(?= )")
        return clock.time
    reading.is_inferred = True
    is_daily = _EVERY_MORNING.search(reading.text)
    if found := reading.take(_DAYTIME):
        if is_daily:
            reading.text += " every day"
        part = read_time(found[0].strip(" ,s") if found[1] else found[0].strip(" ,"))
        if isinstance(part, VagueTime):
            first, last = part.suggestions[0], part.suggestions[-1]
            return default if first <= default <= last else first
    return default


def _take_rule(reading: _Reading) -> bool:
    """Read what comes again into `parts`; whether that is a whole rule."""
    return (
        _take_year_day(reading)
        or _take_month(reading)
        or _take_week_days(reading)
        or _take_days(reading)
    )


def _take_year_day(reading: _Reading) -> bool:
    day = r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?"
    found = reading.take(rf"\b{day} (?:of )?({month_pattern()})")
    number, month = (found[1], found[2]) if found else ("", "")
    if not found and (found := reading.take(rf"\b({month_pattern()}) {day}\b")):
        number, month = found[2], found[1]
    if not found:
        return False
    reading.take(r"\b(?:every|each|once a) year\b|\b(?:yearly|annually)\b")
    named = read_day(f"{number} {month}", date(2024, 1, 1))  # a leap year has every day
    if isinstance(named, Day):
        reading.parts = {
            "FREQ": "YEARLY",
            "BYMONTH": str(month_number(month)),
            "BYMONTHDAY": number.lstrip("0"),
        }
    return bool(reading.parts)


def _take_month(reading: _Reading) -> bool:
    """A day of each month: "last Friday of the month", "the 15th of every 3 months"."""
    found = reading.take(_MONTHLY)
    if not found and not (found := reading.take(r"\b(quarterly|every quarter)\b")):
        return False
    skips = {"INTERVAL": "3"} if "quarter" in found[0] else _interval(found)
    reading.parts = {"FREQ": "MONTHLY", **skips}
    is_or_last = reading.take(r",? or (?:its|the) last day\b") is not None
    return _take_nth_weekday(reading) or _take_nth_day(reading, is_or_last=is_or_last)


def _take_nth_weekday(reading: _Reading) -> bool:
    unit = rf"({weekday_pattern()}|working day|weekday|day)"
    if not (found := reading.take(rf"\b(?:every |each |the |on )*{_NTH} {unit}")):
        return False
    place = -1 if found[1] == "last" else int(found[1][0])
    if found[2] in {"working day", "weekday"}:
        reading.parts |= {"BYDAY": WORKDAYS, "BYSETPOS": str(place)}
    elif found[2] == "day":
        reading.parts["BYMONTHDAY"] = str(place)
    else:
        reading.parts["BYDAY"] = f"{place}{CODES[weekday_number(found[2])]}"
    return True


def _take_nth_day(reading: _Reading, *, is_or_last: bool) -> bool:
    """The same day of each month; of a day that short months lack, their last."""
    found = reading.take(
        r"\b(?:every |each )?(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)(?: day)?\b"
    )
    if not found or not 0 < int(found[1]) <= 31:
        return False
    number = int(found[1])
    if number <= ANY_MONTH:
        reading.parts["BYMONTHDAY"] = str(number)
        return True
    days = ",".join(str(day) for day in range(ANY_MONTH, number + 1))
    reading.parts |= {"BYMONTHDAY": days, "BYSETPOS": "-1"}
    reading.is_inferred = reading.is_inferred or not is_or_last
    return True


def _interval(found: re.Match[str] | None) -> dict[str, str]:
    """The part of a rule that skips; empty where it comes every time."""
    if not found or found[1] in {None, "1", "1st"}:
        return {}
    number = 2 if found[1] == "other" else int(re.sub(r"\D", "", found[1]))
    return {"INTERVAL": str(number)} if 1 < number <= _MOST_OFTEN else {}


def _take_week_days(reading: _Reading) -> bool:
    weekday = weekday_pattern().replace(r"\b\.?", r"s?\b\.?")
    codes = _taken_codes(reading, weekday)
    interval = _taken_week_interval(reading, weekday)
    is_weekly = reading.take(r"\b(?:weekly|(?:every|each|once a|per) week)\b") is not None
    name = re.compile(rf"\b({weekday})(?:\s*[,&/+]|\s+and\b)?")
    while found := reading.take(name):
        codes.append(CODES[weekday_number(found[1])])
    if codes or is_weekly or interval is not None:
        reading.parts = {"FREQ": "WEEKLY", **(interval or {})}
    if codes:
        reading.parts["BYDAY"] = ",".join(sorted(set(codes), key=CODES.index))
    return bool(codes)


def _taken_codes(reading: _Reading, weekday: str) -> list[str]:
    """Weekdays named as a group: weekdays, weekends, Monday to Friday, every day but Sunday."""
    if reading.take(r"\b(?:every |each |on )?week ?days?\b(?!s)|\bworking days?\b"):
        return list(CODES[:5])
    if reading.take(r"\b(?:every |each |on |at )?(?:the )?weekends?\b"):
        return list(CODES[5:])
    if found := reading.take(rf"\b({weekday}) ?(?:to|till|until|through|-) ?({weekday})"):
        first, last = weekday_number(found[1]), weekday_number(found[2])
        return [CODES[at % 7] for at in range(first, first + (last - first) % 7 + 1)]
    names = rf"({weekday}(?:(?:,| and|,? or)? {weekday})*)"
    but = rf"(?:except|but|apart from|bar|not)(?: not| for)?(?: on)? {names}"
    if found := reading.take(rf"\b(?:every day|daily|each day),? {but}"):
        left_out = {weekday_number(name) for name in re.findall(weekday, found[1])}
        return [code for at, code in enumerate(CODES) if at not in left_out]
    return []


def _taken_week_interval(reading: _Reading, weekday: str) -> dict[str, str] | None:
    if reading.take(r"\bfortnightly\b|\b(?:every|each|once a|once every|per) fortnight\b"):
        return {"INTERVAL": "2"}
    if found := reading.take(r"\bevery (other|\d{1,2}(?:nd|rd|th)?) weeks?\b"):
        return _interval(found)
    if found := reading.take(rf"\bevery (other|[2-9](?:nd|rd|th)) (?={weekday})"):
        return _interval(found)
    return None


def _take_days(reading: _Reading) -> bool:
    if found := reading.take(r"\bevery (other|\d{1,2}(?:nd|rd|th)?) days?\b"):
        reading.parts = {"FREQ": "DAILY", **_interval(found)}
        return True
    if reading.take(r"\b(?:every|each|once a|per) day\b|\bdaily\b|\bevery single day\b"):
        reading.parts = {"FREQ": "DAILY"}
        return True
    if reading.take(r"\b(?:every|each|once a) year\b|\b(?:yearly|annually)\b"):
        reading.parts = {"FREQ": "YEARLY"}
    return False


def _unread(reading: _Reading) -> bool:
    """Whether words are left that could mean something."""
    words = re.findall(r"[^\s,.!;:&-]+", reading.text)
    return any(word not in _LINKS for word in words)


def _recurrence(reading: _Reading, ends: _Ends, at: time) -> Recurrence | Vague | None:
    rule = ";".join(f"{name}={value}" for name, value in reading.parts.items())
    if ends.until:
        rule += f";UNTIL={ends.until:%Y%m%d}"
    elif ends.count:
        rule += f";COUNT={ends.count}"
    start = first_day(rule, ends.start)
    return Recurrence(rule, start, at, reading.is_inferred) if start else Vague(Open.NO_SUCH_DAY)
