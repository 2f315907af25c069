"""Sentence vectors turned to their main axes: most of a cosine is there, for a quarter of the work."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Floats

AXES: Final = 64  # main axes along which the vectors of many texts are compared first


def along_main_axes(rows: Floats, *, are_many: bool) -> tuple[Floats, NDArray[np.float16], Floats]:
    """Vectors along their main axes, along the others, and the directions, main ones first.

    Args:
        rows: float32 [texts, dimensions].
        are_many: Whether it is worth it; of few texts every axis counts as a main one.

    Returns:
        float32 [texts, main], float16 [texts, dimensions - main] and float32 [dimensions, dimensions].
        Half the bytes of the others cost nothing that counts, and few of those rows are looked at.
    """
    axes, main = np.eye(rows.shape[1], dtype=np.float32), rows.shape[1]
    if are_many and main > AXES:
        axes, main = np.linalg.eigh(rows.T @ rows)[1][:, ::-1].copy(), AXES
    return rows @ axes[:, :main], (rows @ axes[:, main:]).astype(np.float16), axes
