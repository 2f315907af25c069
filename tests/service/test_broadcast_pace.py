"""To ten thousand people by a fake clock: as fast as the channel allows, and replies never wait (R20)."""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.pacing import Pace
from bot.errors import Throttled
from bot.messages import Address, Place, Reply
from bot.service import outbox
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.outbox import Target
from bot.service.ports import Capabilities, Tx
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock, content_of, listed_reader
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.transport import bot_on
from tests.service.crowds import BRANCH, WORDS, gather, plant

LIMIT = 30  # messages within any second
EVERY = timedelta(seconds=3)  # somebody asks something meanwhile
CHANNEL = "telegram"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Limited:
    """The real way out to Telegram, in front of a Bot API that also refuses what goes over 30 a second."""

    name = CHANNEL
    capabilities = Capabilities(text_limit=4096, max_options=8, label_limit=60, restyles=False)

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self._last: deque[datetime] = deque()
        self.api = BotApi(clock=self._seconds)
        self._out = TelegramOut(
            bot_on(self.api),
            lambda _: "Private",
            Pace(self._seconds),
            lambda _before, _after: None,
        )
        self.refused = 0
        self.sent: dict[str, datetime] = {}

    def _seconds(self) -> float:
        return self._clock.time.timestamp()

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        now = self._clock.time
        while self._last and now - self._last[0] >= timedelta(seconds=1):
            self._last.popleft()
        if len(self._last) >= LIMIT:
            self.refused += 1
            raise Throttled(1.0)
        self._last.append(now)
        assert key not in self.sent
        self.sent[key] = now
        return await self._out.send(address, place, reply, key, file)

    def told(self, chat: int) -> int:
        """How many broadcasts stand in somebody's chat."""
        return sum(WORDS in message["text"] for message in self.api.said(chat))


class Run:
    """A broadcast to so many, and somebody who asks now and then."""

    def __init__(self, folder: Path, count: int) -> None:
        self.clock = FixedClock(MONDAY)
        self.store = SQLiteStore(folder / "pace.db")
        self.channel = Limited(self.clock)
        library = Library(Edition(content_of(), listed_reader(content_of(), None)))
        handlers = job_handlers(self.store, library, self.clock, ZoneInfo("Europe/London"))
        self.deliverer = Deliverer(self.store, {CHANNEL: self.channel}, self.clock)
        self.runner = JobRunner(self.store, handlers, self.clock, lambda: None)
        self.asked: dict[str, datetime] = {}
        self.people = [1_000_000 + number for number in range(count)]
        for chat in self.people:
            self.channel.api.chat(chat)
        self.store.submit(lambda tx: gather(tx, CHANNEL, count, MONDAY)).result()
        self.store.submit(lambda tx: plant(tx, MONDAY)).result()

    async def go(self) -> None:
        next_question = MONDAY + EVERY
        while True:
            await self.runner.work_due()
            await self.deliverer.deliver_due()
            steps = [at for at in (self._next(), next_question) if at]
            if self._is_done():
                return
            self.clock.time = max(min(steps), self.clock.time + timedelta(milliseconds=1))
            if self.clock.time >= next_question:
                self._ask()
                next_question += EVERY

    def _next(self) -> datetime | None:
        now = self.clock.time
        due = self.store.submit(lambda tx: outbox.next_due(tx, (CHANNEL,), now)).result()
        row = self.store.submit(lambda tx: tx.find("due_job", {"status": "due"})).result()
        jobs = [datetime.fromtimestamp(int(one["due_at"] or 0) / 1e6, UTC) for one in row]
        return min([*jobs, *([due] if due else [])], default=None)

    def _is_done(self) -> bool:
        row = self.store.submit(lambda tx: tx.get("broadcast", {})).result()
        return row is not None and row["status"] == "sent"

    def _ask(self) -> None:
        number, now = len(self.asked), self.clock.time
        home = Address(CHANNEL, f"{1_000_000 + number}")
        target = Target(branch=BRANCH, person=None, address=home, place=Place.PRIVATE)

        def work(tx: Tx) -> None:
            outbox.queue(tx, target, (Reply(text="An answer."),), f"ask-{number}", now)

        self.store.submit(work).result()
        self.asked[f"ask-{number}#0"] = now


@pytest.mark.parametrize(
    "count", [pytest.param(300), pytest.param(10_000, marks=pytest.mark.long)]
)
def test_a_broadcast_takes_a_tenth_more_than_it_must_and_replies_go_first(
    count: int, tmp_path: Path
) -> None:
    run = Run(tmp_path, count)
    asyncio.run(run.go())
    sent = [at for key, at in run.channel.sent.items() if key.startswith("bc:")]
    assert len(sent) == count
    assert [run.channel.told(chat) for chat in run.people] == [1] * count
    assert run.channel.api.wrong == []
    least_s = count / LIMIT
    took_s = (max(sent) - MONDAY).total_seconds()
    assert took_s <= 1.1 * least_s, f"{took_s:.1f} s where {least_s:.1f} s are possible"
    assert run.channel.refused <= 3
    waited = [run.channel.sent[key] - at for key, at in run.asked.items()]
    assert len(waited) >= least_s // EVERY.total_seconds()
    assert max(waited) <= timedelta(seconds=1)
    fates = run.store.submit(lambda tx: tx.count("delivery", {"fate": "sent"})).result()
    assert fates == count
