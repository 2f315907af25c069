"""Moving everything from one store to another: wholly or not at all, and compared row by row (R25).

All of it is one transaction of the new store. Before it is committed, what was written is read back, and
what was read is read once more: so neither a bug nor somebody who still writes can go unnoticed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final, Protocol, TypeVar

from bot.errors import Refused, StoreError
from bot.service.ports import AtLeast, Row, Scalar, Store, Tx, Where
from bot.service.table import Table
from bot.service.tables import TABLES

T = TypeVar("T")
PAGE: Final = 1_000  # rows read and written together
READ_TIMES: Final = 3  # each row is copied, read back, and read once more where it came from

Read = Callable[[Callable[[Tx], list[Row]]], list[Row]]


class Source(Protocol):
    """What rows are read from: a store, or one moment of it."""

    def submit(self, work: Callable[[Tx], T], /) -> "Future[T]":
        """See `Store.submit`; the work only reads."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a hash of them all in the order of their keys."""

    rows: int
    hash: str


class _Rehearsed(Exception):
    """Rolls a rehearsal back: no error, it takes back what went well."""

    def __init__(self, sums: Mapping[str, Sum]) -> None:
        super().__init__()
        self.sums = sums


def count(store: Source) -> int:
    """How many rows a store holds."""
    return store.submit(lambda tx: sum(tx.count(table.name, {}) for table in TABLES)).result()


def move(
    source: Source, target: Store, *, is_rehearsal: bool, tell: Callable[[int], None]
) -> Mapping[str, Sum]:
    """Copy every row of every table.

    Args:
        source: Where from. Nobody else may write to it meanwhile.
        target: Where to; it has to be empty.
        is_rehearsal: Do it all, compare it all, and take it back.
        tell: Is told of rows as they are done; each row counts three times.

    Returns:
        What each table holds, the same on both.

    Raises:
        Refused: The target is not empty.
        StoreError: Something was not the same; nothing was written.
    """

    def work(tx: Tx) -> Mapping[str, Sum]:
        if any(tx.count(table.name, {}) for table in TABLES):
            raise Refused("The database to move to is not empty. Name an empty one.")
        sums = {table.name: _copied(source, tx, table, tell) for table in TABLES}
        for table in TABLES:
            _compare(table, sums[table.name], _summed(lambda read: read(tx), table, tell))
            _compare(table, sums[table.name], _summed(_reading(source), table, tell))
        if is_rehearsal:
            raise _Rehearsed(sums)
        return sums

    try:
        return target.submit(work).result()
    except _Rehearsed as rehearsed:
        return rehearsed.sums


def _copied(source: Source, tx: Tx, table: Table, tell: Callable[[int], None]) -> Sum:
    adding = _Adding()
    for rows in pages(_reading(source), table):
        tx.insert_all(table.name, rows)
        adding.add(rows)
        tell(len(rows))
    return adding.sum()


def _summed(read: Read, table: Table, tell: Callable[[int], None]) -> Sum:
    adding = _Adding()
    for rows in pages(read, table):
        adding.add(rows)
        tell(len(rows))
    return adding.sum()


def _reading(store: Source) -> Read:
    return lambda read: store.submit(read).result()


def _compare(table: Table, wanted: Sum, found: Sum) -> None:
    if found != wanted:
        raise StoreError(
            f"The table {table.name} changed while it was moved: {wanted.rows} rows, then "
            f"{found.rows}. Stop every Pathways that uses these databases, then move again."
        )


def pages(read: Read, table: Table) -> Iterator[list[Row]]:
    """All rows in the order of their keys, so many at a time that any of them fits in memory.

    Args:
        read: Does a piece of work on the store; every page is one.
        table: Whose rows.
    """
    left: list[Where] = [{}]  # where rows may be that were not read; the last comes first
    while left:
        rows = read(partial(_page, table=table.name, where=left.pop()))
        if rows:
            yield rows
        if len(rows) == PAGE:
            left = list(_behind(table, rows[-1]))


def _page(tx: Tx, *, table: str, where: Where) -> list[Row]:
    return tx.find(table, where, limit=PAGE)


def _behind(table: Table, last: Row) -> Iterator[Where]:
    """Where the rows behind this one are: the same but for the last column of the key first of all."""
    for number, column in enumerate(table.key):
        same = {name: last[name] for name in table.key[:number]}
        yield {**same, column: AtLeast(_next(last[column]))}


def _next(value: Scalar) -> str | int:
    """The least that a column of a key can hold beyond this; no store keeps a NUL character."""
    return value + 1 if isinstance(value, int) else f"{value}\x01"


class _Adding:
    """A sum in the making."""

    def __init__(self) -> None:
        self._hash, self._rows = sha256(), 0

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            self._hash.update(json.dumps(list(row.values())).encode())
        self._rows += len(rows)

    def sum(self) -> Sum:
        return Sum(self._rows, self._hash.hexdigest())
