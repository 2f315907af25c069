"""Values inside an expression: text, numbers, yes and no; and how each becomes the other.

XPath 1.0 knows no dates. As in ODK a day is text (`2026-11-21`) that also counts as a number, the
days since 1970, so that days can be compared and subtracted.
"""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

Value = str | float | bool
Items = Sequence[
    Value
]  # a sequence of values: most often one, none for an unknown, many in a repeat

TEXT_LIMIT: Final = 4096  # characters of a text that an expression makes; as long as an utterance
NUMBER_LIMIT: Final = 1e15  # up to here a float holds every whole number

_EPOCH: Final = date(1970, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?$")
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*$", re.ASCII)


def number(value: object) -> float:
    """A value as a number; NaN where it is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    text = str(value)
    if _DAY.match(text):
        return days(text)
    return float(text) if len(text) <= 40 and _NUMBER.match(text) else math.nan


def text(value: object) -> str:
    """A value as text: whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        is_whole = value.is_integer() and abs(value) <= NUMBER_LIMIT
        return str(int(value)) if is_whole else repr(value)
    return str(value)


def truth(value: object) -> bool:
    """A value as yes or no: a text that is not empty, a number that is not nought."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def days(moment: str) -> float:
    """Days from 1970 to a day, with a fraction for its time; NaN where it is no day."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return math.nan
    return (at.date() - _EPOCH).days + (at.hour * 60 + at.minute) / 1440 + at.second / 86400


def day(value: object) -> str:
    """A text, or a number of days since 1970, as a day in ISO form; empty where it is none."""
    count = number(value)
    if math.isnan(count) or abs(count) > 1e6:
        return ""
    try:
        return (_EPOCH + timedelta(days=math.floor(count))).isoformat()
    except OverflowError:
        return ""


def first(items: Items) -> Value:
    """The value of a sequence where one is wanted: its first, or an empty text."""
    return items[0] if items else ""
