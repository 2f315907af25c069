"""Static vectors of texts: the sum of a row for each word, from a table that ships with the program.

A word the table does not know, a misspelt one say, is the sum of the rows of its letter runs. Rows of
rare words are long and those of "the" are short, so the sum is what a text is about. How the table was
made, and from what, stands in docs/adr/0004-word-vectors.md and in the table itself.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.language.name_list import NameList
from bot.language.normalising import tokens

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

FORMAT: Final = 1
RUN_LENGTHS: Final = (3, 4, 5)
ROWS_READ: Final = 1_000  # of one text, under a millisecond; a long phrasing takes 60
CACHE_WORDS: Final = 4096  # words without a row whose buckets are kept
_BITS: Final = 4
_LOW: Final = 15  # the low half of a byte
_ZERO: Final = 8  # what stands for zero in a half byte
_MOST: Final = 7  # the largest number in a half byte, either side of zero


class Table:
    """Rows for words and for buckets of letter runs, four bits a number.

    Args:
        words: Those with a row of their own.
        rows: Two numbers a byte, uint8 [words + buckets, width / 2]: the low half bytes are the first
            half of a row, the high ones the second, each with 8 for zero.
        scales: What one step of each row is worth, float32 [words + buckets].
        about: Where the table comes from: model, texts, licences.
    """

    def __init__(
        self, words: Sequence[str], rows: Bytes, scales: Floats, about: Mapping[str, object]
    ) -> None:
        self.about = about
        self.width = 2 * rows.shape[1]
        self._rows = rows
        self._scales = scales
        self._words = words if isinstance(words, NameList) else NameList.of(words)
        self._buckets = len(rows) - len(words)
        self._runs = lru_cache(maxsize=CACHE_WORDS)(self._numbers_of_runs)

    @classmethod
    def of(cls, words: Sequence[str], rows: Floats, about: Mapping[str, object]) -> "Table":
        """A table of plain rows, rounded.

        Args:
            words: Those with a row of their own, in the order of their rows.
            rows: float32 [words + buckets, width]; the width is even.
            about: Where they come from.
        """
        # beyond 2.6 standard deviations a number is cut off: finer steps for all others are worth more
        reach = np.minimum(np.abs(rows).max(1), np.float32(2.6) * rows.std(1))
        scales = (np.maximum(reach, np.float32(1e-9)) / _MOST).astype(np.float32)
        steps = np.clip(np.rint(rows / scales[:, None]), -_MOST, _MOST) + _ZERO
        low, high = np.split(steps.astype(np.uint8), 2, axis=1)
        return cls(words, low | (high << _BITS), scales, about)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Table":
        """The table that `to_bytes` made.

        Raises:
            ValueError: It is no table, one of another format, or a damaged one; the text says which.
        """
        try:
            with np.load(BytesIO(data), allow_pickle=False) as archive:
                parts = {name: archive[name] for name in archive.files}
        except (BadZipFile, EOFError, OSError, ValueError) as error:
            raise ValueError("this is no table of word vectors") from error
        return cls.from_parts(parts)

    @classmethod
    def from_parts(cls, parts: Mapping[str, NDArray[Any]]) -> "Table":
        """The table in the arrays of an archive, by their names; they are not copied.

        Raises:
            ValueError: As for `from_bytes`.
        """
        try:
            about = json.loads(parts["about"].tobytes())
            words = NameList(parts["words"].tobytes().decode().encode())
            rows, scales = parts["rows"], parts["scales"]
        except (KeyError, ValueError) as error:
            raise ValueError("this is no table of word vectors") from error
        _check(about, words, rows, scales)
        return cls(words, rows, scales, about)

    def to_bytes(self) -> bytes:
        """The table as an .npz archive, the same bytes from the same table."""
        about = json.dumps({**self.about, "format": FORMAT}, indent=1).encode()
        file = BytesIO()
        np.savez(
            file,
            about=np.frombuffer(about, np.uint8),
            words=np.frombuffer("\n".join(self._words).encode(), np.uint8),
            rows=self._rows,
            scales=self._scales,
        )
        return file.getvalue()

    def one(self, text: str) -> Floats:
        """The vector of a text, float32 [width]: of unit length, or zeros where nothing is known."""
        return self.of_words(tokens(text))

    def of_words(self, words: Sequence[str]) -> Floats:
        """The vector of a text whose words are already read."""
        numbers: list[int] = []
        shares: list[float] = []
        for word in words:
            number = self._words.number(word)
            if number is not None:
                numbers.append(number)
                shares.append(1.0)
            else:
                runs, share = self._runs(word)
                numbers += runs
                shares += [share] * len(runs)
            if len(numbers) >= ROWS_READ:
                break
        return self._sum(numbers, shares)

    def many(self, texts: Sequence[str]) -> Floats:
        """The vectors of texts below each other, float32 [texts, width]."""
        found = np.empty((len(texts), self.width), np.float32)
        for at, text in enumerate(texts):
            found[at] = self.one(text)
        return found

    def _sum(self, numbers: list[int], shares: list[float]) -> Floats:
        at = np.array(numbers, np.intp)
        weights = self._scales.take(at) * np.array(shares, np.float32)
        packed = self._rows.take(at, axis=0)
        halves = np.empty((2, self.width // 2), np.float32)
        np.matmul(weights, (packed & _LOW).astype(np.float32), out=halves[0])
        np.matmul(weights, (packed >> _BITS).astype(np.float32), out=halves[1])
        found = halves.ravel()
        found -= _ZERO * float(np.add.reduce(weights))
        length = math.sqrt(float(found @ found))
        if length:
            found /= length
        return found

    def _numbers_of_runs(self, word: str) -> tuple[list[int], float]:
        first = len(self._words)
        numbers = [first + at for at in bucket_numbers(word, self._buckets)]
        return numbers, max(1, len(numbers)) ** -0.5


def bucket_numbers(word: str, buckets: int) -> list[int]:
    """The buckets that a word's runs of 3, 4 and 5 letters fall into, its edges marked.

    Tables are made with it: a change here needs a new table.
    """
    padded = f"#{word}#"
    runs = (
        padded[start : start + length]
        for length in RUN_LENGTHS
        for start in range(len(padded) - length + 1)
    )
    return [crc32(run.encode()) % buckets for run in runs]


def _check(about: object, words: NameList, rows: Bytes, scales: Floats) -> None:
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ValueError(f"a table of word vectors of another format than {FORMAT}")
    shapes_fit = rows.ndim == 2 and scales.shape == (len(rows),) and len(rows) > len(words)
    if not shapes_fit or rows.dtype != np.uint8 or scales.dtype != np.float32:
        raise ValueError("the parts of the table of word vectors do not fit each other")
    if words.holds_twice() or not np.isfinite(scales).all():
        raise ValueError("the table of word vectors is damaged")
