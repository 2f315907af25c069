"""`pathways run` on the small Bot API, killed at any moment: nothing lost or doubled (R01, R03, R06, G1)."""

import asyncio
import math
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.engine.session import decode
from tests.builders import FAQ
from tests.channels.telegram.api import BOT_ID, BotApi
from tests.channels.telegram.running import Run
from tests.channels.telegram.server import ApiServer

PEOPLE = range(11, 61)  # many, since each chat gets one message a second
TEXTS = ("How much does registration cost?", "/status", "topics", "is the moon free?", "/help")
AT_ONCE = 6  # updates that wait when a life begins
LONGEST_S = 0.5  # seconds that a life may last after its first call; the shortest is nothing


@dataclass
class Story:
    """What people wrote, by the number of the update."""

    chance: random.Random
    said: dict[int, int] = field(default_factory=dict)

    def go_on(self, api: BotApi) -> None:
        """Somebody writes, or presses a button of the last message they got."""
        who = self.chance.choice(PEOPLE)
        menus = [one for one in api.said(who) if "reply_markup" in one]
        if menus and self.chance.random() < 0.3:
            rows = menus[-1]["reply_markup"]["inline_keyboard"]
            data = self.chance.choice(self.chance.choice(rows))["callback_data"]
            number = api.presses(who, who, menus[-1]["message_id"], data)
        else:
            number = api.writes(who, self.chance.choice(TEXTS))
        self.said[number] = who


def settings(folder: Path) -> dict[str, str]:
    """Every utterance gets its turn, so that turns can be counted."""
    return {"KNOWLEDGE": str(folder / "lite"), "PERSON_PER_MINUTE": "0"}


async def play(folder: Path, cache: Path, kills: int, seed: int) -> tuple[ApiServer, Story]:
    async with ApiServer(BotApi(limits=False)) as server:
        story = Story(random.Random(seed))
        (folder / "lite").mkdir()
        (folder / "lite" / "faq.yaml").write_text(FAQ, encoding="utf-8")
        for _ in range(kills):
            await one_life(folder, cache, server, story)
        run = await Run(folder, server.url, cache, settings(folder)).start()
        await all_done(folder, server.api)
        assert await run.stop() == 0, run.log.read_text()
    return server, story


async def one_life(folder: Path, cache: Path, server: ApiServer, story: Story) -> None:
    """It takes in and sends, until it is killed: the moment is drawn after its first sign of life."""
    api, run = server.api, Run(folder, server.url, cache, settings(folder))
    before = len(api.calls)
    for _ in range(AT_ONCE):
        story.go_on(api)
    process = run.fork()
    async with asyncio.timeout(60):
        while len(api.calls) < before + 2:  # noqa: ASYNC110 - what is waited for is another process
            await asyncio.sleep(0.005)
    end = asyncio.get_running_loop().time() + story.chance.uniform(0, LONGEST_S)
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(story.chance.uniform(0, 0.08))
        story.go_on(api)
    process.kill()
    await asyncio.to_thread(process.join)


async def all_done(folder: Path, api: BotApi) -> None:
    """It works off what five hundred lives left, at a message a second to each; never idle for long."""
    left = math.inf
    while left:
        async with asyncio.timeout(60):
            while (  # noqa: ASYNC110 - another process again
                now := len(api.waiting) + waiting(folder)
            ) >= left and now:
                await asyncio.sleep(0.1)
        left = now


def waiting(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "run.db", timeout=30)) as database:
        query = "SELECT count(*) FROM outbox WHERE status IN ('queued', 'leased')"
        ((count,),) = database.execute(query).fetchall()
    return int(count)


def check(folder: Path, server: ApiServer, story: Story, most: int) -> str:
    """Every update one turn, every reply there, and at most so many repeats at each address."""
    with closing(sqlite3.connect(folder / "run.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        keys = [key for (key,) in database.execute("SELECT key FROM inbound_key")]
        states = database.execute(
            "SELECT account, state FROM session JOIN identity ON session.person = identity.person"
        ).fetchall()
        outbox = database.execute("SELECT address, status, error FROM outbox").fetchall()
    assert sorted(keys) == sorted(f"telegram:{BOT_ID}:{number}" for number in story.said)
    turns = {int(who): session.turn for who, state in states if (session := decode(state))}
    assert turns == Counter(story.said.values())
    assert {status for _, status, error in outbox if error != "LeaseRanOut"} == {"sent"}
    wanted = Counter(int(address) for address, _, _ in outbox)
    got = Counter({who: len(server.api.said(who)) for who in PEOPLE})
    for who in PEOPLE:
        assert wanted[who] <= got[who] <= wanted[who] + most
    assert server.api.wrong == []
    repeats = sum(got.values()) - sum(wanted.values())
    return f"{len(keys)} updates, {sum(wanted.values())} replies, {repeats} repeats"


async def test_four_kills_lose_and_double_nothing(tmp_path: Path, index_cache: Path) -> None:
    server, story = await play(tmp_path, index_cache, 4, seed=1)
    print("4 kills:", check(tmp_path, server, story, 4))
    assert len(story.said) > AT_ONCE * 4, "it did something between the kills"


@pytest.mark.long
async def test_five_hundred_kills_lose_and_double_nothing(
    tmp_path: Path, index_cache: Path
) -> None:
    server, story = await play(tmp_path, index_cache, 500, seed=3)
    print("500 kills:", check(tmp_path, server, story, 500))
