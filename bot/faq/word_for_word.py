"""Finds the text that a question is, word for word, without keeping the texts' words."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.language.normalising import tokens

NOBODY: Final = -1  # owns a text that two have
OUTSIDE: Final = -2  # owns what is outside the FAQ


@dataclass(frozen=True, slots=True)
class WordForWord:
    """Whose each text is: a phrasing's entry, or a sensitive topic.

    Attributes:
        digests: Of the texts' words, ascending, uint64 [n].
        owners: Whose they are, int32 [n]; `NOBODY` where the same words are of two, `OUTSIDE` for
            what is known to be nobody's.
    """

    digests: NDArray[np.uint64]
    owners: NDArray[np.int32]

    @classmethod
    def of(cls, said: Iterable[tuple[int, str]], outside: Iterable[str] = ()) -> "WordForWord":
        """What was read once.

        Args:
            said: Texts with the number of whose they are.
            outside: Texts that are nobody's.
        """
        owner_by_digest: dict[int, int] = {}
        for at, text in said:
            if words := tokens(text):
                digest = _digest(words)
                owner = owner_by_digest.setdefault(digest, at)
                owner_by_digest[digest] = at if owner == at else NOBODY
        for text in outside:
            if words := tokens(text):
                owner_by_digest.setdefault(_digest(words), OUTSIDE)
        ascending = sorted(owner_by_digest)
        owners = [owner_by_digest[digest] for digest in ascending]
        return cls(np.array(ascending, np.uint64), np.array(owners, np.int32))

    def owner(self, words: tuple[str, ...]) -> int | None:
        """The number of the one that has exactly these words; None where none has."""
        owner = self._found(words)
        return None if owner < 0 else owner

    def is_outside(self, words: tuple[str, ...]) -> bool:
        """Whether exactly these words are known to be outside, and nobody's."""
        return self._found(words) == OUTSIDE

    def _found(self, words: tuple[str, ...]) -> int:
        if not words or not len(self.digests):
            return NOBODY
        digest = np.uint64(_digest(words))
        at = int(np.searchsorted(self.digests, digest))
        is_found = at < len(self.digests) and self.digests[at] == digest
        return int(self.owners[at]) if is_found else NOBODY


def _digest(words: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")
