"""What SQLite refuses, in our words: which error it is for us, and what to do about it."""

import sqlite3
from typing import Final

from bot.errors import Inconsistent, StoreBusy, StoreError, StoreFull

_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def store_error(error: sqlite3.Error, name: str) -> StoreError:
    """The error of ours that says the same.

    Args:
        error: What `sqlite3` raised.
        name: The database file, as the person who runs the bot named it.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & 0xFF  # the upper bits only say more of the same
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return Inconsistent(f"{error}.")  # names the table and column, never a value
    if primary in _FULL:
        return full(name)
    if primary in _BUSY:
        return busy(name)
    if primary in _BROKEN:
        return broken(name)
    kind = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(
        f"{name} could not be read or written ({kind}). Check the disk; nothing was stored."
    )


def full(name: str) -> StoreFull:
    """Nothing can be written."""
    return StoreFull(
        f"{name} cannot be written: the disk is full or read-only. "
        "Make room or allow writing, then try again."
    )


def busy(name: str) -> StoreBusy:
    """Somebody else has the file."""
    return StoreBusy(
        f"Another Pathways process is using {name}. Stop it first, or use another database."
    )


def broken(name: str) -> StoreError:
    """The file holds something else, or is damaged."""
    return StoreError(
        f"{name} is no Pathways database, or it is damaged. Use another database, or restore a backup."
    )
