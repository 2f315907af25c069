"""What people wait while the night's work is done: turns in a calm hour, during backups, during a purge.

10,000 people with ten answers each, all from long ago, so that the purge finds much to delete; turns come
at random meanwhile. The calm hour is measured before and after, since another program may be running.

`python -m benchmarks.night [--people N] [--rate N] [--seconds N]`
"""

import argparse
import asyncio
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.crowd import fill
from benchmarks.turns import Bench, FakeChannel, open_loop
from bot.knowledge.retention import Retention
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Library
from bot.service.ports import Store
from bot.service.purging import purge
from bot.storage.backup import write_backup
from bot.wiring import load_edition, open_store

AGE: Final = timedelta(days=1200)  # of what stands there: longer than most of it is kept
GAP: Final = 1_000_000  # between the numbers of two rounds of updates
Work = Callable[[threading.Event], str]


def report(name: str, waits: list[float], did: str) -> None:
    """One line of the table."""
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{name:16} {len(waits):6,} turns  p50 {cuts[49] * 1000:6.1f} ms  p99 {cuts[98] * 1000:6.1f} ms"
        f"  longest {max(waits) * 1000:6.0f} ms  {did}",
        flush=True,
    )


async def beside(bench: Bench, work: Work, rate: int, seconds: float, first: int) -> None:
    """Take turns for so long, and do some work on a thread meanwhile, as the night does."""
    stop = threading.Event()
    working = asyncio.create_task(asyncio.to_thread(work, stop))
    waits = await open_loop(bench, rate, seconds, first)
    stop.set()
    report(work.__name__.replace("_", " "), waits, await working)


async def night(bench: Bench, todo: tuple[Work, ...], rate: int, seconds: float) -> None:
    """One after the other, so long each."""
    for number, work in enumerate(todo):
        await beside(bench, work, rate, seconds, number * GAP)


def works(path: Path, store: Store, retention: Retention) -> tuple[Work, ...]:
    """What is done meanwhile; each says how much it did."""

    def calm(_stop: threading.Event) -> str:
        return ""

    def backups(stop: threading.Event) -> str:
        count, began = 0, time.perf_counter()
        while not stop.is_set():
            count += 1
            write_backup(path, path.with_name(f"backup-{time.perf_counter_ns()}.db"), None)
        size = path.stat().st_size / 1e6
        return f"{count} of {size:.0f} MB, {(time.perf_counter() - began) / count:.1f} s each"

    def purging(_stop: threading.Event) -> str:
        began, now = time.perf_counter(), SystemClock().now()
        gone = sum(purge(store, retention, now).values())
        store.checkpoint().result()
        return f"{gone:,} rows in {time.perf_counter() - began:.1f} s"

    def calm_again(_stop: threading.Event) -> str:
        return ""

    return calm, backups, purging, calm_again


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.night", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=100, help="turns a second")
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    edition = load_edition(None)
    retention = edition.content.retention
    if retention is None:
        parser.error("the content has no retention.yaml")
    with tempfile.TemporaryDirectory() as place:
        path, clock = Path(place) / "run.db", SystemClock()
        fill(path, given.people, AGE)
        with closing(open_store(f"sqlite:///{path}", clock)) as store:
            deliverer = Deliverer(store, {"terminal": FakeChannel()}, clock)
            bench = Bench(Conversation(store, Library(edition), clock), deliverer)
            asyncio.run(night(bench, works(path, store, retention), given.rate, given.seconds))


if __name__ == "__main__":
    main()
