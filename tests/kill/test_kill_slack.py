"""Killed at any moment on Slack, the bot loses no turn, doubles none, and misses no reply (R01, R03, R06)."""

import asyncio
import multiprocessing
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bot.engine.session import decode
from tests.channels.slack.fake import FakeSlack
from tests.channels.slack.limits import hurried
from tests.channels.slack.payloads import TEAM, Payload, message
from tests.kill.slack_child import SlackLife, live

PEOPLE = ("U0001", "U0002", "U0003")
IN_FLIGHT = 8  # events that Slack hands over before it waits
LONGEST_S = 0.15  # seconds that a life may last after its first acknowledgement
GIVEN_UP = ("failed", "LeaseRanOut")  # eight kills hit this very delivery


@dataclass
class Platform:
    """Hands events over by socket, and again until they were acknowledged."""

    fake: FakeSlack
    chance: random.Random
    said: list[Payload] = field(default_factory=list)
    waiting: dict[str, Payload] = field(default_factory=dict)  # by event id
    envelopes: dict[str, str] = field(default_factory=dict)  # of envelopes on their way: event id

    async def push(self, payload: Payload) -> None:
        with suppress(ConnectionError, TimeoutError):
            self.envelopes[await self.fake.push(payload)] = payload["event_id"]

    async def push_all(self) -> None:
        """Everything unacknowledged once more, then new events."""
        for payload in list(self.waiting.values()):
            await self.push(payload)
        await self.top_up()

    async def top_up(self) -> None:
        self.settle()
        while len(self.waiting) < IN_FLIGHT:
            payload = message(self.chance.choice(PEOPLE), f"is the moon {len(self.said)} free?")
            self.said.append(payload)
            self.waiting[payload["event_id"]] = payload
            await self.push(payload)

    def settle(self) -> int:
        """Take in what was acknowledged; returns how much that was."""
        done = [envelope for envelope in self.envelopes if envelope in self.fake.acks]
        for envelope in done:
            self.waiting.pop(self.envelopes.pop(envelope), None)
        return len(done)


@asynccontextmanager
async def process(life: SlackLife) -> AsyncIterator[ForkServerProcess]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kill.slack_child"])
    started = context.Process(target=live, args=(life,), daemon=True)
    await asyncio.to_thread(started.start)
    try:
        yield started
    finally:
        started.kill()
        await asyncio.to_thread(started.join)


async def killed_life(life: SlackLife, platform: Platform) -> None:
    fake = platform.fake
    async with process(life):
        await fake.until(lambda: fake.sockets, 60)
        await platform.push_all()
        await fake.until(platform.settle, 60)  # it lives: from here on, any moment will do
        with suppress(TimeoutError):
            async with asyncio.timeout(platform.chance.uniform(0, LONGEST_S)):
                while True:
                    await platform.top_up()
                    await fake.until(platform.settle, 60)
    await fake.until(lambda: not fake.sockets, 60)
    platform.settle()
    platform.envelopes.clear()


async def last_life(life: SlackLife, platform: Platform) -> None:
    """A life that nobody ends: it takes what is left and delivers everything."""
    fake = platform.fake
    async with process(life) as running:
        await fake.until(lambda: fake.sockets, 60)
        for payload in list(platform.waiting.values()):
            await platform.push(payload)
        await fake.until(lambda: platform.settle() is not None and not platform.waiting, 60)
        wanted = await asyncio.to_thread(outbox_keys, life.folder)
        await fake.until(lambda: wanted <= set(sent(fake)), 120)
        running.terminate()
        await asyncio.to_thread(running.join)
        assert running.exitcode == 0


def outbox_keys(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        rows = database.execute("SELECT id, status, error FROM outbox").fetchall()
    return {f"{key}.0" for key, status, error in rows if (status, error) != GIVEN_UP}


def sent(fake: FakeSlack) -> Counter[str]:
    return Counter(one["metadata"]["event_payload"]["key"] for one in fake.messages)


async def play(folder: Path, kills: int, seed: int = 1, *, wrong: bool = False) -> Platform:
    fake = FakeSlack(hurried)
    await fake.start()
    platform = Platform(fake, random.Random(seed))
    for number in range(kills):
        life = SlackLife(
            folder=folder,
            api_url=fake.api_url,
            offset_s=number * 150.0,
            acknowledges_first=wrong,
        )
        await killed_life(life, platform)
    last = SlackLife(folder=folder, api_url=fake.api_url, offset_s=kills * 150.0)
    await last_life(last, platform)
    await fake.stop()
    return platform


def lost(folder: Path, platform: Platform) -> list[str]:
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        kept = {key for (key,) in database.execute("SELECT key FROM inbound_key")}
    said = [f"slack:{TEAM}:event:{payload['event_id']}" for payload in platform.said]
    return [key for key in said if key not in kept]


def check(folder: Path, platform: Platform, kills: int) -> None:
    assert lost(folder, platform) == []
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        states = database.execute(
            "SELECT account, state FROM session JOIN identity ON session.person = identity.person"
        ).fetchall()
    turns = {account: session.turn for account, state in states if (session := decode(state))}
    said = Counter(f"{TEAM}:{payload['event']['user']}" for payload in platform.said)
    assert turns == said, "every event one turn"
    times = sent(platform.fake)
    assert outbox_keys(folder) <= set(times), "no reply is missing"
    repeats = sum(times.values()) - len(times)
    assert repeats <= kills * len(PEOPLE)
    print(f"{kills} kills: {len(platform.said)} events, {len(times)} replies, {repeats} repeats")


async def test_ten_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    platform = await play(tmp_path, 10)
    check(tmp_path, platform, 10)
    assert len(platform.said) > 20, "it did something between the kills"


async def test_telling_before_keeping_loses_something(tmp_path: Path) -> None:
    """The same with the mistake that most bots make: so the test above is alive."""
    platform = await play(tmp_path, 12, wrong=True)
    assert lost(tmp_path, platform), "nothing was lost: is the kill at the right moment?"


@pytest.mark.long
async def test_two_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    platform = await play(tmp_path, 200, seed=2)
    check(tmp_path, platform, 200)
