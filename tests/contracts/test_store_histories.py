"""Random histories: every store gives the same answers and ends with the same tables (R50)."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.errors import StoreError
from bot.service.ports import (
    AtLeast,
    AtMost,
    Condition,
    Foreseen,
    Foresight,
    OneOf,
    Row,
    Scalar,
    Selection,
    Store,
    Tx,
)
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME
from bot.storage import sqlite_file
from tests.contracts.stores import MAKERS, WAIT_S, add, branch, everything, invite, person, vote

Step = Callable[[Tx], object]

TABLES = [TABLE_BY_NAME[name] for name in ("branch", "person", "role", "invite", "feedback")]
WORDS = st.sampled_from(["a", "a", "b", "", "B", "\u00e9", "\U0001f469", "c\x01"])
NUMBERS = st.sampled_from([0, 1, 2, -1, 10**15])
BAD: st.SearchStrategy[Scalar] = st.sampled_from([None, 1.5, "a\0", "\ud800", 2**64])
LIMITS = st.none() | st.integers(0, 3)
OFTEN = 12  # times that a sound value is as likely as a bad one

T = TypeVar("T")


def mostly(good: st.SearchStrategy[T], bad: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    return st.integers(0, OFTEN).flatmap(lambda number: bad if number == OFTEN else good)


def _values(table: Table, column: str) -> st.SearchStrategy[Scalar]:
    if table.references.get(column) == "branch":
        return st.just("a") | st.sampled_from(["a", "b"])
    good: st.SearchStrategy[Scalar] = WORDS if table.columns[column] == "text" else NUMBERS
    return good if column not in table.optional else st.none() | good


def _conditions(table: Table, column: str) -> st.SearchStrategy[tuple[str, Condition]]:
    good: st.SearchStrategy[str | int] = WORDS if table.columns[column] == "text" else NUMBERS
    kinds: st.SearchStrategy[Condition] = st.one_of(
        good,
        st.none(),
        good.map(AtMost),
        good.map(AtLeast),
        st.lists(good, max_size=3).map(tuple).map(OneOf),
    )
    return st.tuples(st.just(column), mostly(kinds, BAD))


def _wheres(table: Table) -> st.SearchStrategy[dict[str, Condition]]:
    """Conditions; often those of a key, and no more."""
    some = st.lists(
        st.one_of(*(_conditions(table, column) for column in table.columns)), max_size=2
    ).map(dict)
    key = st.fixed_dictionaries({column: _values(table, column) for column in table.key})
    return st.tuples(some, st.just({}) | key, st.booleans()).map(
        lambda drawn: {**drawn[0], **drawn[1]} if drawn[2] else drawn[1] or drawn[0]
    )


def _selections(table: Table) -> st.SearchStrategy[Selection]:
    return st.builds(
        Selection,
        st.just(table.name),
        _wheres(table),
        st.lists(st.sampled_from(list(table.columns)), max_size=1).map(tuple),
        LIMITS,
    )


def _steps(table: Table) -> st.SearchStrategy[Step]:
    """Single calls on a transaction, about one table."""
    name = table.name
    columns = {column: _values(table, column) for column in table.columns}
    wheres = _wheres(table)
    bad = st.fixed_dictionaries({}, optional={**columns, table.key[0]: BAD})
    rows: st.SearchStrategy[Row] = mostly(st.fixed_dictionaries(columns), bad)
    changes = st.dictionaries(st.sampled_from(list(columns)), NUMBERS | WORDS, max_size=2)
    orders = st.lists(
        st.sampled_from([sign + column for column in columns for sign in ("", "-")]), max_size=2
    )
    new = rows.map(lambda row: lambda tx: tx.insert_new(name, row))
    return st.one_of(
        new,
        new,
        rows.map(lambda row: lambda tx: tx.insert(name, row)),
        wheres.map(lambda where: lambda tx: (tx.get(name, where), tx.count(name, where))),
        st.tuples(wheres, orders, LIMITS).map(
            lambda drawn: lambda tx: tx.find(name, drawn[0], order=drawn[1], limit=drawn[2])
        ),
        st.tuples(wheres, changes).map(
            lambda drawn: lambda tx: tx.update(name, drawn[0], drawn[1])
        ),
        st.tuples(wheres, changes).map(
            lambda drawn: lambda tx: tx.amend(name, drawn[0], drawn[1])
        ),
        wheres.map(lambda where: lambda tx: tx.delete(name, where)),
    )


@st.composite
def _some_step(draw: st.DrawFn) -> Step:
    return draw(STEPS[draw(st.sampled_from(TABLES)).name])


STEPS = {table.name: _steps(table) for table in TABLES}
PLANS = st.lists(_some_step(), min_size=1, max_size=4)
ENDS = st.sampled_from(["well", "well", "well", "well", "raises", "swallows"])


FIRST: list[tuple[str, Row]] = [
    ("branch", branch("a")),
    ("branch", branch("b", name="a")),
    *(("person", person(id, branch="a")) for id in ("a", "b", "B", "\u00e9")),
    ("role", {"person": "a", "name": "a", "branch": "a", "granted_by": "b", "granted_at": 1}),
    *(("invite", invite(id, branch="a")) for id in ("a", "b")),
    *(("feedback", vote("a", about)) for about in ("a", "b", "B")),
]


class OopsError(Exception):
    """What work raises of its own."""


def play(plan: Sequence[Step], end: str, tx: Tx) -> object:
    found = []
    for step in plan:
        try:
            found.append(step(tx))
        except StoreError:
            if end != "swallows":
                raise
    if end == "raises":
        raise OopsError
    return found


def foreseen(plan: Sequence[Step], end: str, reads: Sequence[Selection]) -> Step:
    """The same work, with something that it may read or not."""

    def ahead() -> Foresight:
        first = reads[: len(reads) // 2]
        rows = yield first
        assert len(rows) == len(first)
        yield reads[len(reads) // 2 :]

    return Foreseen(partial(play, plan, end), ahead)


READS = st.lists(st.sampled_from(TABLES).flatmap(_selections), max_size=4)
WORKS: st.SearchStrategy[Step] = st.tuples(PLANS, ENDS).map(
    lambda drawn: partial(play, *drawn)
) | st.builds(foreseen, PLANS, ENDS, READS)


def outcome_of(store: Store, work: Step) -> object:
    """What came of it, in a form that can be compared: errors by their class."""
    future = store.submit(work)
    error = future.exception(WAIT_S)
    return type(error) if error else future.result()


def outcomes_of(store: Store, several: Sequence[Step]) -> list[object]:
    """The same for work that waited at one time, so that one commit may hold all of it."""
    outer = store.submit(lambda _: [store.submit(work) for work in several])
    futures = outer.result(WAIT_S)
    errors = [future.exception(WAIT_S) for future in futures]
    return [
        type(error) if error else future.result()
        for future, error in zip(futures, errors, strict=True)
    ]


class Histories(RuleBasedStateMachine):
    """Plays the same work on every store, the first of which is the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="histories-"))
        self.stores = {name: maker(self.folder) for name, maker in MAKERS.items()}
        for store in self.stores.values():
            for table, row in FIRST:
                add(store, table, row)

    @rule(work=WORKS)
    def play(self, work: Step) -> None:
        seen = {name: outcome_of(store, work) for name, store in self.stores.items()}
        assert all(outcome == seen["memory"] for outcome in seen.values()), seen

    @rule(several=st.lists(WORKS, min_size=2, max_size=6))
    def play_together(self, several: list[Step]) -> None:
        seen = {name: outcomes_of(store, several) for name, store in self.stores.items()}
        assert all(outcome == seen["memory"] for outcome in seen.values()), seen

    @invariant()
    def tables_are_equal(self) -> None:
        tables = {name: everything(store) for name, store in self.stores.items()}
        assert all(rows == tables["memory"] for rows in tables.values())

    def teardown(self) -> None:
        for store in self.stores.values():
            store.close()
        shutil.rmtree(self.folder)


def check(examples: int, *more: Phase) -> None:
    assert len(MAKERS) >= 2, "is there something to compare?"
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, *more],
        ),
    )


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared here does not hang on the disk; waiting for it would be most of the time."""
    monkeypatch.setitem(sqlite_file.PRAGMAS, "synchronous", "OFF")


def test_r50_every_store_tells_the_same_history() -> None:
    """Fails fast; the long form then looks for the shortest history that does."""
    check(8)


@pytest.mark.long
def test_r50_every_store_tells_the_same_history_at_length() -> None:
    check(200, Phase.shrink)
