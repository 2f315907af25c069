"""A linear classifier, one entry against the rest, with the squared hinge loss.

For each class it minimises `0.5 * LAMBDA * |w|^2 + 0.5 * sum(cost * max(0, 1 - y * f)^2)`, where
`f = w @ x - 1` and y is +1 for the class's own rows and -1 for all others: a question that shares
nothing with a class is not its own, and needs no learning to be told so.

It is solved in the dual, one row after the other and all classes at once, the way LIBLINEAR does
(Hsieh et al. 2008): each step is exact, nothing has to be tuned, it needs no more memory than the
weights, and a solution can be carried on after rows were left out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import Floats, Ints, Rows, Vector

LAMBDA: Final = 0.5
OWN_COST: Final = 4.0  # a class has few rows of its own against all others
PASSES: Final = 6
BIAS: Final = -1.0


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of all classes.

    Attributes:
        weights: float32 [features, classes].
        duals: What each row adds to each class's weights, float32 [rows, classes].
    """

    weights: Floats
    duals: Floats

    def scores(self, question: Vector) -> Floats:
        """How much it is each class's own: about 1 for its own, 0 for others; float32 [classes]."""
        return question.weights @ self.weights[question.ids] * np.float32(0.5)


def train(rows: Rows, owners: Ints, classes: int, passes: int = PASSES) -> Linear:
    """Learn which class each row belongs to.

    Args:
        rows: Unit vectors.
        owners: The class of each row, int32 [rows].
        classes: How many there are.
        passes: How often each row is looked at.
    """
    weights = np.zeros((rows.width, classes), np.float32)
    duals = np.zeros((len(rows), classes), np.float32)
    linear = Linear(weights, duals)
    carry_on(linear, rows, owners, np.arange(len(rows)), passes)
    return linear


def carry_on(
    linear: Linear, rows: Rows, owners: Ints, which: NDArray[np.intp], passes: int
) -> None:
    """Look at some rows again, and change `linear` in place."""
    weights, duals = linear.weights, linear.duals
    order = np.random.default_rng(0).permutation(which)
    softness = np.full(weights.shape[1], LAMBDA, np.float32)
    for at in np.tile(order, passes).tolist():
        row = rows.row(at)
        x, owner, old = row.weights, owners[at], duals[at]
        own = weights[row.ids]
        size = float(x @ x)
        if not size: continue
        softness[owner] = LAMBDA / OWN_COST
        # f = w.x - 1; optimum f = y - D s
        score = x @ own
        new = old - (score + softness * old) / (size + softness)
        mine = float(new[owner]) + 2.0 / (size + float(softness[owner]))
        np.minimum(new, 0.0, out=new)
        new[owner] = max(mine, 0.0)
        softness[owner] = LAMBDA
        change = new - old
        weights[row.ids] = own + np.outer(x, change)
        duals[at] = new
