"""A broadcast to many people over a real way out, by a fake clock or with the whole of its time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.messages import Address, Place, Reply
from bot.planning.recipients import Tally
from bot.service import outbox
from bot.service.clock import moment
from bot.service.deliverer import Deliverer
from bot.service.deliveries import tally
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.outbox import Target
from bot.service.ports import Channel, Tx
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock, content_of, listed_reader
from tests.service.broadcast_ways import Time, Way
from tests.service.crowds import BRANCH, BROADCAST, FIRST, gather, plant

T = TypeVar("T")
EVERY = timedelta(seconds=3)  # somebody asks something meanwhile


class Timed:
    """A way out that writes down when each message had arrived."""

    def __init__(self, way: Way, clock: Time) -> None:
        self.name, self._way, self._clock = way.name, way, clock
        self.capabilities = way.capabilities
        self.sent: dict[str, datetime] = {}

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        receipt = await self._way.send(address, place, reply, key, file)
        assert key not in self.sent
        self.sent[key] = self._clock.now()
        return receipt


class Run:
    """A broadcast to so many, and somebody who asks now and then."""

    def __init__(
        self,
        folder: Path,
        count: int,
        clock: Time,
        make: Callable[[Time, range], Way],
    ) -> None:
        self.clock, self.began = clock, clock.now()
        self.store = SQLiteStore(folder / "pace.db")
        self.library = Library(Edition(content_of(), listed_reader(content_of(), None)))
        self.people = range(FIRST, FIRST + count)
        self.way = make(clock, self.people)
        self.asked: dict[str, datetime] = {}
        self.sent: dict[str, datetime] = {}
        self.found = Tally()
        account, name = self.way.account, self.way.name
        self.store.submit(lambda tx: gather(tx, name, count, self.began, account)).result()

    async def go(self) -> None:
        """From the first step of the broadcast to its report."""
        await self.way.open(self.library, self.store)
        timed = Timed(self.way, self.clock)
        self.sent = timed.sent
        channels: dict[str, Channel] = {self.way.name: timed}
        zone = ZoneInfo("Europe/London")
        handlers = job_handlers(self.store, self.library, self.clock, zone)
        self.deliverer = Deliverer(self.store, channels, self.clock)
        self.runner = JobRunner(self.store, handlers, self.clock, self.deliverer.wake)
        self.began = self.clock.now()
        await self.do(lambda tx: plant(tx, self.began))
        try:
            await (self._by_hand() if isinstance(self.clock, FixedClock) else self._by_itself())
            self.found = await self.do(self._tally)
        finally:
            await self.way.close()
            await asyncio.to_thread(self.store.close)

    @staticmethod
    def _tally(tx: Tx) -> Tally:
        row = tx.get("broadcast", {})
        assert row is not None
        return tally(tx, BROADCAST, int(row["planned_at"] or 0))

    async def do(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self.store.submit(work))

    async def _by_itself(self) -> None:
        """As the bot runs, for as long as it takes."""
        stop = asyncio.Event()
        tasks = [
            asyncio.create_task(self.deliverer.run()),
            asyncio.create_task(self.runner.run(stop)),
        ]
        next_question = self.began + EVERY
        while not await self._is_done():
            await asyncio.sleep(0.2)
            if self.clock.now() >= next_question:
                await self._ask()
                self.deliverer.wake()
                next_question += EVERY
        stop.set()
        self.deliverer.stop()
        await asyncio.gather(*tasks)

    async def _by_hand(self) -> None:
        """From one thing that is due to the next."""
        assert isinstance(self.clock, FixedClock)
        next_question = self.began + EVERY
        while True:
            await self.runner.work_due()
            await self.deliverer.deliver_due()
            if await self._is_done():
                return
            steps = [at for at in (await self.do(self._next), next_question) if at]
            self.clock.time = max(min(steps), self.clock.time + timedelta(milliseconds=1))
            if self.clock.time >= next_question:
                await self._ask()
                next_question += EVERY

    def _next(self, tx: Tx) -> datetime | None:
        due = outbox.next_due(tx, (self.way.name,), self.clock.now())
        jobs = [moment(int(row["due_at"] or 0)) for row in tx.find("due_job", {"status": "due"})]
        return min([*jobs, *([due] if due else [])], default=None)

    async def _is_done(self) -> bool:
        row = await self.do(lambda tx: tx.get("broadcast", {}))
        is_out = row is not None and row["status"] == "sent"
        return is_out and self.asked.keys() <= self.sent.keys()

    async def _ask(self) -> None:
        """Somebody else each time asks something, and the answer is queued."""
        number, now = len(self.asked) % len(self.people), self.clock.now()
        home = Address(self.way.name, self.way.account.format(self.people[number]))
        target = Target(branch=BRANCH, person=None, address=home, place=Place.PRIVATE)
        key = f"ask-{len(self.asked)}"
        await self.do(lambda tx: outbox.queue(tx, target, (Reply(text="An answer."),), key, now))
        self.asked[f"{key}#0"] = now
