"""What tells entries apart is seen, what they have in common is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.faq.lens import Lens
from bot.faq.linear import Costs
from bot.faq.rows import Floats, Vector
from bot.faq.scarcity import help_for_few, scarcity

DIMENSIONS = 6


def _phrasings(entries: int, each: int, seed: int = 1) -> tuple[Floats, np.ndarray]:
    """Unit vectors around one far middle, entries apart along the first two directions alone."""
    random = np.random.default_rng(seed)
    middles = np.zeros((entries, DIMENSIONS))
    middles[:, :2] = random.normal(size=(entries, 2))
    middles[:, 5] = 5
    rows = np.repeat(middles, each, axis=0) + random.normal(
        scale=0.3, size=(entries * each, DIMENSIONS)
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(entries, dtype=np.int32), each)


def _apart(rows: Floats, owners: np.ndarray) -> float:
    """How much more alike two phrasings of one entry are than two of different ones, on average."""
    alike = rows @ rows.T
    own = owners[:, None] == owners[None, :]
    return float(alike[own].mean() - alike[~own].mean())


def test_entries_are_further_apart_through_it() -> None:
    rows, owners = _phrasings(8, 5)
    seen = Lens.learn(rows, owners).through(rows)
    assert _apart(seen, owners) > 5 * _apart(rows, owners) > 0


def test_directions_that_tell_entries_apart_are_longest() -> None:
    rows, owners = _phrasings(12, 5)
    lens = Lens.learn(rows, owners)
    lengths = np.linalg.norm(lens.axes, axis=0)
    assert list(lengths) == sorted(lengths, reverse=True)
    assert np.linalg.norm(lens.axes[:2, :2]) > 0.9 * np.linalg.norm(lengths[:2])


def test_many_phrasings_are_stretched_less_than_few() -> None:
    few, many = (Lens.learn(*_phrasings(8, each)) for each in (5, 80))
    stretched = [np.ptp(np.linalg.norm(lens.axes, axis=0)) for lens in (few, many)]
    assert stretched[1] < stretched[0] / 4


@given(
    arrays(
        np.float32,
        DIMENSIONS,
        elements=st.floats(-4, 4, width=32).filter(lambda x: x == 0 or abs(x) > 1e-3),
    )
)
def test_a_vector_is_as_long_as_before(dense: Floats) -> None:
    seen = Lens.learn(*_phrasings(5, 3)).through(dense)
    assert np.isfinite(seen).all()
    assert np.linalg.norm(seen) == pytest.approx(np.linalg.norm(dense), rel=1e-4)


def test_how_long_a_vector_is_does_not_change_where_it_points() -> None:
    rows, owners = _phrasings(5, 3)
    lens = Lens.learn(rows, owners)
    np.testing.assert_allclose(
        lens.through(rows * 3), 3 * lens.through(rows), rtol=1e-3, atol=1e-5
    )


def test_one_is_seen_as_among_many() -> None:
    rows, owners = _phrasings(5, 3)
    lens = Lens.learn(rows, owners)
    text = Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), rows[4])
    np.testing.assert_allclose(lens.seen(text).dense, lens.through(rows)[4], atol=1e-6)


def test_a_lone_entry_is_seen_as_it_is() -> None:
    rows, _ = _phrasings(1, 4)
    lens = Lens.learn(rows, np.zeros(4, np.int32))
    np.testing.assert_allclose(lens.through(rows), rows, atol=1e-6)


@pytest.mark.parametrize("width", [0, 3])
def test_texts_without_vectors_stay_without(width: int) -> None:
    rows = np.zeros((6, width), np.float32)
    lens = Lens.learn(rows, np.array([0, 0, 1, 1, 2, 2], np.int32))
    np.testing.assert_array_equal(lens.through(rows), rows)


def test_ten_phrasings_an_entry_or_fewer_are_few() -> None:
    assert scarcity(10, 10) == scarcity(100, 10) == 1
    assert scarcity(400, 10) == 0.25
    assert scarcity(0, 0) <= 1
    assert help_for_few(100, 10) == 1
    assert help_for_few(200, 10) == 0.25


def test_own_rows_cost_more_where_they_are_few() -> None:
    usual, few = Costs.where_few(0), Costs.where_few(1)
    assert usual == Costs()
    assert few.own == 4 * usual.own
    assert few.length / few.own == usual.length / usual.own
