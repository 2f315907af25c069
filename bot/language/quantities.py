"""How many, as people say it: "a dozen", "about 40", "10-15", "half of the 30", "nobody"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from typing import Final

from bot.language.loose_text import QUESTION, level, mend, with_digits
from bot.language.word_lists import word_list

Number = int | Decimal

HANDFUL: Final = (3, 6)  # what we take the words for, and always say so
FEW: Final = (3, 5)

_SCALES: Final = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "k": 1000,
    "grand": 1000,
    "thousand": 1000,
    "million": 1_000_000,
}
_SPELLINGS: Final = frozenset(word_list("number_words"))
_N: Final = r"(-?\d{1,12}(?:\.\d{1,6})?)"  # nobody counts further at work
_SCALE: Final = "|".join(_SCALES)
_GROUPED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\d.,-])\d{1,3}(?: \d{3})+(?![\d,])"
)
_SCALED = re.compile(rf"(?<![\w.])(?:(half )?(?:a )?|(\d+(?:\.\d+)?) ?)({_SCALE})\b")
_SHARED_SCALE = re.compile(rf"(\d+)( ?(?:-|to|or|and) ?)(\d+) ?({_SCALE})\b")
_MANY = re.compile(rf"(?:{_SCALE})s\b")
_ABOUT_WORDS: Final = (
    r"about|around|round about|abt|approx(?:imately|\.)?|roughly|circa|c\.|ca\.|nearly|almost|just under|"
    r"just over|a good|some|say|maybe|perhaps|probably|prob|probs|somewhere|i (?:think|reckon|guess)|"
    r"i'?d (?:say|guess)|or so|give or take|at a guess|in the region of"
)
_LEAD_WORDS: Final = (
    r"we(?:'re| are|'ve| have)?(?: got)?|there(?:'s|s| is| are|'re)?|it'?s|it is|its|is|are|"
    r"i(?:'ve| have)?(?: got)?|got|only|just|exactly|a total of|total|all together|number|in all|"
    r"yes|yeah|well|oh|er+m*|um+|like|anything|from|the answer is"
)
_BEFORE = re.compile(rf"^(?:(?P<about>(?:{_ABOUT_WORDS})\b|~)|(?:{_LEAD_WORDS})\b|[,.:;])[\s,]*")
_SPREAD = re.compile(r"(?<=\d)[ -]?(?:ish|odd|or so|or thereabouts|\(?approx\)?)(?!\w)|(?<=\d)\?$")
_AFTER: Final = (
    r"(?:[ ,]+(?!(?:or|to|and|not|but|plus|per|th|st|nd|rd|questions?|am|pm|o'?clock|in \d)\b)"
    r"[a-z][a-z'-]*){0,5}[ .,!]*"
)
_ZERO = re.compile(
    r"(?:nobody|no-?one|no one|none|nil|nowt|nought|zilch|nothing|not (?:a single )?one|no)"
    r"(?: \w+){0,4}[ .!]*"
)
_BARE_ZERO: Final = frozenset(("no", "nothing"))
_FRACTIONS: Final = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "3rd": 3,
    "quarter": 4,
    "fifth": 5,
    "5th": 5,
}
_SHARE = re.compile(
    r"(?:(?P<over>\d{1,3}) ?(?:/|out of|in) ?(?P<under>\d{1,4})"
    r"|(?P<percent>\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent|pct)"
    r"|(?:(?P<count>\d{1,2}|a|one) )?(?P<part>half|halves|third|3rd|quarter|fifth|5th)s?"
    r"|(?P<all>everyone|everybody|every one|all))"
    rf"(?: of(?: (?:the|our|us|them|my|these|those|all))*)?(?: (?P<whole>\d+))?{_AFTER}"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many or how much.

    Attributes:
        low: The least it is.
        high: The most it is; the same as `low` where it was exact, None where there is no upper end.
        is_about: Whether the person hedged.
        is_inferred: Whether it is not what was literally said, so that it has to be echoed.
    """

    low: Number
    high: Number | None
    is_about: bool = False
    is_inferred: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is one number that needs no echo."""
        return self.low == self.high and not self.is_about and not self.is_inferred


@dataclass(frozen=True, slots=True)
class _Read:
    """A text on its way: the rest to read, and what has been found out about it."""

    text: str
    is_about: bool = False
    is_inferred: bool = False


def read_quantity(text: str, *, whole: int | None = None) -> Quantity | None:
    """The number or range that a text says.

    Args:
        text: As typed.
        whole: What "half of them" or "10%" is a share of; None where nothing was asked about.

    Returns:
        None where it says no number, or says more than one.
    """
    read = level(text)
    if QUESTION.search(read) or _MANY.search(read):
        return None
    read = mend(read, _SPELLINGS)
    if (nothing := _nothing(read)) is not None:
        return nothing
    ready = _in_digits(_without_lead(_Read(read)))
    return _share(ready, whole) or _shaped(ready)


def _nothing(text: str) -> Quantity | None:
    rest = _without_lead(_Read(text)).text
    if rest.strip(" .!") in _BARE_ZERO or not _ZERO.fullmatch(rest):
        return None
    is_count = not re.match(r"(?:no|nothing)\b", rest) or _counts_people(rest)
    return Quantity(0, 0) if is_count else None


def _counts_people(rest: str) -> bool:
    """Whether "no ..." says that there are none, and is no refusal ("no idea", "no thanks")."""
    return bool(
        re.fullmatch(
            r"no[ -](?:one|technicians?|people|staff|members?|apprentices?|women|men)\b.*", rest
        )
    )


def _without_lead(read: _Read) -> _Read:
    """Take "I think there are about" off, and keep whether it hedged."""
    while found := _BEFORE.match(read.text):
        is_about = read.is_about or found["about"] is not None
        read = _Read(read.text[found.end() :], is_about, read.is_inferred)
        if not read.text:
            break
    return read


def _in_digits(read: _Read) -> _Read:
    """Write every number in digits, also dozens, thousands and groups of three."""
    text = with_digits(read.text)
    before = text
    text = re.sub(r"\bcouple(?: of)? (?=1000?\b)", "2*", text)
    text = re.sub(r"\b(?:a )?(?:couple|pair)(?: of)?\b", "2", text)
    text = re.sub(r"\b(?:a )?few (?:of )?(?=\d|dozen|hundred|thousand)", "few ", text)
    text = re.sub(r"(\d+) (?:and )?(?:a )?half\b|(\d+)½", lambda m: f"{m[1] or m[2]}.5", text)
    text = re.sub(r"£ ?(?=[\d.])|(?<=\d) ?(?:quid|pounds?)\b", "", text)
    text = re.sub(r"(?<!\d[ -])\ba (?=\d)|^the (?=\d)", "", text)
    text = re.sub(r"\bfew 100\b", "300-500", re.sub(r"\bfew 1000\b", "3000-5000", text))
    is_inferred = read.is_inferred or (text != before and "£" not in read.text)
    is_inferred = is_inferred or any(" " in found[0] for found in _GROUPED.finditer(text))
    text = _GROUPED.sub(lambda found: re.sub("[, ]", "", found[0]), text)
    text = re.sub(r"(?<![\d.])(\d+(?:\.\d+)?) (1000|1000000)\b(?![.,]\d)", r"\1*\2", text)
    text = _SHARED_SCALE.sub(_shared_scale, text)
    scaled = _SCALED.sub(_scaled, re.sub(r"(\d+(?:\.\d+)?)\*(\d+)", _times, text))
    is_inferred = is_inferred or scaled != text
    hedged = _SPREAD.sub("", scaled)
    return _Read(hedged.strip(), read.is_about or hedged != scaled, is_inferred)


def _times(found: re.Match[str]) -> str:
    return str(_number(str(Decimal(found[1]) * int(found[2]))))


def _shared_scale(found: re.Match[str]) -> str:
    """Of "2 or 3 dozen" both are dozens."""
    return f"{found[1]} {found[4]}{found[2]}{found[3]} {found[4]}"


def _scaled(found: re.Match[str]) -> str:
    times = Decimal("0.5") if found[1] else Decimal(found[2] or 1)
    return f"{_number(str(times * _SCALES[found[3]]))}"


def _share(read: _Read, whole: int | None) -> Quantity | None:
    """A part of a whole that was said, or that the question was about."""
    found = _SHARE.fullmatch(read.text)
    if not found:
        return None
    if (of := int(found["whole"]) if found["whole"] else whole) is None or not found[0]:
        return None
    if (part := _part(found)) is None:
        return None
    amount = part * of
    near = floor(amount + Fraction(1, 2))
    return Quantity(near, near, read.is_about or near != amount, is_inferred=True)


def _part(found: re.Match[str]) -> Fraction | None:
    if found["all"]:
        return Fraction(1)
    if found["percent"]:
        return Fraction(found["percent"]) / 100
    if found["part"]:
        count = 1 if found["count"] in {None, "a", "one"} else int(found["count"])
        return Fraction(count, 1) / _FRACTIONS[found["part"]]
    over, under = int(found["over"]), int(found["under"])
    return Fraction(over, under) if 0 <= over <= under and under else None


_Shape = Callable[[re.Match[str]], tuple[Number, Number | None] | None]


def _shaped(read: _Read) -> Quantity | None:
    for pattern, shape in _shapes():
        if found := pattern.fullmatch(read.text):
            ends = shape(found)
            if ends is None:
                return None
            is_about = read.is_about and ends[0] == ends[1]  # a range says itself that it is rough
            return Quantity(*ends, is_about, read.is_inferred or _is_odd(read.text))
    if re.fullmatch(rf"(?:a )?(few|handful)(?: of)?{_AFTER}", read.text):
        ends = HANDFUL if "handful" in read.text else FEW
        return Quantity(*ends, is_about=read.is_about, is_inferred=True)
    if re.fullmatch(r"(?:me|myself)(?: (?:alone|only))?[ .!]*", read.text):
        return Quantity(1, 1, read.is_about, is_inferred=True)
    return None


def _is_odd(text: str) -> bool:
    """Whether a point may have been meant to group thousands, as in much of Europe."""
    return bool(re.search(r"\b[1-9]\d{0,2}\.\d{3}\b", text))


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], _Shape], ...]:
    return tuple((re.compile(pattern), shape) for pattern, shape in _shape_texts())


def _shape_texts() -> Iterator[tuple[str, _Shape]]:
    range_ = rf"(?:between |from |anything from )*{_N} ?(?:-|to|or|and|&) ?{_N}{_AFTER}"
    yield range_, _range
    least = r"(?:at least|no (?:fewer|less) than|not less than|min(?:imum)?(?: of)?)"
    yield rf"{least} {_N}{_AFTER}", lambda m: (_number(m[1]), None)
    more = (
        r"(?:\+|plus|or (?:more|over|above)|and (?:up|over|above)|upwards|min(?:imum)?|at least)"
    )
    yield rf"{_N} ?{more}{_AFTER}", lambda m: (_number(m[1]), None)
    yield rf"(?:over|more than|above) {_N}{_AFTER}", lambda m: (_beyond(m[1], 1), None)
    most = r"(?:at most|up to|(?:no|not) more than|max(?:imum)?(?: of)?|as many as)"
    yield rf"{most} {_N}{_AFTER}", lambda m: _up_to(_number(m[1]))
    less = r"(?:or (?:less|fewer|under|below)|max(?:imum)?|at (?:the )?most|tops)"
    yield rf"{_N} ?{less}{_AFTER}", lambda m: _up_to(_number(m[1]))
    yield (
        rf"(?:under|less than|fewer than|below) {_N}{_AFTER}",
        lambda m: _up_to(_beyond(m[1], -1)),
    )
    yield rf"{_N} (?:out )?of (?:the |our |those )?\d+{_AFTER}", lambda m: _one(m[1])
    yield rf"{_N}{_AFTER}", lambda m: _one(m[1])


def _one(digits: str) -> tuple[Number, Number]:
    return _number(digits), _number(digits)


def _range(found: re.Match[str]) -> tuple[Number, Number] | None:
    is_between = found[0].startswith("between")
    if re.search(" and |&", found[0][: found.end(2)]) and not is_between:
        return None
    low, high = _number(found[1]), _number(found[2])
    return (low, high) if low <= high else None


def _up_to(high: Number) -> tuple[Number, Number] | None:
    return (0, high) if high >= 0 else None


def _beyond(digits: str, step: int) -> Number:
    """The next whole number past a limit that is not reached itself; a fraction stays."""
    number = _number(digits)
    return number + step if isinstance(number, int) else number


def _number(digits: str) -> Number:
    exact = Decimal(digits).normalize()
    return int(exact) if exact == exact.to_integral_value() else exact
