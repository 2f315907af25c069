"""The arrays of an uncompressed .npz file, mapped and not read: what nobody looks at takes no memory."""

from collections.abc import Mapping
from hashlib import blake2b
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

_LOCAL_HEAD: Final = 30  # bytes before a member's name in the file
_NAME_SIZE: Final = slice(26, 28)  # where the local head says how long the name is
_EXTRA_SIZE: Final = slice(28, 30)  # and what follows it
_NPY_HEAD: Final = 4096  # bytes; numpy's own heads have 128


def map_arrays(file: Path) -> tuple[Mapping[str, NDArray[Any]], str]:
    """The arrays of a file by name, read-only, and a name for exactly these.

    The name is made from the sizes and checksums that the archive lists.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no such archive.
    """
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except BadZipFile as error:
        raise ValueError(f"{file.name} is no archive of arrays") from error
    listed = repr([(one.filename, one.file_size, one.CRC) for one in members])
    with file.open("rb") as opened:
        view = memoryview(mmap(opened.fileno(), 0, access=ACCESS_READ))
    arrays = {one.filename.removesuffix(".npy"): _array(view, one) for one in members}
    return arrays, blake2b(listed.encode(), digest_size=8).hexdigest()


def _array(view: memoryview, member: ZipInfo) -> NDArray[Any]:
    if member.compress_type != ZIP_STORED:
        raise ValueError(f"{member.filename} is compressed and cannot be mapped")
    head = view[member.header_offset : member.header_offset + _LOCAL_HEAD]
    sizes = (int.from_bytes(head[at], "little") for at in (_NAME_SIZE, _EXTRA_SIZE))
    data = view[member.header_offset + _LOCAL_HEAD + sum(sizes) :][: member.file_size]
    start = BytesIO(data[:_NPY_HEAD])
    if npy.read_magic(start) != (1, 0):
        raise ValueError(f"{member.filename} is no array of the first version")
    shape, by_column, dtype = npy.read_array_header_1_0(start)
    if dtype.hasobject or by_column:
        raise ValueError(f"{member.filename} holds more than rows of numbers")
    return np.frombuffer(data[start.tell() :], dtype).reshape(shape)
