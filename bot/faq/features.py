"""Turns words into sparse, weighted features: words, word pairs, letters inside words, meanings.

Each kind of feature is a block of unit length times the block's weight; the whole is of unit length
again, so that the product of two vectors is a cosine. Weights are TF-IDF, `(1 + log tf) * idf`. A
FAQ is small, so what it cannot know of a word's weight comes from ordinary English: its idf counts
`BACKGROUND` further texts in which every word is as frequent as in the language.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.words import Words
from bot.language.common_words import share_of_text

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

GRAM_LENGTHS: Final = (3, 4)  # letters
WORD_WEIGHT: Final = 1.0
PAIR_WEIGHT: Final = 0.5
GRAM_WEIGHT: Final = 1.5
MEANING_WEIGHT: Final = 1.0
BACKGROUND: Final = 2000.0  # texts
CACHE_WORDS: Final = 4096
_GRAM: Final = "_"  # begins the name of a gram; no word holds it


@dataclass(frozen=True, slots=True)
class Vector:
    """What a text says, of unit length, or of none where nothing was known.

    Attributes:
        ids: Feature numbers, int32 [n], none twice.
        weights: Their weights, float32 [n].
        dense: The sentence vector beside them, float32 [dimensions].
    """

    ids: Ints
    weights: Floats
    dense: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors below each other, the sparse part in compressed rows (CSR).

    Attributes:
        ids: Feature numbers of all rows, int32 [nnz].
        weights: Their weights, float32 [nnz].
        starts: Where each row begins, and the end, int32 [rows + 1].
        dense: Sentence vectors, float32 [rows, dimensions].
        width: How many features there are.
    """

    ids: Ints
    weights: Floats
    starts: Ints
    dense: Floats
    width: int

    @classmethod
    def of(cls, vectors: Sequence[Vector], width: int) -> "Rows":
        """Vectors put below each other; at least one."""
        return cls(
            ids=np.concatenate([vector.ids for vector in vectors]),
            weights=np.concatenate([vector.weights for vector in vectors]),
            starts=np.cumsum([0, *(len(vector.ids) for vector in vectors)]).astype(np.int32),
            dense=np.array([vector.dense for vector in vectors], np.float32),
            width=width,
        )

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    def row(self, at: int) -> Vector:
        """One of the vectors."""
        part = slice(self.starts[at], self.starts[at + 1])
        return Vector(self.ids[part], self.weights[part], self.dense[at])

    def some(self, which: NDArray[np.intp]) -> "Rows":
        """Some of the rows, in a new order."""
        return Rows.of([self.row(at) for at in which.tolist()], self.width)

    def columns(self, which: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which features stand in some of the rows, bool [features]."""
        found = np.zeros(self.width, bool)
        for at in which.tolist():
            found[self.ids[self.starts[at] : self.starts[at + 1]]] = True
        return found


def grams(word: str, lengths: Sequence[int] = (3, 4, 5)) -> Iterator[str]:
    """The runs of so many letters in a word, its edges marked with `#`."""
    padded = f"#{word}#"
    for length in lengths:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring words, as one text each."""
    return [f"{a} {b}" for a, b in pairwise(words)]


def is_gram(name: str) -> bool:
    """Whether a feature is a run of letters."""
    return name.startswith(_GRAM)


class FeatureSpace:
    """Which features there are, their numbers and their weights.

    Args:
        names: Every feature; those of the FAQ first.
        idf: Their inverse document frequencies, float32 [features]; an unknown word counts as the
            heaviest of them.
        home: How many features are the FAQ's own. The rest are of the texts beside it (what is
            sensitive), which must not change how the FAQ is matched.
    """

    def __init__(self, names: Sequence[str], idf: Floats, home: int) -> None:
        self.names = names
        self.idf = idf
        self.home = home
        self.heaviest = float(idf.max(initial=1.0))
        self._number = dict(zip(names, range(len(names)), strict=True))
        self._known_grams = lru_cache(maxsize=CACHE_WORDS)(self._look_up_grams)

    @classmethod
    def learn(cls, texts: Sequence[Words], beside: Sequence[Words] = ()) -> "FeatureSpace":
        """The space of all features that stand in some texts.

        Args:
            texts: The FAQ's phrasings.
            beside: Further texts, whose own features come after the FAQ's.
        """
        counts = Counter(chain.from_iterable(map(_names, texts)))
        more = Counter(chain.from_iterable(map(_names, beside)))
        names = [*counts, *(name for name in more if name not in counts)]
        df = np.array([counts[name] or more[name] for name in names], np.float32)
        size = np.full(len(names), 1.0 + len(texts), np.float32)
        usual = sum(len(text.words) for text in texts) / max(len(texts), 1)
        for at, name in enumerate(names):
            if name.isalnum():
                df[at] += BACKGROUND * min(1.0, usual * share_of_text(name))
                size[at] += BACKGROUND
        return cls(names, np.log(size / (1 + df)).clip(0).astype(np.float32) + 1, len(counts))

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.names)

    def number(self, name: str) -> int | None:
        """The number of a feature, None where no text had it."""
        return self._number.get(name)

    def vector(self, text: Words, dense: Floats, dense_weight: float) -> Vector:
        """What a text says; features that the space does not have are left out.

        Args:
            text: The words.
            dense: Their sentence vector, float32 [dimensions].
            dense_weight: Its length beside the sparse part, which has length 1.
        """
        blocks = (
            (Counter(self._numbers(text.words)), WORD_WEIGHT),
            (Counter(self._numbers(pairs(text.words))), PAIR_WEIGHT),
            (Counter(chain.from_iterable(map(self._known_grams, text.words))), GRAM_WEIGHT),
            (Counter(self._numbers(text.meanings)), MEANING_WEIGHT),
        )
        found = [(counts, weight) for counts, weight in blocks if counts]
        if not found:
            return Vector(np.empty(0, np.int32), np.empty(0, np.float32), dense)
        total = sum(len(counts) for counts, _ in found)
        ids = np.fromiter(chain.from_iterable(c for c, _ in found), np.int32, total)
        tf = np.fromiter(chain.from_iterable(c.values() for c, _ in found), np.float32, total)
        weights = (1 + np.log(tf)) * self.idf[ids]
        self._scale(weights, found)
        length = np.float32(np.sqrt(weights @ weights))
        share = np.float32(1 / np.sqrt(1 + dense_weight**2 * float(dense @ dense)))
        return Vector(ids, weights * (share / length), dense * (share * np.float32(dense_weight)))

    def _scale(self, weights: Floats, blocks: Sequence[tuple[Counter[int], float]]) -> None:
        """Give each block its length, in place."""
        start = 0
        for counts, weight in blocks:
            part = weights[start : start + len(counts)]
            part *= weight / np.sqrt(part @ part)
            start += len(counts)

    def _numbers(self, names: Iterable[str]) -> Iterator[int]:
        number = self._number
        return (number[name] for name in names if name in number)

    def _look_up_grams(self, word: str) -> tuple[int, ...]:
        return tuple(self._numbers(_gram_names(word)))


def only(vector: Vector, allowed: NDArray[np.bool_]) -> Vector:
    """The vector without the features that are not allowed, its length as before.

    Args:
        vector: Any.
        allowed: Which features stay, bool [features].
    """
    stays = allowed[vector.ids]
    if stays.all():
        return vector
    weights = vector.weights[stays]
    before, now = float(vector.weights @ vector.weights), float(weights @ weights)
    return Vector(
        vector.ids[stays],
        weights * np.float32(np.sqrt(before / now)) if now else weights,
        vector.dense,
    )


def _names(text: Words) -> set[str]:
    letters = chain.from_iterable(map(_gram_names, text.words))
    return {*text.words, *pairs(text.words), *text.meanings, *letters}


@lru_cache(maxsize=CACHE_WORDS)
def _gram_names(word: str) -> tuple[str, ...]:
    return tuple(_GRAM + gram for gram in grams(word, GRAM_LENGTHS))
