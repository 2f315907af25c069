"""Putting a backup in the place of the database: set right first, then swapped in one step."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from bot.errors import StoreError
from bot.service.ports import Row, Store, Tx
from bot.storage.backup import open_backup
from bot.storage.ownership import own
from bot.storage.sqlite import SQLiteStore

T = TypeVar("T")
COLUMNS: Final = ("identity_hash", "branch", "at")  # of a tombstone
BESIDE: Final = ("-wal", "-shm")  # what SQLite keeps beside a database


def restore(
    backup: Path,
    database: Path,
    identity: Path | None,
    set_aside: Path,
    settle: Callable[[Tx, Sequence[Row]], T],
    unknown: Callable[[Store], None],
) -> T:
    """Put a backup in the place of the database.

    Args:
        backup: The backup.
        database: What it replaces, where it stands; nobody may own it.
        identity: The file with the private key; None for a plain backup.
        set_aside: Where the database that is replaced goes.
        settle: Sets the backup right, given the tombstones of the database that is replaced.
        unknown: Called with the backup where these cannot be read; what it raises ends the restore.

    Returns:
        What `settle` returned.

    Raises:
        StoreBusy: Pathways is running on this database.
        Refused: The backup cannot be opened; nothing was changed.
        StoreError: It could not be put there; the database is as it was.
    """
    owned = own(database)
    part = owned.path.with_name(f".{owned.path.name}.restore")
    try:
        stones = _tombstones(owned.path)
        open_backup(backup, part, identity)
        store = SQLiteStore(part)
        try:
            if stones is None:
                unknown(store)
            settled = store.submit(lambda tx: settle(tx, stones or ())).result()
            store.checkpoint().result()
        finally:
            store.close()
        _swap(part, owned.path, set_aside)
    except OSError as error:
        raise StoreError(f"{database} cannot be replaced ({error.strerror}).") from error
    finally:
        _tidy(part)
        owned.release()
    return settled


def _tombstones(database: Path) -> list[Row] | None:
    """The marks of the people forgotten so far; None where they cannot be read, or are not there."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute("SELECT identity_hash, branch, at FROM tombstone").fetchall()
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return None
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _swap(part: Path, database: Path, set_aside: Path) -> None:
    """The old database keeps its log until it is out of the way; then the new one takes the name."""
    if database.stat().st_size:
        set_aside.hardlink_to(database)
        for end in BESIDE:
            log = database.with_name(database.name + end)
            if log.exists():
                log.rename(set_aside.with_name(set_aside.name + end))
    part.replace(database)


def _tidy(part: Path) -> None:
    for end in ("", *BESIDE, ".lock", ".sock"):
        part.with_name(part.name + end).unlink(missing_ok=True)
