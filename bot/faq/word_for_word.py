"""Finds the text that a question is, word for word, without keeping the texts' words."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.faq import Faq
from bot.knowledge.outside import Outside
from bot.language.normalising import tokens

NOBODY: Final = -1  # owns a phrasing that two entries share
OUTSIDE: Final = -2  # owns what is outside the FAQ


@dataclass(frozen=True, slots=True)
class WordForWord:
    """Which entry each phrasing belongs to.

    Attributes:
        digests: Of the phrasings' words, ascending, uint64 [n].
        owners: Their entries' numbers, int32 [n]; `NOBODY` where two entries have the same words,
            `OUTSIDE` for what no entry has and is known to be outside.
    """

    digests: NDArray[np.uint64]
    owners: NDArray[np.int32]

    @classmethod
    def of(cls, faq: Faq, outside: Outside) -> "WordForWord":
        """The phrasings of a FAQ, and the texts outside it."""
        owner_by_digest: dict[int, int] = {}
        for at, entry in enumerate(faq.entries):
            for text in entry.asked_as():
                if words := tokens(text):
                    digest = _digest(words)
                    owner = owner_by_digest.setdefault(digest, at)
                    owner_by_digest[digest] = at if owner == at else NOBODY
        for group in outside.groups:
            for text in group.texts:
                if words := tokens(text):
                    owner_by_digest.setdefault(_digest(words), OUTSIDE)
        ascending = sorted(owner_by_digest)
        owners = [owner_by_digest[digest] for digest in ascending]
        return cls(np.array(ascending, np.uint64), np.array(owners, np.int32))

    def entry(self, words: tuple[str, ...]) -> int | None:
        """The number of the entry that has exactly these words as a phrasing; None where none has."""
        owner = self._owner(words)
        return None if owner < 0 else owner

    def is_outside(self, words: tuple[str, ...]) -> bool:
        """Whether exactly these words are known to be outside, and no phrasing of an entry."""
        return self._owner(words) == OUTSIDE

    def _owner(self, words: tuple[str, ...]) -> int:
        if not words or not len(self.digests):
            return NOBODY
        digest = np.uint64(_digest(words))
        at = int(np.searchsorted(self.digests, digest))
        is_found = at < len(self.digests) and self.digests[at] == digest
        return int(self.owners[at]) if is_found else NOBODY


def _digest(words: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")
