"""How a database grows: bytes of 1,000 turns, after the nightly deletion, and the first answer after a start.

Everybody says the same round of menu choices and questions; a week on, the night deletes what is old, and the
same is said once more. Beside it stands the file of python-telegram-bot's PicklePersistence after as many
turns, which keeps a number for each person and no reply, no key and no history.

`python -m benchmarks.growth [--people N] [--turns N] [--json]`
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks import ptb
from benchmarks.turns import Bench, FakeChannel, closed_loop
from bot.service import nightly
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Edition, Library
from bot.service.ports import Store
from bot.wiring import load_edition, open_store

LATER: Final = timedelta(days=8)  # keys are kept for seven
FIRST: Final = 1_000_000  # added to the numbers of the second round's updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Bytes of a file, and seconds from opening it to the first answer."""

    name: str
    turns: int
    empty: int
    full: int
    first_answer_s: float

    @property
    def of_a_thousand(self) -> float:
        """Kilobytes that 1,000 turns add."""
        return (self.full - self.empty) / self.turns


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """A store on a file, whose log is in the file at the end."""
    with closing(open_store(f"sqlite:///{path}", SystemClock())) as store:
        yield store
        store.checkpoint().result()


def talk(path: Path, edition: Edition, people: int, turns: int, first: int = 0) -> None:
    """Everybody's turns, each reply delivered."""
    clock = SystemClock()
    with opened(path) as store:
        deliverer = Deliverer(store, {"terminal": FakeChannel()}, clock)
        bench = Bench(Conversation(store, Library(edition), clock), deliverer)
        asyncio.run(closed_loop(bench, people, turns, first))


def night(path: Path, edition: Edition) -> int:
    """The nightly deletion, a week on; returns how many rows went."""
    clock = SystemClock()
    with opened(path) as store:
        return sum(nightly.run(store, edition.content, clock, clock.now() + LATER).values())


def first_answer_s(path: Path, first: int) -> float:
    """Seconds from nothing but loaded modules to a durable answer to somebody known."""
    began = time.perf_counter()
    talk(path, load_edition(None), 1, 1, first)
    return time.perf_counter() - began


def ours(folder: Path, people: int, turns: int) -> tuple[list[Growth], int]:
    """A round, and the same on what the night after it has left; with how many rows that night deleted."""
    path, edition = folder / "growth.db", load_edition(None)
    with opened(path):
        pass
    empty, gone, found = path.stat().st_size, 0, list[Growth]()
    for number, name in enumerate(("Pathways, SQLite", f"once more, {LATER.days} days on")):
        talk(path, edition, people, turns, number * FIRST)
        full = path.stat().st_size
        round_of = Growth(
            name=name,
            turns=people * turns,
            empty=empty,
            full=full,
            first_answer_s=first_answer_s(path, (number + 2) * FIRST),
        )
        found.append(round_of)
        gone, empty = gone or night(path, edition), path.stat().st_size
    return found, gone


def theirs(folder: Path, people: int, turns: int) -> Growth:
    """PicklePersistence, written once at the end."""
    asyncio.run(ptb.play(folder, people, turns))
    size = (folder / "ptb.pickle").stat().st_size
    began = time.perf_counter()
    asyncio.run(ptb.play(folder, 1, 1))
    return Growth(
        name="python-telegram-bot, PicklePersistence",
        turns=people * turns,
        empty=0,
        full=size,
        first_answer_s=time.perf_counter() - began,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--turns", type=int, default=12, help="turns of each person in a round")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures, gone = ours(Path(folder), given.people, given.turns)
        figures.append(theirs(Path(folder), given.people, given.turns))
    if given.json:
        print(json.dumps({"figures": [asdict(one) for one in figures], "rows_gone": gone}))
        return
    for one in figures:
        print(
            f"{one.name:40} {one.turns:6,} turns   {one.empty / 1000:7,.0f} -> {one.full / 1000:7,.0f} kB"
            f"   {one.of_a_thousand:8,.1f} kB per 1,000 turns   first answer {one.first_answer_s:6.3f} s"
        )
    print(f"R52  the night deleted {gone:,} rows, and the second round used their room")
    print("R18  a start on 100,000 sessions: `python -m benchmarks.store --cold`; goal 3 s")


if __name__ == "__main__":
    main()
