"""The rows of one open transaction of a database that speaks SQL."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from bot.service.ports import Row, Scalar
from bot.service.table import Table
from bot.storage.rows import Operand, Order, Shape
from bot.storage.statements import (
    Dialect,
    SQLShape,
    count_sql,
    delete_sql,
    insert_sql,
    select_sql,
    update_sql,
)

Value = Scalar | list[Scalar]  # what a parameter may be; a list where the database takes arrays


class SQLRows(ABC):
    """Runs the statements of one dialect; how they reach the database is its adapter's business.

    Args:
        dialect: Of the database.
    """

    __slots__ = ("_dialect",)

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def add(self, table: Table, row: Mapping[str, Scalar]) -> None:
        """See `Rows.add`."""
        sql = insert_sql(self._dialect, table.name, tuple(row), only_new=False)
        self._run(sql, tuple(row.values()))

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Scalar]]) -> None:
        """See `Rows.add_all`."""
        columns = tuple(rows[0])
        sql = insert_sql(self._dialect, table.name, columns, only_new=False)
        self._run_many(sql, [tuple(row[column] for column in columns) for row in rows])

    def add_new(self, table: Table, row: Mapping[str, Scalar]) -> bool:
        """See `Rows.add_new`."""
        sql = insert_sql(self._dialect, table.name, tuple(row), only_new=True)
        return self._run(sql, tuple(row.values())) == 1

    def select(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        order: Order,
        limit: int | None,
    ) -> list[Row]:
        """See `Rows.select`."""
        sought, values = self._bound(shape, operands)
        sql = select_sql(self._dialect, table.name, sought, order, is_limited=limit is not None)
        if limit is not None:
            values.append(limit)
        found = self._fetch(sql, values)
        return [dict(zip(table.columns, row, strict=True)) for row in found]

    def change(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> int:
        """See `Rows.change`."""
        sought, values = self._bound(shape, operands)
        sql = update_sql(self._dialect, table.name, tuple(changes), sought)
        return self._run(sql, (*changes.values(), *values))

    def remove(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.remove`."""
        sought, values = self._bound(shape, operands)
        sql = delete_sql(self._dialect, table.name, sought)
        return self._run(sql, values)

    def total(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.total`."""
        sought, values = self._bound(shape, operands)
        sql = count_sql(self._dialect, table.name, sought)
        ((count,),) = self._fetch(sql, values)
        return int(str(count))

    def _bound(self, shape: Shape, operands: Sequence[Operand]) -> tuple[SQLShape, list[Value]]:
        """The conditions that a statement is made of, and its parameters."""
        return shape, self._parameters(operands)

    def _parameters(self, operands: Sequence[Operand]) -> list[Value]:
        return [
            self._several(one) if isinstance(one, tuple) else one
            for one in operands
            if one is not None  # "empty" has none
        ]

    @abstractmethod
    def _several(self, values: tuple[Scalar, ...]) -> Value:
        """Any number of values as one parameter."""

    @abstractmethod
    def _run(self, sql: str, values: Sequence[Value]) -> int:
        """Run a statement that changes; returns of how many rows.

        Raises:
            StoreError: The database refused.
        """

    @abstractmethod
    def _run_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run a statement once for each of several sets of values.

        Raises:
            StoreError: The database refused.
        """

    @abstractmethod
    def _fetch(self, sql: str, values: Sequence[Value]) -> list[tuple[Scalar, ...]]:
        """Run a statement that reads.

        Raises:
            StoreError: The database refused.
        """
