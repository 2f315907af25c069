"""The rows of one open PostgreSQL transaction."""

from collections.abc import Sequence

import psycopg

from bot.errors import StoreError
from bot.service.ports import Scalar
from bot.storage.postgres_errors import is_passing, store_error
from bot.storage.sql_rows import SQLRows, Value
from bot.storage.statements import POSTGRES

Connection = psycopg.Connection[tuple[Scalar, ...]]


class PostgresRows(SQLRows):
    """Runs prepared statements on the writer's connection.

    Args:
        connection: With an open transaction; used on the writer's thread only.
        name: The database, for messages.

    Attributes:
        trouble: The first refusal that only means "once more"; the whole transaction is gone then.
    """

    __slots__ = ("_connection", "_name", "trouble")

    def __init__(self, connection: Connection, name: str) -> None:
        super().__init__(POSTGRES)
        self._connection = connection
        self._name = name
        self.trouble: psycopg.Error | None = None

    def _several(self, values: tuple[Scalar, ...]) -> list[Scalar]:
        return list(values)

    def _run(self, sql: str, values: Sequence[Value]) -> int:
        return self._execute(sql, values).rowcount

    def _fetch(self, sql: str, values: Sequence[Value]) -> list[tuple[Scalar, ...]]:
        return self._execute(sql, values).fetchall()

    def _run_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql.encode(), rows)
        except psycopg.Error as error:
            raise self._refusal(error) from error

    def _execute(self, sql: str, values: Sequence[Value]) -> psycopg.Cursor[tuple[Scalar, ...]]:
        try:
            return self._connection.execute(sql.encode(), values)
        except psycopg.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: psycopg.Error) -> StoreError:
        if self.trouble is None and is_passing(error):
            self.trouble = error
        return store_error(error, self._name)
