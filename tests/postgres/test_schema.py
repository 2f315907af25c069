"""The tables on PostgreSQL are those declared; steps survive being killed anywhere (R24)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.service.table import Table
from bot.service.tables import TABLES
from bot.storage.migrations import STEPS
from bot.storage.postgres import PostgresStore
from bot.storage.postgres_connection import connect
from bot.storage.postgres_rows import Connection
from bot.storage.postgres_schema import STEP_TABLE, taken_steps, translated
from tests.contracts.stores import everything
from tests.postgres.server import new_database, own_database

ROOT = Path(__file__).parents[2]
TYPES = {"text": "text", "bigint": "integer", "double precision": "real"}
COLUMNS = """SELECT column_name, data_type, is_nullable, collation_name FROM information_schema.columns
    WHERE table_name = %s ORDER BY ordinal_position"""
KEYS = """SELECT i.indisprimary, i.indisunique, array_agg(a.attname::text ORDER BY k.place)
    FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a
    WHERE i.indrelid = %s::regclass AND a.attrelid = i.indrelid AND a.attnum = k.number
    GROUP BY i.indexrelid, i.indisprimary, i.indisunique"""
REFERENCES = """SELECT a.attname::text, c.confrelid::regclass::text, c.confdeltype::text
    FROM pg_constraint c, pg_attribute a WHERE c.contype = 'f' AND c.conrelid = %s::regclass
    AND a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"""


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with closing(connect(own_database())) as opened:
        yield opened


def test_the_tables_are_those_declared(connection: Connection) -> None:
    sql = b"SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
    found = {str(row[0]) for row in connection.execute(sql)}
    assert found == {table.name for table in TABLES} | {STEP_TABLE}
    assert taken_steps(connection, "it") == set(STEPS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
class TestEachTable:
    def test_columns_are_as_declared(self, connection: Connection, table: Table) -> None:
        rows = connection.execute(COLUMNS.encode(), (table.name,)).fetchall()
        assert {row[0]: TYPES[str(row[1])] for row in rows} == dict(table.columns)
        assert [row[0] for row in rows] == list(table.columns)
        assert {row[0] for row in rows if row[2] == "YES"} == set(table.optional)
        assert {row[3] for row in rows if row[1] == "text"} <= {"C"}

    def test_keys_and_indexes_are_as_declared(self, connection: Connection, table: Table) -> None:
        rows = connection.execute(KEYS.encode(), (f'"{table.name}"',)).fetchall()
        keys = [(primary, unique, tuple(columns)) for primary, unique, columns in rows]  # type: ignore[arg-type]  # an array
        assert [columns for primary, _, columns in keys if primary] == [table.key]
        plain = [columns for primary, unique, columns in keys if not unique]
        unique = [columns for primary, unique, columns in keys if unique and not primary]
        assert sorted(plain) == sorted(table.indexes)
        assert sorted(unique) == sorted(table.unique)

    def test_references_are_as_declared(self, connection: Connection, table: Table) -> None:
        rows = connection.execute(REFERENCES.encode(), (f'"{table.name}"',)).fetchall()
        assert {row[0]: row[1] for row in rows} == dict(table.references)
        assert {row[2] for row in rows} <= {"a"}, "nothing cascades"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "CREATE TABLE a (text TEXT NOT NULL, n INTEGER, r REAL) WITHOUT ROWID, STRICT",
            'CREATE TABLE a (text TEXT COLLATE "C" NOT NULL, n BIGINT, r DOUBLE PRECISION)',
        ),
        ("CREATE TABLE a (b BLOB) STRICT", "CREATE TABLE a (b BYTEA)"),
        ("CREATE INDEX a ON b (c)", "CREATE INDEX a ON b (c)"),
        ("ALTER TABLE a ADD COLUMN b TEXT", 'ALTER TABLE a ADD COLUMN b TEXT COLLATE "C"'),
    ],
)
def test_steps_are_translated(sql: str, expected: str) -> None:
    assert translated(sql) == expected


def kill_at(url: str, numbers: list[int]) -> int:
    """Take the steps and die at each of these statements; returns how many there are in all."""
    command = [sys.executable, "-m", "tests.postgres.killed_steps", url, *map(str, numbers)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(ran.stdout.split()[-1])


def check_kills(numbers: list[int]) -> int:
    url = new_database("killed")
    count = kill_at(url, numbers)
    with closing(PostgresStore(url)) as store:
        assert set(everything(store)) == {table.name for table in TABLES}
    return count


def test_r24_steps_survive_being_killed() -> None:
    count = check_kills([1, 2, 30, 45])
    assert count >= 45, "are there so many statements?"


@pytest.mark.long
def test_r24_steps_survive_being_killed_anywhere() -> None:
    count = check_kills([1])
    for number in range(1, count + 1):
        check_kills([number])
