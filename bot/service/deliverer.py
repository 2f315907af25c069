"""The loop that delivers the outbox: lease, send, receipt. One of the two doors for any error."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from bot.errors import (
    OutcomeUnknown,
    Rejected,
    StoreError,
    Throttled,
    Tried,
    Unreachable,
    places,
)
from bot.messages import Reply
from bot.service import files, outbox, pacing, reachability
from bot.service.outbox import Delivery
from bot.service.ports import Channel, Clock, Store, Tx
from bot.service.put_back import LastLook, shorten_leases
from bot.service.side_by_side import side_by_side

T = TypeVar("T")
IDLE_S = 30.0  # seconds between looks at the outbox when nobody wakes us; leases run out meanwhile
AT_ONCE = 32  # deliveries on their way together
BULK_AT_ONCE = (
    12  # of them in bulk: 0.4 s of Telegram's pace, the longest that a reply stands behind
)
LOOK_S = 1.0  # seconds between looks while something is on its way
SEND_S = (
    30.0  # seconds a send may take, well inside its lease; then nobody knows whether it arrived
)
PAUSE_S = 1.0  # seconds before we go on after an error

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a delivery.

    Attributes:
        mark: Writes it down.
        locks: What it takes for that.
        is_sent: Whether the platform has it.
    """

    mark: Callable[[Tx, datetime], None]
    locks: Collection[str] = ()
    is_sent: bool = False


class Deliverer:
    """Delivers what is in the outbox, to the channels that run in this process.

    Args:
        store: Holds the outbox.
        channels: By name.
        clock: Time, and a name for this worker.
        idle_s: Seconds between looks when nobody wakes us: less where other processes queue too.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        idle_s: float = IDLE_S,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = clock.fresh()
        self._wake = asyncio.Event()
        self._last_look = LastLook()
        self._idle_s = idle_s
        self._is_stopping = False
        self._is_in_doubt = False

    def wake(self) -> None:
        """Something was queued: look now. To be called from the event loop's thread."""
        self._wake.set()

    def stop(self) -> None:
        """Let `run` end as soon as what is on its way has arrived; the rest waits in the outbox."""
        self._is_stopping = True
        self._wake.set()

    async def recover(self) -> int:
        """At start, where no other process delivers: take back what an earlier one had leased.

        Returns:
            How many.
        """
        now = self._clock.now()
        return await self._work(lambda tx: outbox.recover_all(tx, now))

    async def run(self) -> None:
        """Deliver until `stop`, or until cancelled. Whatever goes wrong, it goes on."""
        while not self._is_stopping:
            with Tried() as tried:
                await self.deliver_due()
                await self._rest()
            if (error := tried.error) is not None:
                log.warning("outbox.failed", error=type(error).__name__, where=places(error))
                self._is_in_doubt = True
                await asyncio.sleep(PAUSE_S)

    async def deliver_due(self) -> int:
        """Send everything that is due now, and what becomes due by it; returns how many were tried.

        Addresses do not wait for each other: while one is slow, the others are looked after.
        """
        return await side_by_side(self._claim, self._deliver, self._wake, LOOK_S)

    async def _claim(self, running: Collection[Delivery]) -> tuple[Delivery, ...]:
        """Lease as much as there is room for; the bulk never takes it all."""
        if self._is_stopping:
            return ()
        now, names = self._clock.now(), tuple(self._channels)
        limit = AT_ONCE - len(running)
        bulk = BULK_AT_ONCE - sum(one.is_bulk for one in running)
        under_way = frozenset(one.id for one in running)
        is_put_back = self._last_look.is_put_back(now) or self._is_in_doubt

        def work(tx: Tx) -> tuple[Delivery, ...]:
            if (
                self._is_in_doubt
            ):  # a claim may have been kept although we were told that it failed
                outbox.recover_own(tx, self._owner, now)
            if is_put_back:
                shorten_leases(tx, "outbox", outbox.LEASE, now)
            outbox.recover(tx, now, under_way)
            return outbox.claim(tx, self._owner, names, now, limit, bulk)

        claimed = await self._work(work, (outbox.LOCK,))
        self._is_in_doubt = False
        return claimed

    async def _deliver(self, delivery: Delivery) -> None:
        became = await self._send(delivery)
        await self._settle(became)
        if became.is_sent and not delivery.kept:
            await self._wipe()

    async def _send(self, delivery: Delivery) -> Became:
        """Send it, and say what is to be written down."""
        channel = self._channels[delivery.address.channel]
        with Tried() as tried:
            file = await self._file(delivery.reply)
            async with asyncio.timeout(SEND_S):
                receipt = await channel.send(
                    delivery.address, delivery.place, delivery.reply, delivery.id, file
                )
            return Became(
                lambda tx, now: outbox.sent(tx, delivery, self._owner, receipt, now), is_sent=True
            )
        return self._meaning(delivery, tried.error)

    def _meaning(self, delivery: Delivery, error: Exception | None) -> Became:
        """What becomes of a delivery that was not taken, or of which nobody knows."""
        name = type(error).__name__
        match error:
            case Throttled():
                return self._put_off(delivery, error)
            case Unreachable():
                return Became(lambda tx, now: self._lose(tx, delivery, now))
            case Rejected():
                log.warning("delivery.rejected", delivery=delivery.id)
                return Became(lambda tx, now: outbox.failed(tx, delivery, self._owner, name, now))
            case OutcomeUnknown() | TimeoutError():
                name = "OutcomeUnknown"
            case _:
                where = places(error) if error else []
                log.warning("delivery.failed", delivery=delivery.id, error=name, where=where)
        return Became(lambda tx, now: outbox.unknown(tx, delivery, self._owner, name, now))

    async def _file(self, reply: Reply) -> bytes | None:
        attachment = reply.attachment
        if attachment is None:
            return None
        return await self._work(lambda tx: files.content_of(tx, attachment.file), ())

    def _put_off(self, delivery: Delivery, error: Throttled) -> Became:
        """It goes out later, as the channel asked; a whole broadcast waits where that may mean all."""
        wait_s, is_wide = error.retry_after_s, error.is_wide and delivery.is_bulk

        def mark(tx: Tx, now: datetime) -> None:
            outbox.again(tx, delivery, self._owner, "Throttled", now, wait_s)
            if is_wide:
                pacing.hold(tx, delivery.address.channel, wait_s, now)

        return Became(mark, (outbox.LOCK,) if is_wide else ())

    def _lose(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """It can never arrive, nor can the next one to this address until somebody writes from it."""
        outbox.failed(tx, delivery, self._owner, "Unreachable", now)
        reachability.lose(tx, delivery.address, delivery.place, now)

    async def _settle(self, became: Became) -> None:
        """Write down what became of it; if that fails, its lease runs out and it goes out again."""
        now = self._clock.now()
        try:
            await self._work(lambda tx: became.mark(tx, now), became.locks)
        except StoreError as error:
            log.warning("outbox.not-settled", error=type(error).__name__)

    async def _wipe(self) -> None:
        """Leave no copy of what was sent in the store's files."""
        try:
            await asyncio.wrap_future(self._store.checkpoint())
        except StoreError as error:
            log.warning("outbox.not-wiped", error=type(error).__name__)

    async def _rest(self) -> None:
        if self._is_stopping:
            return
        names, now = tuple(self._channels), self._clock.now()
        due_at = await self._work(lambda tx: outbox.next_due(tx, names, now), ())
        wait_s = self._idle_s
        if due_at is not None:
            wait_s = min(max((due_at - self._clock.now()).total_seconds(), 0.01), self._idle_s)
        try:
            async with asyncio.timeout(wait_s):  # wait_for may forget that it was cancelled
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _work(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> T:
        return await asyncio.wrap_future(self._store.submit(work, locks))
