"""Durable turns a second through the full path, beside python-telegram-bot's own persistence.

The full path: an update as a dict, to an utterance, ranking, respond, commit, outbox, delivery to an
in-process fake. No HTTP; the load comes from the same process. An fsync is as it is on this disk, or
takes a fixed 1 ms. Every figure stands beside what it is compared with in the same run.

`python -m benchmarks.turns [--people N] [--turns N] [--json]`; with `--whole`, R09 alone, as long as it takes
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import ptb
from benchmarks.figure import Figure
from benchmarks.slow_fsync import AS_IT_IS, ONE_MS, preload, slow_fsync
from bot.channels.terminal import to_utterance
from bot.engine.session import Session
from bot.engine.turn import respond
from bot.engine.view import View
from bot.messages import Address, BranchId, Inbound, PersonId, Place, Reply
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.landing import landed
from bot.service.library import Edition, Library
from bot.service.ports import Capabilities
from bot.wiring import load_edition, open_store

IN_FLIGHT: Final = 64  # turns waiting for a commit at once
SAID: Final = ("topics", "3", "1", "1", "will my employer pay", "topics")  # mostly menu choices
CROWD, CROWD_TURNS = 10_000, 20  # people of R09, and turns of each
RATES: Final = (200, 1000)  # turns a second of the open loop
GOALS_MS: Final = (25, 60)  # p99 at these rates, where a bare turn of the comparison takes 0.18 ms
Update = dict[str, Any]
QUESTIONS: Final = (
    "will my employer pay the fees",
    "how long does it take",
    "what is EngTech for",
    "do i need a degree to register",
)
SURVEY: Final = (
    *("technician survey", "I agree, begin"),
    *("lab", "over 15 years", "1", "1 and 3", "no", "no", "maybe", "cost", "fees", "some"),
)


class FakeChannel:
    """Takes every reply and forgets it."""

    name = "terminal"
    capabilities = Capabilities(text_limit=4096, max_options=100, label_limit=75, restyles=False)

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """A receipt at once."""
        del address, place, reply, file
        return key


@dataclass(frozen=True, slots=True)
class Bench:
    """A running bot with a fake channel."""

    conversation: Conversation
    deliverer: Deliverer

    async def hear(self, update: Update) -> float:
        """Take an update in; returns seconds until it was durable."""
        began = time.perf_counter()
        await landed(self.conversation.hear(to_inbound(update)))
        self.deliverer.wake()
        return time.perf_counter() - began


def to_inbound(update: Update) -> Inbound:
    """An update as a channel would hand it over."""
    who = Address("terminal", str(update["from"]))
    return Inbound(
        key=f"bench:{update['update_id']}",
        identity=who,
        address=who,
        place=Place.PRIVATE,
        utterance=to_utterance(str(update["text"])),
    )


@contextmanager
def running(edition: Edition) -> Iterator[Bench]:
    """A bot on a new database."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.db'}", clock)
        deliverer = Deliverer(store, {"terminal": FakeChannel()}, clock)
        yield Bench(Conversation(store, Library(edition), clock), deliverer)
        store.close()


async def closed_loop(bench: Bench, people: int, turns: int, first: int = 0) -> list[float]:
    """Everybody's turns, one round after the other, 64 in flight; seconds each waited.

    Args:
        bench: A bot with a fake channel.
        people: How many take turns.
        turns: Of each of them.
        first: The number of the first update; none may come twice on one database.
    """
    delivering = asyncio.create_task(bench.deliverer.run())
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(update: Update) -> float:
        async with gate:
            return await bench.hear(update)

    waits: list[float] = []
    for turn in range(turns):
        text = SAID[turn % len(SAID)]
        batch = (
            one({"update_id": first + turn * people + person, "from": person, "text": text})
            for person in range(people)
        )
        waits += await asyncio.gather(*batch)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    await bench.deliverer.deliver_due()
    return waits


async def open_loop(bench: Bench, rate: int, seconds: float, first: int = 0) -> list[float]:
    """Turns that arrive at random, so many a second, whether the last was done or not.

    Args:
        bench: A bot with a fake channel.
        rate: Turns a second.
        seconds: For so long.
        first: The number of the first update; none may come twice on one database.
    """
    delivering = asyncio.create_task(bench.deliverer.run())
    chance, tasks = random.Random(1), list[asyncio.Task[float]]()
    began = at = time.perf_counter()
    while at < began + seconds:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        number = len(tasks)
        text = SAID[number % len(SAID)]
        update = {"update_id": first + number, "from": number % 500, "text": text}
        tasks.append(asyncio.create_task(bench.hear(update)))
    waits = await asyncio.gather(*tasks)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    return waits


def measured(name: str, run: Callable[[], Sequence[float]]) -> Figure:
    """A run and what it took."""
    began, cpu = time.perf_counter(), time.process_time()
    waits = run()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Figure(
        name=name,
        turns=len(waits),
        seconds=seconds,
        p99_ms=statistics.quantiles(waits, n=100)[98] * 1000,
        cpu_ms=cpu / len(waits) * 1000,
    )


def pure_turn_ms(edition: Edition, count: int = 3000) -> tuple[float, float]:
    """Processor milliseconds of a menu choice in the engine alone, and of ranking a question."""
    now: datetime = SystemClock().now()
    who = View(person=PersonId("p"), branch=BranchId("b"), place=Place.PRIVATE, fresh="f" * 26)
    session = Session(secret="s")  # noqa: S106 - nobody's
    ranking = edition.read("3")
    menu = respond(
        session, to_utterance("topics"), edition.read("topics"), who, edition.content, now
    )
    cpu = time.process_time()
    for _ in range(count):
        respond(menu.session, to_utterance("3"), ranking, who, edition.content, now)
    engine = (time.process_time() - cpu) / count * 1000
    cpu = time.process_time()
    for _ in range(count // 10):
        edition.reader.read("will my employer pay the fees for me")
    return engine, (time.process_time() - cpu) / (count // 10) * 1000


def menu_turn_ms(edition: Edition, people: int = 100, rounds: int = 12) -> tuple[float, float]:
    """Processor milliseconds of a menu choice from words to commit, and of its ranking alone."""
    said, cpu = SAID[:4], 0.0
    with running(edition) as bench:
        for turn in range(-len(said), rounds):
            if turn == 0:
                cpu = time.process_time()
            taken = [
                bench.conversation.hear(
                    to_inbound(
                        {"update_id": turn * people + who, "from": who, "text": said[turn % 4]}
                    )
                )
                for who in range(people)
            ]
            for future in taken:
                future.result()
        whole = (time.process_time() - cpu) / (people * rounds) * 1000
    cpu = time.process_time()
    for _ in range(people):
        for text in said:
            edition.read(text)
    return whole, (time.process_time() - cpu) / (people * len(said)) * 1000


def kind_ms(
    edition: Edition, said: Sequence[str], skipped: int = 0, people: int = 50, rounds: int = 4
) -> tuple[float, float]:
    """Processor milliseconds of one kind of turn from words to commit, and of its ranking alone.

    Args:
        edition: What people read.
        said: What each says, one after the other; new people in each round, the first of which warms up.
        skipped: How many of these lead there, and are not counted.
        people: In each round, of which all say the same at once.
        rounds: That are counted.
    """
    cpu, number = 0.0, 0
    with running(edition) as bench:
        for place in range((rounds + 1) * len(said)):
            text, first = said[place % len(said)], place // len(said) * people
            began, taken = time.process_time(), []
            for who in range(first, first + people):
                number += 1
                update = {"update_id": number, "from": who, "text": text}
                taken.append(bench.conversation.hear(to_inbound(update)))
            for future in taken:
                future.result()
            is_counted = place >= len(said) and place % len(said) >= skipped
            cpu += (time.process_time() - began) * is_counted
    counted, began = list(said[skipped:]), time.process_time()
    for text in counted * people:
        edition.read(text)
    ranked = (time.process_time() - began) / (people * len(counted)) * 1000
    return cpu / (people * rounds * len(counted)) * 1000, ranked


def all_figures(people: int, turns: int, seconds: float) -> list[Figure]:
    """Ours on two disks and at two rates, then the comparison."""
    edition = load_edition(None)
    found: list[Figure] = []
    for disk in (AS_IT_IS, ONE_MS):
        with slow_fsync(disk) as named, running(edition) as bench:
            run = measured(
                f"Pathways, 64 in flight, {named}",
                partial(asyncio.run, closed_loop(bench, people, turns)),
            )
            found.append(run)
    for rate in RATES:
        with slow_fsync(ONE_MS) as named, running(edition) as bench:
            run = measured(
                f"Pathways, {rate}/s at random, {named}",
                partial(asyncio.run, open_loop(bench, rate, seconds)),
            )
            found.append(run)
    with tempfile.TemporaryDirectory() as folder:
        found.append(ptb.durable(Path(folder), min(people, 100), turns))
    return found


def crowd() -> Figure:
    """R09: 200,000 turns of 10,000 people."""
    with slow_fsync(ONE_MS) as named, running(load_edition(None)) as bench:
        loop = closed_loop(bench, CROWD, CROWD_TURNS)
        return measured(f"R09, {CROWD:,} people, {named}", partial(asyncio.run, loop))


def main() -> None:
    """Measure and print."""
    preload("benchmarks.turns")
    parser = argparse.ArgumentParser(prog="benchmarks.turns", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=6, help="turns of each person")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each open loop")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--whole", action="store_true", help="R09 alone, with all its turns")
    given = parser.parse_args()
    if given.whole:
        one = crowd()
        print(
            f"{one.name}: {one.turns:,} turns in {one.seconds:.0f} s, {one.rate:.0f} a second, p99 "
            f"{one.p99_ms:.0f} ms; {one.cpu_ms * one.turns / 1000:.0f} s of the processor, "
            f"{one.cpu_ms:.3f} ms a turn"
        )
        return
    figures = all_figures(given.people, given.turns, given.seconds)
    engine, ranking = pure_turn_ms(load_edition(None))
    bare = ptb.cpu_ms(100, 10)
    if given.json:
        cpu = {"engine_ms": engine, "ranking_ms": ranking, "bare_conversation_handler_ms": bare}
        print(json.dumps({"figures": [asdict(one) for one in figures], "cpu": cpu}))
        return
    for one in figures:
        print(
            f"{one.name:60} {one.rate:7.0f} turns/s   p99 {one.p99_ms:7.1f} ms"
            f"   {one.cpu_ms:6.3f} ms CPU a turn   {one.rate / figures[-1].rate:6.1f} x the last line"
        )
    menus, ranked = menu_turn_ms(load_edition(None))
    whole = menus - ranked
    print(
        f"R12  a menu choice through the store {whole:.3f} ms CPU, {whole / bare:.1f} x a bare "
        f"ConversationHandler turn ({bare:.3f} ms); goal 3 x. The engine alone {engine:.3f} ms"
    )
    print(f"     ranking apart: {ranked:.3f} ms a menu choice, {ranking:.3f} ms a question")
    for name, said, skipped in (
        ("an open question", QUESTIONS, 0),
        ("a step of an anonymous survey", SURVEY, 2),
    ):
        cost, apart = kind_ms(load_edition(None), said, skipped)
        print(
            f"     {name}: {cost:.3f} ms, {(cost - apart) / bare:.1f} x without its ranking "
            f"({apart:.3f} ms)"
        )
    slow = figures[1]
    print(
        f"R09  200,000 turns would take {200_000 / slow.rate:,.0f} s on this machine; goal 120 s where "
        f"a bare turn takes 0.18 ms, {120 * bare / 0.18:,.0f} s at this machine's pace"
    )
    for rate, one, goal in zip(RATES, figures[2:4], GOALS_MS, strict=True):
        print(
            f"R10  p99 at {rate}/s {one.p99_ms:.1f} ms; goal {goal} ms there, x {bare / 0.18:.1f} here"
        )


if __name__ == "__main__":
    main()
