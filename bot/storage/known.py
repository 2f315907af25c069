"""What one transaction knows of rows without asking the database: what was read ahead, and its own writes."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.service.ports import Row, Scalar
from bot.service.table import Table
from bot.storage.rows import Operand, Order, Shape, holds

Key = tuple[Scalar, ...]
Asked = tuple[Shape, tuple[Operand, ...], Order, int | None]  # of one table


class Unknown:
    """Stands for a row of which nothing is known, not even whether there is one."""


UNKNOWN: Final = Unknown()


def key_in(table: Table, shape: Shape, operands: Sequence[Operand]) -> Key | None:
    """The primary key that conditions name; None where they leave part of it open."""
    equal = {
        column: operand
        for (column, kind), operand in zip(shape, operands, strict=True)
        if kind == "="
    }
    if not all(column in equal for column in table.key):
        return None
    return tuple(_plain(equal[column]) for column in table.key)


def _plain(operand: Operand) -> Scalar:
    return None if isinstance(operand, tuple) else operand


def matches(row: Row, shape: Shape, operands: Sequence[Operand]) -> bool:
    """Whether a row meets all conditions."""
    pairs = zip(shape, operands, strict=True)
    return all(holds(row[column], kind, operand) for (column, kind), operand in pairs)


class Known:
    """Single rows by their keys, and whole answers by what was asked.

    It keeps step with what the transaction writes: whatever a write may have changed is forgotten.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, Row | None]] = {}
        self._answers: dict[str, dict[Asked, list[Row]]] = {}

    def learn(self, table: Table, asked: Asked, rows: list[Row]) -> None:
        """Something was read."""
        key = self._only_key(table, asked)
        if key is None:
            self._answers.setdefault(table.name, {})[asked] = rows
        else:
            self._rows.setdefault(table.name, {})[key] = rows[0] if rows else None

    def answer(self, table: Table, asked: Asked) -> list[Row] | None:
        """The rows, each a new dictionary; None where they are not known."""
        key = self._only_key(table, asked)
        if key is None:
            found = self._answers.get(table.name, {}).get(asked)
            return None if found is None else [dict(row) for row in found]
        row = self.row(table, key)
        if isinstance(row, Unknown):
            return None
        return [] if row is None else [dict(row)]

    def row(self, table: Table, key: Key) -> Row | Unknown | None:
        """The row of a key; None where there is none."""
        return self._rows.get(table.name, {}).get(key, UNKNOWN)

    def added(self, table: Table, key: Key, row: Mapping[str, Scalar]) -> None:
        """A row was added; columns that it leaves out are empty."""
        whole: Row = {column: row.get(column) for column in table.columns}
        self._rows.setdefault(table.name, {})[key] = whole
        self._drop_answers(table, whole)

    def changed(self, table: Table, key: Key, before: Row, changes: Mapping[str, Scalar]) -> None:
        """A row that was known was changed; its key was not."""
        after: Row = {**before, **changes}
        self._rows[table.name][key] = after
        self._drop_answers(table, before, after)

    def forget_row(self, table: Table, key: Key) -> None:
        """A row was written to, and nobody knows what it was like before."""
        self._rows.get(table.name, {}).pop(key, None)
        self._answers.pop(table.name, None)

    def forget(self, table: Table) -> None:
        """Nobody knows which rows of a table were written to."""
        self._rows.pop(table.name, None)
        self._answers.pop(table.name, None)

    def _drop_answers(self, table: Table, *states: Row) -> None:
        """Forget the answers that hold a row, as it was or as it is."""
        answers = self._answers.get(table.name, {})
        stale = [
            asked for asked in answers if any(matches(row, asked[0], asked[1]) for row in states)
        ]
        for asked in stale:
            del answers[asked]

    @staticmethod
    def _only_key(table: Table, asked: Asked) -> Key | None:
        """The key, where nothing else is asked for."""
        shape, operands, _, limit = asked
        is_only = len(shape) == len(table.key) and limit != 0
        return key_in(table, shape, operands) if is_only else None
