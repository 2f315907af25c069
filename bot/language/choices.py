"""Which of the options on the table somebody means: by number, by place, by name, with a typo."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

CLOSE: Final = 86.0  # rapidfuzz ratio, 0-100; one slip in a seven-letter word, none in a short one
CLEAR: Final = 6.0  # lead over the second label, or it is asked back

_NUMBER = re.compile(r"^(?:no\.?|number|option|nr|#)?\s*(\d{1,2})\s*[.)!]?$")
_ORDINALS: Final = (
    ("1st", "first", "one"),
    ("2nd", "second", "two"),
    ("3rd", "third", "three"),
    ("4th", "fourth", "four"),
    ("5th", "fifth", "five"),
    ("6th", "sixth", "six"),
    ("7th", "seventh", "seven"),
    ("8th", "eighth", "eight"),
)
_ORDINAL = re.compile(
    r"^(?:the |option |number )?(last|[a-z0-9]+)(?: one| option)?(?: please| pls)?$"
)
_EDGES = re.compile(r"^[^\w#]+|[^\w]+$")


@dataclass(frozen=True, slots=True)
class Picked:
    """The option with this index, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Torn:
    """Several options are as likely; nobody should pick for the person."""

    indexes: tuple[int, ...]


def match_choice(text: str, labels: Sequence[str]) -> Picked | Torn | None:
    """The option that a text means.

    Args:
        text: As typed.
        labels: The options' labels, in the order they were numbered.

    Returns:
        None where the text means none of them.
    """
    words = _EDGES.sub("", " ".join(text.lower().split()))
    if not words or not labels:
        return None
    return _by_number(words, len(labels)) or _by_label(words, labels)


def _by_number(words: str, count: int) -> Picked | None:
    if number := _NUMBER.match(words):
        index = int(number[1]) - 1
        return Picked(index) if 0 <= index < count else None
    if not (ordinal := _ORDINAL.match(words)):
        return None
    if ordinal[1] == "last":
        return Picked(count - 1)
    for index, names in enumerate(_ORDINALS[:count]):
        if ordinal[1] in names:
            return Picked(index)
    return None


def _by_label(words: str, labels: Sequence[str]) -> Picked | Torn | None:
    plain = [_EDGES.sub("", " ".join(label.lower().split())) for label in labels]
    if words in plain:
        return Picked(plain.index(words))
    close = process.extract(words, plain, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=3)
    if not close:
        return None
    best = [index for _, score, index in close if close[0][1] - score < CLEAR]
    return Picked(best[0]) if len(best) == 1 else Torn(tuple(sorted(best)))
