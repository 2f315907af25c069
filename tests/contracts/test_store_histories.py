"""Random histories: every store gives the same answers and ends with the same tables (R50)."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.errors import StoreError
from bot.service.ports import AtLeast, AtMost, Condition, OneOf, Row, Scalar, Store, Tx
from bot.service.tables import TABLE_BY_NAME, Table
from bot.storage import sqlite_file
from tests.contracts.stores import MAKERS, WAIT_S, everything

Step = Callable[[Tx], object]

TABLES = [TABLE_BY_NAME[name] for name in ("branch", "person", "role", "invite", "feedback")]
WORDS = st.sampled_from(["", "a", "b", "B", "é", "\U0001f469", "a\x01"])
NUMBERS = st.sampled_from([-1, 0, 1, 2, 10**15])
BAD: st.SearchStrategy[Scalar] = st.sampled_from([None, 1.5, "a\0", "\ud800", 2**64])


def values(table: Table, column: str) -> st.SearchStrategy[Scalar]:
    good: st.SearchStrategy[Scalar] = WORDS if table.columns[column] == "text" else NUMBERS
    return good if column not in table.optional else st.none() | good


def rows(table: Table) -> st.SearchStrategy[Row]:
    whole = {column: values(table, column) for column in table.columns}
    good = st.fixed_dictionaries(whole)
    bad = st.fixed_dictionaries({**whole, table.key[0]: BAD})
    short = st.fixed_dictionaries({}, optional=whole)
    return st.one_of(good, good, good, good, good, short, bad)


def conditions(table: Table, column: str) -> st.SearchStrategy[Condition]:
    good: st.SearchStrategy[str | int] = WORDS if table.columns[column] == "text" else NUMBERS
    return st.one_of(
        good,
        good,
        good,
        st.none(),
        good.map(AtMost),
        good.map(AtLeast),
        st.lists(good, max_size=3).map(tuple).map(OneOf),
        BAD,
    )


def wheres(table: Table) -> st.SearchStrategy[Mapping[str, Condition]]:
    columns = st.lists(st.sampled_from(list(table.columns)), max_size=2, unique=True)
    return columns.flatmap(
        lambda chosen: st.fixed_dictionaries({name: conditions(table, name) for name in chosen})
    )


def orders(table: Table) -> st.SearchStrategy[list[str]]:
    names = [sign + column for column in table.columns for sign in ("", "-")]
    return st.lists(st.sampled_from(names), max_size=2)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One call on a transaction."""
    table = draw(st.sampled_from(TABLES))
    where = draw(wheres(table))
    kind = draw(st.sampled_from(["insert", "new", "new", "get", "find", "update", "delete"]))
    match kind:
        case "insert":
            row = draw(rows(table))
            return lambda tx: tx.insert(table.name, row)
        case "new":
            row = draw(rows(table))
            return lambda tx: tx.insert_new(table.name, row)
        case "get":
            return lambda tx: (tx.get(table.name, where), tx.count(table.name, where))
        case "find":
            order, limit = draw(orders(table)), draw(st.none() | st.integers(0, 3))
            return lambda tx: tx.find(table.name, where, order=order, limit=limit)
        case "update":
            changes = draw(st.fixed_dictionaries({}, optional=rows_optional(table)))
            return lambda tx: tx.update(table.name, where, changes)
        case _:
            return lambda tx: tx.delete(table.name, where)


def rows_optional(table: Table) -> dict[str, st.SearchStrategy[Scalar]]:
    return {column: values(table, column) for column in table.columns}


class OopsError(Exception):
    """What work raises of its own."""


@st.composite
def works(draw: st.DrawFn) -> Step:
    """Several calls; at the end all is well, or the work raises, or it swallows refusals."""
    plan = draw(st.lists(steps(), min_size=1, max_size=5))
    end = draw(st.sampled_from(["well", "well", "well", "raises", "swallows"]))
    return partial(play, plan, end)


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
            store.submit(lambda tx: tx.insert("branch", {"id": "a", "name": "", "created_at": 0}))

    @rule(work=works())
    def play(self, work: Step) -> None:
        seen = {name: outcome_of(store, work) for name, store in self.stores.items()}
        assert all(outcome == seen["memory"] for outcome in seen.values()), seen

    @rule(several=st.lists(works(), min_size=2, max_size=6))
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


def check(examples: int) -> None:
    assert len(MAKERS) >= 2, "is there something to compare?"
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared here does not hang on the disk; waiting for it would be most of the time."""
    monkeypatch.setitem(sqlite_file.PRAGMAS, "synchronous", "OFF")


def test_r50_every_store_tells_the_same_history() -> None:
    check(40)


@pytest.mark.long
def test_r50_every_store_tells_the_same_history_at_length() -> None:
    check(1500)
