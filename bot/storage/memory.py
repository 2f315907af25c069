"""The memory store: for tests, and for whatever need not outlive the process."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from bot.errors import Done, StoreError, attempted
from bot.service.ports import Tx
from bot.service.tables import TABLES
from bot.storage.job import Job, resolve
from bot.storage.memory_rows import MemoryRows, TableRows
from bot.storage.transaction import Transaction

T = TypeVar("T")


class MemoryStore:
    """The port `Store` over dictionaries.

    Work runs on the calling thread, one piece after the other, so a future is finished when
    `submit` returns; except work that work submits, which waits for it to end, as on every store.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tables: Mapping[str, TableRows] = {table.name: {} for table in TABLES}
        self._jobs: deque[Job] = deque()
        self._is_running = False
        self._is_closed = False

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`; work is alone here, whatever its locks."""
        del locks
        future: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                future.set_exception(StoreError("The store is closed."))
                return future
            self._jobs.append(Job(work, future))
            if not self._is_running:
                self._run_jobs()
        return future

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """See `Store.submit_ahead`: nothing ever waits here."""
        return self.submit(work)

    def checkpoint(self) -> "Future[None]":
        """Nothing to do: what is deleted here is gone."""
        return self.submit(lambda _: None)

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            self._is_closed = True

    def _run_jobs(self) -> None:
        self._is_running = True
        try:
            while self._jobs:
                job = self._jobs.popleft()
                if job.future.set_running_or_notify_cancel():
                    self._run(job)
        finally:
            self._is_running = False

    def _run(self, job: Job) -> None:
        rows = MemoryRows(self._tables)
        tx = Transaction(rows)
        end = attempted(partial(tx.run, job.work))
        tx.close()
        if isinstance(end, Done):
            self._tables = {**self._tables, **rows.written}
        resolve(job.future, end)
