"""R19: a turn that has to wait is kept first, and taken later, in order, also by another process."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StoreBusy, StoreError, StoreFull
from bot.messages import (
    Address,
    Choice,
    Command,
    Edited,
    Inbound,
    Place,
    Text,
    Token,
    Unreadable,
    Utterance,
)
from bot.service import waiting_room
from bot.service.inbound_text import decode_inbound, encode_inbound
from bot.service.intake import TRIES, Intake
from bot.service.ports import Store, Tx
from bot.service.reply_text import decode_reply
from bot.service.waiting_room import Way
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from tests.builders import wording
from tests.service.houses import CHANNEL, House

T = TypeVar("T")
WITHIN_S = 0.4
words = st.text(max_size=40)
utterances: st.SearchStrategy[Utterance] = st.one_of(
    words.map(Text),
    words.map(Edited),
    words.map(Unreadable),
    words.map(lambda token: Choice(Token(token))),
    st.builds(Command, words, words),
)


def said(who: str, number: int, utterance: Utterance | None = None) -> Inbound:
    return Inbound(
        key=f"{CHANNEL}:{who}-{number}",
        identity=Address(CHANNEL, who),
        address=Address(CHANNEL, who),
        place=Place.PRIVATE,
        utterance=utterance or Command("ask", f"{who}-{number}?"),
    )


def intake_of(house: House) -> Intake:
    return Intake(house.conversation, house.store, lambda: None)


def keep(house: House, *inbounds: Inbound) -> None:
    now = house.clock.now()
    for inbound in inbounds:
        house.do(partial(waiting_room.put, inbound=inbound, now=now))


def order_of(house: House) -> list[str]:
    """The keys whose turns were taken, in the order of their replies to each; others' may go between."""
    rows = house.do(lambda tx: tx.find("outbox", {}, order=("seq",)))
    return list(
        dict.fromkeys(str(row["id"]).partition("#")[0].removeprefix("test:") for row in rows)
    )


async def work_off(intake: Intake, house: House) -> None:
    """Until nothing waits."""
    stop = asyncio.Event()
    working = asyncio.create_task(intake.work_off(stop))
    async with asyncio.timeout(20):
        while await intake.do(lambda tx: tx.count("inbox", {})):
            pass
    stop.set()
    await working


@given(utterances, st.booleans(), words)
def test_what_came_in_reads_back_equal(utterance: Utterance, reads: bool, way: str) -> None:
    inbound = Inbound(
        key="k",
        identity=Address("a", "b"),
        address=Address("a", "b/c/1"),
        place=Place.GROUP,
        utterance=utterance,
        employer_reads=reads,
        private_way=way,
    )
    assert decode_inbound(encode_inbound(inbound)) == inbound


def hold(store: SQLiteStore, gate: threading.Event) -> None:
    """Keep the writer busy with one thing until a gate opens; returns when it is."""
    begun = threading.Event()

    def work(_: Tx) -> None:
        begun.set()
        gate.wait(20)

    SQLiteStore.submit(store, work)
    assert begun.wait(20)


class BusyStore(SQLiteStore):
    """Has a long queue: what waits in it goes on only once it is told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gate, self.first = threading.Event(), threading.Event()

    def block(self) -> None:
        """From now on the writer is busy: with one thing now, with another one behind it."""
        hold(self, self.first)
        self.submit(lambda _: self.gate.wait(20))

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        future = super().submit_ahead(work)
        self.first.set()
        return future


async def test_a_turn_that_has_to_wait_is_kept_within_the_limit_and_taken_once(
    tmp_path: Path,
) -> None:
    store = BusyStore(tmp_path / "busy.db")
    house = House(store)
    intake = intake_of(house)
    store.block()
    assert await intake.take(said("ann", 1), WITHIN_S)
    assert not store.gate.is_set(), "it was acknowledged while its turn waited"
    with closing(sqlite3.connect(tmp_path / "busy.db")) as reader:
        assert reader.execute("SELECT key FROM inbox").fetchall() == [("test:ann-1",)]
    store.gate.set()
    await intake.drain()
    assert house.rows("inbox") == []
    assert len(house.rows("inbound_key")) == 1
    assert order_of(house) == ["ann-1"]
    store.close()


async def test_a_store_that_can_commit_nothing_keeps_nothing(tmp_path: Path) -> None:
    """One piece of work holds the writer: there is no room ahead of it, and nobody says there is."""
    store = SQLiteStore(tmp_path / "held.db")
    intake = intake_of(House(store))
    gate = threading.Event()
    hold(store, gate)
    with pytest.raises(TimeoutError):
        await intake.take(said("ann", 1), WITHIN_S)
    gate.set()
    await intake.drain()
    assert not await intake.take(said("ann", 1), 20), "a late commit counts, and once"
    store.close()


async def test_a_turn_that_fails_after_it_was_kept_is_worked_off(tmp_path: Path) -> None:
    store = BusyStore(tmp_path / "full.db")
    house = House(store)
    intake = intake_of(house)
    hear, failing = house.conversation.hear, [True]

    def fails_once(inbound: Inbound, ways: list[Way] | None = None) -> "Future[bool]":
        def work(_: Tx) -> bool:
            raise StoreFull("The disk is full.")

        return store.submit(work) if failing and failing.pop() else hear(inbound, ways)

    house.conversation.hear = fails_once  # type: ignore[method-assign]  # as a full disk would
    store.block()
    assert await intake.take(said("ann", 1), WITHIN_S)
    store.gate.set()
    await work_off(intake, house)
    assert order_of(house) == ["ann-1"]
    store.close()


async def test_what_an_earlier_process_kept_is_taken_in_order(store: Store) -> None:
    house = House(store)
    keep(house, *(said(who, number) for number in range(3) for who in ("ann", "ben")))
    await work_off(intake_of(house), house)
    order = order_of(house)
    assert len(order) == 6
    assert [key for key in order if key.startswith("ann")] == ["ann-0", "ann-1", "ann-2"]
    assert [key for key in order if key.startswith("ben")] == ["ben-0", "ben-1", "ben-2"]


async def test_one_persons_failing_turn_holds_up_nobody_and_ends_in_an_apology(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.intake.RETRY_S", 0.0)
    monkeypatch.setattr(waiting_room, "LIMIT", 2)
    house = House(store)
    intake = intake_of(house)
    hear, tried = house.conversation.hear, []

    def fails(inbound: Inbound, ways: list[Way] | None = None) -> "Future[bool]":
        def work(_: Tx) -> bool:
            tried.append(inbound.key)
            raise StoreBusy("Somebody else has it.")

        return store.submit(work) if inbound.key == "test:ann-1" else hear(inbound, ways)

    house.conversation.hear = fails  # type: ignore[method-assign]  # a lock that is never had
    keep(house, *(said("ann", number) for number in range(1, 5)), said("ben", 1))
    await work_off(intake, house)
    assert len(tried) == TRIES
    assert order_of(house) == ["ben-1", "ann-1", "ann-2", "ann-3", "ann-4"]
    (apology,) = [row for row in house.rows("outbox") if "ann-1#" in str(row["id"])]
    assert wording("error.generic") in str(decode_reply(str(apology["body"])))


async def test_work_that_waits_is_looked_at_again_whatever_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.service.intake.RETRY_S", 0.0)
    house = House(MemoryStore())
    keep(house, said("ann", 1))
    heads, wrong = waiting_room.heads, [ValueError("ours"), StoreBusy("theirs")]

    def trouble(tx: Tx) -> tuple[Inbound, ...]:
        if wrong:
            raise wrong.pop()
        return heads(tx)

    monkeypatch.setattr(waiting_room, "heads", trouble)
    await work_off(intake_of(house), house)
    assert order_of(house) == ["ann-1"]


async def test_what_is_put_behind_others_is_looked_at_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody waits for the next look, which may be half a minute off."""
    monkeypatch.setattr("bot.service.intake.LOOK_S", 3_600.0)
    house = House(MemoryStore())
    intake, stop = intake_of(house), asyncio.Event()
    working = asyncio.create_task(intake.work_off(stop))
    await asyncio.sleep(0)
    while not intake._left._waiters:  # noqa: ASYNC110 - nothing else says that it rests
        await asyncio.sleep(0)
    keep(house, said("ann", 1))  # by another process
    assert await intake.hear(said("ann", 2))
    async with asyncio.timeout(20):
        while await intake.do(lambda tx: tx.count("inbox", {})):
            pass
    stop.set()
    await working
    assert order_of(house) == ["ann-1", "ann-2"]


async def test_what_is_said_meanwhile_waits_behind_it(store: Store) -> None:
    house = House(store)
    intake = intake_of(house)
    keep(house, said("ann", 1))
    assert await intake.hear(said("ann", 2))
    assert await intake.hear(said("ben", 1)), "others pass"
    assert [row["key"] for row in house.rows("inbox")] == ["test:ann-1", "test:ann-2"]
    assert order_of(house) == ["ben-1"]
    await work_off(intake, house)
    assert [key for key in order_of(house) if key != "ben-1"] == ["ann-1", "ann-2"]


async def test_what_was_taken_in_is_not_kept_again() -> None:
    house = House(MemoryStore())
    assert await intake_of(house).hear(said("ann", 1))
    keep(house, said("ann", 1))
    assert house.rows("inbox") == []


async def test_what_nobody_can_read_any_more_holds_nobody_up() -> None:
    house = House(MemoryStore())
    keep(house, said("ann", 1), said("ann", 2))
    house.do(lambda tx: tx.update("inbox", {"key": "test:ann-1"}, {"body": '{"format": 0}'}))
    await work_off(intake_of(house), house)
    assert order_of(house) == ["ann-2"]


def test_to_be_forgotten_is_to_be_forgotten_here_too() -> None:
    house = House(MemoryStore())
    house.command("ann", "help")
    keep(house, said("ann", 1), said("ben", 1))
    house.do(lambda tx: tx.update("inbox", {"key": "test:ann-1"}, {"account": "elsewhere"}))
    house.command("ann", "forget", "yes")
    assert [row["key"] for row in house.rows("inbox")] == ["test:ben-1"]


async def test_after_the_store_is_closed_nothing_is_kept(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "closed.db")
    store.close()
    with pytest.raises(StoreError):
        await asyncio.wrap_future(store.submit_ahead(lambda _: None))
