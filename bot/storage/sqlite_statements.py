"""The SQL of the store, made once for each shape of statement.

Values are always parameters. Names come from `tables.py` and nowhere else: whatever reaches this
module was looked up there by `bot/storage/rows.py`.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bot.service.tables import TABLE_BY_NAME
from bot.storage.rows import Kind, Order, Shape

CACHE_SIZE: Final = 1024  # statements; the shapes are written in code, a few dozen

_CONDITION: Final[dict[Kind, str]] = {
    "=": "{} = ?",
    "<=": "{} <= ?",
    ">=": "{} >= ?",
    "in": "{} IN (SELECT value FROM json_each(?))",  # one text for any number of values
    "empty": "{} IS NULL",
}


@lru_cache(CACHE_SIZE)
def insert_sql(table: str, columns: tuple[str, ...], *, only_new: bool) -> str:
    """Add a row, its values in the order of `columns`."""
    places = ", ".join("?" for _ in columns)
    end = " ON CONFLICT DO NOTHING" if only_new else ""
    return f"INSERT INTO {_name(table)} ({_names(columns)}) VALUES ({places}){end}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def select_sql(table: str, shape: Shape, order: Order, *, is_limited: bool) -> str:
    """Read whole rows, columns as declared; the limit is the last parameter."""
    falling = {True: " DESC", False: ""}
    sorting = ", ".join(_name(column) + falling[falls] for column, falls in order)
    end = " LIMIT ?" if is_limited else ""
    columns = _names(TABLE_BY_NAME[table].columns)
    return f"SELECT {columns} FROM {_name(table)}{_where(shape)} ORDER BY {sorting}{end}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def update_sql(table: str, columns: tuple[str, ...], shape: Shape) -> str:
    """Change rows: first the new values, then the conditions."""
    changes = ", ".join(f"{_name(column)} = ?" for column in columns)
    return f"UPDATE {_name(table)} SET {changes}{_where(shape)}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def delete_sql(table: str, shape: Shape) -> str:
    """Delete rows."""
    return f"DELETE FROM {_name(table)}{_where(shape)}"  # noqa: S608 - declared names


@lru_cache(CACHE_SIZE)
def count_sql(table: str, shape: Shape) -> str:
    """Count rows."""
    return f"SELECT count(*) FROM {_name(table)}{_where(shape)}"  # noqa: S608 - declared names


def _where(shape: Shape) -> str:
    conditions = " AND ".join(_CONDITION[kind].format(_name(column)) for column, kind in shape)
    return f" WHERE {conditions}" if conditions else ""


def _name(identifier: str) -> str:
    return f'"{identifier}"'


def _names(identifiers: Iterable[str]) -> str:
    return ", ".join(_name(identifier) for identifier in identifiers)
