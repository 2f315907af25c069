"""The rows of a transaction that is done for many at once: read ahead for all, written together at the end.

What was read ahead is answered from memory, and a write whose outcome follows from it waits; everything
else goes to the database at once, after the writes that wait. When they are sent, each has to turn out as
the work was told. Where one does not, or the database refuses it, the whole transaction is given up and
done again one statement after the other, by whoever runs it: so nothing here has to find out whose it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

import psycopg

from bot.errors import Inconsistent, StoreError, Tried
from bot.service.ports import Foresight, Row, Scalar, Selection
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME
from bot.storage.known import Asked, Key, Known, Unknown, key_in, matches
from bot.storage.postgres_errors import is_passing
from bot.storage.postgres_rows import Connection, PostgresRows
from bot.storage.postgres_statements import NUMBER, read_many_sql
from bot.storage.postgres_wire import Answer, Prepared, Statement, array_of, ask
from bot.storage.postgres_writes import Write, json_of, statements
from bot.storage.rows import (
    Operand,
    Order,
    Shape,
    read_limit,
    read_order,
    read_where,
    table_named,
)
from bot.storage.sql_rows import Value

Question = tuple[str, Asked]  # of a table
_FIRST: Final = (NUMBER,)


class UnforeseenError(BaseException):
    """Breaks off what did not turn out as foreseen. No `Exception`, so that no work catches it."""


class Look:
    """What one piece of work says that it will read, step by step.

    Args:
        foresight: Of the work.

    Attributes:
        questions: What it would read next; empty when it has said all. None for what nobody can read:
            the work will hear so itself.
    """

    def __init__(self, foresight: Foresight) -> None:
        self._foresight = foresight
        self.questions: list[Question | None] = []
        self._go_on(None)

    def hear(self, rows: Sequence[Sequence[Row]]) -> None:
        """Take the rows of all questions, and have the next ones."""
        self._go_on(rows)

    def _go_on(self, rows: Sequence[Sequence[Row]] | None) -> None:
        self.questions = []  # at its end, and where it is wrong: the work itself will say so
        with Tried():
            asked = next(self._foresight) if rows is None else self._foresight.send(rows)
            self.questions = [_question(selection) for selection in asked]


def _question(selection: Selection) -> Question | None:
    try:
        table = table_named(selection.table)
        shape, operands = read_where(table, selection.where)
        order, limit = read_order(table, selection.order), read_limit(selection.limit)
    except Inconsistent:
        return None
    return table.name, (shape, operands, order, limit)


class AheadRows(PostgresRows):
    """Rows of one transaction with many pieces of work in it, of which nothing is written until `send`.

    Args:
        connection: Used on the writer's thread only.
        name: The database, for messages.
        prepared: What is prepared on the connection.
    """

    __slots__ = ("_is_sent", "_kept", "_known", "_own", "_prepared")

    def __init__(self, connection: Connection, name: str, prepared: Prepared) -> None:
        super().__init__(connection, name)
        self._prepared = prepared
        self._known = Known()
        self._kept: list[Write] = []  # of pieces that went well
        self._own: list[Write] = []  # of the piece under way
        self._is_sent = False  # something of it has reached the database

    def read_ahead(self, looks: Iterable[Look], before: Sequence[Statement] = ()) -> list[Answer]:
        """Read what several pieces would read next, in one journey.

        Args:
            looks: Theirs; each hears what was found.
            before: Done first.

        Returns:
            The answers to `before`.

        Raises:
            psycopg.Error: The database did not answer.
        """
        asking = [look for look in looks if look.questions]
        wanted = dict.fromkeys(one for look in asking for one in look.questions if one is not None)
        groups = _alike(wanted)
        asked = [*before, *(_reading(alike) for alike in groups)]
        answers = self._ask(asked) if asked else []
        for alike, (_, found) in zip(groups, answers[len(before) :], strict=True):
            self._learn(alike, found)
        for look in asking:
            look.hear([self._found(one) for one in look.questions])
        return answers[: len(before)]

    def keep(self) -> None:
        """The piece under way went well; the next one begins."""
        self._kept += self._own
        self._own, self._is_sent = [], False

    def let_go(self) -> None:
        """The piece under way leaves nothing; the next one begins.

        Raises:
            UnforeseenError: Something of it has reached the database.
        """
        if self._is_sent:
            raise UnforeseenError
        for write in self._own:
            self._known.forget(write.table)
        self._own = []

    def send(self) -> None:
        """Send all that waits.

        Raises:
            UnforeseenError: It did not turn out as foreseen.
            psycopg.Error: The database did not answer, or others were in the way.
        """
        if not self._own and not self._kept:
            return
        self._is_sent = self._is_sent or bool(self._own)
        sending = list(statements(chain(self._kept, self._own)))
        self._kept, self._own = [], []
        for statement, (count, _) in zip(sending, self._ask(sending), strict=True):
            if statement.count not in {None, count}:
                raise UnforeseenError

    def add(self, table: Table, row: Mapping[str, Scalar]) -> None:
        """See `Rows.add`."""
        key = tuple(row[column] for column in table.key)
        if not isinstance(self._known.row(table, key), Unknown | None):
            raise UnforeseenError  # it will be refused, and the work may want to know now
        self._own.append(Write(table, key, tuple(row), tuple(row.values())))
        self._known.added(table, key, row)

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Scalar]]) -> None:
        """See `Rows.add_all`."""
        for row in rows:
            self.add(table, row)

    def add_new(self, table: Table, row: Mapping[str, Scalar]) -> bool:
        """See `Rows.add_new`."""
        key = tuple(row[column] for column in table.key)
        known = self._known.row(table, key)
        if not isinstance(known, Unknown):
            if known is None:
                self.add(table, row)
            return known is None
        is_new = super().add_new(table, row)
        self._known.forget_row(table, key)
        return is_new

    def select(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        order: Order,
        limit: int | None,
    ) -> list[Row]:
        """See `Rows.select`."""
        known = self._known.answer(table, (shape, tuple(operands), order, limit))
        if known is not None:
            return known
        self._send_before_reading(table)
        return super().select(table, shape, operands, order, limit)

    def change(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> int:
        """See `Rows.change`."""
        key = _key_to_wait_under(table, shape, operands, changes)
        known = Unknown() if key is None else self._known.row(table, key)
        if key is None or isinstance(known, Unknown):
            count = super().change(table, shape, operands, changes)
            self._known.forget(table)
            return count
        if known is None or not matches(known, shape, operands):
            return 0
        self._wait(table, key, shape, operands, changes, is_certain=True)
        self._known.changed(table, key, known, changes)
        return 1

    def amend(
        self,
        table: Table,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
    ) -> None:
        """See `Rows.amend`."""
        key = _key_to_wait_under(table, shape, operands, changes)
        if key is None or not isinstance(self._known.row(table, key), Unknown):
            self.change(table, shape, operands, changes)
            return
        self._wait(table, key, shape, operands, changes, is_certain=False)
        self._known.forget_row(table, key)

    def remove(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.remove`."""
        key = key_in(table, shape, operands)
        known = Unknown() if key is None else self._known.row(table, key)
        if not isinstance(known, Unknown) and (
            known is None or not matches(known, shape, operands)
        ):
            return 0
        count = super().remove(table, shape, operands)
        self._known.forget(table)
        return count

    def total(self, table: Table, shape: Shape, operands: Sequence[Operand]) -> int:
        """See `Rows.total`."""
        self._send_before_reading(table)
        return super().total(table, shape, operands)

    def _wait(
        self,
        table: Table,
        key: Key,
        shape: Shape,
        operands: Sequence[Operand],
        changes: Mapping[str, Scalar],
        *,
        is_certain: bool,
    ) -> None:
        compared = [operand for operand in operands if not isinstance(operand, tuple)]
        values = (*changes.values(), *(operand for operand in compared if operand is not None))
        self._own.append(Write(table, key, tuple(changes), values, shape, is_certain))

    def _send_before_reading(self, table: Table) -> None:
        if any(write.table is table for write in chain(self._own, self._kept)):
            self._send_now()

    def _send_now(self) -> None:
        """Send what waits in the middle of a piece of work."""
        try:
            self.send()
        except psycopg.Error as error:
            raise self._refusal(error) from error

    def _run(self, sql: str, values: Sequence[Value]) -> int:
        self._send_now()
        self._is_sent = True
        return super()._run(sql, values)

    def _refusal(self, error: psycopg.Error) -> StoreError:
        if not is_passing(error):
            raise UnforeseenError from error
        return super()._refusal(error)

    def _ask(self, asked: Sequence[Statement]) -> list[Answer]:
        """Do statements in one journey.

        Raises:
            UnforeseenError: One was refused.
            psycopg.Error: The database did not answer, or others were in the way.
        """
        try:
            return ask(self._connection, self._prepared, asked)
        except psycopg.Error as error:
            if is_passing(error):
                raise
            raise UnforeseenError from error

    def _found(self, question: Question | None) -> list[Row]:
        if question is None:
            return []
        name, asked = question
        return self._known.answer(TABLE_BY_NAME[name], asked) or []

    def _learn(self, alike: Sequence[Question], found: Iterable[tuple[Scalar, ...]]) -> None:
        rows: defaultdict[int, list[Row]] = defaultdict(list)
        table = TABLE_BY_NAME[alike[0][0]]
        for number, *values in found:
            rows[int(str(number))].append(dict(zip(table.columns, values, strict=True)))
        for number, (_, asked) in enumerate(alike):
            self._known.learn(table, asked, rows[number])


def _key_to_wait_under(
    table: Table, shape: Shape, operands: Sequence[Operand], changes: Mapping[str, Scalar]
) -> Key | None:
    """The key of the row that a change is about; None where it is about others, or changes the key."""
    if any(kind == "in" for _, kind in shape) or any(column in changes for column in table.key):
        return None
    return key_in(table, shape, operands)


def _alike(questions: Iterable[Question]) -> list[list[Question]]:
    """Questions that one statement can answer, together."""
    groups: dict[tuple[object, ...], list[Question]] = {}
    for table, (shape, operands, order, limit) in questions:
        several = tuple(one for one in operands if isinstance(one, tuple))
        kind = (table, shape, several, order, limit)
        groups.setdefault(kind, []).append((table, (shape, operands, order, limit)))
    return list(groups.values())


def _reading(alike: Sequence[Question]) -> Statement:
    table, (shape, first, order, limit) = alike[0]
    rows = [
        (
            number,
            *(one for one in operands if one is not None and not isinstance(one, tuple)),
        )
        for number, (_, (_, operands, _, _)) in enumerate(alike)
    ]
    several = [array_of(one) for one in first if isinstance(one, tuple)]
    sql = read_many_sql(table, shape, order, limit)
    return Statement(sql, (json_of(rows, _FIRST), *several))
