"""One connection to PostgreSQL and the one thread that writes on it.

Work waits in a queue, as for SQLite; what waits together is committed together. Work whose locks somebody
else holds is put aside, and what waits behind it goes on. What was undone because others were in the way,
or because the connection went, is done again; what may have been committed is not.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import psycopg

from bot.errors import Raised, StoreBusy, StoreError, attempted
from bot.storage.job import fail, resolve
from bot.storage.postgres_batch import Batch, Piece
from bot.storage.postgres_connection import connect
from bot.storage.postgres_errors import (
    is_connection_lost,
    is_passing,
    lost,
    shown,
    store_error,
)
from bot.storage.postgres_rows import Connection
from bot.storage.postgres_wire import Prepared

BATCH_LIMIT: Final = 32  # pieces of work in one commit
MAX_TRIES: Final = 8  # of a piece that others keep getting in the way of
ASIDE_S: Final = 0.01  # seconds until locks that others hold are tried again
PATIENCE_S: Final = 10.0  # seconds a piece may wait for its locks
OUTAGE_S: Final = 8.0  # seconds without a server until those who wait are told
PAUSE_S: Final = 0.1  # seconds between two tries to reach it


class Lane:
    """Does work in the order in which it came, as far as its locks let it.

    Args:
        url: The database, of today's schema.
        connection: The first connection to it, None for one made by the lane's own thread. It closes it.
    """

    def __init__(self, url: str, connection: Connection | None = None) -> None:
        self._url = url
        self._name = shown(url)
        self._connection = connection
        self._prepared: Prepared = {}
        self._queue: deque[Piece] = deque()
        self._wake = threading.Condition()
        self._is_closed = False
        self._down_since: float | None = None
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        """Queue a piece of work; after `close` its future is told so."""
        with self._wake:
            if not self._is_closed:
                self._queue.append(piece)
                self._wake.notify()
                return
        fail(piece.future, closed())

    def close(self) -> None:
        """Finish what is queued, then let go of the connection."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _write(self) -> None:
        try:
            while pieces := self._take():
                self._put_back(self._do(pieces))
        finally:
            self._let_go()

    def _take(self) -> list[Piece]:
        """Wait for work, then take what else waits of the same kind; nothing when all is over."""
        pieces: list[Piece] = []
        with self._wake:
            while not pieces:
                while not self._queue and not self._is_closed:
                    self._wake.wait()
                if not self._queue:
                    return []
                while self._queue and len(pieces) < BATCH_LIMIT:
                    if pieces and self._queue[0].is_alone != pieces[0].is_alone:
                        break
                    if _is_to_do(piece := self._queue.popleft()):
                        pieces.append(piece)
        return pieces

    def _put_back(self, left: Sequence[Piece]) -> None:
        """Work that did not get its turn stays first in the queue."""
        if not left:
            return
        now = time.monotonic()
        late = [piece for piece in left if now - piece.since > PATIENCE_S]
        for piece in late:
            fail(piece.future, StoreBusy(f"{self._name} is busy. Try again in a moment."))
        with self._wake:
            self._queue.extendleft(piece for piece in reversed(left) if piece not in late)
            if len(self._queue) == len(left) - len(late) and not any(p.is_alone for p in left):
                self._wake.wait(ASIDE_S)  # nothing else to do until then

    def _do(self, pieces: list[Piece]) -> list[Piece]:
        """Do some work in one transaction; returns what has to be done later."""
        connection = self._connection or self._reconnected()
        if connection is None:
            return self._nobody_there(pieces)
        batch = Batch(connection, self._name, self._prepared)
        done = attempted(partial(batch.run, pieces))
        if isinstance(done, Raised):
            return self._after(done.error, pieces, batch)
        ends, left = done.value
        self._down_since = None
        for end in ends:
            resolve(end.piece.future, end.end)
        return left

    def _after(self, error: BaseException, pieces: list[Piece], batch: Batch) -> list[Piece]:
        """What is left to do after the database gave up a transaction, or we did."""
        batch.give_up()
        if not isinstance(error, psycopg.Error):
            _fail_all(pieces, StoreError(f"Nothing of this was stored ({type(error).__name__})."))
            return []
        if not is_passing(error):
            _fail_all(pieces, store_error(error, self._name))
            return []
        if self._connection is None or self._connection.closed or is_connection_lost(error):
            if batch.is_committing:  # it may be done: whoever asked will look, or ask again
                _fail_all(pieces, lost(self._name))
                pieces = []
            if self._reconnected() is None:
                return self._nobody_there(pieces)
        return [piece for piece in pieces if self._may_try_again(piece, error)]

    def _nobody_there(self, pieces: list[Piece]) -> list[Piece]:
        """Tell everybody who waits that there is no server; nothing is left to do."""
        _fail_all(pieces, lost(self._name))
        self._fail_waiting(lost(self._name))
        return []

    def _may_try_again(self, piece: Piece, error: psycopg.Error) -> bool:
        piece.tries += 1
        if piece.tries < MAX_TRIES:
            return True
        fail(piece.future, store_error(error, self._name))
        return False

    def _fail_waiting(self, error: StoreError) -> None:
        with self._wake:
            left = list(self._queue)
            self._queue.clear()
        _fail_all([piece for piece in left if _is_to_do(piece)], error)

    def _reconnected(self) -> Connection | None:
        """Try to reach the server, for a while; then once for each piece of work. None: it is not there."""
        self._disconnect()
        self._down_since = self._down_since or time.monotonic()
        while True:
            try:
                self._connection = connect(self._url)
            except StoreError:
                if time.monotonic() - self._down_since > OUTAGE_S or self._is_closed:
                    return None
            else:
                return self._connection
            threading.Event().wait(PAUSE_S)

    def _let_go(self) -> None:
        with self._wake:
            self._is_closed = True
        self._fail_waiting(closed())
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
        self._prepared = {}


def closed() -> StoreError:
    """What work hears that comes too late."""
    return StoreError("The store is closed.")


def _is_to_do(piece: Piece) -> bool:
    """Begin a piece, for good: from now on it cannot be cancelled. False where it was before."""
    piece.is_begun = piece.is_begun or piece.future.set_running_or_notify_cancel()
    return piece.is_begun


def _fail_all(pieces: Sequence[Piece], error: StoreError) -> None:
    for piece in pieces:
        fail(piece.future, type(error)(*error.args))
