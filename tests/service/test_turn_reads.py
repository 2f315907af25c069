"""What a turn reads is said beforehand, so that PostgreSQL is asked in two journeys (R11)."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest

from bot.messages import Address, Inbound, Place, Text
from bot.service.conversation import Conversation
from bot.service.flood import Limits
from bot.service.ports import Foreseen, Row, Selection, Store, Tx, Where, select
from tests.service.houses import CHANNEL, House

T = TypeVar("T")


class Watched:
    """A transaction whose reads are noted."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.reads: list[Selection] = []

    def get(self, table: str, where: Where) -> Row | None:
        self.reads.append(Selection(table, where, limit=1))
        return self._tx.get(table, where)

    def find(
        self, table: str, where: Where, *, order: Collection[str] = (), limit: int | None = None
    ) -> list[Row]:
        self.reads.append(Selection(table, where, tuple(order), limit))
        return self._tx.find(table, where, order=tuple(order), limit=limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


class WatchingStore:
    """Another store that does what was foreseen first, and notes what was not."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.foreseen: list[Selection] = []
        self.unforeseen: list[Selection] = []

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        assert isinstance(work, Foreseen)

        def watched(tx: Tx) -> T:
            self.foreseen = list(_asked(tx, work))
            watching = Watched(tx)
            result: T = work(watching)
            self.unforeseen = [one for one in watching.reads if one not in self.foreseen]
            return result

        return self._store.submit(watched, locks)

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        return self._store.submit_ahead(work)

    def checkpoint(self) -> "Future[None]":
        return self._store.checkpoint()

    def close(self) -> None:
        self._store.close()


def _asked(tx: Tx, work: Foreseen[T]) -> list[Selection]:
    """Everything that work says it will read, told what there is."""
    foresight, asked = work.reads(), list[Selection]()
    try:
        step = next(foresight)
        while True:
            asked += step
            step = foresight.send([select(tx, one) for one in step])
    except StopIteration:
        return asked


@pytest.mark.parametrize("limits", [Limits(), Limits(person=20, place=40)])
def test_r11_nothing_but_the_foreseen_is_read_by_a_menu_choice(
    house: House, limits: Limits
) -> None:
    store = WatchingStore(house.store)
    talk = Conversation(store, house.library, house.clock, limits=limits)
    for number, words in enumerate(("topics", "1", "topics", "moon", "topics")):
        ann = Address(CHANNEL, "ann")
        said = Inbound(
            key=f"k{number}",
            identity=ann,
            address=ann,
            place=Place.PRIVATE,
            utterance=Text(words),
        )
        assert talk.hear(said).result(30)
        assert store.unforeseen == [], words
