"""A crowd on Telegram: many people, so many messages a second, over HTTP through the whole house.

The small Bot API of the tests hands updates out by long polling and takes replies; the bot beside it is a
`pathways run` of its own with the content we ship. Said is how long one turn of the engine takes (from
utterance to commit and the engine alone), how long until the reply stood at Telegram, and what was lost.

`python -m benchmarks.telegram_load [--people N] [--rate N] [--seconds N]`
"""

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from bot.engine.session import Session
from bot.engine.turn import respond
from bot.engine.view import View
from bot.messages import BranchId, PersonId, Place, Text
from bot.service.clock import SystemClock
from bot.service.library import Edition
from bot.wiring import load_edition
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.running import Run
from tests.channels.telegram.server import ApiServer

TEXTS: Final = (
    "how much does it cost",
    "no degree, can i still get it",
    "will my employer pay the fee",
    "topics",
    "how long does it take",
    "thanks",
    "/help",
    "is EngTech any good for an electrician",
)
PATIENCE_S: Final = 300.0  # until the last reply has to be there; then it is lost


class Watched(BotApi):
    """A Bot API that knows when each chat was first answered."""

    def __init__(self) -> None:
        super().__init__(limits=False)
        self.written: dict[int, list[float]] = {}
        self.waits: list[float] = []

    def writes_now(self, who: int, text: str) -> None:
        """Somebody writes."""
        self.written.setdefault(who, []).append(time.perf_counter())
        self.writes(who, text)

    def _send(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        sent = super()._send(fields)
        if times := self.written.get(int(fields["chat_id"])):
            self.waits.append(time.perf_counter() - times.pop(0))
        return sent


async def crowd(api: Watched, people: int, rate: float, seconds: float) -> int:
    """Messages that arrive at random, so many a second; returns how many that were."""
    chance, count = random.Random(1), 0
    began = at = time.perf_counter()
    while at < began + seconds:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        api.writes_now(1_000 + chance.randrange(people), chance.choice(TEXTS))
        count += 1
    return count


def kept(folder: Path) -> tuple[int, int, int]:
    """Utterances that were taken in, replies that were sent, and those that still wait."""
    with closing(sqlite3.connect(folder / "run.db", timeout=30)) as database:
        (turns,) = database.execute("SELECT count(*) FROM inbound_key").fetchone()
        by_status = dict(database.execute("SELECT status, count(*) FROM outbox GROUP BY status"))
    return turns, by_status.get("sent", 0), by_status.get("queued", 0) + by_status.get("leased", 0)


def engine_ms(edition: Edition, count: int = 400) -> list[float]:
    """Milliseconds of one turn without the store: reading the words, and the engine."""
    now, waits = SystemClock().now(), list[float]()
    who = View(person=PersonId("p"), branch=BranchId("b"), place=Place.PRIVATE, fresh="f" * 26)
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        began = time.perf_counter()
        session = Session(secret="s")  # noqa: S106 - nobody's
        respond(session, Text(text), edition.read(text), who, edition.content, now)
        waits.append((time.perf_counter() - began) * 1000)
    return waits


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 stay below."""
    return statistics.quantiles(values, n=20)[18]


async def measure(people: int, rate: float, seconds: float) -> str:
    """Run it, and say what came out."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), Path(name) / "cache"
        cache.mkdir()
        load_edition(None, cache=cache)
        async with ApiServer(api := Watched()) as server:
            run = await Run(folder, server.url, cache).start()
            count = await crowd(api, people, rate, seconds)
            end = time.perf_counter() + PATIENCE_S
            while (  # noqa: ASYNC110 - what is waited for is another process
                time.perf_counter() < end and (api.waiting or kept(folder)[2])
            ):
                await asyncio.sleep(0.2)
            began = time.perf_counter()
            await run.stop()
            stopped, cpu_s = time.perf_counter(), os.times().children_user
            again = await Run(folder, server.url, cache).start()
            ready = time.perf_counter()
            await again.stop()
            cpu_s = os.times().children_user - cpu_s
        turns, sent, waiting = kept(folder)
    return (
        f"{people} people, {rate:g}/s for {seconds:g} s: {count} messages, {count - turns} lost, "
        f"{sent} replies sent, {waiting} never; reply there after {p95(api.waits):.2f} s (p95)\n"
        f"stopped in {stopped - began:.2f} s, ready again {ready - stopped:.2f} s later, "
        f"with {cpu_s:.2f} s of processor"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.telegram_load", description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    engine = engine_ms(load_edition(None))
    print(f"reading and engine: {statistics.median(engine):.1f} ms, p95 {p95(engine):.1f} ms")
    print(asyncio.run(measure(given.people, given.rate, given.seconds)))


if __name__ == "__main__":
    main()
