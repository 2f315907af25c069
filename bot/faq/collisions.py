"""Finds phrasings of different entries that say the same: whoever asks one may be answered the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.main_axes import step_lengths
from bot.faq.nearest import Nearest
from bot.messages import EntryId

ALIKE: Final = (
    0.9  # likeness of two phrasings that mean the same; most pairs of one entry have less
)
BLOCK: Final = 512  # phrasings that are compared with all others at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Two entries, and the two of their phrasings that are most alike.

    Attributes:
        entries: The two entries.
        phrasings: One of each, in the same order.
        likeness: Cosine of the phrasings' sentence vectors, in [0, 1].
        count: How many pairs of their phrasings are as alike as that is allowed, or more.
    """

    entries: tuple[EntryId, EntryId]
    phrasings: tuple[str, str]
    likeness: float
    count: int


def collisions(
    nearest: Nearest, entries: Sequence[EntryId], phrasings: Sequence[str]
) -> tuple[Collision, ...]:
    """Pairs of entries with phrasings that are too much alike, the worst first.

    Args:
        nearest: The phrasings as they were learnt, those of entries first; without sentence
            vectors nothing is found.
        entries: Their ids.
        phrasings: The phrasings' texts, those of one entry beside each other.
    """
    owners = np.repeat(np.arange(len(entries)), nearest.sizes[: len(entries)])
    found: dict[tuple[int, int], list[tuple[float, int, int]]] = {}
    for first, second, likeness in _alike(_unit_rows(nearest)[: len(owners)], owners):
        pair = int(owners[first]), int(owners[second])
        found.setdefault(pair, []).append((likeness, first, second))
    listed = []
    for (one, other), alike in found.items():
        likeness, first, second = max(alike)
        listed.append(
            Collision(
                entries=(entries[one], entries[other]),
                phrasings=(phrasings[first], phrasings[second]),
                likeness=likeness,
                count=len(alike),
            )
        )
    return tuple(sorted(listed, key=lambda collision: -collision.likeness))


def _unit_rows(nearest: Nearest) -> NDArray[np.float32]:
    rows = np.hstack([nearest.dense, nearest.rest]) * step_lengths(nearest.axes)
    lengths = np.sqrt((rows * rows).sum(1, keepdims=True))
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.float32(1e-9))
    return unit


def _alike(
    rows: NDArray[np.float32], owners: NDArray[np.intp]
) -> Iterator[tuple[int, int, float]]:
    """Pairs of phrasings of different entries that are alike, each once."""
    for start in range(0, len(rows), BLOCK):
        cosines = rows[start : start + BLOCK] @ rows[start:].T
        near = np.argwhere(cosines >= ALIKE)
        for at, other in near.tolist():
            if owners[start + at] < owners[start + other]:
                yield start + at, start + other, min(1.0, float(cosines[at, other]))
