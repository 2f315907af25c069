"""The purge in pieces: turns get their say in between, and the figures are those of one sweep (R46)."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import TypeVar

import pytest

from bot.messages import Text
from bot.service import purging
from bot.service.ports import Row, Store, Tx
from tests.service.houses import House

T = TypeVar("T")
COST = "How much does registration cost?"


class Watched:
    """A store that writes down how many rows each transaction deleted."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.deleted: list[int] = []

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`."""
        before = self._count()
        future = self.house.store.submit(work, locks)
        future.result(30)
        self.deleted.append(before - self._count())
        return future

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """See `Store.submit_ahead`."""
        return self.submit(work)

    def checkpoint(self) -> "Future[None]":
        """See `Store.checkpoint`."""
        return self.house.store.checkpoint()

    def close(self) -> None:
        """See `Store.close`."""

    def _count(self) -> int:
        return sum(len(rows) for rows in self.house.everything().values())


def fill(house: House) -> None:
    for number in range(12):
        who = f"p{number}"
        house.say(who, COST)
        house.say(who, "moon?")
        if number % 3 == 0:
            house.hear(who, Text("stop"))
    house.deliver()
    house.clock.pass_(days=400)


def purge(house: House, store: Store, size: int) -> dict[str, int]:
    assert house.content.retention is not None
    return dict(purging.purge(store, house.content.retention, house.clock.now(), size))


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_pieces_of_any_size_delete_the_same(house: House, size: int) -> None:
    fill(house)
    gone = purge(house, house.store, size)
    assert gone == {
        "miss": 12,
        "outbox": 28,
        "inbound_key": 28,
        "session": 12,
        "person": 8,
    }
    assert len(house.rows("person")) == 4
    assert purge(house, house.store, size) == {}


def test_no_transaction_is_larger_than_a_piece(house: House) -> None:
    fill(house)
    watched = Watched(house)
    purge(house, watched, size=5)
    assert max(watched.deleted) <= 2 * 5, "a person goes with their account"
    assert len(watched.deleted) > 15


def test_votes_with_a_key_of_two_columns_go_too(house: House) -> None:
    house.say("ann", COST)
    person = house.person("ann")
    for number in range(7):
        row: Row = {"person": person, "about": str(number), "branch": "main", "entry": "cost"}
        house.do(lambda tx, row=row: tx.insert("feedback", {**row, "helpful": 1, "at": 1}))  # type: ignore[misc]  # bound at once
    assert purge(house, house.store, size=3)["feedback"] == 7
