"""The nightly purge, in pieces: what was kept long enough goes, and turns get their say in between (R46).

Each piece is one transaction of at most `PIECE` rows, so that nobody who writes meanwhile waits long.
A purge that is cut short is simply done again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.knowledge.retention import Retention
from bot.service.clock import micros
from bot.service.ports import AtLeast, AtMost, OneOf, Row, Store, Tx, Where
from bot.service.table import Table
from bot.service.tables import TABLES

PIECE: Final = 200  # rows looked at in one transaction
PER_PERSON: Final = (
    10  # a person takes about as long as so many rows: every table is asked for them
)
IDLE: Final = "idle-sessions"  # says how long somebody without anything else is known
LEAST: Final = "!"  # sorts before every character of an id: what comes next after this one

Piece = Callable[[Tx], "Done"]


@dataclass(frozen=True, slots=True)
class Done:
    """What one transaction did.

    Attributes:
        gone: How many rows went.
        after: Where the next piece of the same table begins; None where there is none.
    """

    gone: int
    after: str | None


def purge(
    store: Store, retention: Retention, now: datetime, size: int = PIECE
) -> Mapping[str, int]:
    """Delete what has been kept long enough.

    Args:
        store: Where from. Not to be called from work on the store: it waits for every piece.
        retention: How long each class is kept.
        now: The time.
        size: At most so many rows are looked at in one transaction.

    Returns:
        How many rows of each table went; those with none are left out.

    Raises:
        KeyError: A table names a class that `retention.yaml` does not know; nothing was deleted.
        StoreError: It could not be written; what went before is gone.
    """
    gone: Counter[str] = Counter()
    for name, first in tuple(_stages(retention, now, size)):
        after: str | None = ""
        while after is not None:
            done = store.submit(_piece(first, after)).result()
            gone[name] += done.gone
            after = done.after
    return {name: count for name, count in gone.items() if count}


def _piece(stage: Callable[[Tx, str], Done], after: str) -> Piece:
    return lambda tx: stage(tx, after)


def _stages(
    retention: Retention, now: datetime, size: int
) -> Iterator[tuple[str, Callable[[Tx, str], Done]]]:
    """Every table with what purges a piece of it; children before their parents, people last."""
    for table in reversed(TABLES):
        if table.kept is not None:
            name, column = table.kept
            limit = micros(now - timedelta(days=retention.classes[name].days))
            yield table.name, _of_table(table, {column: AtMost(limit)}, size)
        if table.kept_with is not None:
            name, column = table.kept_with
            limit = micros(now - timedelta(days=retention.classes[name].days))
            yield table.name, _of_closed(table, column, limit, size)
    idle = micros(now - timedelta(days=retention.classes[IDLE].days))
    few = max(1, size // PER_PERSON)
    yield "person", _of_people({"created_at": AtMost(idle)}, few)


def _of_table(table: Table, old: Where, size: int) -> Callable[[Tx, str], Done]:
    def some(tx: Tx, _after: str) -> Done:
        rows = tx.find(table.name, old, limit=size)
        gone = _delete(tx, table, rows)
        return Done(gone, "" if len(rows) == size and gone else None)

    return some


def _of_closed(table: Table, column: str, limit: int, size: int) -> Callable[[Tx, str], Done]:
    """Rows of surveys that were closed long enough ago, one survey after the other."""

    def some(tx: Tx, after: str) -> Done:
        where: Where = {"closed_at": AtMost(limit), "id": AtLeast(after)}
        found = tx.find("survey", where, limit=1)
        if not found:
            return Done(0, None)
        survey = str(found[0]["id"])
        rows = tx.find(table.name, {column: survey}, limit=size)
        return Done(_delete(tx, table, rows), survey if len(rows) == size else f"{survey}{LEAST}")

    return some


def _delete(tx: Tx, table: Table, rows: list[Row]) -> int:
    if len(table.key) == 1:
        (column,) = table.key
        keys = (row[column] for row in rows)
        found = tuple(key for key in keys if isinstance(key, str | int))
        return tx.delete(table.name, {column: OneOf(found)})
    return sum(tx.delete(table.name, {key: row[key] for key in table.key}) for row in rows)


def _of_people(idle: Where, size: int) -> Callable[[Tx, str], Done]:
    def some(tx: Tx, after: str) -> Done:
        rows = tx.find("person", {**idle, "id": AtLeast(after)}, limit=size)
        gone = sum(_let_go(tx, str(row["id"])) for row in rows)
        return Done(gone, f"{rows[-1]['id']}{LEAST}" if len(rows) == size else None)

    return some


def _let_go(tx: Tx, person: str) -> bool:
    """Delete a person of whom nothing is left but their account: no talk, role, vote or "no".

    They asked something once and went; asking leaves no identity beyond the session.
    """
    for table in TABLES:
        if table.personal is None or table.name in {"person", "identity"}:
            continue
        if tx.count(table.name, {table.personal.column: person}):
            return False
    tx.delete("identity", {"person": person})
    return tx.delete("person", {"id": person}) == 1
