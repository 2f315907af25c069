"""Arrays as bytes, and back without a copy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.faq.array_bytes import ALIGNED, pack_arrays, unpack_arrays


@given(
    st.dictionaries(st.text(max_size=20), st.lists(st.integers(-99, 99), max_size=40), max_size=6),
    st.sampled_from([np.float16, np.float32, np.int32, np.int8]),
)
def test_arrays_come_back_as_they_were(
    lists: dict[str, list[int]], kind: type[np.generic]
) -> None:
    arrays: dict[str, NDArray[np.generic]] = {
        name: np.array(values, kind) for name, values in lists.items()
    }
    found = unpack_arrays(memoryview(pack_arrays(arrays)))
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_they_are_views_that_nobody_can_write_to() -> None:
    data = memoryview(pack_arrays({"one": np.arange(9), "two": np.eye(3, dtype=np.float32)}))
    found = unpack_arrays(data)
    assert len(data) % ALIGNED == 0
    assert found["two"].shape == (3, 3)
    for array in found.values():
        assert not array.flags.writeable
        assert not array.flags.owndata


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no line",
        b"{}".ljust(63) + b"\n",
        b'[["a", "|O", [1], 0]]'.ljust(63) + b"\n" + b"x" * 64,
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack_arrays(memoryview(data))
