"""How values and conditions are read before any store sees them."""

import sqlite3
from contextlib import closing
from enum import IntEnum, StrEnum

import pytest

from bot.errors import StoreError
from bot.service.ports import AtLeast, AtMost, OneOf, Where
from bot.service.table import Table
from bot.service.tables import FEEDBACK, MISS, OUTBOX, TABLES
from bot.storage.migrations import migrate
from bot.storage.rows import (
    fit_integer,
    fit_real,
    fit_text,
    read_changes,
    read_order,
    read_row,
    read_where,
    table_named,
)
from bot.storage.statements import SQLITE, count_sql, insert_sql, select_sql


class Word(StrEnum):
    SEA = "sea"


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("fitted", "value"),
    [
        (fit_text(Word.SEA), "sea"),
        (fit_text("é"), "é"),
        (fit_integer(Number.ONE), 1),
        (fit_integer(True), 1),
        (fit_real(1), 1.0),
        (fit_real(-0.5), -0.5),
    ],
)
def test_values_are_kept_as_plain_types(fitted: object, value: object) -> None:
    assert (type(fitted), fitted) == (type(value), value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_real_columns_take_finite_numbers(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        fit_real(value)


def test_real_columns_take_numbers_only() -> None:
    with pytest.raises(TypeError, match="number"):
        fit_real("1.5")


def test_whole_numbers_too_large_for_a_fraction_are_refused() -> None:
    with pytest.raises(OverflowError):
        fit_real(10**400)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"at": "x"}, "miss.at takes a whole number."),
        ({"at": 2**63}, "miss.at takes a whole number of at most 64 bits."),
        ({"words": 1}, "miss.words takes text."),
        ({"words": "\0"}, "miss.words takes no NUL character."),
        ({"words": "\ud800"}, "miss.words takes no half of a character."),
        ({"words": None}, "miss.words may not be empty."),
        ({"town": None}, "The table miss has no column 'town'."),
    ],
)
def test_every_mistake_is_named(changes: dict[str, str | int | None], says: str) -> None:
    with pytest.raises(StoreError) as caught:
        read_changes(MISS, changes)
    assert str(caught.value) == says


def test_only_optional_columns_may_be_left_out() -> None:
    given = {column: 1 if kind == "integer" else "x" for column, kind in FEEDBACK.columns.items()}
    short = {column: value for column, value in given.items() if column not in FEEDBACK.optional}
    assert read_row(FEEDBACK, given) == given
    assert read_row(FEEDBACK, short) == short
    with pytest.raises(StoreError, match=r"feedback\.helpful may not be empty"):
        read_row(FEEDBACK, {column: short[column] for column in short if column != "helpful"})


def test_conditions_are_split_into_shape_and_operands() -> None:
    where: Where = {
        "at": AtMost(2),
        "id": OneOf(("a", "b")),
        "chosen": None,
        "words": "x",
        "branch": AtLeast("b"),
    }
    shape, operands = read_where(MISS, where)
    assert shape == (
        ("at", "<="),
        ("id", "in"),
        ("chosen", "empty"),
        ("words", "="),
        ("branch", ">="),
    )
    assert operands == (2, ("a", "b"), None, "x", "b")


def test_the_key_breaks_ties() -> None:
    assert read_order(MISS, ("-at",)) == (("at", True), ("id", False))
    assert read_order(FEEDBACK, ("-about",)) == (("about", True), ("person", False))


def test_a_table_must_be_declared() -> None:
    assert table_named("miss") is MISS
    with pytest.raises(StoreError, match="no table 'misses'"):
        table_named("misses")


def test_a_statement_is_made_once_for_each_shape() -> None:
    columns = tuple(MISS.columns)
    made = insert_sql(SQLITE, "miss", columns, only_new=True)
    assert insert_sql(SQLITE, "miss", columns, only_new=True) is made
    assert made.endswith("ON CONFLICT DO NOTHING")
    one, _ = read_where(MISS, {"id": OneOf(("a",))})
    many, _ = read_where(MISS, {"id": OneOf(tuple("abcdef"))})
    assert count_sql(SQLITE, "miss", one) is count_sql(SQLITE, "miss", many)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_r12_conditions_on_keys_and_indexes_need_no_scan(table: Table) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        for columns in (table.key, *table.indexes, *table.unique):
            for kind in ("=", "in"):
                shape = (*((column, "=") for column in columns[:-1]), (columns[-1], kind))
                sql = select_sql(SQLITE, table.name, shape, read_order(table, ()), "")
                values = ["[]"] * len(shape)
                plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
                steps = [row[3] for row in plan if table.name in row[3]]
                assert steps
                assert all(step.startswith("SEARCH") for step in steps), steps


def test_r12_the_next_deliveries_need_no_scan() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        shape, _ = read_where(OUTBOX, {"status": "queued", "due_at": AtMost(1)})
        sql = select_sql(SQLITE, "outbox", shape, read_order(OUTBOX, ("seq",)), "?")
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", ["queued", 1, 1]).fetchall()
    assert "SEARCH outbox USING INDEX outbox_status_seq" in plan[0][3]
