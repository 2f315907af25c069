"""The stores that keep the contract, and rows to try them with."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from bot.errors import Inconsistent, StoreError
from bot.service.ports import Foreseen, Foresight, Row, Scalar, Store, Tx, Where
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SQLiteStore
from tests.postgres.server import emptied, empty_store

T = TypeVar("T")


class AheadStore(PostgresStore):
    """PostgreSQL, where all work says beforehand what it will read, if only that it cannot tell."""

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`."""
        return super().submit(work if isinstance(work, Foreseen) else unforeseen(work), locks)


def unforeseen(work: Callable[[Tx], T]) -> Foreseen[T]:
    """Work that cannot tell what it will read; it is done as if it could."""

    def reads() -> Foresight:
        yield []

    return Foreseen(work, reads)


MAKERS: Mapping[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SQLiteStore(folder / "chat.db"),
    "postgres": lambda _: empty_store(),
    "postgres, ahead": lambda _: AheadStore(emptied("ahead")),
}
WAIT_S = 30  # seconds until a test gives up on a future: never reached, and never slept


def do(store: Store, work: Callable[[Tx], T]) -> T:
    """What a piece of work returns, once it is kept."""
    return store.submit(work).result(WAIT_S)


def refused(store: Store, work: Callable[[Tx], object]) -> Inconsistent:
    """The error that work ends with which broke a rule of the tables."""
    error = store.submit(work).exception(WAIT_S)
    assert isinstance(error, Inconsistent), error
    return error


def failed(store: Store, work: Callable[[Tx], object]) -> StoreError:
    """The error that work ends with which the store could not do, though it broke no rule."""
    error = store.submit(work).exception(WAIT_S)
    assert isinstance(error, StoreError), error
    assert not isinstance(error, Inconsistent)
    return error


def add(store: Store, table: str, *rows: Row) -> None:
    """Keep some rows."""

    def work(tx: Tx) -> None:
        for row in rows:
            tx.insert(table, row)

    do(store, work)


def both(first: Callable[[Tx], object], second: Callable[[Tx], T]) -> Callable[[Tx], T]:
    """One piece of work out of two."""

    def work(tx: Tx) -> T:
        first(tx)
        return second(tx)

    return work


def inserting(table: str, row: Row) -> Callable[[Tx], None]:
    """The work that adds a row."""
    return lambda tx: tx.insert(table, row)


def rows_of(store: Store, table: str, order: Sequence[str] = ()) -> list[Row]:
    """All rows of a table."""
    return do(store, lambda tx: tx.find(table, {}, order=order))


def everything(store: Store) -> dict[str, list[Row]]:
    """All rows of all tables."""
    return do(store, lambda tx: {table.name: tx.find(table.name, {}) for table in TABLES})


def branch(id: str, **changes: Scalar) -> Row:
    return {"id": id, "name": "Rail", "created_at": 1, **changes}


def person(id: str, **changes: Scalar) -> Row:
    return {"id": id, "branch": "b", "language": "en", "created_at": 1, **changes}


def session(person: str, **changes: Scalar) -> Row:
    return {
        "person": person,
        "branch": "b",
        "version": 1,
        "state": "{}",
        "updated_at": 1,
        **changes,
    }


def vote(person: str, about: str) -> Row:
    return {"person": person, "about": about, "branch": "b", "helpful": 1, "at": 1}


def invite(id: str, **changes: Scalar) -> Row:
    return {
        "id": id,
        "branch": "b",
        "code_hash": f"hash of {id}",
        "role": "rep",
        "made_by": "p",
        "made_at": 1,
        "expires_at": 2,
        **changes,
    }


def miss(id: str, **changes: Scalar) -> Row:
    return {
        "id": id,
        "branch": "b",
        "words": "is it dear",
        "outcome": "decline",
        "candidates": "[]",
        "asker": "a",
        "status": "new",
        "at": 1,
        **changes,
    }


def miss_ids(
    store: Store, where: Where, order: tuple[str, ...] = (), limit: int | None = None
) -> list[Scalar]:
    """The ids of the misses that match, as `find` gives them."""
    found = do(store, lambda tx: tx.find("miss", where, order=order, limit=limit))
    return [row["id"] for row in found]
