"""The same document is the same file: no entry of it says at what second it was packed."""

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can name


def steady(packed: bytes) -> bytes:
    """A ZIP file, such as a Word document, packed again without times.

    Args:
        packed: A ZIP file; nothing in it is changed.
    """
    target = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, EPOCH)
            info.compress_type = ZIP_DEFLATED
            made.writestr(info, source.read(entry))
    return target.getvalue()
