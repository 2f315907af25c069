"""The PostgreSQL store: any number of processes, in each a few connections with a thread that writes.

Between processes, as between the lanes of one, two kinds of work are told apart by an advisory lock of the
whole store: work that names its locks takes it shared, and further ones by their names; work that names
none takes it alone, so code written for a single writer stays right. All locks are taken by the first
statement of a transaction and never later, so no two wait for each other's.
"""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import ExitStack
from itertools import count
from typing import Final, TypeVar

import psycopg

from bot.errors import StoreError
from bot.service.ports import Tx
from bot.storage.job import fail
from bot.storage.postgres_batch import Piece, lock_number
from bot.storage.postgres_connection import connect
from bot.storage.postgres_errors import shown, store_error
from bot.storage.postgres_lane import Lane, closed
from bot.storage.postgres_rows import Connection
from bot.storage.postgres_schema import bring_up_to_date

T = TypeVar("T")

LANES: Final = (
    4  # connections of a process: turns of some people go on while others wait for the server
)
AHEAD: Final = -1  # the lane of what waits for nobody


class PostgresStore:
    """The port `Store` over a PostgreSQL database that other processes may use too.

    Work that names no lock, or the same one, is done in the order in which it came.

    Args:
        url: `postgresql://user@host/database`, with whatever else libpq reads.
        lanes: At most so many connections, and one for `submit_ahead`; those beyond the first are made
            when they are needed.

    Raises:
        SchemaTooNew: A newer version of Pathways made it.
        StoreError: It cannot be reached or used; the text says what to do.
    """

    def __init__(self, url: str, lanes: int = LANES) -> None:
        self._url = url
        self._count = lanes
        self._lanes: dict[int, Lane] = {0: Lane(url, _opened(url))}
        self._turn = count()
        self._lock = threading.Lock()
        self._is_closed = False

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`."""
        future: Future[T] = Future()
        numbers = None if locks is None else frozenset(map(lock_number, locks))
        self._put(Piece(work, future, numbers), self._place(numbers))
        return future

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """See `Store.submit_ahead`: it takes no lock, on a connection of its own, so nobody is before it."""
        future: Future[T] = Future()
        self._put(Piece(work, future, frozenset(), is_ahead=True), AHEAD)
        return future

    def checkpoint(self) -> "Future[None]":
        """Nothing at once: what was deleted leaves PostgreSQL's files when it vacuums them.

        It does that by itself, and `docs/scaling.md` says how to have it sooner.
        """
        future: Future[None] = Future()
        self._put(Piece(lambda _: None, future, frozenset()), 0)
        return future

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            self._is_closed = True
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.close()

    def _place(self, locks: frozenset[int] | None) -> int:
        """One lane for work that is alone, one for each name, any for the rest."""
        if locks is None:
            return 0
        return (min(locks) if locks else next(self._turn)) % self._count

    def _put(self, piece: Piece, place: int) -> None:
        try:
            with self._lock:
                if self._is_closed:
                    raise closed()
                lane = self._lanes.get(place) or self._lanes.setdefault(place, Lane(self._url))
            lane.put(piece)
        except StoreError as error:
            fail(piece.future, error)


def _opened(url: str) -> Connection:
    """A connection to a database of today's schema."""
    connection = connect(url)
    name = shown(url)
    with ExitStack() as unless_it_went_well:
        unless_it_went_well.callback(connection.close)
        try:
            bring_up_to_date(connection, name)
        except psycopg.Error as error:
            raise store_error(error, name) from error
        unless_it_went_well.pop_all()
    return connection
