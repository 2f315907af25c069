"""Reads misspelt words as the words of a vocabulary that they were probably meant to be.

A word is left alone where the vocabulary has it, where it is common English, or where it is too
short or a number. Any other word is compared with the vocabulary (slips of one or two keys, swapped
letters) and with pairs of known words (a space not typed); the likeliest reading wins.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST: Final = 3  # letters; "of" and "off" cannot be told apart by their spelling
LONG_WORD: Final = 5  # letters from which on two slips are allowed
CACHE_WORDS: Final = 8192  # readings kept; a word takes about 200 bytes
_SLIP: Final = 3.2  # cost of one slip, in nats
_OTHER_FIRST_LETTER: Final = 0.7  # first letters are rarely wrong
_SPACE: Final = 3.0  # cost of a space not typed
_PRIOR: Final = 0.5  # weight of how usual the word is
_CANDIDATES: Final = 8


@dataclass(frozen=True, slots=True)
class Repaired:
    """Words after repair.

    Attributes:
        words: As they are read; a word may have become two, or two one.
        readings: Words of the vocabulary that a misspelt word was read as, in order.
    """

    words: tuple[str, ...]
    readings: tuple[str, ...] = ()


class Speller:
    """Repairs words against one vocabulary.

    Args:
        counts: How often each word stands in the texts the vocabulary is from.
        ranks: Common English words with their rank, from 1.
    """

    def __init__(self, counts: Mapping[str, int], ranks: Mapping[str, int]) -> None:
        self._prior = {word: -math.log1p(200 / count) for word, count in counts.items()}
        self._ranks = ranks
        self._targets = sorted(word for word in counts if len(word) >= SHORTEST)
        self._reading = lru_cache(maxsize=CACHE_WORDS)(self._read)

    def is_known(self, word: str) -> bool:
        """Whether a word is left as it is."""
        return word in self._prior or len(word) < SHORTEST or word.isdigit() or word in self._ranks

    def repair(self, words: Sequence[str]) -> Repaired:
        """The words as they were probably meant.

        Args:
            words: Normalised tokens.
        """
        if all(map(self.is_known, words)):
            return Repaired(tuple(words))
        read: list[str] = []
        readings: list[str] = []
        for word in self._joined(words):
            if self.is_known(word):
                read.append(word)
                continue
            meant = self._reading(word)
            read.extend(meant)
            readings.extend(new for new in meant if new != word)
        return Repaired(tuple(read), tuple(readings))

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """Two halves of one word of the vocabulary become it, where one of them means nothing."""
        at = 0
        while at < len(words):
            both = words[at] + words[at + 1] if at + 1 < len(words) else ""
            if both in self._prior and not (
                self._means_something(words[at]) and self._means_something(words[at + 1])
            ):
                yield both
                at += 2
            else:
                yield words[at]
                at += 1

    def _means_something(self, word: str) -> bool:
        return word in self._prior or word in self._ranks or word.isdigit()

    def _read(self, word: str) -> tuple[str, ...]:
        slips = [(self._closeness(word, meant, d), (meant,)) for meant, d in self._near(word)]
        splits = [
            (_PRIOR * (self._usual(a) + self._usual(b)) - _SPACE, (a, b))
            for a, b in self._halves(word)
        ]
        return max(slips + splits, default=(0.0, (word,)))[1]

    def _near(self, word: str) -> list[tuple[str, float]]:
        cutoff = 1 if len(word) < LONG_WORD else 2
        found = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=cutoff, limit=_CANDIDATES
        )
        return [(meant, distance) for meant, distance, _ in found]

    def _closeness(self, word: str, meant: str, distance: float) -> float:
        other = _OTHER_FIRST_LETTER if word[0] != meant[0] else 0.0
        return _PRIOR * self._usual(meant) - _SLIP * distance - other

    def _halves(self, word: str) -> Iterator[tuple[str, str]]:
        if len(word) < LONG_WORD:
            return
        for cut in range(1, len(word)):
            a, b = word[:cut], word[cut:]
            if self._means_something(a) and self._means_something(b):
                yield a, b

    def _usual(self, word: str) -> float:
        """The log of how usual a word is, roughly; the vocabulary's own words come first."""
        if (own := self._prior.get(word)) is not None:
            return own
        return -math.log(self._ranks.get(word, len(self._ranks)) + 1) - 3.0
