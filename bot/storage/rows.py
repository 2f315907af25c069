"""What a row, a condition and an order may be: one reading of them for every store.

Stores differ in what they take on their own. SQLite compares `"5"` with `5`, PostgreSQL holds no
NUL character, and neither holds half an emoji. So values are read here first, by what `tables.py`
declares, and a store only ever sees what all of them keep alike. No message repeats a value: it
may be personal.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import call
from typing import Final, Literal, cast

from bot.errors import Inconsistent
from bot.service.ports import AtLeast, AtMost, Condition, OneOf, Row, Scalar, Where
from bot.service.table import ColumnType, Table
from bot.service.tables import TABLE_BY_NAME, TABLES

Kind = Literal["=", "<=", ">=", "in", "empty"]
Shape = tuple[tuple[str, Kind], ...]  # column and kind of each condition: what SQL text depends on
Operand = Scalar | tuple[Scalar, ...]  # a tuple for `in`, None for `empty`
Fit = Callable[[object], Scalar]  # raises what `_UNFIT` lists
Order = tuple[tuple[str, bool], ...]  # column, and whether it falls

Reader = Callable[[Condition], Operand]  # of one condition; raises what `_UNFIT` lists

SHAPES: Final = 1024  # kept; they are written in code, about a hundred
INTEGER_LIMIT: Final = 2**63  # SQLite's and PostgreSQL's largest integers have 64 bits


def table_named(name: str) -> Table:
    """The declared table of this name.

    Raises:
        Inconsistent: There is none.
    """
    table = TABLE_BY_NAME.get(name)
    if table is None:
        raise Inconsistent(f"There is no table {name!r}.")
    return table


def fit_text(value: object) -> str:
    """Text as it is kept, of plain type `str`.

    Raises:
        TypeError: It is no text.
        ValueError: It holds a NUL character or half a surrogate pair.
    """
    if type(value) is str and value.isascii() and "\0" not in value:
        return value  # nearly always
    if not isinstance(value, str):
        raise TypeError("takes text")
    if "\0" in value:
        raise ValueError("takes no NUL character")
    value.encode()
    return str.__str__(value)


def fit_integer(value: object) -> int:
    """A whole number as it is kept; `True` is 1.

    Raises:
        TypeError: It is no whole number.
        ValueError: It has over 64 bits.
    """
    if not isinstance(value, int):
        raise TypeError("takes a whole number")
    if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
        raise ValueError("takes a whole number of at most 64 bits")
    return int(value)


def fit_real(value: object) -> float:
    """A number as it is kept.

    Raises:
        TypeError: It is no number.
        ValueError: It is none that all stores keep.
    """
    if not isinstance(value, int | float):
        raise TypeError("takes a number")
    if not math.isfinite(value):
        raise ValueError("takes a finite number")
    return float(value)


_FIT: Final[Mapping[ColumnType, Fit]] = {
    "text": fit_text,
    "integer": fit_integer,
    "real": fit_real,
}
_KIND: Final[Mapping[type, Kind]] = {
    type(None): "empty",
    AtMost: "<=",
    AtLeast: ">=",
    OneOf: "in",
}


def _or_empty(fit: Fit) -> Fit:
    return lambda value: None if value is None else fit(value)


def _fits(table: Table) -> Mapping[str, Fit]:
    return {
        column: _or_empty(_FIT[kind]) if column in table.optional else _FIT[kind]
        for column, kind in table.columns.items()
    }


_FITS: Final[Mapping[str, Mapping[str, Fit]]] = {table.name: _fits(table) for table in TABLES}
_REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    table.name: frozenset(table.columns) - table.optional for table in TABLES
}
_KEY_ORDER: Final[Mapping[str, Order]] = {
    table.name: tuple((column, False) for column in table.key) for table in TABLES
}
_UNFIT: Final = (KeyError, TypeError, ValueError, OverflowError)


def _fit(table: Table, column: str, value: object) -> Scalar:
    kind = table.columns.get(column)
    if kind is None:
        raise Inconsistent(f"The table {table.name} has no column {column!r}.")
    try:
        return _FIT[kind](value)
    except (TypeError, ValueError, OverflowError) as error:
        text = "takes no half of a character" if isinstance(error, UnicodeError) else str(error)
        raise Inconsistent(f"{table.name}.{column} {text}.") from None


def _fit_or_empty(table: Table, column: str, value: Scalar) -> Scalar:
    if value is None and column in table.columns:
        if column not in table.optional:
            raise Inconsistent(f"{table.name}.{column} may not be empty.")
        return None
    return _fit(table, column, value)


def read_row(table: Table, row: Row) -> dict[str, Scalar]:
    """A new row, ready to be kept; optional columns that were left out stay out.

    Raises:
        Inconsistent: A column is unknown, a required one is empty, or a value is of the wrong type.
    """
    fitted = read_changes(table, row)
    if not _REQUIRED[table.name] <= fitted.keys():
        missing = min(_REQUIRED[table.name] - fitted.keys())
        raise Inconsistent(f"{table.name}.{missing} may not be empty.")
    return fitted


def read_changes(table: Table, changes: Row) -> dict[str, Scalar]:
    """Some columns of a row, ready to be kept.

    Raises:
        Inconsistent: A column is unknown, a required one is emptied, or a value of the wrong type.
    """
    fits = _FITS[table.name]
    try:
        return {column: fits[column](value) for column, value in changes.items()}
    except _UNFIT:  # once more and slower, to say what is wrong
        return {column: _fit_or_empty(table, column, value) for column, value in changes.items()}


def read_where(table: Table, where: Where) -> tuple[Shape, tuple[Operand, ...]]:
    """Conditions, split into what the statement depends on and what it compares with.

    Returns:
        The shape, and one operand for each condition of it, in the same order.

    Raises:
        Inconsistent: A column is unknown or a value is of the wrong type.
    """
    try:  # what the code asks for is always the same but for the values
        shape, readers = _readers(table.name, tuple(where), tuple(map(type, where.values())))
        return shape, tuple(map(call, readers, where.values()))
    except _UNFIT:  # once more and slower, to say what is wrong
        shape = tuple([(column, _KIND.get(type(part), "=")) for column, part in where.items()])
        return shape, tuple([_operand(table, column, part) for column, part in where.items()])


@lru_cache(SHAPES)
def _readers(
    table: str, columns: tuple[str, ...], types: tuple[type, ...]
) -> tuple[Shape, tuple[Reader, ...]]:
    """The shape of conditions on these columns, and what reads each of them.

    Raises:
        KeyError: There is no such column.
    """
    kinds = [_KIND.get(one, "=") for one in types]
    fits = [_FIT[TABLE_BY_NAME[table].columns[column]] for column in columns]
    readers = tuple(_reader(kind, fit) for kind, fit in zip(kinds, fits, strict=True))
    return tuple(zip(columns, kinds, strict=True)), readers


def _reader(kind: Kind, fit: Fit) -> Reader:
    match kind:
        case "empty":
            return lambda _: None
        case "in":
            return lambda part: tuple(map(fit, cast(OneOf, part).values))
        case "<=" | ">=":
            return lambda part: fit(cast(AtLeast, part).value)
        case _:
            return fit


def _operand(table: Table, column: str, condition: Condition) -> Operand:
    if type(condition) is str or column not in table.columns:  # a word is what is mostly asked for
        return _fit(table, column, condition)
    match condition:
        case None:
            return None
        case AtMost(value=value) | AtLeast(value=value):
            return _fit(table, column, value)
        case OneOf(values=values):
            return tuple(_fit(table, column, value) for value in values)
        case _:
            return _fit(table, column, condition)


def read_order(table: Table, order: Sequence[str]) -> Order:
    """The columns to sort by, down to the primary key, so that no two rows are equal.

    Raises:
        Inconsistent: A column is unknown.
    """
    return _order_of(table.name, tuple(order)) if order else _KEY_ORDER[table.name]


@lru_cache(SHAPES)
def _order_of(name: str, order: tuple[str, ...]) -> Order:
    table = TABLE_BY_NAME[name]
    parts = [(name.removeprefix("-"), name.startswith("-")) for name in order]
    for column, _ in parts:
        if column not in table.columns:
            raise Inconsistent(f"The table {table.name} has no column {column!r}.")
    named = {column for column, _ in parts}
    return (*parts, *((column, False) for column in table.key if column not in named))


def read_limit(limit: int | None) -> int | None:
    """How many rows at most.

    Raises:
        Inconsistent: It is below 0.
    """
    if limit is not None and limit < 0:
        raise Inconsistent("A limit is 0 or more.")
    return None if limit is None or limit >= INTEGER_LIMIT else limit
