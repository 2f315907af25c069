"""Sentence vectors seen through what tells the entries of one FAQ apart.

All that a FAQ says is about one thing, and so its sentence vectors all lie to one side: what they have in
common says nothing and hides the rest. A lens takes away the middle of the entries and stretches the
directions in which entries differ from each other: both the less the more phrasings there are, of which
the classifier learns it by itself. A vector is as long after it as before: what it counts beside words
and letters is not its business.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Floats, Ints, Vector
from bot.faq.scarcity import help_for_few

STRETCH: Final = 0.15  # power of the entries' spread along a direction, where phrasings are few
LEVEL: Final = 0.1  # of the mean spread, added to every direction's: what is not met may be asked
_TINY: Final = np.float32(1e-9)  # no length


@dataclass(frozen=True, slots=True)
class Lens:
    """Where the entries of a FAQ differ.

    Attributes:
        middle: What is taken away from a vector of length 1, float32 [dimensions].
        axes: The directions, each as long as it is stretched, float32 [dimensions, dimensions].
    """

    middle: Floats
    axes: Floats

    @classmethod
    def learn(cls, dense: Floats, owners: Ints) -> "Lens":
        """The lens of some phrasings.

        Args:
            dense: Their sentence vectors, float32 [phrasings, dimensions].
            owners: The entry of each, int32 [phrasings], ascending from 0, none left out.
        """
        sizes = np.bincount(owners)
        firsts = np.cumsum(sizes) - sizes
        means = np.add.reduceat(_unit(dense), firsts) / sizes[:, None].astype(np.float32)
        few = help_for_few(len(owners), len(sizes))
        # Of a single entry nothing is taken away: the middle of all would be the entry itself.
        middle = means.mean(0) * np.float32(few * (1 - 1 / len(sizes)))
        apart = means - means.mean(0)
        spread, axes = _main_axes(apart.T @ apart)
        return cls(middle, axes * (spread ** (STRETCH * few)).astype(np.float32))

    def through(self, dense: Floats) -> Floats:
        """Vectors as they are seen through it, as long as before; zeros stay zeros.

        Args:
            dense: One or many, float32 [..., dimensions].
        """
        lengths = np.sqrt((dense * dense).sum(-1, keepdims=True))
        seen: Floats = (dense - lengths * self.middle) @ self.axes
        seen *= lengths / np.maximum(np.sqrt((seen * seen).sum(-1, keepdims=True)), _TINY)
        return seen

    def seen(self, text: Vector) -> Vector:
        """A text with its sentence vector seen through it."""
        return Vector(text.ids, text.weights, self.through(text.dense))


def _unit(dense: Floats) -> Floats:
    found: Floats = dense / np.maximum(np.sqrt((dense * dense).sum(1, keepdims=True)), _TINY)
    return found


def _main_axes(products: Floats) -> tuple[NDArray[np.float64], Floats]:
    """How far entries are spread along each direction, mean 1, and the directions, main ones first."""
    width = len(products)
    if not products.any():
        return np.ones(width), np.eye(width, dtype=np.float32)
    values, axes = np.linalg.eigh(products.astype(np.float64))
    spread = values[::-1].clip(0) / values.mean() + LEVEL
    return spread, axes[:, ::-1].astype(np.float32)
