"""The schema on PostgreSQL: the same steps as on SQLite, each in a transaction with its record.

A step is a function that runs SQL on something with `execute`; here that is a translator. PostgreSQL
changes tables inside transactions, so a step that is interrupted leaves nothing and is taken again.
"""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final, cast

from sqlite_utils import Database

from bot.errors import SchemaTooNew, StoreError
from bot.storage.migrations import MIGRATIONS, STEPS
from bot.storage.postgres_rows import Connection

STEP_TABLE: Final = "schema_step"
MIGRATING: Final = 7_020_116_011  # the advisory lock of whoever takes steps
SQL_OF: Final = {
    "TEXT": 'TEXT COLLATE "C"',  # compared by code point, as everywhere
    "INTEGER": "BIGINT",
    "REAL": "DOUBLE PRECISION",
    "BLOB": "BYTEA",
}
_TYPES: Final = re.compile(rf"\b({'|'.join(SQL_OF)})\b")
_GUARD: Final = re.compile(  # what refuses to have rows changed
    r"CREATE TRIGGER (\w+) BEFORE UPDATE ON (\w+)\s+BEGIN SELECT RAISE\(ABORT, '([^']+)'\); END"
)
_GUARD_SQL: Final = (
    "CREATE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '{2}'; END $$;"
    " CREATE TRIGGER {0} BEFORE UPDATE ON {1} FOR EACH ROW EXECUTE FUNCTION {0}()"
)
_ENDINGS: Final = re.compile(r"\)\s*(?:WITHOUT ROWID)?(?:,?\s*STRICT)?\s*$")


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    run: Callable[[Database], None]


class _Translator:
    """What a step sees of the database: the one method that our steps use."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str) -> None:
        self._connection.execute(translated(sql).encode(), prepare=False)


def translated(sql: str) -> str:
    """A statement of a step, as PostgreSQL takes it."""
    if guard := _GUARD.fullmatch(sql):
        return _GUARD_SQL.format(*guard.groups())
    if sql.startswith("CREATE TABLE"):
        sql = _ENDINGS.sub(")", sql)
    return _TYPES.sub(lambda found: SQL_OF[found[0]], sql)


def bring_up_to_date(connection: Connection, name: str) -> None:
    """Take all steps that the database has not taken yet; one process at a time, the others wait.

    Args:
        connection: In autocommit, without a transaction.
        name: The database, for messages.

    Raises:
        SchemaTooNew: It has taken steps that this version does not know.
        StoreError: It belongs to another program.
        psycopg.Error: A step failed and left nothing behind; those before it stand.
    """
    if taken_steps(connection, name) == set(STEPS):
        return
    connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATING,))
    try:
        taken = taken_steps(connection, name)
        for step in _steps():
            if step.name not in taken:
                _take(connection, step)
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (MIGRATING,))


def taken_steps(connection: Connection, name: str) -> set[str]:
    """The steps that a database has taken; none of a new one. Changes nothing.

    Raises:
        SchemaTooNew: One is unknown here.
        StoreError: The database belongs to another program.
    """
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    ).fetchall()
    tables = {str(row[0]) for row in found}
    if STEP_TABLE not in tables:
        if tables:
            raise StoreError(f"{name} belongs to another program. Use an empty database.")
        return set()
    rows = connection.execute(f"SELECT name FROM {STEP_TABLE}".encode()).fetchall()  # noqa: S608 - our name
    taken = {str(row[0]) for row in rows}
    if unknown := sorted(taken.difference(STEPS)):
        raise SchemaTooNew(
            f"{name} was made by a newer version of Pathways (step {unknown[0]}). "
            "Install that version, or use another database."
        )
    return taken


def _take(connection: Connection, step: "_Step") -> None:
    """Run a step and write down that it was taken, as one."""
    with connection.transaction():
        connection.execute(
            f'CREATE TABLE IF NOT EXISTS {STEP_TABLE} (name TEXT COLLATE "C" PRIMARY KEY,'
            " taken_at TIMESTAMPTZ NOT NULL DEFAULT now())".encode()
        )
        step.run(cast("Database", _Translator(connection)))
        connection.execute(f"INSERT INTO {STEP_TABLE} (name) VALUES (%s)".encode(), (step.name,))  # noqa: S608 - our name


def _steps() -> list[_Step]:
    """Every step there is, in order: what an empty database has not taken."""
    with closing(Database(memory=True)) as empty:
        return [_Step(step.name, step.fn) for step in MIGRATIONS.pending(empty)]
