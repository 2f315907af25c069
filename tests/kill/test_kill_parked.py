"""Killed while words wait for a lock: the next process takes each turn once and in order (R19, R01, R03)."""

import asyncio
import random
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.engine.session import decode
from tests.channels.slack.fake import FakeSlack
from tests.channels.slack.limits import hurried
from tests.channels.slack.payloads import TEAM, Payload, message
from tests.kill.slack_child import SlackLife
from tests.kill.test_kill_slack import outbox_keys, process, sent

PEOPLE = ("U0001", "U0002", "U0003")
MOST = 3  # words of one person that wait when the process is killed
AGAIN_S = 1.0  # seconds until what was not acknowledged comes again
LONGEST_S = 0.1  # seconds that a life may last after these were acknowledged


@dataclass
class Platform:
    """Hands over what people say, each one's next words only when those before were acknowledged."""

    fake: FakeSlack
    chance: random.Random
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # event ids
    next: dict[str, Payload] = field(default_factory=dict)  # of each person: not acknowledged yet
    envelopes: dict[str, str] = field(default_factory=dict)  # on their way: whose words
    told: Counter[str] = field(default_factory=Counter)  # acknowledged in this life, by person
    parked: int = 0

    async def push_all(self, *, is_last: bool) -> None:
        for who in set(PEOPLE) - set(self.envelopes.values()):
            if who not in self.next and is_last:
                continue
            if who not in self.next:
                self.next[who] = message(who, f"is the moon {len(self.said[who])} free?")
                self.said[who].append(self.next[who]["event_id"])
            with suppress(ConnectionError, TimeoutError):
                self.envelopes[await self.fake.push(self.next[who])] = who

    def settle(self) -> int:
        """Take in what was acknowledged; returns how much that was."""
        done = [envelope for envelope in self.envelopes if envelope in self.fake.acks]
        for envelope in done:
            who = self.envelopes.pop(envelope)
            self.next.pop(who)
            self.told[who] += 1
        return len(done)

    async def go_on(self, *, is_last: bool = False) -> None:
        """Everybody says something, or nothing new at the last; what nobody acknowledges comes again."""
        await self.push_all(is_last=is_last)
        try:
            await self.fake.until(self.settle, AGAIN_S)
        except TimeoutError:
            self.envelopes.clear()

    def acknowledged(self) -> set[str]:
        waiting = {payload["event_id"] for payload in self.next.values()}
        return {event for events in self.said.values() for event in events} - waiting


def keys(folder: Path, table: str) -> list[str]:
    """The event ids that a table holds."""
    query = {"inbound_key": "SELECT key FROM inbound_key", "inbox": "SELECT key FROM inbox"}
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        return [str(key).rpartition(":")[2] for (key,) in database.execute(query[table])]


def lost(folder: Path, platform: Platform) -> set[str]:
    """What was acknowledged, and stands nowhere."""
    kept = {*keys(folder, "inbound_key"), *keys(folder, "inbox")}
    return platform.acknowledged() - kept


async def killed_life(life: SlackLife, platform: Platform) -> None:
    """It tells somebody that it has heard them while their lock is held, and is killed."""
    who, wanted = life.held.rpartition(":")[2], platform.chance.randint(1, MOST)
    platform.told.clear()
    async with process(life):
        await platform.fake.until(lambda: platform.fake.sockets, 60)
        async with asyncio.timeout(60):
            while platform.told[who] < wanted:
                await platform.go_on()
        with suppress(TimeoutError):
            async with asyncio.timeout(platform.chance.uniform(0, LONGEST_S)):
                while True:
                    await platform.go_on()
    await platform.fake.until(lambda: not platform.fake.sockets, 60)
    platform.settle()
    platform.envelopes.clear()


async def last_life(life: SlackLife, platform: Platform) -> None:
    """Nobody holds a lock any more, and nobody ends it: what waits is taken, and answered."""
    fake, folder = platform.fake, life.folder
    async with process(life) as running:
        await fake.until(lambda: fake.sockets, 60)
        async with asyncio.timeout(60):
            while platform.next:
                await platform.go_on(is_last=True)
        await fake.until(
            lambda: not keys(folder, "inbox") and outbox_keys(folder) <= set(sent(fake)), 120
        )
        running.terminate()
        await asyncio.to_thread(running.join)
        assert running.exitcode == 0


async def play(folder: Path, kills: int, seed: int, *, wrong: bool = False) -> Platform:
    """So many lives that are killed, and what stands there after each; the last one is not in it."""
    fake = FakeSlack(hurried)
    await fake.start()
    platform = Platform(fake, random.Random(seed))
    for number in range(kills):
        life = SlackLife(
            folder=folder,
            api_url=fake.api_url,
            offset_s=number * 150.0,
            held=f"slack:{TEAM}:{platform.chance.choice(PEOPLE)}",
            keeps_nothing=wrong,
        )
        await killed_life(life, platform)
        platform.parked += len(keys(folder, "inbox"))
        if wrong:
            break
        assert lost(folder, platform) == set()
    else:
        await last_life(
            SlackLife(folder=folder, api_url=fake.api_url, offset_s=kills * 150.0), platform
        )
    await fake.stop()
    return platform


def check(folder: Path, platform: Platform, kills: int) -> None:
    everything = [event for events in platform.said.values() for event in events]
    assert sorted(keys(folder, "inbound_key")) == sorted(everything)
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        states = database.execute(
            "SELECT account, state FROM session JOIN identity ON session.person = identity.person"
        ).fetchall()
        replies = [key for (key,) in database.execute("SELECT id FROM outbox ORDER BY seq")]
    turns = {account: session.turn for account, state in states if (session := decode(state))}
    assert turns == {f"{TEAM}:{who}": len(events) for who, events in platform.said.items()}
    answered = list(dict.fromkeys(key.partition("#")[0].rpartition(":")[2] for key in replies))
    for events in platform.said.values():
        assert [event for event in answered if event in set(events)] == events, "in their order"
    times = sent(platform.fake)
    assert outbox_keys(folder) <= set(times), "no reply is missing"
    assert sum(times.values()) - len(times) <= kills * len(PEOPLE)
    assert platform.parked >= kills, "every kill left something that waited"
    print(f"{kills} kills: {len(everything)} events, {platform.parked} waited at a kill")


async def test_what_waits_for_a_lock_outlives_five_kills(tmp_path: Path) -> None:
    check(tmp_path, await play(tmp_path, 5, seed=1), 5)


async def test_telling_without_keeping_loses_it(tmp_path: Path) -> None:
    """The same with a mistake: so the test above is alive."""
    platform = await play(tmp_path, 1, seed=1, wrong=True)
    assert lost(tmp_path, platform), "nothing was lost: did the kill come too late?"


@pytest.mark.long
async def test_what_waits_for_a_lock_outlives_a_hundred_kills(tmp_path: Path) -> None:
    check(tmp_path, await play(tmp_path, 100, seed=2), 100)
