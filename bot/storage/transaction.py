"""One transaction as every store gives it: arguments read, mistakes final, closed with its work.

A refused statement dooms its work, also where the work catches the error: PostgreSQL could not go
on from there, so no store does. Adapters bring the rows; this class brings the rules.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.errors import Inconsistent, StoreError
from bot.service.ports import Row, Scalar, Tx, Where
from bot.service.table import Table
from bot.storage.rows import (
    Operand,
    Order,
    Shape,
    read_changes,
    read_limit,
    read_order,
    read_row,
    read_where,
    table_named,
)

P = ParamSpec("P")
T = TypeVar("T")


class Rows(Protocol):
    """The rows of one open transaction, with arguments that `bot/storage/rows.py` has read.

    Every method raises StoreError where the store refuses.
    """

    def add(self, table: Table, row: Mapping[str, Scalar]) -> None:
        """Add a row; optional columns may be missing."""

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Scalar]]) -> None:
        """Add several rows with the same columns, at least one."""

    def add_new(self, table: Table, row: Mapping[str, Scalar]) -> bool:
        """Add a row unless its key or a unique set stands; returns whether it was added."""

    def select(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        order: Order,
        limit: int | None,
    ) -> list[Row]:
        """The rows that match, sorted, each with all its columns."""

    def change(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> int:
        """Change the rows that match, at least one column; returns how many."""

    def amend(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> None:
        """Change the rows that match, at least one column, now or later in the transaction."""

    def remove(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """Delete the rows that match; returns how many."""

    def total(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """How many rows match."""


def _dooming(
    method: "Callable[Concatenate[Transaction, P], T]",
) -> "Callable[Concatenate[Transaction, P], T]":
    @wraps(method)
    def guarded(self: "Transaction", /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.failure is not None:
            raise self.failure
        try:
            return method(self, *args, **kwargs)
        except StoreError as error:
            self.failure = error
            raise

    return guarded


class NotAloneError(BaseException):
    """Breaks work off that has to run once more, alone. No `Exception`, so that nobody catches it."""


class Transaction:
    """The port `Tx` over the rows of one adapter.

    Args:
        rows: What the adapter reads and writes.
        is_alone: Whether nobody else can write until it ends.

    Attributes:
        failure: Why nothing more can be done here: the first refusal, or that the work has ended.
        must_be_alone: Whether the work was broken off because it is not.
    """

    __slots__ = ("_is_alone", "_rows", "failure", "must_be_alone")

    def __init__(self, rows: Rows, *, is_alone: bool = True) -> None:
        self._rows = rows
        self._is_alone = is_alone
        self.failure: StoreError | None = None
        self.must_be_alone = False

    def run(self, work: Callable[[Tx], T]) -> T:
        """Do some work, and close it.

        Raises:
            StoreError: See `end`; and whatever the work raises.
            NotAloneError: See `end`.
        """
        value = work(self)
        self.end()
        return value

    def end(self) -> None:
        """Close it after its work went well.

        Raises:
            StoreError: A statement was refused, even though the work went on.
            NotAloneError: The work has to run once more, alone.
        """
        if self.failure is not None:
            raise self.failure
        if self.must_be_alone:
            raise NotAloneError
        self.close()

    def close(self) -> None:
        """Whoever kept it can do nothing more with it."""
        self.failure = StoreError("This transaction has ended.")

    def alone(self) -> None:
        """See `Tx.alone`."""
        if not self._is_alone:
            self.must_be_alone = True
            raise NotAloneError

    @_dooming
    def insert(self, table: str, row: Row) -> None:
        """See `Tx.insert`."""
        declared = table_named(table)
        self._rows.add(declared, read_row(declared, row))

    @_dooming
    def insert_all(self, table: str, rows: Sequence[Row]) -> None:
        """See `Tx.insert_all`."""
        declared = table_named(table)
        fitted = [read_row(declared, row) for row in rows]
        if any(row.keys() != fitted[0].keys() for row in fitted):
            raise Inconsistent(f"Rows of {table} that are added together have the same columns.")
        if fitted:
            self._rows.add_all(declared, fitted)

    @_dooming
    def insert_new(self, table: str, row: Row) -> bool:
        """See `Tx.insert_new`."""
        declared = table_named(table)
        return self._rows.add_new(declared, read_row(declared, row))

    @_dooming
    def get(self, table: str, where: Where) -> Row | None:
        """See `Tx.get`."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        found = self._rows.select(declared, shape, operands, read_order(declared, ()), 1)
        return found[0] if found else None

    @_dooming
    def find(
        self,
        table: str,
        where: Where,
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Row]:
        """See `Tx.find`. Empty values come first in a rising order, last in a falling one."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        return self._rows.select(
            declared, shape, operands, read_order(declared, order), read_limit(limit)
        )

    @_dooming
    def update(self, table: str, where: Where, changes: Row) -> int:
        """See `Tx.update`."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        fitted = read_changes(declared, changes)
        if not fitted:
            return self._rows.total(declared, shape, operands)
        return self._rows.change(declared, shape, operands, fitted)

    @_dooming
    def amend(self, table: str, where: Where, changes: Row) -> None:
        """See `Tx.amend`."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        if fitted := read_changes(declared, changes):
            self._rows.amend(declared, shape, operands, fitted)

    @_dooming
    def delete(self, table: str, where: Where) -> int:
        """See `Tx.delete`."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        return self._rows.remove(declared, shape, operands)

    @_dooming
    def count(self, table: str, where: Where) -> int:
        """See `Tx.count`."""
        declared = table_named(table)
        shape, operands = read_where(declared, where)
        return self._rows.total(declared, shape, operands)
