"""One process owns a database file, and nobody else may read it.

The lock is a file beside the database. The system lets go of it when its owner dies, however it
dies; the file stays, since deleting it could give two owners a lock each.
"""

import errno
import fcntl
import os
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import StoreError
from bot.storage.sqlite_errors import busy, full

FILE_MODE: Final = 0o600  # the owner reads and writes, nobody else
FOLDER_MODE: Final = 0o700
_NO_SPACE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}
)


@dataclass(frozen=True, slots=True)
class Ownership:
    """The right to write one database file, until `release` or the end of the process.

    Attributes:
        path: The file itself, links followed.
        name: The file as it was named to us, for messages.
        lock: An open descriptor of the lock file.
    """

    path: Path
    name: str
    lock: int

    def release(self) -> None:
        """Let somebody else own the file. Once only."""
        os.close(self.lock)


def own(path: Path) -> Ownership:
    """Take hold of a database file; it and its folder are made where they are missing.

    Raises:
        StoreBusy: Somebody owns it.
        StoreFull: The folder or the file cannot be written.
        StoreError: This is no place for a file.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise StoreError(f"{name} is a folder. Name a file in it, for example {name}/chat.db.")
        resolved = path.resolve()
        make_private_folder(resolved.parent)
        lock = _take(resolved.with_name(resolved.name + ".lock"), name)
        with ExitStack() as undo:
            undo.callback(os.close, lock)
            _make_private(resolved, name)
            undo.pop_all()
    except OSError as error:
        raise _place_error(error, name) from error
    return Ownership(resolved, name, lock)


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it, for the owner alone; one that stands stays as it is.

    Raises:
        OSError: It cannot be made.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _take(path: Path, name: str) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise busy(name) from None
    return lock


def _make_private(path: Path, name: str) -> None:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise StoreError(f"{name} is no ordinary file. Use another one for the database.")
        if stat.S_IMODE(os.fstat(file).st_mode) != FILE_MODE:
            os.fchmod(file, FILE_MODE)
    finally:
        os.close(file)


def _place_error(error: OSError, name: str) -> StoreError:
    if error.errno in _NO_SPACE:
        return full(name)
    return StoreError(
        f"{name} cannot be opened ({error.strerror}). Name a file in a folder that can be written."
    )
