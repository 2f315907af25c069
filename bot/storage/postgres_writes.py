"""Writes that wait for each other, to reach the database as one statement for each kind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from bot.service.ports import Scalar
from bot.service.table import Table
from bot.service.tables import TABLES
from bot.storage.known import Key
from bot.storage.postgres_statements import add_many_sql, change_many_sql, given_name
from bot.storage.postgres_wire import Statement
from bot.storage.rows import Shape

_PLACE: Final = {table.name: place for place, table in enumerate(TABLES)}  # parents stand first
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Write:
    """A write to the row of one key.

    Attributes:
        table: Where to.
        key: Of the row.
        columns: What is written.
        values: Of the columns, then of the conditions, but for those of "is empty".
        shape: The conditions; None for a new row.
        is_certain: Whether the row has to be there, as the work was told that it is.
    """

    table: Table
    key: Key
    columns: tuple[str, ...]
    values: tuple[Scalar, ...]
    shape: Shape | None = None
    is_certain: bool = False


def statements(writes: Iterable[Write]) -> Iterator[Statement]:
    """The statements that do the same as these writes one after the other.

    Writes to different rows may change places where both go well, but for what refers to a new row: rows
    are added before others are changed, parents before children. A second write to the same row comes in
    later statements. In each statement rows stand in the order of their keys, so that two processes lock
    them in the same order.
    """
    block: dict[tuple[object, ...], list[Write]] = {}
    seen: set[tuple[str, Key]] = set()
    for write in writes:
        row = (write.table.name, write.key)
        if row in seen:
            yield from _block(block)
            block, seen = {}, set()
        seen.add(row)
        kind = (write.table.name, write.columns, write.shape, write.is_certain)
        block.setdefault(kind, []).append(write)
    yield from _block(block)


def _block(block: dict[tuple[object, ...], list[Write]]) -> Iterator[Statement]:
    for alike in sorted(block.values(), key=_place):
        first = alike[0]
        alike.sort(key=_key)
        name, text = first.table.name, json_of([write.values for write in alike])
        if first.shape is None:
            yield Statement(add_many_sql(name, first.columns), (text,))
        else:
            count = len(alike) if first.is_certain else None
            yield Statement(change_many_sql(name, first.columns, first.shape), (text,), count)


def _place(alike: list[Write]) -> tuple[bool, int]:
    return alike[0].shape is not None, _PLACE[alike[0].table.name]


def _key(write: Write) -> tuple[tuple[bool, object], ...]:
    return tuple((value is not None, value) for value in write.key)


def json_of(rows: Sequence[Sequence[Scalar]], first: Sequence[str] = ()) -> str:
    """Rows of values as the statements take them.

    Args:
        rows: The values of at least one row, as many in each; those that `first` names come first.
        first: Names of values that are no columns.
    """
    names = (*first, *map(given_name, range(len(rows[0]) - len(first))))
    return _encode([dict(zip(names, row, strict=True)) for row in rows]).decode()
