"""Reads misspelt words as the words of a vocabulary that they were probably meant to be.

A word is left alone where the vocabulary has it, where it is common English, or where it is too
short or a number. Any other word is compared with the vocabulary (slips of the keys, swapped
letters) and with pairs of words (a space not typed, perhaps with a slip in one of the two); the
likeliest reading wins. A word that is common English is never read as another: "car" is no "card",
and what the vocabulary does not know has to count as unknown. A word that stands alone is read only as
one that it nearly is: whatever somebody made up is near to something.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST: Final = 3  # letters; "of" and "off" cannot be told apart by their spelling
BARE: Final = 2  # words; where so few are all unknown, nothing says what they are about
_LONG: Final = 8  # letters; a shorter bare word may have one slip, others two
CACHE_WORDS: Final = 8192  # readings kept; one takes about 200 bytes
_SLIPS: Final = ((5, 1), (10, 2), (99, 3))  # a word shorter than this may have so many slips
_CANDIDATES: Final = 8
# Costs and weights of a reading, in nats; a reading's worth is a rough log-likelihood.
_SLIP: Final = 3.2
_OTHER_FIRST_LETTER: Final = 0.7  # first letters are rarely wrong
_SPACE: Final = 3.0
_PRIOR: Final = 0.5  # weight of how usual the word is
_NOT_OURS: Final = 3.0  # common English is less likely to be meant than a word of the vocabulary
_GOOD: Final = -6.0  # a reading this good is not doubted: no search for a slip beside a lost space
_LINK_RANK: Final = 2000  # a lost space is next to a word as usual as this, or of the vocabulary
_LINK_TAIL: Final = 4  # letters of the other half, the one with the slip


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
        return self._means_something(word) or len(word) < SHORTEST

    def repair(self, words: Sequence[str]) -> Repaired:
        """The words as they were probably meant.

        Args:
            words: Normalised tokens.
        """
        if all(map(self._means_something, words)):
            return Repaired(tuple(words))
        read: list[str] = []
        readings: list[str] = []
        is_bare = len(words) <= BARE and not any(map(self._means_something, words))
        for word in self._joined(words):
            meant = (word,) if self.is_known(word) else self._reading(word)
            if is_bare and not _is_near(word, meant):
                meant = (word,)
            read.extend(meant)
            readings.extend(new for new in meant if new != word)
        return Repaired(tuple(read), tuple(readings))

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """Two halves of one word of the vocabulary become it, where one of them means nothing."""
        at = 0
        while at < len(words):
            halves = words[at : at + 2]
            both = "".join(halves)
            if both in self._prior and not all(map(self._means_something, halves)):
                yield both
                at += 2
            else:
                yield words[at]
                at += 1

    def _means_something(self, word: str) -> bool:
        return word in self._prior or word in self._ranks or word.isdigit()

    def _read(self, word: str) -> tuple[str, ...]:
        """The likeliest reading of an unknown word; the word itself where there is none."""
        readings = [*self._slips(word, _CANDIDATES), *self._lost_spaces(word)]
        if max(readings, default=(_GOOD, ()))[0] <= _GOOD:
            readings += self._lost_spaces_and_slips(word)
        return max(readings, default=(0.0, (word,)))[1]

    def _slips(self, word: str, limit: int) -> Iterator[tuple[float, tuple[str, ...]]]:
        most = next(slips for length, slips in _SLIPS if len(word) < length)
        near = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=most, limit=limit
        )
        for meant, slips, _ in near:
            other = _OTHER_FIRST_LETTER if word[0] != meant[0] else 0.0
            yield _PRIOR * self._usual(meant) - _SLIP * slips - other, (meant,)

    def _lost_spaces(self, word: str) -> Iterator[tuple[float, tuple[str, ...]]]:
        for cut in range(1, len(word)) if len(word) >= 5 else ():
            a, b = word[:cut], word[cut:]
            if self._means_something(a) and self._means_something(b):
                yield _PRIOR * (self._usual(a) + self._usual(b)) - _SPACE, (a, b)

    def _lost_spaces_and_slips(self, word: str) -> Iterator[tuple[float, tuple[str, ...]]]:
        for cut in range(2, len(word) - 1):
            head, tail = word[:cut], word[cut:]
            if self._is_link(head) and len(tail) >= _LINK_TAIL:
                for worth, meant in self._slips(tail, 3):
                    yield worth + _PRIOR * self._usual(head) - _SPACE, (head, *meant)
            if self._is_link(tail) and len(head) >= _LINK_TAIL:
                for worth, meant in self._slips(head, 3):
                    yield worth + _PRIOR * self._usual(tail) - _SPACE, (*meant, tail)

    def _is_link(self, word: str) -> bool:
        return word in self._prior or self._ranks.get(word, _LINK_RANK) < _LINK_RANK

    def _usual(self, word: str) -> float:
        """The log of how usual a word is, roughly; the vocabulary's own words come first."""
        if (own := self._prior.get(word)) is not None:
            return own
        return -math.log(self._ranks.get(word, len(self._ranks)) + 1) - _NOT_OURS


def _is_near(word: str, meant: Sequence[str]) -> bool:
    """Whether a reading is so near that nothing else need speak for it."""
    read = "".join(meant)
    slips = OSA.distance(word, read)
    begins_alike = read[0] == word[0] or sorted(read[:2]) == sorted(word[:2])
    return begins_alike and slips <= (1 if len(word) < _LONG else 2)
