"""Two sources of vectors beside each other: each hears what the other does not.

A model of sentences knows what a question means, and stumbles over slips and titles; the word table
knows the letters of a word that nobody has seen. Their length is what they count beside the words of a
text, whose length is 1: where an entry has few phrasings, what a question means has to say more.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.faq.scarcity import scarcity
from bot.faq.vector_source import Floats, VectorSource

LONGER: Final = 0.7


def length_for(phrasings: int, entries: int) -> float:
    """How long vectors are to be for a FAQ: 1.7 with few phrasings an entry, towards 1 with many.

    Args:
        phrasings: All that it has.
        entries: Its entries.
    """
    return 1 + LONGER * scarcity(phrasings, entries)


class JoinedVectors:
    """The vectors of two sources, end to end.

    Args:
        first: One of them.
        second: The other.
        weight: The length of the second one's vector beside the first one's, which is 1.
        length: Of both together.
    """

    def __init__(
        self, first: VectorSource, second: VectorSource, weight: float, length: float = 1.0
    ) -> None:
        self._first = first
        self._second = second
        self._weight = np.float32(weight)
        self._length = np.float32(length)

    def many(self, texts: Sequence[str]) -> Floats:
        """Both vectors of every text, float32 [texts, dimensions of both]; zeros for an empty one."""
        second = self._second.many(texts)
        return self._long(np.concatenate([self._first.many(texts), self._weight * second], axis=1))

    def one(self, text: str) -> Floats:
        """Both vectors of one text, float32 [dimensions of both]."""
        second = self._second.one(text)
        return self._long(np.concatenate([self._first.one(text), self._weight * second]))

    def _long(self, rows: Floats) -> Floats:
        lengths = np.sqrt((rows * rows).sum(-1, keepdims=True, dtype=np.float32))
        long: Floats = rows * (self._length / np.maximum(lengths, np.float32(1e-9)))
        return long
