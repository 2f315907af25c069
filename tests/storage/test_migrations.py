"""Migrations and `tables.py` say the same; databases of other versions are told apart (R24)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import SchemaTooNew
from bot.service.table import Table
from bot.service.tables import TABLES
from bot.storage import migrations
from bot.storage.migrations import MIGRATIONS, STEPS, STRICT_SINCE, migrate
from bot.storage.sqlite import SQLiteStore


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        yield Database(connection)


def test_the_steps_are_written_down() -> None:
    with closing(Database(memory=True)) as empty:
        assert tuple(step.name for step in MIGRATIONS.pending(empty)) == STEPS
    assert STEPS[0] == "0001_tables"


def test_the_tables_are_those_declared(database: Database) -> None:
    declared = {table.name for table in TABLES}
    assert len(declared) >= 17, "are they where I look?"
    assert set(database.table_names()) == declared | {MIGRATIONS.migrations_table}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
class TestEachTable:
    def test_columns_are_as_declared(self, database: Database, table: Table) -> None:
        columns = database.table(table.name).columns
        assert {column.name: column.type.lower() for column in columns} == dict(table.columns)
        assert [column.name for column in columns] == list(table.columns)
        empty = {column.name for column in columns if not column.notnull}
        assert empty == set(table.optional)

    def test_the_key_is_as_declared(self, database: Database, table: Table) -> None:
        columns = [column for column in database.table(table.name).columns if column.is_pk]
        columns.sort(key=lambda column: column.is_pk)
        assert tuple(column.name for column in columns) == table.key

    def test_indexes_are_as_declared(self, database: Database, table: Table) -> None:
        indexes = database.table(table.name).indexes
        own = [tuple(index.columns) for index in indexes if index.origin == "c"]
        unique = [tuple(index.columns) for index in indexes if index.origin == "u"]
        assert sorted(own) == sorted(table.indexes)
        assert sorted(unique) == sorted(table.unique)

    def test_references_are_as_declared(self, database: Database, table: Table) -> None:
        keys = database.table(table.name).foreign_keys
        assert {key.column: key.other_table for key in keys} == dict(table.references)
        assert all(key.other_column == "id" for key in keys)
        actions = database.query(f"PRAGMA foreign_key_list({table.name})")
        assert {row["on_delete"] for row in actions} <= {"NO ACTION"}

    def test_types_are_checked(self, database: Database, table: Table) -> None:
        assert database.table(table.name).strict == (sqlite3.sqlite_version_info >= STRICT_SINCE)


def test_an_older_sqlite_gets_plain_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STRICT_SINCE", (9, 0))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        assert not Database(connection).table("person").strict


def test_a_database_from_the_future_is_refused(tmp_path: Path) -> None:
    SQLiteStore(tmp_path / "chat.db").close()
    with closing(sqlite3.connect(tmp_path / "chat.db")) as connection, connection:
        row = ("pathways", "0999_later", "2027-01-01")
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
            row,
        )
    before = (tmp_path / "chat.db").read_bytes()
    with pytest.raises(SchemaTooNew) as caught:
        SQLiteStore(tmp_path / "chat.db")
    assert "step 0999_later" in str(caught.value)
    assert "Install that version, or use another database." in str(caught.value)
    assert (tmp_path / "chat.db").read_bytes() == before


def test_a_step_that_fails_leaves_nothing_and_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a second step that fails half-way the first time."""
    later = deepcopy(migrations.MIGRATIONS)
    tries: list[int] = []

    @later(name="0099_more")
    def _more(database: Database) -> None:
        database.execute("ALTER TABLE branch ADD COLUMN town TEXT")
        tries.append(1)
        if len(tries) == 1:
            raise sqlite3.OperationalError("the power went")

    monkeypatch.setattr(migrations, "MIGRATIONS", later)
    with closing(sqlite3.connect(tmp_path / "chat.db", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection)
        assert "town" not in Database(connection).table("branch").columns_dict
        migrate(connection)
        migrate(connection)
        assert "town" in Database(connection).table("branch").columns_dict
        assert [step.name for step in later.applied(Database(connection))] == [*STEPS, "0099_more"]
    assert len(tries) == 2
