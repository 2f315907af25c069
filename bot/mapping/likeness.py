"""Areas that may be one and the same: "Lab 2" and "Laboratory two". Nothing is merged unasked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.language.normalising import tokens
from bot.mapping.workplace import AreaId, Path, WorkMap

ALIKE: Final = 88  # of 100, from which two names without numbers are asked about; see the tests
SLIP: Final = 5  # letters a word has at least, before one slip in it is taken for a misspelling
TWO_SLIPS: Final = 9  # and before two
_SHORT: Final[Mapping[str, str]] = {  # how people write the names of places at work
    "lab": "laboratory",
    "labs": "laboratory",
    "laboratories": "laboratory",
    "bldg": "building",
    "blg": "building",
    "build": "building",
    "dep": "department",
    "dpt": "department",
    "dept": "department",
    "engr": "engineering",
    "eng": "engineering",
    "elec": "electrical",
    "mech": "mechanical",
    "maint": "maintenance",
    "mtce": "maintenance",
    "ops": "operations",
    "rm": "room",
    "wkshp": "workshop",
    "w'shop": "workshop",
    "night": "nights",
    "day": "days",
    "no": "",
    "nr": "",
    "num": "",
    "number": "",
    "the": "",
    "shift": "",
    "team": "",
    "dayshift": "days",
    "nightshift": "nights",
    "and": "",
    "of": "",
}
_NUMBERS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
)
_NUMBER_WORDS: Final[Mapping[str, str]] = {
    **{word: str(number) for number, word in enumerate(_NUMBERS)},
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
}
_SPLIT = re.compile(r"\d+|[^\W\d]+")


@dataclass(frozen=True, slots=True)
class Twins:
    """Two areas that may be one: the one that was on the map first, and the other."""

    first: AreaId
    other: AreaId


@lru_cache(maxsize=4096)
def core(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a name comes down to: its words written out, and its numbers with single letters, sorted."""
    words: list[str] = []
    marks: list[str] = []
    for word in _pieces(name):
        said = _NUMBER_WORDS.get(word, word)
        if said.isdigit():
            marks.append(str(int(said)))
        elif len(said) == 1:
            marks.append(said)
        elif kept := _SHORT.get(said, said):
            words.append(kept)
    return tuple(sorted(words)), tuple(sorted(marks))


def _pieces(name: str) -> Iterable[str]:
    """The words of a name, and its numbers apart from the letters they are glued to."""
    return (piece for token in tokens(name) for piece in _SPLIT.findall(token))


def are_alike(one: str, other: str) -> bool:
    """Whether two names may mean the same place. The same whichever comes first.

    Different numbers or letters, as in "Lab 2" and "Lab 3", are different places.
    """
    (words, marks), (others, other_marks) = core(one), core(other)
    if marks != other_marks:
        return False
    if words == others:
        return bool(words or marks)
    if not words or not others:
        return False
    return _may_be_slip(words, others) or fuzz.ratio(" ".join(words), " ".join(others)) >= ALIKE


def _may_be_slip(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether all words are the same but one, which is misspelt."""
    left = [word for word in words if word not in others]
    right = [word for word in others if word not in words]
    if len(left) != 1 or len(right) != 1 or len(words) != len(others):
        return False
    shortest = min(len(left[0]), len(right[0]))
    slips = 2 if shortest >= TWO_SLIPS else int(shortest >= SLIP)
    return OSA.distance(left[0], right[0]) <= slips


def like(work_map: WorkMap, path: Path) -> tuple[AreaId, ...]:
    """Areas that a path may mean although none is called exactly that, best first; at most three.

    A bare name may mean an area that lies in another: "Nights" where the map has "Lab 2 > Nights".
    """
    if work_map.find(path) is not None:
        return ()
    found: list[tuple[int, AreaId]] = []
    for area in work_map.live:
        there = work_map.path(area.id)
        if _paths_alike(there, path):
            found.append((0, area.id))
        elif len(path) < len(there) and _paths_alike(there[-len(path) :], path):
            found.append((1, area.id))
    return tuple(area for _, area in sorted(found, key=lambda one: one[0])[:3])


def _paths_alike(one: Path, other: Path) -> bool:
    return len(one) == len(other) and all(map(are_alike, one, other))


def twins(work_map: WorkMap) -> tuple[Twins, ...]:
    """Areas side by side on the map that may be one."""
    found: list[Twins] = []
    parents = (None, *(area.id for area in work_map.live))
    for parent in parents:
        beside = work_map.children(parent)
        found += [
            Twins(one.id, other.id)
            for place, one in enumerate(beside)
            for other in beside[place + 1 :]
            if are_alike(one.name, other.name)
        ]
    return tuple(found)
