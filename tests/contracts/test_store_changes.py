"""What every store does when rows are changed and deleted."""

import pytest

from bot.service.ports import AtMost, Row, Scalar, Store, Where
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME, TABLES
from tests.contracts.stores import (
    add,
    both,
    branch,
    do,
    everything,
    inserting,
    invite,
    miss_ids,
    person,
    refused,
    rows_of,
    session,
)


class TestUpdate:
    def test_it_changes_what_matches_and_says_how_many(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.update("miss", {"at": 2}, {"status": "seen"})) == 2
        assert miss_ids(misses, {"status": "seen"}) == ["m2", "m3"]

    def test_rows_that_stay_as_they_were_count_too(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.update("miss", {"at": 2}, {"at": 2})) == 2

    def test_without_changes_it_counts(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.update("miss", {"at": 2}, {})) == 2

    def test_nothing_matches(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.update("miss", {"at": 9}, {"status": "x"})) == 0

    def test_a_version_lets_one_of_two_through(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "person", person("p"))
        add(store, "session", session("p"))

        def save(state: str) -> int:
            where: Where = {"person": "p", "version": 1}
            changes: Row = {"version": 2, "state": state}
            return do(store, lambda tx: tx.update("session", where, changes))

        assert [save("first"), save("second")] == [1, 0]
        assert rows_of(store, "session")[0]["state"] == "first"

    def test_an_optional_column_can_be_emptied(self, misses: Store) -> None:
        do(misses, lambda tx: tx.update("miss", {"id": "m2"}, {"chosen": None}))
        assert miss_ids(misses, {"chosen": None}) == ["m1", "m2", "m3", "m4"]

    @pytest.mark.parametrize(
        "changes",
        [{"words": None}, {"town": "York"}, {"at": "now"}, {"id": "m1"}, {"words": "a\0"}],
    )
    def test_changes_that_no_row_could_have_are_refused(
        self, misses: Store, changes: dict[str, Scalar]
    ) -> None:
        before = everything(misses)
        refused(misses, lambda tx: tx.update("miss", {"at": 2}, changes))
        assert everything(misses) == before

    def test_keys_and_references_hold(self, store: Store) -> None:
        add(store, "branch", branch("b"), branch("c"))
        add(store, "person", person("p"))
        add(store, "invite", invite("i"), invite("j"))
        refused(store, lambda tx: tx.update("person", {"id": "p"}, {"branch": "nowhere"}))
        refused(store, lambda tx: tx.update("branch", {"id": "b"}, {"id": "d"}))
        refused(store, lambda tx: tx.update("invite", {"id": "j"}, {"code_hash": "hash of i"}))
        assert do(store, lambda tx: tx.update("branch", {"id": "b"}, {"id": "b"})) == 1
        assert do(store, lambda tx: tx.update("branch", {"id": "c"}, {"id": "d"})) == 1
        assert do(store, lambda tx: tx.update("person", {}, {"branch": "d"})) == 1


class TestDelete:
    def test_it_deletes_what_matches_and_says_how_many(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.delete("miss", {"at": AtMost(2)})) == 3
        assert miss_ids(misses, {}) == ["m4"]

    def test_nothing_matches(self, misses: Store) -> None:
        assert do(misses, lambda tx: tx.delete("miss", {"id": "m9"})) == 0
        assert len(miss_ids(misses, {})) == 4

    def test_a_row_that_others_refer_to_stays(self, store: Store) -> None:
        add(store, "branch", branch("b"), branch("c"))
        add(store, "person", person("p"))
        refused(store, lambda tx: tx.delete("branch", {"id": "b"}))
        assert do(store, lambda tx: tx.delete("branch", {"id": "c"})) == 1
        do(store, lambda tx: (tx.delete("person", {"id": "p"}), tx.delete("branch", {"id": "b"})))
        assert not any(everything(store).values())

    def test_a_deleted_key_is_free_again(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        again = inserting("branch", branch("b", name="N"))
        do(store, both(lambda tx: tx.delete("branch", {}), again))
        assert rows_of(store, "branch") == [branch("b", name="N")]


def test_there_are_tables_to_try() -> None:
    assert len(TABLES) >= 17, "are they where I look?"


KNOWN: dict[str, Scalar] = {"branch": "b", "person": "p", "survey": "s"}


def row_of(declared: Table) -> dict[str, Scalar]:
    """A whole row of a table; what it refers to has the id `b9`, or is known."""
    return {
        column: KNOWN.get(column, "b9" if kind == "text" else 9)
        for column, kind in declared.columns.items()
    }


def add_parents(store: Store, declared: Table) -> None:
    """The rows that a row of this table refers to."""
    for column, name in declared.references.items():
        if column not in KNOWN:
            add_parents(store, TABLE_BY_NAME[name])
            parent = row_of(TABLE_BY_NAME[name])
            do(store, lambda tx, name=name, parent=parent: tx.insert_new(name, parent))  # type: ignore[misc]  # bound at once


@pytest.mark.parametrize("declared", TABLES, ids=lambda table: table.name)
def test_every_table_keeps_a_row_and_lets_go_of_it(store: Store, declared: Table) -> None:
    add(store, "branch", branch("b"))
    add(store, "person", person("p"))
    add(store, "survey", {"id": "s", "branch": "b", "flow": "f", "flow_hash": "h", "opened_at": 1})
    add_parents(store, declared)
    row = row_of(declared)
    key = {column: row[column] for column in declared.key}
    do(store, lambda tx: tx.insert_new(declared.name, row))
    assert do(store, lambda tx: tx.get(declared.name, key)) == row
    assert do(store, lambda tx: tx.delete(declared.name, key)) == 1
