"""Who was forgotten in a database that is replaced: read as it is, damaged or of a newer version."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from bot.service.audit import INSTALL_KEY
from bot.service.ports import Scalar
from bot.service.restoring import Forgotten
from bot.storage.ownership import own

COLUMNS: Final = ("identity_hash", "branch", "at")  # of a tombstone
STONES: Final = "SELECT identity_hash, branch, at FROM tombstone"
INSTALL: Final = f"SELECT value FROM install WHERE name = '{INSTALL_KEY}'"  # noqa: S608 - ours


def in_file(path: Path) -> Forgotten | None:
    """Who was forgotten in a file of SQLite; None where it cannot be read, or is none of ours."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = found_in(connection.execute(INSTALL), connection.execute(STONES))
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return None
    return found


def at_rest(path: Path) -> Forgotten | None:
    """The same of a file that nobody may own.

    Raises:
        StoreBusy: Pathways is running on it.
    """
    if not path.exists():
        return None
    owned = own(path)
    try:
        return in_file(owned.path)
    finally:
        owned.release()


def found_in(
    installs: Iterable[tuple[Scalar, ...]], stones: Iterable[tuple[Scalar, ...]]
) -> Forgotten | None:
    """What was read, put together; None where the database was never set up."""
    rows = tuple(dict(zip(COLUMNS, stone, strict=True)) for stone in stones)
    for (install,) in installs:
        return Forgotten(str(install), rows)
    return None
