"""Every source of sentence vectors, and an encoder for tests in which the model does not matter."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.sentences import SentenceVectors
from bot.faq.vector_source import Floats, NoVectors, VectorSource
from bot.faq.wordpiece import WordPiece
from bot.settings import VectorChoice
from bot.storage.minilm import load_minilm as load_model
from bot.wiring_vectors import load_vectors

MINILM: Final = VectorChoice("minilm")


@cache
def minilm() -> SentenceVectors:
    """The model itself, loaded once."""
    return load_model()


SOURCES: Final[Mapping[str, Callable[[], VectorSource]]] = {
    "none": NoVectors,
    "table": load_vectors,
    "minilm": minilm,
    "minilm and table": lambda: load_vectors(MINILM),
}
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
WIDTH: Final = 16


@cache
def letter_rows() -> Floats:
    """A direction for every letter."""
    size = (2 * len(LETTERS) + 3, WIDTH)
    return np.random.default_rng(5).normal(size=size).astype(np.float32)


class Letters:
    """A model so small that it only knows letters; counts the texts it reads."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, numbers: NDArray[np.int64]) -> Floats:
        self.read += len(numbers)
        found: Floats = letter_rows()[numbers]
        return found


def letter_vectors(model: Callable[[NDArray[np.int64]], Floats]) -> SentenceVectors:
    """Sentence vectors of such a model."""
    pieces = ["[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    return SentenceVectors(WordPiece(pieces), model, WIDTH)
