"""Arrays of a mapped archive."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.storage.array_archive import map_arrays


def saved(folder: Path, **arrays: NDArray[Any]) -> Path:
    np.savez(folder / "some.npz", allow_pickle=True, **arrays)
    return folder / "some.npz"


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "whole": np.arange(6).reshape(2, 3),
        "half": np.ones(3, np.float16),
        "no": np.empty(0),
    }
    found, name = map_arrays(saved(tmp_path, **arrays))
    assert found.keys() == arrays.keys()
    for key, array in arrays.items():
        assert found[key].dtype == array.dtype
        assert np.array_equal(found[key], array)
        assert not found[key].flags.writeable
    assert map_arrays(saved(tmp_path, **arrays))[1] == name
    assert map_arrays(saved(tmp_path, **{**arrays, "half": np.zeros(3, np.float16)}))[1] != name


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_other_bytes_are_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "some.npz").write_bytes(b"PK" * size)
    with pytest.raises(ValueError, match="no archive"):
        map_arrays(tmp_path / "some.npz")


def test_what_cannot_be_mapped_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "some.npz", one=np.zeros(10))
    with pytest.raises(ValueError, match="compressed"):
        map_arrays(tmp_path / "some.npz")
    with pytest.raises(ValueError, match="more than rows of numbers"):
        map_arrays(saved(tmp_path, one=np.array([{"a": 1}], dtype=object)))
