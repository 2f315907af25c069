"""Where sentence vectors come from, if they come at all."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class VectorSource(Protocol):
    """Turns texts into vectors that lie near each other where the texts mean alike."""

    def many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of many texts, float32 [texts, dimensions]; unit rows, zero where nothing is known."""
        ...

    def one(self, text: str) -> NDArray[np.float32]:
        """The vector of one text, float32 [dimensions]."""
        ...


class NoVectors:
    """No vectors: every text has none of no dimensions."""

    def many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """No columns, float32 [texts, 0]."""
        return np.zeros((len(texts), 0), np.float32)

    def one(self, text: str) -> NDArray[np.float32]:  # noqa: ARG002 - the protocol's parameter
        """Nothing, float32 [0]."""
        return np.zeros(0, np.float32)
