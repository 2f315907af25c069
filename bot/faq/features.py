"""Turns words into sparse, weighted features: words, word pairs, letters inside words, meanings.

Each kind of feature is a block of unit length times the block's weight; the whole is of unit length
again, so that the product of two vectors is a cosine. Weights are TF-IDF, `(1 + log tf) * idf`. A
FAQ is small, so what it cannot know of a word's weight comes from ordinary English: its idf counts
`BACKGROUND` further texts in which every word is as frequent as in the language.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Floats, Rows, Vector
from bot.faq.words import Words
from bot.language.common_words import share_of_text
from bot.language.name_list import NameList

GRAM_LENGTHS: Final = (4,)  # letters
WORD_WEIGHT: Final = 1.0
PAIR_WEIGHT: Final = 0.5
GRAM_WEIGHT: Final = 1.5
MEANING_WEIGHT: Final = 1.0
BACKGROUND: Final = 2000.0  # texts
LARGE: Final = 2000  # texts, from which on a pair of words that stands in one alone is no feature
CACHE_WORDS: Final = 4096
_WEIGHTS: Final = np.array([WORD_WEIGHT, PAIR_WEIGHT, GRAM_WEIGHT, MEANING_WEIGHT])
_TINY: Final = 1e-12  # no number to divide by
_GRAM: Final = "_"  # begins the name of a gram; no word holds it


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
        if isinstance(names, NameList):
            self._number: Callable[[str], int | None] = names.number
        else:
            self._number = dict(zip(names, range(len(names)), strict=True)).get
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
        if len(texts) >= LARGE:
            counts, more = _told_apart(counts), _told_apart(more)
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
        return self._number(name)

    def vector(self, text: Words, dense: Floats, dense_weight: float) -> Vector:
        """What a text says; see `rows`.

        Args:
            text: The words.
            dense: Their sentence vector, float32 [dimensions].
            dense_weight: Its length beside the sparse part, which has length 1.
        """
        return self.rows([text], dense[None, :], dense_weight).row(0)

    def rows(self, texts: Sequence[Words], dense: Floats, dense_weight: float) -> Rows:
        """What texts say; features that the space does not have are left out.

        Args:
            texts: The words of each.
            dense: Their sentence vectors, float32 [texts, dimensions].
            dense_weight: The length of these beside the sparse part, which has length 1.
        """
        numbers: list[int] = []
        lengths: list[int] = []
        for text in texts:
            for part in self._blocks(text):
                lengths.append(len(part))
                numbers += part
        part_of = np.repeat(np.arange(len(lengths)), lengths)
        keys = part_of * len(self) + np.array(numbers, np.intp)
        place, counts = np.unique(keys, return_counts=True)
        part_of, ids = np.divmod(place, max(len(self), 1))
        weights = (1 + np.log(counts)) * self.idf[ids]
        weights *= _scales(weights, part_of, len(lengths))[part_of]
        starts = np.searchsorted(part_of, np.arange(len(texts) + 1) * len(_WEIGHTS))
        shares = np.where(np.diff(starts) > 0, _shares(dense, dense_weight), 0)
        weights *= np.repeat(shares, np.diff(starts))
        lone = shares == 0
        dense = dense * np.where(lone, 1, shares * dense_weight)[:, None].astype(np.float32)
        return Rows(
            ids.astype(np.int32),
            weights.astype(np.float32),
            starts.astype(np.int32),
            dense,
            len(self),
        )

    def _blocks(self, text: Words) -> tuple[Sequence[int], ...]:
        """The numbers of a text's features, block by block."""
        return (
            self._numbers(text.words),
            self._numbers(pairs(text.words)),
            [*chain.from_iterable(map(self._known_grams, text.words))],
            self._numbers(text.meanings),
        )

    def _numbers(self, names: Iterable[str]) -> list[int]:
        number = self._number
        return [at for name in names if (at := number(name)) is not None]

    def _look_up_grams(self, word: str) -> tuple[int, ...]:
        return tuple(self._numbers(_gram_names(word)))


def _told_apart(counts: Counter[str]) -> Counter[str]:
    """Without the pairs of words that were seen once: half of all features, and hardly ever asked."""
    return Counter({name: n for name, n in counts.items() if n > 1 or " " not in name})


def _scales(weights: NDArray[Any], part_of: NDArray[np.intp], parts: int) -> NDArray[np.float64]:
    """What every block is multiplied by, so that it has its length and its text length 1."""
    squares = np.bincount(part_of, weights * weights, minlength=parts).reshape(-1, len(_WEIGHTS))
    lengths = np.where(squares > 0, _WEIGHTS, 0)
    whole = np.sqrt((lengths * lengths).sum(1, keepdims=True))
    found: NDArray[np.float64] = lengths / np.sqrt(np.maximum(squares, _TINY))
    found /= np.maximum(whole, _TINY)
    return found.ravel()


def _shares(dense: Floats, dense_weight: float) -> NDArray[np.float64]:
    """The length of each text's sparse part beside its sentence vector."""
    squares: NDArray[np.float64] = np.einsum("td,td->t", dense, dense).astype(np.float64)
    shares: NDArray[np.float64] = 1 / np.sqrt(1 + dense_weight**2 * squares)
    return shares


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
