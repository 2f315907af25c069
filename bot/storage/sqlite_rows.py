"""The rows of one open SQLite transaction."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from bot.service.ports import Row, Scalar
from bot.service.table import Table
from bot.storage.rows import Operand, Order, Shape
from bot.storage.sqlite_errors import store_error
from bot.storage.sqlite_statements import (
    count_sql,
    delete_sql,
    insert_sql,
    select_sql,
    update_sql,
)


class SQLiteRows:
    """Runs prepared statements on the writer's connection.

    Args:
        connection: With an open transaction; used on the writer's thread only.
        name: The database file, for messages.
    """

    __slots__ = ("_connection", "_name")

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def add(self, table: Table, row: Mapping[str, Scalar]) -> None:
        """See `Rows.add`."""
        self._run(insert_sql(table.name, tuple(row), only_new=False), tuple(row.values()))

    def add_new(self, table: Table, row: Mapping[str, Scalar]) -> bool:
        """See `Rows.add_new`."""
        sql = insert_sql(table.name, tuple(row), only_new=True)
        return self._run(sql, tuple(row.values())).rowcount == 1

    def select(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        order: Order,
        limit: int | None,
    ) -> list[Row]:
        """See `Rows.select`."""
        sql = select_sql(table.name, shape, order, is_limited=limit is not None)
        values = _values(shape, operands)
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
        sql = update_sql(table.name, tuple(changes), shape)
        return self._run(sql, (*changes.values(), *_values(shape, operands))).rowcount

    def remove(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.remove`."""
        return self._run(delete_sql(table.name, shape), _values(shape, operands)).rowcount

    def total(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.total`."""
        ((count,),) = self._fetch(count_sql(table.name, shape), _values(shape, operands))
        return int(str(count))

    def _run(self, sql: str, values: Sequence[Scalar]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.Error as error:
            raise store_error(error, self._name) from error

    def _fetch(self, sql: str, values: Sequence[Scalar]) -> list[tuple[Scalar, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, self._name) from error


def _values(shape: Shape, operands: Sequence[Operand]) -> list[Scalar]:
    values: list[Scalar] = []
    for (_, kind), operand in zip(shape, operands, strict=True):
        if isinstance(operand, tuple):
            values.append(json.dumps(operand, ensure_ascii=False))
        elif kind != "empty":
            values.append(operand)
    return values
