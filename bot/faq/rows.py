"""Sparse vectors below each other, and ways to take some of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Vector:
    """What a text says, of unit length, or of none where nothing was known.

    Attributes:
        ids: Feature numbers, int32 [n], none twice.
        weights: Their weights, float32 [n].
        dense: The sentence vector beside them, float32 [dimensions].
    """

    ids: Ints
    weights: Floats
    dense: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors below each other, the sparse part in compressed rows (CSR).

    Attributes:
        ids: Feature numbers of all rows, int32 [nnz].
        weights: Their weights, float32 [nnz].
        starts: Where each row begins, and the end, int32 [rows + 1].
        dense: Sentence vectors, float32 [rows, dimensions].
        width: How many features there are.
    """

    ids: Ints
    weights: Floats
    starts: Ints
    dense: Floats
    width: int

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    def row(self, at: int) -> Vector:
        """One of the vectors."""
        part = slice(self.starts[at], self.starts[at + 1])
        return Vector(self.ids[part], self.weights[part], self.dense[at])

    def some(self, which: NDArray[np.intp]) -> "Rows":
        """Some of the rows, in a new order."""
        at, lengths = self.places(which)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        return Rows(self.ids[at], self.weights[at], starts, self.dense[which], self.width)

    def columns(self, which: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which features stand in some of the rows, bool [features]."""
        found = np.zeros(self.width, bool)
        found[self.ids[self.places(which)[0]]] = True
        return found

    def within(self, allowed: NDArray[np.bool_]) -> "Rows":
        """The rows without the features that are not allowed, the length of each as before.

        Args:
            allowed: Which features stay, bool [features].
        """
        stays, count = allowed[self.ids], len(self)
        owners = np.repeat(np.arange(count), np.diff(self.starts))
        before = np.bincount(owners, self.weights**2, minlength=count)
        ids, weights, owners = self.ids[stays], self.weights[stays], owners[stays]
        now = np.bincount(owners, weights**2, minlength=count)
        longer = np.sqrt(np.divide(before, now, out=np.ones(count), where=now > 0))
        starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))])
        weights = (weights * longer[owners]).astype(np.float32)
        return Rows(ids, weights, starts.astype(np.int32), self.dense, self.width)

    def places(self, which: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where the features of some rows stand, one row after the other, and how many each has."""
        starts = self.starts[which].astype(np.intp)
        lengths = self.starts[which + 1] - starts
        past = np.cumsum(lengths)
        return np.arange(int(lengths.sum())) + np.repeat(starts - past + lengths, lengths), lengths


class Block:
    """A few rows as a plain matrix of those features alone that stand in them.

    Args:
        rows: What they are taken from.
        which: Their numbers.

    Attributes:
        which: Their numbers, intp [n].
        ids: Feature numbers, ascending, int32 [features].
        dense: Sentence vectors, float32 [n, dimensions].
    """

    __slots__ = ("_at", "_weights", "dense", "ids", "which")

    def __init__(self, rows: Rows, which: NDArray[np.intp]) -> None:
        places, lengths = rows.places(which)
        self.which = which
        self.ids, columns = np.unique(rows.ids[places], return_inverse=True)
        self.dense = rows.dense[which]
        self._weights = rows.weights[places]
        starts = np.arange(len(which)) * len(self.ids)
        self._at = (np.repeat(starts, lengths) + columns).astype(np.int32)

    def matrix(self) -> Floats:
        """Their weights, float32 [n, features]: made anew each time, since it is mostly zeros."""
        found = np.zeros(len(self.which) * len(self.ids), np.float32)
        found[self._at] = self._weights
        return found.reshape(len(self.which), len(self.ids))


def blocks(rows: Rows, order: NDArray[np.intp], size: int) -> tuple[Block, ...]:
    """Rows in blocks of a size.

    Args:
        rows: All of them.
        order: Their numbers, in the order in which they are to be taken.
        size: Rows in a block; the last has fewer.
    """
    return tuple(Block(rows, order[at : at + size]) for at in range(0, len(order), size))
