"""The SQLite store: one file, one connection, one thread that writes.

Work waits in a queue. The writer takes what is there, up to 64 pieces, runs each in a savepoint of
one transaction, commits once, and only then resolves the futures: a resolved future is on disk. A
piece that raises is rolled back alone. Where the disk itself fails, nothing of the batch was
written, and every piece of it hears so; the next batch tries anew.
"""

import sqlite3
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from bot.errors import Done, Inconsistent, Raised, StoreBusy, StoreError, attempted
from bot.service.ports import Tx
from bot.storage.job import Job, fail, finish, resolve
from bot.storage.sqlite_errors import store_error
from bot.storage.sqlite_file import open_database
from bot.storage.sqlite_rows import SQLiteRows
from bot.storage.transaction import Transaction

T = TypeVar("T")

BATCH_LIMIT: Final = 64  # pieces of work in one commit


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    future: "Future[None]"


@dataclass(frozen=True, slots=True)
class _Nudge:
    """Something waits ahead of the queue."""


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in the queue."""


class _BatchLostError(Exception):
    """SQLite gave up the whole transaction in the middle of it."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason


class SQLiteStore:
    """The port `Store` over one SQLite file, which this process owns until `close`.

    Args:
        path: The database; made where it is missing.

    Raises:
        StoreBusy: Another process owns the file.
        StoreFull: It cannot be written.
        SchemaTooNew: A newer version of Pathways made it.
        StoreError: It holds something else, or lies where no database can.
    """

    def __init__(self, path: Path) -> None:
        self._ownership, self._connection = open_database(path)
        self._rows = SQLiteRows(self._connection, self._ownership.name)
        self._queue: SimpleQueue[Job | _Checkpoint | _Nudge | _End] = SimpleQueue()
        self._ahead: SimpleQueue[Job] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`; work is alone here, whatever its locks."""
        del locks
        future: Future[T] = Future()
        self._put(Job(work, future))
        return future

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """See `Store.submit_ahead`: it is in the next commit, whatever waits."""
        future: Future[T] = Future()
        with self._lock:
            if not self._is_closed:
                self._ahead.put(Job(work, future))
                self._queue.put(_Nudge())
                return future
        fail(future, StoreError("The store is closed."))
        return future

    def checkpoint(self) -> "Future[None]":
        """Move everything into the database file and empty the log beside it.

        After a deletion this is what removes the last copy of the words. It runs after all work
        that was submitted before.

        Returns:
            A future that raises StoreBusy where another program was reading: try again then.
        """
        future: Future[None] = Future()
        self._put(_Checkpoint(future))
        return future

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(_End())
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _put(self, item: Job | _Checkpoint) -> None:
        with self._lock:
            if not self._is_closed:
                self._queue.put(item)
                return
        fail(item.future, StoreError("The store is closed."))

    def _write(self) -> None:
        try:
            while self._write_once():
                pass
        finally:
            self._let_go()

    def _write_once(self) -> bool:
        jobs, checkpoints, is_end = self._take()
        jobs = [job for job in jobs if job.future.set_running_or_notify_cancel()]
        if jobs:
            self._commit(jobs)
        waiting = [one for one in checkpoints if one.future.set_running_or_notify_cancel()]
        if waiting:
            self._checkpoint(waiting)
        return not is_end

    def _take(self) -> tuple[list[Job], list[_Checkpoint], bool]:
        """Wait for work, then take what else waits, up to the end of the queue, which is told.

        Checkpoints do not part the work: one after it serves all that are asked for.
        """
        jobs = self._first()
        checkpoints: list[_Checkpoint] = []
        if jobs:
            return jobs, checkpoints, False
        item = self._queue.get()
        while not isinstance(item, _End):
            if isinstance(item, _Nudge):
                return [*jobs, *self._first()], checkpoints, False
            if isinstance(item, _Checkpoint):
                checkpoints.append(item)
            else:
                jobs.append(item)
            if len(jobs) == BATCH_LIMIT:
                return jobs, checkpoints, False
            try:
                item = self._queue.get_nowait()
            except Empty:
                return jobs, checkpoints, False
        return jobs, checkpoints, True

    def _first(self) -> list[Job]:
        """What goes before the queue."""
        jobs: list[Job] = []
        with suppress(Empty):
            while len(jobs) < BATCH_LIMIT:
                jobs.append(self._ahead.get_nowait())
        return jobs

    def _commit(self, jobs: list[Job]) -> None:
        done = attempted(partial(self._run_all, jobs))
        if isinstance(done, Raised):
            self._give_up(jobs, done.error)
            return
        for job, end in zip(jobs, done.value, strict=True):
            resolve(job.future, end)

    def _run_all(self, jobs: list[Job]) -> list[Done[object] | Raised]:
        if self._connection.in_transaction:  # the disk failed so badly that it stayed open
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN IMMEDIATE")
        ends = [self._run(job) for job in jobs]
        self._connection.execute("COMMIT")
        return ends

    def _run(self, job: Job) -> Done[object] | Raised:
        self._connection.execute("SAVEPOINT work")
        tx = Transaction(self._rows)
        end = attempted(partial(tx.run, job.work))
        if isinstance(end, Raised):
            if not self._connection.in_transaction:  # a full disk ends it for the whole batch
                raise _BatchLostError(tx.failure or end.error) from end.error
            tx.close()
            self._connection.execute("ROLLBACK TO work")
        self._connection.execute("RELEASE work")
        return end

    def _give_up(self, jobs: list[Job], error: BaseException) -> None:
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        for job in jobs:
            fail(job.future, self._reason(error))

    def _reason(self, error: BaseException) -> StoreError:
        match error:
            case sqlite3.Error():
                return store_error(error, self._ownership.name)
            case _BatchLostError(reason=StoreError() as reason) if not isinstance(
                reason, Inconsistent
            ):  # that was one piece's own, and not what befell the others
                return type(reason)(*reason.args)
            case _:
                return StoreError(f"Nothing of this was stored ({type(error).__name__}).")

    def _checkpoint(self, waiting: list[_Checkpoint]) -> None:
        """Empty the log once, for all who wait for it."""
        name = self._ownership.name
        error: StoreError | None = None
        try:
            is_busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                error = StoreBusy(f"Another program is reading {name}. Close it, then try again.")
        except sqlite3.Error as refusal:
            error = store_error(refusal, name)
        for one in waiting:
            if error is None:
                finish(one.future, None)
            else:
                fail(one.future, type(error)(*error.args))

    def _let_go(self) -> None:
        with self._lock:
            self._is_closed = True
        for job in self._first():
            if job.future.set_running_or_notify_cancel():
                fail(job.future, StoreError("The store is closed."))
        with suppress(Empty):
            while True:
                left = self._queue.get_nowait()
                if (
                    not isinstance(left, _End | _Nudge)
                    and left.future.set_running_or_notify_cancel()
                ):
                    fail(left.future, StoreError("The store is closed."))
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        with suppress(sqlite3.Error):
            self._connection.close()
        self._ownership.release()
