"""An incident is looked at a page at a time, so that nobody waits and no table has to fit in memory."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service import incident, moving
from bot.service.incident import Kind
from bot.service.moving import pages
from bot.service.ports import Row, Tx
from bot.service.tables import TABLE_BY_NAME, TABLES
from bot.storage.memory import MemoryStore
from tests.service.houses import CHANNEL, House

T = TypeVar("T")
PAGE = 3
BLANK: Row = {"branch": "b", "person": "p", "name": "n", "is_about": 0, "at": 1}
keys = st.tuples(
    st.sampled_from("ab"), st.integers(-1, 1), st.text("ab\x01\x02\u00e9", max_size=2)
)


class Watched(MemoryStore):
    """Remembers how many rows each piece of work read, and whether it kept others waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []
        self.alone = 0

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        self.alone += locks is None
        future = super().submit(work, locks)
        found = future.result()
        self.read += [len(found)] if isinstance(found, list) else []
        return future


def test_what_lay_there_is_counted_over_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PAGE", PAGE)
    store = Watched()
    house = House(store)
    names = [f"p{number}" for number in range(8)]
    for name in names:
        house.say(name, "hello")
    now = house.clock.now()
    house.clock.pass_(days=2)
    house.say("late", "hello")
    store.read.clear()
    store.alone = 0
    found = incident.look(store, now - timedelta(days=1), now, now)
    assert (found.people, found.channels) == (8, [(CHANNEL, 8)])
    assert Kind("Your chat accounts", 8, 8) in found.kinds
    assert incident.accounts(store, now) == [(CHANNEL, name) for name in names]
    assert max(store.read) == PAGE
    assert store.alone == 0


@given(st.sets(keys, max_size=20))
def test_pages_hold_every_row_once_in_the_order_of_their_keys(
    wanted: set[tuple[str, int, str]],
) -> None:
    table, store = TABLE_BY_NAME["run_answer"], MemoryStore()

    def work(tx: Tx) -> None:
        tx.insert("branch", {"id": "b", "name": "Rail", "created_at": 1})
        tx.insert("person", {"id": "p", "branch": "b", "language": "en", "created_at": 1})
        for run, revision, key in wanted:
            tx.insert("run_answer", {**BLANK, "run": run, "revision": revision, "key": key})

    store.submit(work).result()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moving, "PAGE", PAGE)
        found = list(pages(lambda read: store.submit(read).result(), table))
    rows = [row for page in found for row in page]
    assert [tuple(row[column] for column in table.key) for row in rows] == sorted(wanted)
    assert all(0 < len(page) <= PAGE for page in found)


def test_no_column_of_a_key_is_of_a_kind_that_has_no_next_value() -> None:
    kinds = {table.columns[column] for table in TABLES for column in table.key}
    assert kinds <= {"text", "integer"}
