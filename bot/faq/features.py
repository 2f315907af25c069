"""Turns words into sparse, weighted features: words, word pairs, and letters inside words.

Each kind of feature is a block of unit length times the block's weight; the whole is of unit length
again, so that the product of two is a cosine. Weights are TF-IDF: `(1 + log tf) * idf`, with
`idf = log((1 + N) / (1 + df)) + 1` over the N texts the space was made from.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

GRAM_LENGTHS: Final = (3, 4, 5)
WORD_WEIGHT: Final = 1.0
PAIR_WEIGHT: Final = 0.5
GRAM_WEIGHT: Final = 1.0
CACHE_WORDS: Final = 4096


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector of unit length, or of none where nothing was known.

    Attributes:
        ids: Feature numbers, int32 [n], none twice.
        weights: Their weights, float32 [n].
    """

    ids: Ints
    weights: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse vectors below each other, in compressed rows (CSR).

    Attributes:
        ids: Feature numbers of all rows, int32 [nnz].
        weights: Their weights, float32 [nnz].
        starts: Where each row begins, and the end, int32 [rows + 1].
        width: How many features there are.
    """

    ids: Ints
    weights: Floats
    starts: Ints
    width: int

    @classmethod
    def of(cls, vectors: Sequence[Vector], width: int) -> "Rows":
        """Vectors put below each other."""
        lengths = [len(vector.ids) for vector in vectors]
        return cls(
            ids=np.concatenate([np.empty(0, np.int32), *(v.ids for v in vectors)]),
            weights=np.concatenate([np.empty(0, np.float32), *(v.weights for v in vectors)]),
            starts=np.cumsum([0, *lengths]).astype(np.int32),
            width=width,
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, at: int) -> Vector:
        """One of the vectors."""
        part = slice(self.starts[at], self.starts[at + 1])
        return Vector(self.ids[part], self.weights[part])


def grams(word: str) -> Iterator[str]:
    """The runs of 3, 4 and 5 letters in a word, its edges marked."""
    padded = f"#{word}#"
    for length in GRAM_LENGTHS:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring words, as one text each."""
    return [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)]


class FeatureSpace:
    """Which features there are, their numbers and their weights.

    Args:
        names: Every feature; words, then pairs (with a space), then grams (with `_` before them).
        idf: Their inverse document frequencies, float32 [features].
    """

    def __init__(self, names: Sequence[str], idf: Floats) -> None:
        self.names = tuple(names)
        self.idf = idf
        self._number: Mapping[str, int] = {name: at for at, name in enumerate(self.names)}
        self._idf = idf.tolist()
        self._grams_of = lru_cache(maxsize=CACHE_WORDS)(self._known_grams)

    @classmethod
    def learn(cls, texts: Sequence[Sequence[str]]) -> "FeatureSpace":
        """The space of all features that stand in some texts.

        Args:
            texts: The words of each text.
        """
        words: Counter[str] = Counter()
        neighbours: Counter[str] = Counter()
        letters: Counter[str] = Counter()
        for text in texts:
            own = set(text)
            words.update(own)
            neighbours.update(set(pairs(text)))
            letters.update({"_" + gram for word in own for gram in grams(word)})
        counts = words | neighbours | letters
        df = np.fromiter(counts.values(), np.float32, len(counts))
        return cls(tuple(counts), (np.log((1 + len(texts)) / (1 + df)) + 1).astype(np.float32))

    def __len__(self) -> int:
        return len(self.names)

    def number(self, name: str) -> int | None:
        """The number of a feature, None where no text had it."""
        return self._number.get(name)

    def vector(self, words: Sequence[str]) -> Vector:
        """The features of some words; what the space does not know is left out."""
        blocks = [
            self._block(Counter(words), WORD_WEIGHT),
            self._block(Counter(pairs(words)), PAIR_WEIGHT),
            self._gram_block(words),
        ]
        ids = np.concatenate([block.ids for block in blocks])
        weights = np.concatenate([block.weights for block in blocks])
        return Vector(ids, _unit(weights))

    def rows(self, texts: Sequence[Sequence[str]]) -> Rows:
        """The features of many texts."""
        return Rows.of([self.vector(text) for text in texts], len(self))

    def _block(self, counts: Mapping[str, int], weight: float) -> Vector:
        known = [(self._number[n], c) for n, c in counts.items() if n in self._number]
        ids = np.array([number for number, _ in known], np.int32)
        tf = 1 + np.log(np.array([count for _, count in known], np.float32))
        return Vector(ids, _unit(tf * self.idf[ids]) * np.float32(weight))

    def _gram_block(self, words: Sequence[str]) -> Vector:
        of_words = [self._grams_of(word) for word in words]
        every = np.concatenate([np.empty(0, np.int32), *of_words])
        ids, counts = np.unique(every, return_counts=True)
        tf = 1 + np.log(counts.astype(np.float32))
        return Vector(ids, _unit(tf * self.idf[ids]) * np.float32(GRAM_WEIGHT))

    def _known_grams(self, word: str) -> Ints:
        numbers = (self._number.get("_" + gram) for gram in grams(word))
        return np.array([number for number in numbers if number is not None], np.int32)


def _unit(weights: Floats) -> Floats:
    length = float(np.sqrt(weights @ weights))
    return weights / np.float32(length) if length else weights
