"""The SQL that does for many what `statements.py` does for one.

The values of all of them travel as one text of JSON, an array of objects with short names, so that there is
one statement for any number of rows. Names come from `tables.py`, as there.
"""

from functools import lru_cache
from typing import Final

from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME
from bot.storage.rows import Order, Shape
from bot.storage.statements import CACHE_SIZE, POSTGRES, name_of, names_of, sorted_by

NUMBER: Final = "n"  # names which of those who ask


def given_name(place: int) -> str:
    """What the value of one place is called in the JSON."""
    return f"v{place}"


@lru_cache(CACHE_SIZE)
def read_many_sql(table: str, shape: Shape, order: Order, limit: int | None) -> str:
    """Read whole rows for many who ask alike: first the number of who asked, then the columns as declared.

    Parameters: the JSON, then the values of each condition "is one of", which are the same for all.
    """
    declared = TABLE_BY_NAME[table]
    given, conditions, several = [f"{NUMBER} int"], list[str](), 1
    for column, kind in shape:
        name = name_of(column)
        if kind == "empty":
            conditions.append(f"{name} IS NULL")
        elif kind == "in":
            several += 1
            conditions.append(
                f"{name} = ANY(${several}::{POSTGRES.types[declared.columns[column]]}[])"
            )
        else:
            value = given_name(len(given) - 1)
            given.append(f"{value} {POSTGRES.types[declared.columns[column]]}")
            conditions.append(f"{name} {kind} given.{value}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sorting = ", ".join(sorted_by(POSTGRES, table, column, falls) for column, falls in order)
    end = "" if limit is None else f" LIMIT {limit:d}"
    inner = (
        f"SELECT {names_of(declared.columns)} FROM {name_of(table)}{where} ORDER BY {sorting}{end}"  # noqa: S608 - declared names
    )
    return (
        f"SELECT given.{NUMBER}, found.* FROM json_to_recordset($1::json) AS given({', '.join(given)}) "  # noqa: S608 - declared names
        f"CROSS JOIN LATERAL ({inner}) AS found"
    )


@lru_cache(CACHE_SIZE)
def add_many_sql(table: str, columns: tuple[str, ...]) -> str:
    """Add rows with the same columns; the parameter is the JSON."""
    given = _given(TABLE_BY_NAME[table], columns)
    values = ", ".join(given_name(place) for place in range(len(columns)))
    return (
        f"INSERT INTO {name_of(table)} ({names_of(columns)}) "  # noqa: S608 - declared names
        f"SELECT {values} FROM json_to_recordset($1::json) AS given({given})"
    )


@lru_cache(CACHE_SIZE)
def change_many_sql(table: str, columns: tuple[str, ...], shape: Shape) -> str:
    """Change rows, each to its own values where its own conditions hold; the parameter is the JSON.

    In the JSON stand the new values, then what the conditions compare with; nothing for those of "is empty".
    """
    compared = [(column, kind) for column, kind in shape if kind != "empty"]
    given = _given(TABLE_BY_NAME[table], (*columns, *(column for column, _ in compared)))
    changes = ", ".join(
        f"{name_of(column)} = given.{given_name(place)}" for place, column in enumerate(columns)
    )
    conditions = [
        f"kept.{name_of(column)} {kind} given.{given_name(place)}"
        for place, (column, kind) in enumerate(compared, len(columns))
    ]
    conditions += [f"kept.{name_of(column)} IS NULL" for column, kind in shape if kind == "empty"]
    return (
        f"UPDATE {name_of(table)} AS kept SET {changes} FROM json_to_recordset($1::json) "  # noqa: S608 - declared names
        f"AS given({given}) WHERE {' AND '.join(conditions)}"
    )


def _given(table: Table, columns: tuple[str, ...]) -> str:
    return ", ".join(
        f"{given_name(place)} {POSTGRES.types[table.columns[column]]}"
        for place, column in enumerate(columns)
    )
