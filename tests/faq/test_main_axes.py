"""Vectors along their main axes: nearly the same cosines, in far fewer bytes."""

import numpy as np
import pytest

from bot.faq.main_axes import along_main_axes, step_lengths

ROWS = np.random.default_rng(3).standard_normal((300, 100)).astype(np.float32)
ROWS /= np.linalg.norm(ROWS, axis=1, keepdims=True)


@pytest.mark.parametrize("are_many", [False, True])
def test_products_are_nearly_what_they_were(*, are_many: bool) -> None:
    main, rest, axes = along_main_axes(ROWS, are_many=are_many)
    assert rest.dtype == np.int8
    for text in ROWS[:20]:
        turned = text @ axes
        found = main @ turned[: main.shape[1]] + rest.astype(np.float32) @ turned[main.shape[1] :]
        assert found == pytest.approx(ROWS @ text, abs=0.005)


def test_the_vectors_themselves_come_back_in_another_place() -> None:
    main, rest, axes = along_main_axes(ROWS, are_many=True)
    again = np.hstack([main, rest]) * step_lengths(axes)
    assert again @ again.T == pytest.approx(ROWS @ ROWS.T, abs=0.01)
