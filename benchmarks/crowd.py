"""The same turns among 1,000, 10,000 and 100,000 people with ten stored answers each (R18, growth).

Everybody is known, has a session and ten answers; then some of them take turns through the full path, one
round in a loop with 64 in flight. The restart is `pathways run` on that database, from SIGTERM to the first
look at Telegram; beside it stands Python that imports numpy and rapidfuzz and does nothing.

`python -m benchmarks.crowd [--sizes N,N] [--json]`
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from operator import methodcaller
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from benchmarks.growth import first_answer_s
from benchmarks.restart import Platforms, Restart, measure
from benchmarks.start import best
from benchmarks.turns import Bench, FakeChannel, closed_loop
from bot.engine.session import Session, encode
from bot.service import people
from bot.service.clock import SystemClock, micros
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Edition, Library
from bot.service.ports import Row, Store
from bot.storage import sqlite_file
from bot.wiring import load_edition, open_store
from tests.channels.slack.fake import FakeSlack
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.server import ApiServer

SIZES: Final = (1_000, 10_000, 100_000)
ANSWERS: Final = 10  # stored of each person
SPEAKERS: Final = 400  # of them, who take turns
TURNS: Final = 4  # of each speaker
THOUSAND: Final = 1_000
AFTER: Final = 10**9  # the number of the first answer's update
AIM_S: Final = 3.0  # R18


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What turns take among so many people."""

    people: int
    megabytes: float
    turns_a_second: float
    p99_ms: float
    cpu_ms: float
    first_answer_s: float
    restart_s: float
    restart_cpu_s: float
    restart_megabytes: float


def fill(path: Path, size: int, age: timedelta = timedelta()) -> None:
    """A database in which so many people have talked and answered, so long ago."""
    durable, sqlite_file.PRAGMAS["synchronous"] = sqlite_file.PRAGMAS["synchronous"], "OFF"
    try:
        clock = SystemClock()
        with closing(open_store(f"sqlite:///{path}", clock)) as store:
            for first in range(0, size, THOUSAND):
                numbers = range(first, min(size, first + THOUSAND))
                for table, rows in _rows(numbers, micros(clock.now() - age)):
                    store.submit(methodcaller("insert_all", table, rows)).result()
    finally:
        sqlite_file.PRAGMAS["synchronous"] = durable


def _rows(numbers: range, now: int) -> Iterator[tuple[str, list[Row]]]:
    branch: Row = {"branch": people.DEFAULT_BRANCH}
    person: Row = {**branch, "language": "en", "created_at": now}
    identity: Row = {**branch, "channel": "terminal", "created_at": now}
    state: Row = {
        **branch,
        "version": 1,
        "state": encode(Session(secret="s" * 26)),
        "updated_at": now,
    }
    answer: Row = {
        **branch,
        "revision": 1,
        "value": "14 to 20",
        "low": 14.0,
        "is_about": 0,
        "at": now,
    }
    yield "person", [{**person, "id": f"p{n}"} for n in numbers]
    yield "identity", [{**identity, "account": str(n), "person": f"p{n}"} for n in numbers]
    yield "session", [{**state, "person": f"p{n}"} for n in numbers]
    for key in range(ANSWERS):
        named: Row = {**answer, "key": f"q{key}", "name": f"question {key}"}
        yield "run_answer", [{**named, "run": f"r{n}", "person": f"p{n}"} for n in numbers]


def talk(store: Store, edition: Edition, size: int) -> tuple[list[float], float, float]:
    """Seconds that each turn waited, and what all took, by the clock and of the processor."""
    clock = SystemClock()
    deliverer = Deliverer(store, {"terminal": FakeChannel()}, clock)
    bench = Bench(Conversation(store, Library(edition), clock), deliverer)
    began, cpu = time.perf_counter(), time.process_time()
    waits = asyncio.run(closed_loop(bench, min(size, SPEAKERS), TURNS))
    return waits, time.perf_counter() - began, time.process_time() - cpu


async def restarted(folder: Path) -> Restart:
    """What a restart takes of `pathways run` on the database of a folder."""
    slack = FakeSlack()
    async with ApiServer(BotApi(limits=False)) as server, ClientSession() as client:
        platforms = Platforms(server, slack, client)
        return await measure(folder, platforms, platforms.telegram)


def crowd(folder: Path, edition: Edition, size: int) -> Crowd:
    """Fill, talk, restart."""
    folder.mkdir()
    path = folder / "run.db"
    fill(path, size)
    with closing(open_store(f"sqlite:///{path}", SystemClock())) as store:
        waits, seconds, cpu = talk(store, edition, size)
        store.checkpoint().result()
    first = first_answer_s(path, AFTER)
    again = asyncio.run(restarted(folder))
    return Crowd(
        people=size,
        megabytes=path.stat().st_size / 1e6,
        turns_a_second=len(waits) / seconds,
        p99_ms=statistics.quantiles(waits, n=100)[98] * 1000,
        cpu_ms=cpu / len(waits) * 1000,
        first_answer_s=first,
        restart_s=again.back,
        restart_cpu_s=again.cpu,
        restart_megabytes=again.megabytes,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.crowd", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as place:
        edition = load_edition(None)
        rows = [crowd(Path(place) / str(size), edition, size) for size in sizes]
        base = best([sys.executable, "-c", "import numpy, rapidfuzz"], place)
    if given.json:
        print(json.dumps({"crowds": [asdict(row) for row in rows], "base_s": base.seconds}))
        return
    for row in rows:
        print(
            f"{row.people:8,} people {row.people * ANSWERS:10,} answers {row.megabytes:7.1f} MB"
            f" {row.turns_a_second:6.0f} turns/s  p99 {row.p99_ms:6.0f} ms  {row.cpu_ms:6.3f} ms CPU a turn"
            f"  first answer {row.first_answer_s:5.2f} s  restart {row.restart_s:5.2f} s,"
            f" {row.restart_cpu_s:.2f} s CPU"
            f" ({row.restart_cpu_s / base.cpu:.1f} x), {row.restart_megabytes:.0f} MB"
        )
    print(
        f"R18  goal {AIM_S:.0f} s; Python with numpy and rapidfuzz alone {base.seconds:.2f} s,"
        f" {base.cpu:.2f} s CPU"
    )


if __name__ == "__main__":
    main()
