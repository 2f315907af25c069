"""Finds the entry whose phrasing a question is, word for word, without keeping the phrasings' words."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.faq import Faq
from bot.language.normalising import tokens

NOBODY: Final = -1  # owns a phrasing that two entries share


@dataclass(frozen=True, slots=True)
class WordForWord:
    """Which entry each phrasing belongs to.

    Attributes:
        digests: Of the phrasings' words, ascending, uint64 [n].
        owners: Their entries' numbers, int32 [n]; -1 where two entries have the same words.
    """

    digests: NDArray[np.uint64]
    owners: NDArray[np.int32]

    @classmethod
    def of(cls, faq: Faq) -> "WordForWord":
        """The phrasings of a FAQ."""
        owner_by_digest: dict[int, int] = {}
        for at, entry in enumerate(faq.entries):
            for text in entry.asked_as():
                if words := tokens(text):
                    digest = _digest(words)
                    owner = owner_by_digest.setdefault(digest, at)
                    owner_by_digest[digest] = at if owner == at else NOBODY
        ascending = sorted(owner_by_digest)
        owners = [owner_by_digest[digest] for digest in ascending]
        return cls(np.array(ascending, np.uint64), np.array(owners, np.int32))

    def entry(self, words: tuple[str, ...]) -> int | None:
        """The number of the entry that has exactly these words as a phrasing; None where none has."""
        if not words or not len(self.digests):
            return None
        digest = np.uint64(_digest(words))
        at = int(np.searchsorted(self.digests, digest))
        if at == len(self.digests) or self.digests[at] != digest or self.owners[at] == NOBODY:
            return None
        return int(self.owners[at])


def _digest(words: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")
