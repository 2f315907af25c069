"""How near a question is to each entry's phrasings, with a soft maximum over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.faq.features import Floats, Ints, Rows, Vector

SHARPNESS: Final = 10.0  # of the soft maximum; 6 to 20 rank alike


@dataclass(frozen=True, slots=True)
class Nearest:
    """Cosines of a question to all phrasings, by posting lists.

    Attributes:
        phrasings: For each feature in turn, the phrasings that have it, int32 [nnz].
        weights: How much of it they have, float32 [nnz].
        ends: Where each feature's list begins, and the end, int32 [features + 1].
        dense: The phrasings' sentence vectors, float32 [phrasings, dimensions].
        firsts: Where each entry's phrasings begin, int32 [entries].
    """

    phrasings: Ints
    weights: Floats
    ends: Ints
    dense: Floats
    firsts: Ints

    @classmethod
    def of(cls, rows: Rows, firsts: Ints) -> "Nearest":
        """Posting lists of phrasings; those of one entry stand beside each other."""
        order = np.argsort(rows.ids, kind="stable")
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))
        counts = np.bincount(rows.ids, minlength=rows.width)
        return cls(
            phrasings=owners[order],
            weights=rows.weights[order],
            ends=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            dense=rows.dense,
            firsts=firsts,
        )

    def arrays(self) -> Mapping[str, Floats | Ints]:
        """Everything it is made of, by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def cosines(self, question: Vector) -> Floats:
        """The cosine to every phrasing, float32 [phrasings]."""
        near: Floats = self.dense @ question.dense
        if not len(question.ids):
            return near
        starts, ends = self.ends[question.ids], self.ends[question.ids + 1]
        parts = list(map(slice, starts.tolist(), ends.tolist()))
        phrasings = np.concatenate([self.phrasings[part] for part in parts])
        weights = np.concatenate([self.weights[part] for part in parts])
        weights = weights * np.repeat(question.weights, ends - starts)
        near += np.bincount(phrasings, weights, minlength=len(near))
        return near

    def by_entry(self, cosines: Floats) -> Floats:
        """The soft maximum of each entry's cosines, float32 [entries].

        `log(sum(exp(10 * (cosine - 1)))) / 10 + 1`: a little above the best one where several are
        as near.
        """
        near = np.exp(np.float32(SHARPNESS) * (cosines - 1))
        summed = np.add.reduceat(near, self.firsts)
        return (np.log(summed) / np.float32(SHARPNESS) + 1).astype(np.float32)
