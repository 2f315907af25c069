"""Where the admin socket of a database lies: beside it, or where its path would be too long.

A socket's path may have 107 bytes on Linux and 103 on macOS. For a longer one there is a private
folder in the folder for temporary files, named by a digest of the database's path. Anybody may
make a folder there, so one that is not ours alone is never used.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from bot.errors import StoreError
from bot.storage.ownership import FOLDER_MODE

PATH_LIMIT: Final = 103  # bytes; the shorter of Linux's and macOS's


def make_socket_place(db_path: Path) -> Path:
    """Where the owner of a database listens; the folder is there when this returns.

    Raises:
        StoreError: The folder it would have to use belongs to somebody else.
        OSError: The folder cannot be made.
    """
    path = _beside(db_path)
    if _fits(path):
        return path
    folder = _private_folder(path)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    _check_private(folder, os.geteuid())
    return folder / "db.sock"


def find_socket(db_path: Path) -> Path | None:
    """Where the owner of a database would listen, or None where it surely does not.

    Raises:
        StoreError: The folder it would use belongs to somebody else.
    """
    path = _beside(db_path)
    if _fits(path):
        return path if path.is_socket() else None
    folder = _private_folder(path)
    if not folder.is_symlink() and not folder.exists():
        return None
    _check_private(folder, os.geteuid(), path.with_suffix(""))
    return folder / "db.sock"


def _beside(db_path: Path) -> Path:
    resolved = db_path.resolve()
    return resolved.with_name(resolved.name + ".sock")


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= PATH_LIMIT


def _private_folder(path: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()
    return Path(tempfile.gettempdir()) / f"pathways-{digest[:24]}"


def _check_private(folder: Path, owner: int, database: Path | None = None) -> None:
    owners = {owner}
    if database is not None and database.exists():
        owners.add(database.stat().st_uid)  # root may ask a bot that runs as somebody else
    status = folder.lstat()
    is_private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == FOLDER_MODE
    if not is_private or status.st_uid not in owners:
        raise StoreError(
            f"{folder} belongs to somebody else. Remove it, or give the database a shorter path."
        )
