"""Sentence vectors turned to their main axes: most of a cosine is there, for a quarter of the work."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Floats

_MOST: Final = 127  # steps in a byte, either side of zero
_TINY: Final = np.float32(1e-9)  # no step
AXES: Final = 64  # main axes along which the vectors of many texts are compared first


def along_main_axes(rows: Floats, *, are_many: bool) -> tuple[Floats, NDArray[np.int8], Floats]:
    """Vectors along their main axes, along the others in steps, and the directions, main ones first.

    Args:
        rows: float32 [texts, dimensions].
        are_many: Whether it is worth it; of few texts every axis counts as a main one.

    Returns:
        float32 [texts, main], int8 [texts, dimensions - main] and float32 [dimensions, dimensions]. Of the
        others a direction is as long as one step of its column, so that the product with a vector that
        was turned is the cosine's part. A quarter of their bytes costs nothing that counts, and is
        quicker to read.
    """
    axes, main = np.eye(rows.shape[1], dtype=np.float32), rows.shape[1]
    if are_many and main > AXES:
        axes, main = np.linalg.eigh(rows.T @ rows)[1][:, ::-1].copy(), AXES
    others = rows @ axes[:, main:]
    step = np.maximum(np.abs(others).max(0, initial=0), _TINY) / _MOST
    axes[:, main:] *= step
    return rows @ axes[:, :main], np.rint(others / step).astype(np.int8), axes


def step_lengths(axes: Floats) -> Floats:
    """What one step along each direction is worth, float32 [dimensions]: 1 along the main ones."""
    found: Floats = np.sqrt((axes * axes).sum(0))
    return found
