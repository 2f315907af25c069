"""How near a question is to each entry's phrasings, with a soft maximum over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.main_axes import along_main_axes
from bot.faq.rows import Floats, Ints, Rows, Vector

SHARPNESS: Final = 30.0  # of the soft maximum
LARGE: Final = 2000  # phrasings, from which on what stands in many of them has no posting list
MANY: Final = 0.25  # share of the phrasings; half of the time goes into these lists, for nothing
STEP: Final = np.float32(1 / 65535)  # of a weight, which is at most 1
_FIT: Final = 1 << 16  # phrasings whose numbers take two bytes
CLOSER: Final = 400  # phrasings that are compared along the other axes too


@dataclass(frozen=True, slots=True)
class Nearest:
    """Cosines of a question to all phrasings, by posting lists.

    Attributes:
        phrasings: For each feature in turn, the phrasings that have it, uint16 or int32 [nnz].
        weights: How much of it they have, [nnz]; float32, or uint16 in steps of `STEP` for a large FAQ.
        ends: Where each feature's list begins, and the end, int32 [features + 1].
        dense: Sentence vectors along the main axes, float32 [phrasings, main].
        rest: Along the others, in steps, int8 [phrasings, dimensions - main]; none for a small FAQ.
        axes: The directions, main ones first, then those of a step's length, float32 [dimensions,
            dimensions].
        firsts: Where each entry's phrasings begin, int32 [entries].
        sizes: How many it has, int32 [entries].
    """

    phrasings: NDArray[np.uint16] | Ints
    weights: Floats | NDArray[np.uint16]
    ends: Ints
    dense: Floats
    rest: NDArray[np.int8]
    axes: Floats
    firsts: Ints
    sizes: Ints

    @classmethod
    def of(cls, rows: Rows, firsts: Ints) -> "Nearest":
        """Posting lists of phrasings; those of one entry stand beside each other."""
        counts = np.bincount(rows.ids, minlength=rows.width)
        sizes = np.diff(firsts, append=np.int32(len(rows)))
        if len(rows) >= LARGE:
            counts[counts > MANY * len(rows)] = 0
        dense, rest, axes = along_main_axes(rows.dense, are_many=len(rows) >= LARGE)
        order = np.argsort(rows.ids, kind="stable")
        order = order[counts[rows.ids[order]] > 0]
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))[order]
        weights = rows.weights[order]
        return cls(
            phrasings=owners.astype(np.uint16) if len(rows) <= _FIT else owners,
            weights=_in_steps(weights) if len(rows) >= LARGE else weights,
            ends=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            dense=dense,
            rest=rest,
            axes=axes,
            firsts=firsts,
            sizes=sizes,
        )

    def __len__(self) -> int:
        """How many phrasings there are."""
        return int(self.firsts[-1] + self.sizes[-1])

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Everything it is made of, by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def cosines(self, question: Vector) -> Floats:
        """The cosine to every phrasing, float32 [phrasings]."""
        turned = question.dense @ self.axes
        main = self.dense.shape[1]
        near: Floats = self.dense @ turned[:main]
        if len(question.ids):
            near += self._shared(question)
        if len(near) > CLOSER and main < len(turned):
            best = np.argpartition(near, -CLOSER)[-CLOSER:]
            near[best] += self.rest.take(best, axis=0).astype(np.float32) @ turned[main:]
        return near

    def _shared(self, question: Vector) -> NDArray[np.float64]:
        """What the features that phrasings share with a question are worth, float64 [phrasings]."""
        starts = self.ends[question.ids]
        lengths = self.ends[question.ids + 1] - starts
        past = lengths.cumsum()
        asked = question.weights * (STEP if self.weights.dtype == np.uint16 else np.float32(1))
        at = np.arange(past[-1])
        at += np.repeat(starts - past + lengths, lengths)
        weights = self.weights.take(at) * np.repeat(asked, lengths)
        shared: NDArray[np.float64] = np.bincount(
            self.phrasings.take(at), weights, minlength=len(self)
        ).astype(np.float64, copy=False)
        return shared

    def by_entry(self, cosines: Floats) -> Floats:
        """The soft maximum of each entry's cosines, float32 [entries].

        `log(sum(exp(30 * (cosine - 1)))) / 30 + 1`: a little above the best one where several are
        as near.
        """
        near = np.exp(np.float32(SHARPNESS) * (cosines - 1))
        summed = np.add.reduceat(near, self.firsts)
        return (np.log(summed) / np.float32(SHARPNESS) + 1).astype(np.float32)


def _in_steps(weights: Floats) -> NDArray[np.uint16]:
    return np.rint(weights.clip(0, 1) / STEP).astype(np.uint16)
