"""A soak: `pathways run` on the small Bot API for so long, in foul weather (R52).

People write and press all the time. Meanwhile the process is killed and restarted at random moments, the
platform asks to wait or breaks the connection, and the machine's clock steps forward and back. In the
last part the process lives on, so that its memory and its open files can be watched.
"""

import asyncio
import mmap
import random
import struct
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import bot.cli.running
from bot.service.clock import SystemClock
from bot.wiring import load_edition
from tests.builders import FAQ
from tests.channels.telegram.api import BotApi, Fault
from tests.channels.telegram.running import FORKS, Run, live
from tests.channels.telegram.server import ApiServer
from tests.kill.test_kill_telegram import Story, settings, waiting

CALM: Final = 0.4  # the last part of the time, in which the process lives on
PAUSE_S: Final = 9.0  # seconds between two blows, on average
STEPS_S: Final = (-600, -61, -1, 1, 61, 600)  # of the clock, from the true time
STORM_S: Final = 1.5  # seconds in which every message is answered with "wait"
BREAKS: Final = 0.02  # of all messages that are sent: the platform fails, or the connection breaks
LATER_S: Final = 86_400  # the last step of the clock, so that whatever waits is due
END_S: Final = 600.0  # until what is left at the end must have been sent
Blow = Callable[[BotApi], Awaitable[None]]
OFFSET: Final = struct.Struct("d")


class SteppedClock(SystemClock):
    """The machine's clock, put forward and back by another process: seconds in a file.

    Attributes:
        steps: The file.
    """

    steps: mmap.mmap

    def now(self) -> datetime:
        """See `SystemClock.now`."""
        (offset,) = OFFSET.unpack_from(self.steps)
        return datetime.now(UTC) + timedelta(seconds=offset)


def live_stepped(environment: Mapping[str, str], log: str, steps: str) -> None:
    """What `pathways run` does, by a clock that steps."""
    with Path(steps).open("r+b") as file:
        SteppedClock.steps = mmap.mmap(file.fileno(), OFFSET.size)
    vars(bot.cli.running)["SystemClock"] = SteppedClock  # of the machine, no code of ours
    live(environment, log)


@dataclass(kw_only=True)
class Watched:
    """What one process took at a moment.

    Attributes:
        at_s: Seconds since the soak began.
        megabytes: Of memory.
        files: Open files and connections.
    """

    at_s: float
    megabytes: float
    files: int


@dataclass
class Soak:
    """One soak, and what was seen.

    Args:
        folder: An empty one.
        cache: Where the index of the content is kept.
        rate: Updates a second.
        pause_s: Seconds between two blows, on average.
        seed: Of all chance.
    """

    folder: Path
    cache: Path
    rate: float = 8.0
    pause_s: float = PAUSE_S
    seed: int = 52
    kills: int = 0
    restarts: int = 0
    steps: int = 0
    storms: int = 0
    statuses: list[int | None] = field(default_factory=list)
    watched: list[Watched] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.story = Story(random.Random(self.seed + 1))
        self._process: ForkServerProcess | None = None
        self._storm_until = 0.0
        self._began = time.monotonic()
        self._steps = self.folder / "steps"
        self._steps.write_bytes(OFFSET.pack(0))

    async def run(self, seconds: float) -> ApiServer:
        """Live through it; at the end everything that waited was sent."""
        lite = self.folder / "lite"
        lite.mkdir()
        (lite / "faq.yaml").write_text(FAQ, encoding="utf-8")
        load_edition(lite, cache=self.cache)  # so that the first start is like the others
        api = BotApi()
        api.broken = self._fault
        async with ApiServer(api) as server:
            self._run = Run(self.folder, server.url, self.cache, settings(self.folder))
            await self._start(api)
            self._began = time.monotonic()
            async with asyncio.timeout(seconds + END_S), asyncio.TaskGroup() as tasks:
                people = tasks.create_task(self._people(api))
                await self._blows(api, seconds * (1 - CALM), may_end=True)
                await self._watch(api, seconds * CALM)
                people.cancel()
            await self._come_to_an_end(api)
        return server

    async def _people(self, api: BotApi) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(self.rate))
            self.story.go_on(api)

    async def _watch(self, api: BotApi, seconds: float) -> None:
        """Clock and platform go on being foul; the process lives."""
        blows = asyncio.create_task(self._blows(api, seconds, may_end=False))
        while not blows.done():
            await asyncio.wait({blows}, timeout=max(0.5, seconds / 40))
            self.watched.append(self._seen())
        await blows

    async def _blows(self, api: BotApi, seconds: float, *, may_end: bool) -> None:
        """Blow after blow: each kind once in every round, and one whole round however slow the machine is."""
        end = time.monotonic() + seconds
        ends = [self._kill, self._kill, self._restart] if may_end else []
        deck, is_first = self._shuffled([self._step, self._storm, *ends]), True
        left = deck[:]
        while is_first or time.monotonic() < end:
            await asyncio.sleep(self.chance.uniform(0.4, 1.6) * self.pause_s)
            await left.pop()(api)
            if not left:
                left, is_first = self._shuffled(deck), False

    def _shuffled(self, blows: Sequence[Blow]) -> list[Blow]:
        return self.chance.sample(blows, len(blows))

    async def _kill(self, api: BotApi) -> None:
        self.kills += 1
        self._alive().kill()
        await asyncio.to_thread(self._alive().join)
        await self._start(api)

    async def _restart(self, api: BotApi) -> None:
        self.restarts += 1
        await self._stop()
        await self._start(api)

    async def _step(self, api: BotApi) -> None:
        del api
        self.steps += 1
        self._put_clock(self.chance.choice(STEPS_S))

    async def _storm(self, api: BotApi) -> None:
        del api
        self.storms += 1
        self._storm_until = time.monotonic() + STORM_S

    def _fault(self, method: str) -> Fault | None:
        """What goes wrong with a call; nothing that fails is carried out, so every repeat is ours."""
        if method != "sendMessage":
            return None
        if time.monotonic() < self._storm_until:
            return Fault(status=429, description="Too Many Requests: retry after 1", retry_after=1)
        if self.chance.random() < BREAKS:
            return Fault(status=self.chance.choice((0, 502)))
        return None

    async def _start(self, api: BotApi) -> None:
        """It lives as soon as it asks who it is."""
        before = api.count("getMe")
        arguments = (self._run.environment, str(self._run.log), str(self._steps))
        self._process = FORKS.Process(target=live_stepped, args=arguments, daemon=True)
        self._process.start()
        async with asyncio.timeout(60):
            while api.count("getMe") == before:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)

    async def _stop(self) -> None:
        self._alive().terminate()
        await asyncio.to_thread(self._alive().join, 60)
        self.statuses.append(self._alive().exitcode)

    async def _come_to_an_end(self, api: BotApi) -> None:
        self._storm_until = 0.0
        api.broken = None
        self._put_clock(LATER_S)
        async with asyncio.timeout(END_S):
            while api.waiting or waiting(self.folder):  # noqa: ASYNC110 - another process again
                await asyncio.sleep(0.1)
        await self._stop()

    @property
    def repeats(self) -> int:
        """How often a reply to one address may have gone out once more: only a kill can do that."""
        return self.kills

    def _put_clock(self, offset: float) -> None:
        with self._steps.open("r+b") as file:
            file.write(OFFSET.pack(offset))

    def _alive(self) -> ForkServerProcess:
        if self._process is None:
            raise RuntimeError("nothing was started")
        return self._process

    def _seen(self) -> Watched:
        process = Path(f"/proc/{self._alive().pid}")
        status = (process / "status").read_text().splitlines()
        resident = next(line for line in status if line.startswith("VmRSS"))
        return Watched(
            at_s=time.monotonic() - self._began,
            megabytes=int(resident.split()[1]) / 1024,
            files=sum(1 for _ in (process / "fd").iterdir()),
        )

    def weather(self) -> str:
        """What it lived through."""
        return (
            f"{len(self.story.said):,} updates, {self.kills} kills, {self.restarts} restarts, "
            f"{self.steps} steps of the clock, {self.storms} storms of 429"
        )

    def growth(self) -> tuple[float, int]:
        """Megabytes and open files more at the end of the quiet part than after its first third.

        Each is the least of some looks: what a moment's work takes and gives back is no growth.
        """
        third = max(1, len(self.watched) // 3)
        early, late = self.watched[third : 2 * third] or self.watched, self.watched[-third:]
        return (
            min(one.megabytes for one in late) - min(one.megabytes for one in early),
            min(one.files for one in late) - min(one.files for one in early),
        )
