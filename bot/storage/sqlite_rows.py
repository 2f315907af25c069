"""The rows of one open SQLite transaction."""

import json
import sqlite3
from collections.abc import Sequence
from typing import cast

from bot.service.ports import Scalar
from bot.storage.rows import Operand, Shape
from bot.storage.sql_rows import SQLRows, Value
from bot.storage.sqlite_errors import store_error
from bot.storage.statements import FEW, SQLITE, SQLKind, SQLShape


class SQLiteRows(SQLRows):
    """Runs prepared statements on the writer's connection.

    Args:
        connection: With an open transaction; used on the writer's thread only.
        name: The database file, for messages.
    """

    __slots__ = ("_connection", "_name")

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        super().__init__(SQLITE)
        self._connection = connection
        self._name = name

    def _bound(self, shape: Shape, operands: Sequence[Operand]) -> tuple[SQLShape, list[Value]]:
        """Conditions with few values name each: a function that lists them costs more than the search."""
        if tuple not in map(type, operands):
            return shape, self._parameters(operands)
        kinds: list[tuple[str, SQLKind]] = []
        parts: list[Operand] = []
        for (column, kind), operand in zip(shape, operands, strict=True):
            if isinstance(operand, tuple) and 0 < len(operand) < len(FEW):
                kinds.append((column, FEW[len(operand)]))
                parts += operand
            else:
                kinds.append((column, kind))
                parts.append(operand)
        return tuple(kinds), self._parameters(parts)

    def _several(self, values: tuple[Scalar, ...]) -> str:
        return json.dumps(values, ensure_ascii=False)

    def _run(self, sql: str, values: Sequence[Value]) -> int:
        try:
            return self._connection.execute(sql, cast("Sequence[Scalar]", values)).rowcount
        except sqlite3.Error as error:
            raise store_error(error, self._name) from error

    def _run_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        try:
            self._connection.executemany(sql, cast("Sequence[Sequence[Scalar]]", rows))
        except sqlite3.Error as error:
            raise store_error(error, self._name) from error

    def _fetch(self, sql: str, values: Sequence[Value]) -> list[tuple[Scalar, ...]]:
        try:
            return self._connection.execute(sql, cast("Sequence[Scalar]", values)).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, self._name) from error
