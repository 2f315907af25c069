"""Opens the database file the one way we use it: owned, private, durable and of today's schema."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from bot.errors import StoreError
from bot.storage.migrations import check_schema, migrate
from bot.storage.ownership import Ownership, own
from bot.storage.sqlite_errors import store_error

BUSY_TIMEOUT_MS: Final = 1000  # milliseconds we wait for a program outside that holds the file
PRAGMAS: Final[dict[str, str | int]] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # an acknowledged turn survives a power cut
    "foreign_keys": "ON",
    "secure_delete": "ON",  # what is deleted is overwritten
    "temp_store": "MEMORY",  # no copies of rows in temporary files
    "cache_size": -16384,  # KiB
    "wal_autocheckpoint": 1000,  # pages, 4 MB
    "journal_size_limit": 16 * 1024 * 1024,  # bytes of WAL that stay after a checkpoint
    "trusted_schema": "OFF",
}


def open_database(path: Path) -> tuple[Ownership, sqlite3.Connection]:
    """Own a database file, bring it to today's schema and connect to it.

    Args:
        path: Where it is, or will be.

    Returns:
        The ownership and the only connection, without a transaction; it may be used on one other
        thread. Close the connection first.

    Raises:
        StoreBusy: Another process owns the file.
        StoreFull: It cannot be written.
        SchemaTooNew: A newer version of Pathways made it.
        StoreError: It holds something else, or lies where no database can.
    """
    ownership = own(path)
    with ExitStack() as undo:
        undo.callback(ownership.release)
        connection = _connect(ownership)
        undo.pop_all()
        return ownership, connection


def _connect(ownership: Ownership) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            ownership.path,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        with ExitStack() as undo:
            undo.callback(connection.close)
            check_schema(connection, ownership.name)
            _set_up(connection, ownership.name)
            migrate(connection)
            undo.pop_all()
    except sqlite3.Error as error:
        raise store_error(error, ownership.name) from error
    return connection


def _set_up(connection: sqlite3.Connection, name: str) -> None:
    for pragma, value in PRAGMAS.items():
        with closing(connection.execute(f"PRAGMA {pragma}={value}")) as cursor:
            answer = cursor.fetchone()
        if pragma == "journal_mode" and answer[0] != "wal":
            raise StoreError(
                f"{name} lies where a database cannot be kept safe. Put it on a disk of this machine."
            )
