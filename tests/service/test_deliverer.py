"""The loop that delivers: what a channel may do to it, with a clock that stands still."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import pytest

from bot.errors import (
    DeliveryError,
    Inconsistent,
    OutcomeUnknown,
    StoreError,
    Throttled,
    Unreachable,
)
from bot.messages import Address, Command, Place, Reply, Text
from bot.service import deliverer as module
from bot.service import outbox
from bot.service.clock import micros
from bot.service.deliverer import Deliverer
from bot.service.outbox import BULK, LEASE, MAX_TRIES, Delivery
from bot.service.outbox_order import Status
from bot.service.ports import Tx
from bot.storage.memory import MemoryStore
from tests.service.houses import CHANNEL, House, RecordingChannel

T = TypeVar("T")
COST = "How much does registration cost?"


@pytest.fixture
def house() -> House:
    made = House(MemoryStore())
    for who in ("ann", "ben", "eve"):
        made.hear(who, Text(COST))
    return made


def channel(**script: Exception | list[Exception | None]) -> RecordingChannel:
    steps = {who: one if isinstance(one, list) else [one] for who, one in script.items()}
    return RecordingChannel(script=steps)


def status_of(house: House, who: str) -> tuple[str, int, str | None]:
    (row,) = house.rows("outbox", address=who)
    error = row["error"]
    return str(row["status"]), int(row["tries"] or 0), None if error is None else str(error)


def receivers(out: RecordingChannel) -> list[str]:
    return sorted(sent.address.id for sent in out.sent)


def test_everything_goes_out_with_its_place_its_key_and_a_receipt(house: House) -> None:
    out = channel()
    assert house.deliver(out) == 3
    assert receivers(out) == ["ann", "ben", "eve"]
    assert {sent.place for sent in out.sent} == {Place.PRIVATE}
    assert {sent.key for sent in out.sent} == {row["id"] for row in house.rows("outbox")}
    assert {str(row["receipt"]) for row in house.rows("outbox")} == {
        "receipt-1",
        "receipt-2",
        "receipt-3",
    }
    assert house.deliver(out) == 0


@pytest.mark.parametrize(
    ("error", "status", "tries", "name"),
    [
        (Throttled(30), Status.QUEUED, 0, "Throttled"),
        (Unreachable(), Status.FAILED, 1, "Unreachable"),
        (OutcomeUnknown(), Status.QUEUED, 1, "OutcomeUnknown"),
        (TimeoutError(), Status.QUEUED, 1, "OutcomeUnknown"),
        (DeliveryError("?"), Status.QUEUED, 1, "DeliveryError"),
        (ValueError("?"), Status.QUEUED, 1, "ValueError"),
    ],
)
def test_one_address_in_trouble_stops_no_other(
    house: House, error: Exception, status: Status, tries: int, name: str
) -> None:
    out = channel(ann=error)
    house.deliver(out)
    assert receivers(out) == ["ben", "eve"]
    assert status_of(house, "ann") == (status.value, tries, name)


def test_throttled_waits_as_long_as_it_was_asked_to(house: House) -> None:
    out = channel(ann=Throttled(30))
    house.deliver(out)
    house.clock.pass_(seconds=29.9)
    assert house.deliver(out) == 0
    house.clock.pass_(seconds=0.2)
    assert house.deliver(out) == 1
    assert "ann" in receivers(out)


def test_nothing_overtakes_what_waits(house: House) -> None:
    out = channel(ann=Throttled(30))
    house.deliver(out)
    house.hear("ann", Command("help"), key="later")
    house.clock.pass_(seconds=10)
    assert house.deliver(out) == 0
    house.clock.pass_(seconds=30)
    house.deliver(out)
    assert [sent.key for sent in out.sent if sent.address.id == "ann"][-1] == "later#0"
    assert len(out.tried) == 5


def test_an_unknown_outcome_is_repeated_once_for_each(house: House) -> None:
    out = channel(ann=[OutcomeUnknown(), None])
    for _ in range(5):
        house.deliver(out)
        house.clock.pass_(seconds=120)
    assert [key for key in out.tried if key == out.sent[-1].key] == [out.sent[-1].key] * 2
    assert status_of(house, "ann")[0] == Status.SENT.value


def test_unreachable_is_never_tried_again(house: House) -> None:
    out = channel(ann=Unreachable())
    house.deliver(out)
    house.clock.pass_(days=1)
    assert house.deliver(out) == 0
    assert len(out.tried) == 3


def test_other_errors_back_off_and_end(house: House) -> None:
    out = channel(ann=[ConnectionError() for _ in range(99)])
    for _ in range(20):
        house.deliver(out)
        house.clock.pass_(seconds=120)
    assert status_of(house, "ann") == (Status.FAILED.value, MAX_TRIES, "ConnectionError")
    assert len(out.tried) == 2 + MAX_TRIES


def test_a_channel_that_is_not_here_is_left_to_another_process(house: House) -> None:
    assert house.deliver(RecordingChannel(name="elsewhere")) == 0
    assert {status_of(house, who)[0] for who in ("ann", "ben", "eve")} == {Status.QUEUED.value}


class Hanging(RecordingChannel):
    """Never comes back from one address until it is let go."""

    def __init__(self, who: str) -> None:
        super().__init__()
        self.who, self.let_go = who, asyncio.Event()

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        if address.id == self.who:
            await self.let_go.wait()
        return await super().send(address, place, reply, key)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others run until something holds; no clock is asked."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


def run(
    house: House,
    play: Callable[[Deliverer, Hanging], Awaitable[None]],
    who: str,
    idle_s: float = module.IDLE_S,
) -> Hanging:
    async def go() -> Hanging:
        out = Hanging(who)
        deliverer = Deliverer(house.store, {CHANNEL: out}, house.clock, idle_s)
        running = asyncio.create_task(deliverer.run())
        try:
            await play(deliverer, out)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return out

    return asyncio.run(go())


def test_a_send_that_hangs_stops_nobody_now_or_later(house: House) -> None:
    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: receivers(out) == ["ben", "eve"])
        house.hear("ben", Command("help"))
        deliverer.wake()
        await until(lambda: receivers(out) == ["ben", "ben", "eve"])
        out.let_go.set()
        await until(lambda: "ann" in receivers(out))

    run(house, play, "ann")


def test_a_clock_that_jumps_ahead_sends_nothing_twice(house: House) -> None:
    """What is on its way here stays ours, whatever the clock says of its lease (R52)."""

    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: receivers(out) == ["ben", "eve"])
        house.clock.pass_(hours=24)
        house.hear("ben", Command("help"))
        deliverer.wake()
        await until(lambda: receivers(out) == ["ben", "ben", "eve"])
        house.clock.pass_(hours=24)
        out.let_go.set()
        await until(lambda: "ann" in receivers(out))
        await until(lambda: {row["status"] for row in house.rows("outbox")} == {Status.SENT})

    assert receivers(run(house, play, "ann")).count("ann") == 1


def test_a_send_that_takes_too_long_has_an_unknown_outcome(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEND_S", 0.001)
    assert asyncio.run(_deliver_hanging(house)) == 3
    assert status_of(house, "ann") == (Status.QUEUED.value, 1, "OutcomeUnknown")


async def _deliver_hanging(house: House) -> int:
    return await Deliverer(house.store, {CHANNEL: Hanging("ann")}, house.clock).deliver_due()


def test_a_send_has_to_end_well_inside_its_lease() -> None:
    assert LEASE.total_seconds() >= 2 * module.SEND_S


def test_waking_delivers_at_once(house: House) -> None:
    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: len(out.sent) == 3)
        for number in range(5):
            house.hear("ann", Command("help"))
            deliverer.wake()
            await until(lambda n=number: len(out.sent) == 4 + n)  # type: ignore[misc]  # bound at once

    run(house, play, "nobody")


def test_at_start_the_leases_of_an_earlier_process_are_taken_back(house: House) -> None:
    async def crash() -> None:
        deliverer = Deliverer(house.store, {CHANNEL: Hanging("ann")}, house.clock)
        task = asyncio.create_task(deliverer.deliver_due())
        await until(lambda: status_of(house, "ben")[0] == Status.SENT.value)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def restart() -> int:
        return await Deliverer(house.store, {CHANNEL: out}, house.clock).recover()

    asyncio.run(crash())
    out = channel()
    assert status_of(house, "ann")[0] == Status.LEASED.value
    assert house.deliver(out) == 0, "nobody else may send it while it is leased"
    assert asyncio.run(restart()) == 1
    house.clock.pass_(seconds=1)
    assert house.deliver(out) == 1
    assert receivers(out) == ["ann"]


class Failing(MemoryStore):
    """A store that cannot commit for a while, and says so as every store does."""

    failures = 0

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        if self.failures <= 0:
            return super().submit(work, locks)
        self.failures -= 1
        future: Future[T] = Future()
        future.set_exception(StoreError("The disk is full."))
        return future


def test_the_loop_goes_on_when_the_store_fails_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    store = Failing()
    house = House(store)
    house.hear("ann", Text(COST))
    store.failures = 3

    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: len(out.sent) == 1)

    assert receivers(run(house, play, "nobody")) == ["ann"]
    assert status_of(house, "ann")[0] == Status.SENT.value


def test_what_went_out_but_could_not_be_settled_goes_out_again_after_its_lease() -> None:
    store = Failing()
    house = House(store)
    house.hear("ann", Text(COST))

    class Breaking(RecordingChannel):
        async def send(
            self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
        ) -> str:
            store.failures = 1
            return await super().send(address, place, reply, key)

    out = Breaking()
    house.deliver(out)
    assert status_of(house, "ann")[0] == Status.LEASED.value
    house.clock.pass_(seconds=60)
    house.deliver()
    house.clock.pass_(seconds=1)
    house.deliver()
    assert len(out.sent) + len(house.channel.sent) == 2, "one repeat, none lost"


async def idly(turns: int = 200) -> None:
    """Let everything come to rest."""
    for _ in range(turns):
        await asyncio.sleep(0)


def test_at_rest_it_wakes_when_somebody_says_so(house: House) -> None:
    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: len(out.sent) == 3)
        await idly()
        house.hear("ann", Command("help"))
        await idly()
        assert len(out.sent) == 3, "nobody said so"
        deliverer.wake()
        await until(lambda: len(out.sent) == 4)

    run(house, play, "nobody")


@pytest.mark.parametrize("ticks", range(5))
def test_it_ends_when_it_is_cancelled_in_the_moment_it_wakes(house: House, ticks: int) -> None:
    async def scene() -> None:
        deliverer = Deliverer(house.store, {CHANNEL: channel()}, house.clock)
        running = asyncio.create_task(deliverer.run())
        await until(lambda: not house.rows("outbox", status="queued"))
        await idly()
        deliverer.wake()
        await idly(ticks)
        running.cancel()
        await idly()
        assert running.cancelled()

    asyncio.run(scene())


def test_at_rest_it_looks_again_by_itself(house: House) -> None:
    """Also for what becomes due while it rests."""

    async def play(deliverer: Deliverer, out: Hanging) -> None:
        await until(lambda: len(out.sent) == 3)
        await idly()
        house.hear("ann", Command("help"))
        later = house.clock.now() + LEASE
        house.do(lambda tx: tx.update("outbox", {"status": "queued"}, {"due_at": micros(later)}))
        await idly()
        assert len(out.sent) == 3, "it is not due yet"
        house.clock.time = later
        await until(lambda: len(out.sent) == 4)

    run(house, play, "nobody", idle_s=0.0)


def test_a_last_word_is_settled_even_where_no_checkpoint_can_be_made() -> None:
    class Unwiped(MemoryStore):
        def checkpoint(self) -> "Future[None]":
            future: Future[None] = Future()
            future.set_exception(StoreError("Another program is reading."))
            return future

    house = House(Unwiped())
    house.hear("ann", Text(COST))
    house.hear("ann", Command("forget", "yes"))
    assert house.deliver() == 1
    assert house.rows("outbox") == []


class Slow(RecordingChannel):
    """One delivery ends at a time, as the pace of a platform lets them; the tenth makes a reply come in."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house
        self._gate = asyncio.Lock()

    async def send(self, address: Address, *more: Any, **named: Any) -> str:
        """See `Channel.send`."""
        async with self._gate:
            await asyncio.sleep(0)
            if len(self.sent) == 10:
                self._house.hear("ann", Command("help"), key="test:late")
            return await super().send(address, *more, **named)


def test_a_reply_never_waits_behind_more_than_a_handful_of_a_broadcast(house: House) -> None:
    for number in range(200):
        house.hear(f"member-{number:03}", Text(COST))
    house.do(lambda tx: tx.update("outbox", {}, {"lane": BULK}))
    out = Slow(house)
    assert house.deliver(out) == 204
    order = [sent.key for sent in out.sent]
    behind = order.index("test:late#0") - 10
    assert behind <= module.BULK_AT_ONCE


class Counting(MemoryStore):
    """Counts pieces of work."""

    def __init__(self) -> None:
        super().__init__()
        self.works = 0

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        self.works += 1
        return super().submit(work, locks)


def test_what_arrives_together_is_written_down_together() -> None:
    house = House(Counting())
    for number in range(20):
        house.hear(f"p{number}", Text(COST))
    assert isinstance(house.store, Counting)
    house.store.works = 0
    house.deliver()
    assert house.store.works == 3, "a claim, what became of all, and a claim of nothing"
    assert {str(row["status"]) for row in house.rows("outbox")} == {Status.SENT.value}


@pytest.mark.parametrize("trouble", [Inconsistent("no"), ValueError("a slip")])
def test_one_that_cannot_be_written_down_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    sent = outbox.sent

    def refuse(tx: Tx, delivery: Delivery, owner: str, receipt: str, now: datetime) -> None:
        if delivery.address.id == "ben":
            raise trouble
        sent(tx, delivery, owner, receipt, now)

    monkeypatch.setattr(outbox, "sent", refuse)
    with suppress(ValueError):
        house.deliver()
    assert [status_of(house, who)[0] for who in ("ann", "ben", "eve")] == [
        Status.SENT.value,
        Status.LEASED.value,
        Status.SENT.value,
    ]
