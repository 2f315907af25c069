"""Named arrays as bytes, and back without a copy: the arrays look into the bytes, which may be a mapped file.

A line of JSON says where each array lies; reading runs nothing, and what does not fit is refused.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

ALIGNED: Final = 64  # bytes: where an array may begin
KINDS: Final = "biuf"  # of numbers; nothing else is read


def pack_arrays(arrays: Arrays) -> bytes:
    """Arrays as bytes, the same from the same arrays."""
    table, blobs, at = [], [], 0
    for name, array in arrays.items():
        blob = np.ascontiguousarray(array).tobytes()
        table.append([name, array.dtype.str, list(array.shape), at])
        blobs += [blob, bytes(-len(blob) % ALIGNED)]
        at += len(blob) + len(blobs[-1])
    head = json.dumps(table).encode()
    head += b" " * (-(len(head) + 1) % ALIGNED) + b"\n"
    return b"".join((head, *blobs))


def unpack_arrays(data: memoryview) -> Arrays:
    """The arrays of some bytes, read-only, as views of them.

    Raises:
        ValueError: They are no such bytes.
    """
    end = _end_of_line(data)
    table = json.loads(bytes(data[:end]))
    if not isinstance(table, list):
        raise ValueError("no table of arrays")  # noqa: TRY004 - the bytes are wrong, not a type
    return dict(_array(data[end:], *row) for row in table)


def _end_of_line(data: memoryview) -> int:
    for start in range(0, len(data), ALIGNED):
        if bytes(data[start : start + ALIGNED]).endswith(b"\n"):
            return start + ALIGNED
    raise ValueError("no line at the beginning")


def _array(
    data: memoryview, name: str, kind: str, shape: list[int], at: int
) -> tuple[str, NDArray[Any]]:
    dtype = np.dtype(kind)
    if dtype.kind not in KINDS or at < 0 or any(size < 0 for size in shape):
        raise ValueError("no array of numbers")
    count = int(np.prod(shape, dtype=np.int64))
    found = (
        np.frombuffer(data, dtype, count, at).reshape(shape) if count else np.empty(shape, dtype)
    )
    return name, found
