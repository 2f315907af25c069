"""How near a question is to each entry's phrasings, with a soft maximum over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.faq.rows import Floats, Ints, Rows, Vector

SHARPNESS: Final = 10.0  # of the soft maximum; 6 to 20 rank alike
LARGE: Final = 2000  # phrasings, from which on what stands in many of them has no posting list
MANY: Final = (
    0.25  # share of the phrasings; half of the time goes into these lists, and they say little
)


@dataclass(frozen=True, slots=True)
class Nearest:
    """Cosines of a question to all phrasings, by posting lists.

    Attributes:
        phrasings: For each feature in turn, the phrasings that have it, int32 [nnz].
        weights: How much of it they have, float32 [nnz].
        ends: Where each feature's list begins, and the end, int32 [features + 1].
        dense: Sentence vectors, float32 [phrasings, dimensions]; of a large FAQ their means, float32
            [entries, dimensions], which rank alike in a fraction of the time.
        firsts: Where each entry's phrasings begin, int32 [entries].
        sizes: How many it has, int32 [entries].
    """

    phrasings: Ints
    weights: Floats
    ends: Ints
    dense: Floats
    firsts: Ints
    sizes: Ints

    @classmethod
    def of(cls, rows: Rows, firsts: Ints) -> "Nearest":
        """Posting lists of phrasings; those of one entry stand beside each other."""
        counts = np.bincount(rows.ids, minlength=rows.width)
        sizes = np.diff(firsts, append=np.int32(len(rows)))
        dense = rows.dense
        if len(rows) >= LARGE:
            counts[counts > MANY * len(rows)] = 0
            dense = (np.add.reduceat(dense, firsts) / sizes[:, None]).astype(np.float32)
        order = np.argsort(rows.ids, kind="stable")
        order = order[counts[rows.ids[order]] > 0]
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))
        return cls(
            phrasings=owners[order],
            weights=rows.weights[order],
            ends=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            dense=dense,
            firsts=firsts,
            sizes=sizes,
        )

    def __len__(self) -> int:
        """How many phrasings there are."""
        return int(self.firsts[-1] + self.sizes[-1])

    def arrays(self) -> Mapping[str, Floats | Ints]:
        """Everything it is made of, by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def cosines(self, question: Vector) -> Floats:
        """The cosine to every phrasing, float32 [phrasings]."""
        near: Floats = self.dense @ question.dense
        if len(near) < len(self):
            near = np.repeat(near, self.sizes)
        if not len(question.ids):
            return near
        starts = self.ends[question.ids]
        lengths = self.ends[question.ids + 1] - starts
        past = lengths.cumsum()
        at = np.arange(past[-1])
        at += np.repeat(starts - past + lengths, lengths)
        weights = self.weights.take(at) * np.repeat(question.weights, lengths)
        near += np.bincount(self.phrasings.take(at), weights, minlength=len(near))
        return near

    def by_entry(self, cosines: Floats) -> Floats:
        """The soft maximum of each entry's cosines, float32 [entries].

        `log(sum(exp(10 * (cosine - 1)))) / 10 + 1`: a little above the best one where several are
        as near.
        """
        near = np.exp(np.float32(SHARPNESS) * (cosines - 1))
        summed = np.add.reduceat(near, self.firsts)
        return (np.log(summed) / np.float32(SHARPNESS) + 1).astype(np.float32)
