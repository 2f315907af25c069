"""Sentence vectors from a model that reads whole sentences, such as MiniLM.

A text's pieces go through the model, and its vector is their mean, brought to unit length. Texts of
equally many pieces are read together, so that nothing is padded and memory is bounded.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.vector_source import Floats
from bot.faq.wordpiece import WordPiece

Numbers = NDArray[np.int64]
Encoder = Callable[[Numbers], Floats]
Progress = Callable[[int, int], None]

PIECES_READ: Final = 64  # of one text: a phrasing has 20, a long story 100; time grows with them
PIECES_AT_ONCE: Final = 1024  # of all texts that are read together: some 10 MB
_EMPTY: Final = 2  # numbers of a text in which there is nothing: its start and its end


class SentenceVectors:
    """A model and its vocabulary, as a source of vectors.

    Args:
        pieces: Cuts texts.
        encode: The model: from the numbers of pieces, int64 [texts, pieces], to a vector for each,
            float32 [texts, pieces, width]. Called from several threads at once.
        width: Dimensions of its vectors.
    """

    def __init__(self, pieces: WordPiece, encode: Encoder, width: int) -> None:
        self.width = width
        self._pieces = pieces
        self._encode = encode

    def one(self, text: str) -> Floats:
        """The vector of a text, float32 [width]: of unit length, or zeros where it says nothing."""
        found: Floats = self.many([text])[0]
        return found

    def many(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """The vectors of texts below each other, float32 [texts, width].

        Args:
            texts: Any.
            progress: Told from time to time how many of how many texts are read.
        """
        found = np.zeros((len(texts), self.width), np.float32)
        numbers = [self._pieces.numbers(text, PIECES_READ) for text in texts]
        done = 0
        for batch in _batches(numbers):
            together = np.array([numbers[at] for at in batch], np.int64)
            if together.shape[1] > _EMPTY:
                found[batch] = _mean(self._encode(together))
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return found


def _mean(pieces: Floats) -> Floats:
    """The means of texts' pieces, of unit length."""
    means: Floats = pieces.mean(1, dtype=np.float32)
    lengths = np.sqrt((means * means).sum(1, keepdims=True))
    means /= np.maximum(lengths, np.float32(1e-9))
    return means


def _batches(numbers: Sequence[Sequence[int]]) -> list[list[int]]:
    """Which texts are read together: those of one length, shortest first."""
    found: list[list[int]] = []
    length = 0
    for at in sorted(range(len(numbers)), key=lambda at: len(numbers[at])):
        if not found or len(numbers[at]) != length or len(found[-1]) * length >= PIECES_AT_ONCE:
            found.append([])
            length = len(numbers[at])
        found[-1].append(at)
    return found
