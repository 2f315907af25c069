"""The functions of an expression: what ODK calls them, and what they do.

Each takes its arguments as sequences and gives back one value. None looks at a clock: `today` and
`now` are given.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.flows.values import Items, Value, day, days, first, number, text, truth

SUBJECT_LIMIT: Final = 100  # characters that `regex` looks at; a longer text never matches
PATTERN_LIMIT: Final = 120  # characters of a pattern
LOOSE_LIMIT: Final = 3  # of `*`, `+` and `{2,5}` in a pattern: 100^3/6 ways to try at the worst
CHOICE_LIMIT: Final = 6  # of `?` and `|` in a pattern: 64 times as many

_LOOSE = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\d*\})")
_CHOICE = re.compile(r"(?<!\\)[?|]")
_SET = re.compile(r"(?<!\\)\[\^?\]?(?:\\.|[^\]\\])*\]")
_REFUSED = re.compile(r"\(\?|\\[1-9A-Zz]|\)[*+{]|[*+?}][*+?{]")
_DATE_PARTS: Final = {
    "%Y": "%Y", "%y": "%y", "%m": "%m", "%b": "%b", "%d": "%d", "%a": "%a", "%H": "%H", "%M": "%M",
}  # fmt: skip
_DATE_PART = re.compile(r"%.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a function may know beside its arguments.

    Attributes:
        now: Local wall-clock time of the person; what `today` and `now` go by.
        position: Which round of a repeat this is, from 1.
    """

    now: datetime
    position: int = 1


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how many arguments it takes, and what it does with them.

    Attributes:
        most: None for as many as fit.
    """

    least: int
    most: int | None
    does: Callable[..., Value]


def pattern_fault(pattern: str) -> str | None:
    """Why `regex` refuses a pattern: a few words; None where it takes it.

    What is refused could take longer than a person waits, on a text made for it.
    """
    bare = _SET.sub("s", pattern)
    if len(pattern) > PATTERN_LIMIT:
        return f"is longer than {PATTERN_LIMIT} characters"
    if _REFUSED.search(bare):
        return "repeats a group, looks ahead or back, or repeats a repetition"
    if len(_LOOSE.findall(bare)) > LOOSE_LIMIT or len(_CHOICE.findall(bare)) > CHOICE_LIMIT:
        return f"has over {LOOSE_LIMIT} of `*`, `+`, `{{2,5}}`, or over {CHOICE_LIMIT} of `?`, `|`"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "is no regular expression"
    return None


def codes(items: Items) -> list[str]:
    """The codes of a multiple choice, which is text with spaces between them."""
    return text(first(items)).split()


def _if(_around: Around, test: Items, yes: Items, no: Items) -> Value:
    return first(yes) if truth(first(test)) else first(no)


def _coalesce(_around: Around, *values: Items) -> Value:
    return next((first(one) for one in values if text(first(one)) != ""), "")


def _selected(_around: Around, answer: Items, code: Items) -> Value:
    return text(first(code)).strip() in codes(answer)


def _selected_at(_around: Around, answer: Items, place: Items) -> Value:
    at, chosen = number(first(place)), codes(answer)
    return chosen[int(at)] if 0 <= at < len(chosen) else ""


def _count_selected(_around: Around, answer: Items) -> Value:
    return float(len(codes(answer)))


def _int(_around: Around, value: Items) -> Value:
    found = number(first(value))
    return found if math.isnan(found) or math.isinf(found) else float(math.trunc(found))


def _number(_around: Around, value: Items) -> Value:
    return number(first(value))


def _round(_around: Around, value: Items, places: Items = ("0",)) -> Value:
    found, digits = number(first(value)), number(first(places))
    if math.isnan(found) or math.isinf(found) or math.isnan(digits):
        return math.nan
    scale = 10.0 ** max(-9, min(9, int(digits)))
    return math.floor(found * scale + 0.5) / scale


def _floor(_around: Around, value: Items) -> Value:
    found = number(first(value))
    return float(math.floor(found)) if math.isfinite(found) else found


def _ceiling(_around: Around, value: Items) -> Value:
    found = number(first(value))
    return float(math.ceil(found)) if math.isfinite(found) else found


def _abs(_around: Around, value: Items) -> Value:
    return abs(number(first(value)))


def _numbers(values: tuple[Items, ...]) -> list[float]:
    return [number(one) for items in values for one in items if text(one) != ""]


def _sum(_around: Around, *values: Items) -> Value:
    return math.fsum(_numbers(values)) if all(map(math.isfinite, _numbers(values))) else math.nan


def _min(_around: Around, *values: Items) -> Value:
    return min(_numbers(values), default=math.nan)


def _max(_around: Around, *values: Items) -> Value:
    return max(_numbers(values), default=math.nan)


def _count(_around: Around, values: Items) -> Value:
    return float(len(values))


def _count_non_empty(_around: Around, values: Items) -> Value:
    return float(sum(text(one) != "" for one in values))


def _join(_around: Around, between: Items, *values: Items) -> Value:
    return text(first(between)).join(text(one) for items in values for one in items)


def _indexed_repeat(_around: Around, values: Items, _repeat: Items, place: Items) -> Value:
    at = number(first(place))
    return values[int(at) - 1] if 1 <= at <= len(values) else ""


def _position(around: Around) -> Value:
    return float(around.position)


def _string_length(_around: Around, value: Items) -> Value:
    return float(len(text(first(value))))


def _ends_with(_around: Around, value: Items, end: Items) -> Value:
    return text(first(value)).endswith(text(first(end)))


def _substr(_around: Around, value: Items, start: Items, end: Items = ("4096",)) -> Value:
    begin, stop = number(first(start)), number(first(end))
    if not (math.isfinite(begin) and math.isfinite(stop)):
        return ""
    return text(first(value))[int(begin) : int(stop)]


def _regex(_around: Around, value: Items, pattern: Items) -> Value:
    subject, wanted = text(first(value)), text(first(pattern))
    if len(subject) > SUBJECT_LIMIT or pattern_fault(wanted):
        return False
    return re.fullmatch(wanted, subject) is not None


def _today(around: Around) -> Value:
    return around.now.date().isoformat()


def _now(around: Around) -> Value:
    return around.now.replace(tzinfo=None, microsecond=0).isoformat()


def _date(_around: Around, value: Items) -> Value:
    return day(first(value))


def _decimal_date_time(_around: Around, value: Items) -> Value:
    found = text(first(value))
    return days(found) if "-" in found[1:] else number(found)


def _format_date(_around: Around, value: Items, layout: Items) -> Value:
    found = day(first(value))
    if not found:
        return ""
    at = datetime.fromisoformat(found)
    return _DATE_PART.sub(lambda part: _part(at, part[0]), text(first(layout)))


def _part(at: datetime, part: str) -> str:
    if part in {"%e", "%n"}:
        return str(at.day if part == "%e" else at.month)
    return at.strftime(_DATE_PARTS[part]) if part in _DATE_PARTS else part


FUNCTIONS: Final[dict[str, Function]] = {
    "if": Function(3, 3, _if),
    "coalesce": Function(2, None, _coalesce),
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, _count_selected),
    "int": Function(1, 1, _int),
    "number": Function(1, 1, _number),
    "round": Function(1, 2, _round),
    "floor": Function(1, 1, _floor),
    "ceiling": Function(1, 1, _ceiling),
    "abs": Function(1, 1, _abs),
    "sum": Function(1, None, _sum),
    "min": Function(1, None, _min),
    "max": Function(1, None, _max),
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "join": Function(2, None, _join),
    "indexed-repeat": Function(3, 3, _indexed_repeat),
    "position": Function(0, 0, _position),
    "string-length": Function(1, 1, _string_length),
    "ends-with": Function(2, 2, _ends_with),
    "substr": Function(2, 3, _substr),
    "regex": Function(2, 2, _regex),
    "today": Function(0, 0, _today),
    "now": Function(0, 0, _now),
    "date": Function(1, 1, _date),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "format-date": Function(2, 2, _format_date),
}
XPATH_FUNCTIONS: Final = frozenset(  # XPath's own, as the library has them
    {
        "boolean", "string", "true", "false", "not", "concat", "contains", "starts-with",
        "substring", "substring-before", "substring-after", "normalize-space", "translate",
    }
)  # fmt: skip
