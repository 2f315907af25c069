"""Where sentence vectors come from, if they come at all."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class VectorSource(Protocol):
    """Turns texts into vectors that lie near each other where the texts mean alike."""

    def many(self, texts: Sequence[str]) -> Floats:
        """Vectors of many texts, float32 [texts, dimensions]; zeros where nothing is known.

        All others are of one length, which is what they weigh beside the words: 1 as a rule.
        """
        ...

    def one(self, text: str) -> Floats:
        """The vector of one text, float32 [dimensions]."""
        ...


class NoVectors:
    """No vectors: every text has none of no dimensions."""

    def many(self, texts: Sequence[str]) -> Floats:
        """No columns, float32 [texts, 0]."""
        return np.zeros((len(texts), 0), np.float32)

    def one(self, text: str) -> Floats:  # noqa: ARG002 - the protocol's parameter
        """Nothing, float32 [0]."""
        return np.zeros(0, np.float32)
