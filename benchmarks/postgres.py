"""Durable turns a second on PostgreSQL with one and three processes, beside SQLite, in one run.

`python -m benchmarks.postgres [--turns N] [--rate N] [--cold] [--json]`. It starts a server of its own, with
fsync as it is here, and takes it away. Each process has 64 turns waiting; in the open loop turns come at
random moments, whether or not those before them are done. The full path is that of `benchmarks.turns`: words,
ranking, engine, commit, delivery.
"""

import argparse
import asyncio
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO
from urllib.parse import quote

from benchmarks.store import PEOPLE, STATE, WAITING, people, turn
from benchmarks.turns import Bench, FakeChannel, Update
from benchmarks.turns import closed_loop as full_loop
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Library
from bot.service.ports import Row, Store, Tx
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SQLiteStore
from bot.wiring import load_edition, open_store
from tests.postgres import keeper

ROOT = Path(__file__).parents[1]
DURABLE = {"max_connections": "60", "shared_buffers": "128MB", "log_min_messages": "fatal"}
ROUNDS = 6  # turns of each person in the full path
SECONDS = 5.0  # of the open loop
SESSIONS = 100_000  # of the cold start
THOUSAND = 1_000
RANGES = count(10**6, 10**6)  # so that no two processes give a turn the same number


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: turns of all processes together, and what one of them waited."""

    what: str
    turns_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


@contextmanager
def server() -> Iterator[str]:
    """A durable server; its address with the name of a database to come."""
    folder = Path(tempfile.mkdtemp(prefix="pathways-bench-")) / "pg"
    folder.parent.chmod(0o755)
    keeper.make(folder)
    port = keeper.free_port()
    process = keeper.start(folder, DURABLE, port)
    try:
        yield f"postgresql://pathways@/postgres?host={quote(str(folder), safe='')}&port={port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder.parent)


def opened(url: str) -> Store:
    """The store of an address."""
    if url.startswith("postgresql"):
        return PostgresStore(url)
    return SQLiteStore(Path(url))


def person_of(number: int) -> str:
    """Whose turn it is, as `benchmarks.store.turn` has it."""
    return f"p{number * 7919 % PEOPLE}"


async def one_turn(store: Store, number: int) -> float:
    """Seconds from submitting to knowing that it is durable."""
    began = time.perf_counter()
    await asyncio.wrap_future(store.submit(turn(number), (person_of(number),)))
    return time.perf_counter() - began


async def closed_loop(store: Store, first: int, turns: int) -> list[float]:
    """So many turns, with 64 that wait at any time."""
    numbers, took = iter(range(first, first + turns)), list[float]()

    async def waiting() -> None:
        for number in numbers:
            took.append(await one_turn(store, number))

    await asyncio.gather(*(waiting() for _ in range(WAITING)))
    return took


async def open_loop(store: Store, first: int, rate: float) -> list[float]:
    """Turns that come at random moments for some seconds."""
    chance, tasks = random.Random(first), list[asyncio.Task[float]]()
    began = at = time.perf_counter()
    while at < began + SECONDS:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(one_turn(store, first + len(tasks))))
    return await asyncio.gather(*tasks)


def work(url: str, first: int, turns: int, rate: float) -> None:
    """One process: ready, wait for the word, run, and say how long each took."""
    with closing(opened(url)) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        loop = open_loop(store, first, rate) if rate else closed_loop(store, first, turns)
        took = asyncio.run(loop)
        print(json.dumps({"took": took, "cpu": time.process_time() - cpu}), flush=True)


@dataclass(frozen=True, slots=True)
class Crowd(Bench):
    """A running bot among others, with people of its own."""

    first: int

    async def hear(self, update: Update) -> float:
        """See `Bench.hear`."""
        who = f"{self.first}.{update['from']}"
        return await Bench.hear(self, {**update, "from": who})


def work_in_full(url: str, first: int, turns: int) -> None:
    """One process with all that a turn passes through."""
    clock, edition = SystemClock(), load_edition(None)
    address = url if url.startswith("postgresql") else f"sqlite:///{url}"
    with closing(open_store(address, clock)) as store:
        deliverer = Deliverer(store, {"terminal": FakeChannel()}, clock)
        bench = Crowd(Conversation(store, Library(edition), clock), deliverer, first)
        print("ready", flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        took = asyncio.run(full_loop(bench, max(1, turns // ROUNDS), ROUNDS, first))
        print(json.dumps({"took": took, "cpu": time.process_time() - cpu}), flush=True)


def measure(
    what: str, url: str, processes: int, turns: int, rate: float = 0, *, in_full: bool = False
) -> Figure:
    """Have some processes work at the same time."""
    command = [sys.executable, "-m", "benchmarks.postgres", "--worker", url]
    share = turns // processes
    workers = [
        subprocess.Popen(
            [
                *command,
                "--first",
                str(next(RANGES)),
                "--turns",
                str(share),
                "--rate",
                str(rate / processes),
                *(["--full"] if in_full else []),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    for worker in workers:
        _open(worker.stdout).readline()
    began = time.perf_counter()
    for worker in workers:
        _open(worker.stdin).write("go\n")
        _open(worker.stdin).flush()
    said = [json.loads(worker.communicate()[0]) for worker in workers]
    seconds = time.perf_counter() - began
    took = sorted(each for one in said for each in one["took"])
    return Figure(
        what=what,
        turns_a_second=round(len(took) / seconds),
        p50_ms=round(took[len(took) // 2] * 1000, 2),
        p99_ms=round(took[len(took) * 99 // 100] * 1000, 2),
        cpu_ms=round(sum(one["cpu"] for one in said) / len(took) * 1000, 3),
    )


def _open(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("a worker has pipes")
    return pipe


def cold_start(url: str) -> float:
    """Seconds until the first turn with so many sessions and ten times the rows (R18)."""
    with closing(opened(url)) as store:
        for first in range(0, SESSIONS, THOUSAND):
            store.submit(partial(_fill, first=first)).result()
    began, number = time.perf_counter(), 10**9
    with closing(opened(url)) as store:
        store.submit(turn(number), (person_of(number),)).result()
        return time.perf_counter() - began


def _fill(tx: Tx, first: int) -> None:
    numbers = range(first, first + THOUSAND)
    person: Row = {"branch": "b", "language": "en", "created_at": 1}
    session: Row = {"branch": "b", "version": 1, "state": STATE, "updated_at": 1}
    vote: Row = {"branch": "b", "helpful": 1, "at": 1}
    tx.insert_all("person", [{**person, "id": f"c{n}"} for n in numbers])
    tx.insert_all("session", [{**session, "person": f"c{n}"} for n in numbers])
    for about in range(9):
        rows = [{**vote, "person": f"c{n}", "about": f"c{about}"} for n in numbers]
        tx.insert_all("feedback", rows)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="benchmarks.postgres", description=__doc__)
    parser.add_argument("--turns", type=int, default=9_000, help="turns of each measure")
    parser.add_argument("--rate", type=float, default=200, help="turns a second of the open loop")
    parser.add_argument("--cold", action="store_true", help="also start on 100,000 sessions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker and given.full:
        work_in_full(given.worker, given.first, given.turns)
        return
    if given.worker:
        work(given.worker, given.first, given.turns, given.rate)
        return
    with server() as url, tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "bench.db")
        for place in (url, file):
            with closing(opened(place)) as store:
                store.submit(people).result()
        figures = [
            measure("SQLite, 1 process", file, 1, given.turns),
            measure("PostgreSQL, 1 process", url, 1, given.turns),
            measure("PostgreSQL, 3 processes", url, 3, given.turns),
            measure(f"SQLite, 1 process, {given.rate:g}/s at random", file, 1, 0, given.rate),
            measure(f"PostgreSQL, 3 processes, {given.rate:g}/s at random", url, 3, 0, given.rate),
            measure("SQLite, 1 process, the full path", file, 1, given.turns // 3, in_full=True),
            measure(
                "PostgreSQL, 1 process, the full path", url, 1, given.turns // 3, in_full=True
            ),
            measure(
                "PostgreSQL, 3 processes, the full path", url, 3, given.turns // 3, in_full=True
            ),
        ]
        cold = cold_start(url) if given.cold else None
    if given.json:
        print(json.dumps({"figures": [asdict(one) for one in figures], "cold_start_s": cold}))
        return
    heads = ("turns/s", "p50 ms", "p99 ms", "CPU ms")
    print(f"{'durable turns':45}", *(f"{head:>8}" for head in heads))
    for one in figures:
        times = f"{one.p50_ms:8.2f} {one.p99_ms:8.2f} {one.cpu_ms:8.3f}"
        print(f"{one.what:45} {one.turns_a_second:8,.0f} {times}")
    if cold is not None:
        print(f"cold start on {SESSIONS:,} sessions: {cold:.2f} s")


if __name__ == "__main__":
    main()
