"""A linear classifier, one class against the rest, with the squared hinge loss.

For each class it minimises `0.5 * length * |w|^2 + 0.5 * sum(cost * max(0, 1 - y * f)^2)`, where
`f = w @ x - 1` and y is +1 for the class's own rows, with `own` for cost, and -1 for all others, with 1:
a text that shares nothing with a class is not its own, and that needs no learning.

It is solved in the dual, one row after the other and all classes at once, the way LIBLINEAR does
(Hsieh et al. 2008). Each step is exact, so nothing has to be tuned; it takes no more memory than the
weights; and a solution can be carried on after rows were left out, which makes thresholds cheap.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Block, Floats, Ints, Rows, Vector, blocks

MORE_OF_OWN: Final = 3.0  # times more a row of the class's own costs where they are few
PASSES: Final = 4  # accuracy is level from here on, but for few rows
MOST_PASSES: Final = 8
FEW: Final = 2000  # rows
BLOCK: Final = 32  # rows whose turns are taken together; 16 to 64 take the same time
_MOST: Final = 127  # steps in a byte, either side of zero
_TINY: Final = np.float32(1e-9)  # no step
_STRIDE: Final = 0.618  # of all rows: neighbours in turn are far apart in the file


@dataclass(frozen=True, slots=True)
class Costs:
    """What learning avoids.

    Attributes:
        length: What long weights cost.
        own: What it costs to miss a row of the class's own, where another one's costs 1: a class has
            few rows of its own against all others.
    """

    length: float = 3.0
    own: float = 8.0

    @classmethod
    def where_few(cls, share: float) -> "Costs":
        """Where an entry has few phrasings, each of them counts more beside those of all others.

        Args:
            share: How much of that help is given, in [0, 1].
        """
        usual = cls()
        times = 1 + MORE_OF_OWN * share
        return cls(usual.length * times, usual.own * times)


@dataclass(frozen=True, slots=True)
class Linear:
    """What each class has learnt.

    Attributes:
        weights: Of the features, [features, classes]; float32 while it learns, int8 to be kept.
        dense: Of the sentence vector's dimensions, float32 [dimensions, classes].
        steps: What one step of each feature's weights is worth, float32 [features]; None where they are
            plain numbers.
    """

    weights: NDArray[np.float32] | NDArray[np.int8]
    dense: Floats
    steps: Floats | None = None

    def in_steps(self) -> "Linear":
        """The same in a quarter of the memory; the third digit of a score may differ."""
        steps = np.maximum(np.abs(self.weights).max(1, initial=0), _TINY) / np.float32(_MOST)
        rounded = np.rint(self.weights / steps[:, None]).astype(np.int8)
        return Linear(rounded, self.dense, steps)

    def of_first(self, features: int) -> "Linear":
        """The same for texts that have only the first so many features."""
        return Linear(self.weights[:features], self.dense)

    def of_classes(self, classes: NDArray[np.intp] | Ints) -> "Linear":
        """The same for some of the classes, each feature's weights still side by side."""
        return Linear(self.weights.take(classes, axis=1), self.dense.take(classes, axis=1))

    def of_features(self, ids: Ints, at: int) -> Floats:
        """The weights of some features for one class, float32 [ids].

        Args:
            ids: Their numbers.
            at: The class.
        """
        found: Floats = self.weights[ids, at].astype(np.float32)
        return found if self.steps is None else found * self.steps[ids]

    def scores(self, text: Vector) -> Floats:
        """How much a text is each class's own: about 1 for its own, 0 for others; float32 [classes]."""
        weights, steps = text.weights, self.steps
        if steps is not None:
            weights = weights * steps.take(text.ids)
        rows = self.weights.take(text.ids, axis=0).astype(np.float32, copy=False)
        return (weights @ rows + text.dense @ self.dense) * np.float32(0.5)


class Trainer:
    """Learns a `Linear` from rows, and can leave rows out again.

    Args:
        rows: Unit vectors.
        owners: The class of each row, int32 [rows]; -1 where it is of none.
        classes: How many there are.
        costs: What it avoids.
    """

    def __init__(self, rows: Rows, owners: Ints, classes: int, costs: Costs | None = None) -> None:
        costs = costs or Costs()
        self._others = np.float32(1 / (1 + costs.length))  # steps towards the balance, of
        self._own = np.float32(1 / (1 + costs.length / costs.own))  # unit rows
        self._rows = rows
        self._blocks = blocks(rows, _shuffled(len(rows)), BLOCK)
        self._owners = owners
        self._duals = np.zeros((len(rows), classes), np.float32)
        self.linear = Linear(
            np.zeros((rows.width, classes), np.float32),
            np.zeros((rows.dense.shape[1], classes), np.float32),
        )

    def train(self, which: NDArray[np.bool_] | None = None) -> Linear:
        """Learn from all rows, or from some.

        Args:
            which: Which rows, bool [rows].
        """
        rows = np.ones(len(self._rows), bool) if which is None else which
        self._learn(rows, MOST_PASSES if len(self._rows) <= FEW else PASSES)
        return self.linear

    def without(self, left_out: NDArray[np.bool_], passes: int = 1) -> "Trainer":
        """One that has never seen some of the rows; this one stays as it is.

        Args:
            left_out: Which rows, bool [rows].
            passes: How often each of the others is looked at again.
        """
        other = copy(self)
        other._duals = self._duals.copy()
        other.linear = Linear(self.linear.weights.copy(), self.linear.dense.copy())
        for block in self._blocks:
            if left_out[block.which].any():
                other._forget(block, left_out[block.which])
        other._learn(~left_out, passes)
        return other

    def _learn(self, which: NDArray[np.bool_], passes: int) -> None:
        for _ in range(passes):
            for block in self._blocks:
                if which[block.which].any():
                    self._step(block, which[block.which].tolist())

    def _step(self, block: Block, looked_at: Sequence[bool]) -> None:
        """Set the duals of a few rows, one after the other.

        What the rows say to each other is in their cosines, so that the weights, which are large,
        are read and written once for all of them.
        """
        matrix, linear = block.matrix(), self.linear
        own = linear.weights.take(block.ids, axis=0)
        scores = matrix @ own + block.dense @ linear.dense
        cosines = matrix @ matrix.T + block.dense @ block.dense.T
        changes = np.zeros_like(scores)
        for at, row in enumerate(block.which.tolist()):
            if looked_at[at] and cosines[at, at]:
                score = scores[at] + cosines[at, :at] @ changes[:at]
                changes[at] = self._change(row, score)
        self._duals[block.which] += changes
        own += matrix.T @ changes
        linear.weights[block.ids] = own
        linear.dense[:] += block.dense.T @ changes

    def _change(self, row: int, score: Floats) -> Floats:
        """How far one row's duals are from where its loss and the length of the weights balance."""
        old, owner = self._duals[row], self._owners[row]
        new: Floats = (old - score) * self._others
        np.minimum(new, 0, out=new)
        if owner >= 0:
            new[owner] = max((old[owner] - score[owner] + 2) * self._own, 0)
        new -= old
        return new

    def _forget(self, block: Block, gone: NDArray[np.bool_]) -> None:
        """Take rows out of the weights and their duals."""
        changes = self._duals[block.which] * -gone[:, None].astype(np.float32)
        self._duals[block.which] += changes
        self.linear.weights[block.ids] += block.matrix().T @ changes
        self.linear.dense[:] += block.dense.T @ changes


def _shuffled(count: int) -> NDArray[np.intp]:
    """So many rows, far from their neighbours, always in the same order."""
    if count < 3:
        return np.arange(count)
    stride = round(count * _STRIDE)
    while gcd(stride, count) != 1:
        stride += 1
    return np.arange(count) * stride % count
