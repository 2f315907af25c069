"""Which of several spans a number with its unit falls in: "16 years" is in "Over 15 years"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from bot.language.loose_text import level, with_digits

WORDS: Final = 8  # the most of a text that only says how many
HALF: Final = 0.5  # past a number that was named as a bound
_UNDER = re.compile(r"(?:under|less than|fewer than|below) (\d+) ([a-z]+)")
_BETWEEN = re.compile(r"(\d+) ?(?:to|-) ?(\d+) ([a-z]+)")
_OVER = re.compile(r"(?:over|more than|above) (\d+) ([a-z]+)")
_SAID = re.compile(
    r"(?P<bound>over|more than|under|less than)? ?(?P<number>\d+) ?(?P<unit>[a-z]+)"
)
_SHORT: Final = {
    "yr": "year",
    "yrs": "year",
    "y": "year",
    "hr": "hour",
    "hrs": "hour",
    "mins": "minute",
}


@dataclass(frozen=True, slots=True)
class _Band:
    low: float
    high: float
    unit: str
    has_low: bool = True
    has_high: bool = True

    def holds(self, number: float) -> bool:
        above = number >= self.low if self.has_low else number > self.low
        return above and (number <= self.high if self.has_high else number < self.high)


def match_band(text: str, labels: Sequence[str]) -> int | None:
    """The one span that a number with its unit is in.

    Args:
        text: As typed, such as "about twenty years".
        labels: Of the options, in their order; those that are no spans are left alone.

    Returns:
        The index from 0; None where there is not exactly one.
    """
    read = with_digits(level(text))
    found = _SAID.findall(read)
    if len(found) != 1 or len(read.split()) > WORDS or re.search(r"\?|\bold\b|\d\W+\d", read):
        return None
    bound, digits, word = found[0]
    number = float(digits)
    if bound:
        number += HALF if bound in {"over", "more than"} else -HALF
    bands = {index: band for index, label in enumerate(labels) if (band := _band(label))}
    fits = [at for at, band in bands.items() if band.unit == _unit(word) and band.holds(number)]
    return fits[0] if len(fits) == 1 else None


def _band(label: str) -> _Band | None:
    read = level(label).strip(" .")
    if found := _UNDER.fullmatch(read):
        return _Band(-inf, float(found[1]), _unit(found[2]), has_high=False)
    if found := _BETWEEN.fullmatch(read):
        return _Band(float(found[1]), float(found[2]), _unit(found[3]))
    if found := _OVER.fullmatch(read):
        return _Band(float(found[1]), inf, _unit(found[2]), has_low=False)
    return None


def _unit(word: str) -> str:
    return _SHORT.get(word, word.removesuffix("s"))
