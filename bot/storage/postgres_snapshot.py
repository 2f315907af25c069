"""One moment of a PostgreSQL database, to read from, and a backup made of it.

The backup is what a backup of a SQLite file is: such a file, encrypted. So it needs no program of
PostgreSQL, nor one of its server's version, and can be put back into either kind of database.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import psycopg

from bot.errors import Refused, attempted
from bot.service import moving
from bot.service.ports import Tx
from bot.storage.backup import Backup, write_sealed
from bot.storage.job import resolve
from bot.storage.migrations import STEPS
from bot.storage.postgres_connection import connect
from bot.storage.postgres_errors import shown, store_error
from bot.storage.postgres_rows import PostgresRows
from bot.storage.postgres_schema import taken_steps
from bot.storage.sqlite import SQLiteStore
from bot.storage.transaction import Transaction

T = TypeVar("T")
BEGIN: Final = (
    b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    b" SET LOCAL idle_in_transaction_session_timeout = '10min'"  # a slow disk takes its time
)


class Snapshot:
    """Everything as it was when it was opened, whatever is written meanwhile. It locks nothing.

    Args:
        url: The database.

    Raises:
        Refused: There is nothing in it, or it is of an older version.
        SchemaTooNew: It is of a newer one.
        StoreError: It cannot be reached or read.
    """

    def __init__(self, url: str) -> None:
        self._name = shown(url)
        self._connection = connect(url)
        with ExitStack() as unless_it_went_well:
            unless_it_went_well.callback(self.close)
            try:
                self._require_today()
                self._connection.execute(BEGIN, prepare=False)
            except psycopg.Error as error:
                raise store_error(error, self._name) from error
            unless_it_went_well.pop_all()

    def submit(self, work: Callable[[Tx], T], /) -> "Future[T]":
        """Do some reading, at once; PostgreSQL refuses to write here."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        tx = Transaction(PostgresRows(self._connection, self._name))
        resolve(future, attempted(partial(tx.run, work)))
        return future

    def close(self) -> None:
        """Let go of the moment."""
        with suppress(psycopg.Error):
            self._connection.close()

    def _require_today(self) -> None:
        taken = taken_steps(self._connection, self._name)
        if not taken:
            raise Refused(f"{self._name} is empty: there is nothing to back up.")
        if taken != set(STEPS):
            raise Refused(
                f"{self._name} is of an older version of Pathways. Make the backup with that version, "
                "or let this one start first."
            )


def write_backup(
    url: str,
    beside: Path,
    target: Path,
    recipient: str | None,
    tell: Callable[[int, int], None],
) -> Backup:
    """Copy a database to a new file, also while it is in use, and compare the copy with it.

    Args:
        url: The database.
        beside: The copy lies beside this until it is encrypted.
        target: Where the backup goes; it may not stand yet.
        recipient: The public key it is encrypted to; None leaves it plain.
        tell: Is told of rows as they are done, and how many there are to do.

    Raises:
        Refused: There is nothing to back up, the target stands already, or the key is none.
        StoreError: It could not be copied; no half backup is left.
    """
    with closing(Snapshot(url)) as snapshot:
        return write_sealed(beside, target, recipient, lambda copy: _copied(snapshot, copy, tell))


def _copied(snapshot: Snapshot, copy: Path, tell: Callable[[int, int], None]) -> int:
    whole = moving.count(snapshot) * moving.READ_TIMES
    with closing(SQLiteStore(copy)) as store:
        sums = moving.move(
            snapshot, store, is_rehearsal=False, tell=lambda rows: tell(rows, whole)
        )
        store.checkpoint().result()
    return sum(one.rows for one in sums.values())
