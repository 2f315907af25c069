"""The rows of one transaction of the memory store, and the rules of the tables they keep.

A table is copied when it is first written to, so that letting a transaction go is all there is to
rolling it back. Rows themselves are never changed, only replaced.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import cast

from bot.errors import Inconsistent
from bot.service.ports import Row, Scalar
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME, TABLES
from bot.storage.rows import Operand, Order, Shape, holds, sort_key

Key = tuple[Scalar, ...]
TableRows = dict[Key, Mapping[str, Scalar]]


class MemoryRows:
    """What one transaction sees: the committed tables, and its own copies of those it wrote to.

    Args:
        committed: Rows by key, by table; only read.

    Attributes:
        written: The copies; the next committed state of their tables.
    """

    def __init__(self, committed: Mapping[str, TableRows]) -> None:
        self._committed = committed
        self.written: dict[str, TableRows] = {}

    def add(self, table: Table, row: Mapping[str, Scalar]) -> None:
        """See `Rows.add`."""
        row = {column: row.get(column) for column in table.columns}
        clash = self._clash(table, row)
        if clash:
            raise Inconsistent(f"{table.name} has a row with this {', '.join(clash)} already.")
        self._check_references(table, row)
        self._to_write(table)[_key(table, row)] = row

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Scalar]]) -> None:
        """See `Rows.add_all`."""
        for row in rows:
            self.add(table, row)

    def add_new(self, table: Table, row: Mapping[str, Scalar]) -> bool:
        """See `Rows.add_new`."""
        if self._clash(table, row):
            return False
        self.add(table, row)
        return True

    def select(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        order: Order,
        limit: int | None,
    ) -> list[Row]:
        """See `Rows.select`."""
        found = [row for _, row in self._matching(table, shape, operands)]
        for column, falls in reversed(order):
            found.sort(key=partial(_sort_key_of, column), reverse=falls)
        return [dict(row) for row in islice(found, limit)]

    def change(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> int:
        """See `Rows.change`."""
        before = list(self._matching(table, shape, operands))
        if not before:
            return 0
        self._take_out(table, [key for key, _ in before])
        for _, row in before:
            self.add(table, {**row, **changes})
        self._check_gone(table, [key for key, _ in before])
        return len(before)

    def amend(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> None:
        """See `Rows.amend`."""
        self.change(table, shape, operands, changes)

    def remove(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.remove`."""
        keys = [key for key, _ in self._matching(table, shape, operands)]
        if keys:
            self._take_out(table, keys)
            self._check_gone(table, keys)
        return len(keys)

    def total(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.total`."""
        return sum(1 for _ in self._matching(table, shape, operands))

    def _rows(self, table: Table) -> TableRows:
        return self.written.get(table.name, self._committed[table.name])

    def _to_write(self, table: Table) -> TableRows:
        if table.name not in self.written:
            self.written[table.name] = dict(self._committed[table.name])
        return self.written[table.name]

    def _take_out(self, table: Table, keys: Sequence[Key]) -> None:
        rows = self._to_write(table)
        for key in keys:
            del rows[key]

    def _matching(
        self, table: Table, shape: Shape, operands: Sequence[Operand]
    ) -> Iterator[tuple[Key, Mapping[str, Scalar]]]:
        conditions = [(*part, operand) for part, operand in zip(shape, operands, strict=True)]
        for key, row in self._nearby(table, shape, operands):
            if all(holds(row[column], kind, operand) for column, kind, operand in conditions):
                yield key, row

    def _nearby(
        self, table: Table, shape: Shape, operands: Sequence[Operand]
    ) -> list[tuple[Key, Mapping[str, Scalar]]]:
        rows = self._rows(table)
        equal = {
            part[0]: operand
            for part, operand in zip(shape, operands, strict=True)
            if part[1] == "="
        }
        if not all(column in equal for column in table.key):
            return list(rows.items())
        key = cast(Key, tuple(equal[column] for column in table.key))
        return [(key, rows[key])] if key in rows else []

    def _clash(self, table: Table, row: Mapping[str, Scalar]) -> tuple[str, ...]:
        rows = self._rows(table)
        if _key(table, row) in rows:
            return table.key
        for columns in table.unique:
            values = [row.get(column) for column in columns]
            if None in values:
                continue
            if any([other[column] for column in columns] == values for other in rows.values()):
                return columns
        return ()

    def _check_references(self, table: Table, row: Mapping[str, Scalar]) -> None:
        for column, other in table.references.items():
            value = row[column]
            if value is not None and (value,) not in self._rows(TABLE_BY_NAME[other]):
                raise Inconsistent(f"{table.name}.{column} names a {other} that is not there.")

    def _check_gone(self, table: Table, keys: Sequence[Key]) -> None:
        gone = {key[0] for key in keys if key not in self._rows(table)}
        if not gone or len(table.key) != 1:
            return
        for other in TABLES:
            columns = [column for column, name in other.references.items() if name == table.name]
            for row in self._rows(other).values() if columns else ():
                if any(row[column] in gone for column in columns):
                    raise Inconsistent(f"A row of {other.name} refers to this {table.name}.")


def _key(table: Table, row: Mapping[str, Scalar]) -> Key:
    return tuple(row[column] for column in table.key)


def _sort_key_of(column: str, row: Mapping[str, Scalar]) -> tuple[bool, str | float]:
    return sort_key(row[column])
