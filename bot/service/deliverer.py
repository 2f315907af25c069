"""The loop that delivers the outbox: lease, send, receipt. One of the two doors for any error."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import structlog

from bot.errors import OutcomeUnknown, StoreError, Throttled, Unreachable
from bot.service import outbox
from bot.service.outbox import Delivery
from bot.service.ports import Channel, Clock, Store, Tx

T = TypeVar("T")
IDLE_S = 30.0  # seconds between looks at the outbox when nobody wakes us; leases run out meanwhile

log = structlog.get_logger(__name__)


class Deliverer:
    """Delivers what is in the outbox, to the channels that run in this process.

    Args:
        store: Holds the outbox.
        channels: By name.
        clock: Time, and a name for this worker.
    """

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = clock.fresh()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something was queued: look now. To be called from the event loop's thread."""
        self._wake.set()

    async def recover(self) -> int:
        """At start: take back what an earlier process had leased. Returns how many."""
        now = self._clock.now()
        return await self._work(lambda tx: outbox.recover_all(tx, now))

    async def run(self) -> None:
        """Deliver for ever, until cancelled."""
        while True:
            try:
                await self.deliver_due()
                await self._rest()
            except StoreError as error:
                log.warning("outbox.store-failed", error=type(error).__name__)
                await asyncio.sleep(1.0)

    async def deliver_due(self) -> int:
        """Send everything that is due now, and what becomes due by it; returns how many were tried."""
        tried = 0
        while claimed := await self._claim():
            await asyncio.gather(*(self._deliver(delivery) for delivery in claimed))
            tried += len(claimed)
        return tried

    async def _claim(self) -> tuple[Delivery, ...]:
        now, names = self._clock.now(), tuple(self._channels)

        def work(tx: Tx) -> tuple[Delivery, ...]:
            outbox.recover(tx, now)
            return outbox.claim(tx, self._owner, names, now)

        return await self._work(work)

    async def _deliver(self, delivery: Delivery) -> None:
        channel = self._channels[delivery.address.channel]
        try:
            receipt = await channel.send(
                delivery.address, delivery.place, delivery.reply, delivery.id
            )
        except Throttled as error:
            wait_s = error.retry_after_s
            await self._settle(
                lambda tx, now: outbox.again(tx, delivery, self._owner, "Throttled", now, wait_s)
            )
        except Unreachable:
            await self._settle(
                lambda tx, now: outbox.failed(tx, delivery, self._owner, "Unreachable", now)
            )
        except OutcomeUnknown:
            await self._settle(
                lambda tx, now: outbox.unknown(tx, delivery, self._owner, "OutcomeUnknown", now)
            )
        except Exception as error:
            log.exception("delivery.failed", delivery=delivery.id)
            name = type(error).__name__
            await self._settle(lambda tx, now: outbox.again(tx, delivery, self._owner, name, now))
        else:
            await self._settle(
                lambda tx, now: outbox.sent(tx, delivery, self._owner, receipt, now)
            )

    async def _settle(self, mark: Callable[[Tx, datetime], None]) -> None:
        now = self._clock.now()
        await self._work(lambda tx: mark(tx, now))

    async def _rest(self) -> None:
        due_at = await self._work(outbox.next_due)
        wait_s = IDLE_S
        if due_at is not None:
            wait_s = min(max((due_at - self._clock.now()).total_seconds(), 0.01), IDLE_S)
        try:
            await asyncio.wait_for(self._wake.wait(), wait_s)
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _work(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._store.submit(work))
