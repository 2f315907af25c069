"""Remembers the vectors of phrasings between builds: a changed entry has only its new ones read.

A model needs some milliseconds for each phrasing, which is a minute for a large FAQ. What it made of
them is kept under digests of their texts. Vectors are rounded to half their bytes before anybody sees
them, so that an index comes out the same whether they were kept or not.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.array_bytes import pack_arrays, unpack_arrays
from bot.faq.sentences import Progress, SentenceVectors
from bot.faq.vector_source import Floats

DIGEST_SIZE: Final = 16  # bytes
MOST: Final = 40_000  # texts that are kept: three times our own, 30 MB

Halves = NDArray[np.float16]


class KeptVectors:
    """A source of vectors with a memory.

    Args:
        source: The model; one memory belongs to one model.
        load: Fetches what `to_bytes` gave, or None; called when the first text is looked up.
        progress: Told how many of how many new texts are read.
    """

    def __init__(
        self,
        source: SentenceVectors,
        load: Callable[[], bytes | memoryview | None],
        progress: Progress | None = None,
    ) -> None:
        self._source = source
        self._load = load
        self._progress = progress
        self._rows: dict[bytes, Halves] | None = None
        self.read = 0  # texts that the model had to read

    def one(self, text: str) -> Floats:
        """The vector of a question, which is not kept."""
        return self._source.one(text)

    def many(self, texts: Sequence[str]) -> Floats:
        """The vectors of phrasings, float32 [texts, dimensions], rounded; see the port."""
        known = self._known()
        digests = [_digest(text) for text in texts]
        new = {d: text for d, text in zip(digests, texts, strict=True) if d not in known}
        if new:
            rows = self._source.many(list(new.values()), self._progress).astype(np.float16)
            known.update(zip(new, rows, strict=True))
            self.read += len(new)
        for digest in digests:  # those in use come last, and are kept longest
            known[digest] = known.pop(digest)
        found = np.zeros((len(texts), self._source.width), np.float32)
        for at, digest in enumerate(digests):
            found[at] = known[digest]
        return found

    def to_bytes(self) -> bytes:
        """What it remembers, for `load` of the next one: the texts used last."""
        known = self._known()
        digests = list(known)[-MOST:]
        rows = np.zeros((len(digests), self._source.width), np.float16)
        for at, digest in enumerate(digests):
            rows[at] = known[digest]
        names = np.frombuffer(b"".join(digests), np.uint8)
        return pack_arrays({"digests": names, "rows": rows})

    def let_go(self) -> None:
        """Hold the vectors no longer; whoever wants more of them loads them again."""
        self._rows = None

    def _known(self) -> dict[bytes, Halves]:
        if self._rows is None:
            self._rows = {}
            if data := self._load():
                self._rows = _remembered(data, self._source.width)
        return self._rows


def _remembered(data: bytes | memoryview, width: int) -> dict[bytes, Halves]:
    """Vectors by digest; nothing where the bytes are of something else."""
    try:
        arrays = unpack_arrays(memoryview(data))
        names, rows = arrays["digests"].tobytes(), arrays["rows"]
    except (ValueError, KeyError, TypeError):
        return {}
    if rows.ndim != 2 or rows.shape[1] != width or len(names) != DIGEST_SIZE * len(rows):
        return {}
    digests = (names[at : at + DIGEST_SIZE] for at in range(0, len(names), DIGEST_SIZE))
    return dict(zip(digests, rows, strict=True))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).digest()
