"""Puts questions that ask alike into groups, so that an editor reads one where twenty people asked.

Every text is a vector of its words and of their three-letter pieces, rarer ones weighing more, folded
into a fixed number of places. A text joins the nearest group that is near enough, else begins one.
The same texts in the same order always make the same groups.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.language.normalising import content_words, tokens

PLACES: Final = 1024  # features are folded into so many; a power of two
NEAR: Final = 0.45  # cosine from which two texts ask alike; found by reading groups, see the tests
WORD_WEIGHT: Final = 2  # of a whole word beside its pieces

_MASK = re.compile(r"\[\w+\]")  # what scrubbing left where a name or number stood


def group(texts: Sequence[str], leaders: Sequence[str] = ()) -> tuple[int, ...]:
    """Which group each text belongs to.

    Args:
        texts: In the order in which they came.
        leaders: Texts that begin groups 0, 1, ... whatever comes.

    Returns:
        A group number for each text; groups that texts begin follow those of the leaders.
    """
    rows = _vectors([*leaders, *texts])
    heads, begun = np.array(rows), len(leaders)  # the rows that began a group, packed together
    found: list[int] = []
    for row in rows[len(leaders) :]:
        near = heads[:begun] @ row
        best = int(near.argmax()) if begun else 0
        if not begun or near[best] < NEAR:
            best, heads[begun] = begun, row
            begun += 1
        found.append(best)
    return tuple(found)


def _vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows, float32 [texts, PLACES]; a text without a word has a row of its own letters."""
    rows = np.zeros((len(texts), PLACES), np.float32)
    for row, text in zip(rows, texts, strict=True):
        places, weights = _folded(text)
        row[places] = weights
    shared = np.count_nonzero(rows, axis=0)
    rows *= np.log1p(len(texts) / np.maximum(shared, 1)).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.float32(1e-9))
    return unit


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The places of a text's features, each once, and their weights."""
    typed = tokens(_MASK.sub(" ", text))
    words = content_words(typed) or typed or (text,)
    weight_by_place: Counter[int] = Counter()
    for word in words:
        weight_by_place[_place(f"w{_singular(word)}")] += WORD_WEIGHT
        for at in range(len(word)):
            weight_by_place[_place(f" {word} "[at : at + 3])] += 1
    places = np.fromiter(weight_by_place, np.int64, len(weight_by_place))
    return places, np.fromiter(weight_by_place.values(), np.float32, len(weight_by_place))


def _singular(word: str) -> str:
    """The word without the `s` of a plural, as far as four letters and more can tell."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _place(feature: str) -> int:
    return crc32(feature.encode()) % PLACES
