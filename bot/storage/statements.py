"""The SQL of the stores, made once for each shape of statement.

Values are always parameters. Names come from `tables.py` and nowhere else: whatever reaches this
module was looked up there by `bot/storage/rows.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from bot.service.table import ColumnType
from bot.service.tables import TABLE_BY_NAME
from bot.storage.rows import Kind, Order

SQLKind = Kind | Literal["in 1", "in 2", "in 3"]  # of few values, each a parameter of its own
SQLShape = tuple[tuple[str, SQLKind], ...]  # a `Shape` is one

FEW: Final[tuple[SQLKind, ...]] = ("in", "in 1", "in 2", "in 3")  # by how many values
CACHE_SIZE: Final = 1024  # statements; the shapes are written in code, a few dozen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dialect:
    """What databases say differently.

    Attributes:
        place: Stands for a value.
        types: What column types are called.
        one_of: The condition "is one of the values of one parameter", with `{name}` and `{type}`.
        places_empty: Whether it has to be told that empty values come first in a rising order.
    """

    place: str
    types: Mapping[ColumnType, str]
    one_of: str
    places_empty: bool


SQLITE: Final = Dialect(
    place="?",
    types={"text": "TEXT", "integer": "INTEGER", "real": "REAL"},
    one_of="{name} IN (SELECT value FROM json_each(?))",  # one text for any number of values
    places_empty=False,
)
POSTGRES: Final = Dialect(
    place="%s",
    types={"text": "text", "integer": "bigint", "real": "double precision"},
    one_of="{name} = ANY(%s::{type}[])",
    places_empty=True,
)


@lru_cache(CACHE_SIZE)
def insert_sql(dialect: Dialect, table: str, columns: tuple[str, ...], *, only_new: bool) -> str:
    """Add a row, its values in the order of `columns`."""
    places = ", ".join(dialect.place for _ in columns)
    end = " ON CONFLICT DO NOTHING" if only_new else ""
    return f"INSERT INTO {_name(table)} ({_names(columns)}) VALUES ({places}){end}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def select_sql(
    dialect: Dialect, table: str, shape: SQLShape, order: Order, *, is_limited: bool
) -> str:
    """Read whole rows, columns as declared; the limit is the last parameter."""
    sorting = ", ".join(_sorted_by(dialect, table, column, falls) for column, falls in order)
    end = f" LIMIT {dialect.place}" if is_limited else ""
    columns = _names(TABLE_BY_NAME[table].columns)
    where = _where(dialect, table, shape)
    return f"SELECT {columns} FROM {_name(table)}{where} ORDER BY {sorting}{end}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def update_sql(dialect: Dialect, table: str, columns: tuple[str, ...], shape: SQLShape) -> str:
    """Change rows: first the new values, then the conditions."""
    changes = ", ".join(f"{_name(column)} = {dialect.place}" for column in columns)
    return f"UPDATE {_name(table)} SET {changes}{_where(dialect, table, shape)}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def delete_sql(dialect: Dialect, table: str, shape: SQLShape) -> str:
    """Delete rows."""
    return f"DELETE FROM {_name(table)}{_where(dialect, table, shape)}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def count_sql(dialect: Dialect, table: str, shape: SQLShape) -> str:
    """Count rows."""
    return f"SELECT count(*) FROM {_name(table)}{_where(dialect, table, shape)}"  # noqa: S608 - declared names


def _where(dialect: Dialect, table: str, shape: SQLShape) -> str:
    conditions = " AND ".join(_condition(dialect, table, column, kind) for column, kind in shape)
    return f" WHERE {conditions}" if conditions else ""


def _condition(dialect: Dialect, table: str, column: str, kind: SQLKind) -> str:
    name = _name(column)
    if kind == "empty":
        return f"{name} IS NULL"
    if kind == "in":
        column_type = TABLE_BY_NAME[table].columns[column]
        return dialect.one_of.format(name=name, type=dialect.types[column_type])
    if kind in FEW:
        return f"{name} IN ({', '.join([dialect.place] * FEW.index(kind))})"
    return f"{name} {kind} {dialect.place}"


def _sorted_by(dialect: Dialect, table: str, column: str, falls: bool) -> str:  # noqa: FBT001 - half of an order
    way = " DESC" if falls else ""
    if not dialect.places_empty or column not in TABLE_BY_NAME[table].optional:
        return f"{_name(column)}{way}"
    return f"{_name(column)}{way} NULLS {'LAST' if falls else 'FIRST'}"


def _name(identifier: str) -> str:
    return f'"{identifier}"'


def _names(identifiers: Iterable[str]) -> str:
    return ", ".join(_name(identifier) for identifier in identifiers)
