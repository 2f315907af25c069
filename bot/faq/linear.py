"""A linear classifier, one class against the rest, with the squared hinge loss.

For each class it minimises `0.5 * LAMBDA * |w|^2 + 0.5 * sum(cost * max(0, 1 - y * f)^2)`, where
`f = w @ x - 1` and y is +1 for the class's own rows and -1 for all others: a text that shares
nothing with a class is not its own, and that needs no learning.

It is solved in the dual, one row after the other and all classes at once, the way LIBLINEAR does
(Hsieh et al. 2008). Each step is exact, so nothing has to be tuned; it takes no more memory than the
weights; and a solution can be carried on after rows were left out, which makes thresholds cheap.
"""

from dataclasses import dataclass
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import Floats, Ints, Rows, Vector

LAMBDA: Final = 3.0
OWN_COST: Final = 8.0  # a class has few rows of its own against all others
PASSES: Final = 4  # accuracy is level from here on
_STRIDE: Final = 0.618  # of all rows: neighbours in turn are far apart in the file


@dataclass(frozen=True, slots=True)
class Linear:
    """What each class has learnt.

    Attributes:
        weights: Of the features, [features, classes]; float32 while it learns, float16 to be kept.
        dense: Of the sentence vector's dimensions, float32 [dimensions, classes].
    """

    weights: NDArray[np.float32] | NDArray[np.float16]
    dense: Floats

    def halved(self) -> "Linear":
        """The same in half the memory; the third digit of a score may differ."""
        return Linear(self.weights.astype(np.float16), self.dense)

    def scores(self, text: Vector) -> Floats:
        """How much a text is each class's own: about 1 for its own, 0 for others; float32 [classes]."""
        return (
            text.weights @ self.weights.take(text.ids, axis=0) + text.dense @ self.dense
        ) * np.float32(0.5)


class Trainer:
    """Learns a `Linear` from rows, and can leave rows out again.

    Args:
        rows: Unit vectors.
        owners: The class of each row, int32 [rows]; -1 where it is of none.
        classes: How many there are.
    """

    def __init__(self, rows: Rows, owners: Ints, classes: int) -> None:
        self._rows = rows
        self._owners = owners
        self._duals = np.zeros((len(rows), classes), np.float32)
        self.linear = Linear(
            np.zeros((rows.width, classes), np.float32),
            np.zeros((rows.dense.shape[1], classes), np.float32),
        )

    def train(self, which: NDArray[np.intp] | None = None) -> Linear:
        """Learn from all rows, or from some.

        Args:
            which: Their numbers.
        """
        self._learn(np.arange(len(self._rows)) if which is None else which, PASSES)
        return self.linear

    def without(self, left_out: NDArray[np.bool_], passes: int = 1) -> "Trainer":
        """One that has never seen some of the rows; this one stays as it is.

        Args:
            left_out: Which rows, bool [rows].
            passes: How often each of the others is looked at again.
        """
        other = Trainer(self._rows, self._owners, self._duals.shape[1])
        other._duals[:] = self._duals
        other._duals[left_out] = 0
        other.linear.weights[:] = self.linear.weights
        other.linear.dense[:] = self.linear.dense
        for at in np.flatnonzero(left_out).tolist():
            other._add(at, -self._duals[at])
        other._learn(np.flatnonzero(~left_out), passes)
        return other

    def _add(self, at: int, change: Floats) -> None:
        row = self._rows.row(at)
        self.linear.weights[row.ids] += np.outer(row.weights, change)
        self.linear.dense[:] += np.outer(row.dense, change)

    def _learn(self, which: NDArray[np.intp], passes: int) -> None:
        owners = self._owners.tolist()
        for at in np.tile(_shuffled(which), passes).tolist():
            row = self._rows.row(at)
            if len(row.ids):
                self._step(row, self._duals[at], owners[at])

    def _step(self, row: Vector, old: Floats, owner: int) -> None:
        """Set one row's duals to where its loss and the length of the weights balance."""
        weights, dense = self.linear.weights, self.linear.dense
        own = weights.take(row.ids, axis=0)
        score = row.weights @ own + row.dense @ dense
        new = np.minimum(old - (score + LAMBDA * old) / (1 + LAMBDA), 0.0)
        if owner >= 0:
            soft = LAMBDA / OWN_COST
            wish = old[owner] - (score[owner] - 2.0 + soft * old[owner]) / (1 + soft)
            new[owner] = max(float(wish), 0.0)
        change = new - old
        own += row.weights[:, None] * change
        weights[row.ids] = own
        if len(row.dense):
            dense += np.outer(row.dense, change)
        old[:] = new


def _shuffled(which: NDArray[np.intp]) -> NDArray[np.intp]:
    """The same rows, far from their neighbours, always in the same order."""
    count = len(which)
    if count < 3:
        return which
    stride = round(count * _STRIDE)
    while gcd(stride, count) != 1:
        stride += 1
    return which[np.arange(count) * stride % count]
