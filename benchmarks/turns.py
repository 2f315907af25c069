"""Durable turns a second through the full path, beside python-telegram-bot's own persistence.

The full path: an update as a dict, to an utterance, ranking, respond, commit, outbox, delivery to an
in-process fake. No HTTP; the load comes from the same process. An fsync is as it is on this disk, or
replaced by a fixed 1 ms sleep. Every figure stands beside what it is compared with in the same run.

    python -m benchmarks.turns [--people 500] [--turns 6] [--json]
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bot.channels.terminal_utterance import to_utterance

from benchmarks import ptb
from benchmarks.figure import Figure
from benchmarks.slow_fsync import slow_fsync
from bot.messages import Address, Inbound, Place, Reply
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Edition, Library
from bot.service.ports import Capabilities
from bot.wiring import load_edition, open_store

IN_FLIGHT: Final = 64  # turns waiting for a commit at once
SAID: Final = (
    "topics",
    "1",
    "1",
    "1",
    "how much does it cost",
    "2",
)  # five menu choices and a question
Update = dict[str, Any]


class FakeChannel:
    """Takes every reply and forgets it."""

    name = "terminal"
    capabilities = Capabilities(text_limit=4096, max_options=100, label_limit=75, restyles=False)

    def __init__(self) -> None:
        self.sent = 0

    async def send(self, address: Address, place: Place, reply: Reply, key: str) -> str:
        """Count it."""
        del address, place, reply, key
        self.sent += 1
        return str(self.sent)


def updates(people: int, turns: int) -> Iterator[Update]:
    """Everybody's turns, one round after the other."""
    for turn in range(turns):
        for person in range(people):
            text = SAID[turn % len(SAID)]
            yield {"update_id": turn * people + person, "from": person, "text": text}


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


async def run_ours(edition: Edition, folder: Path, people: int, turns: int, name: str) -> Figure:
    """Play all turns, with 64 in flight, and deliver every reply."""
    clock, channel = SystemClock(), FakeChannel()
    store = open_store(f"sqlite:///{folder / 'bench.db'}", clock)
    conversation = Conversation(store, Library(edition), clock)
    deliverer = Deliverer(store, {"terminal": channel}, clock)
    delivering = asyncio.create_task(deliverer.run())
    waits: list[float] = []
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(update: Update) -> None:
        async with gate:
            began = time.perf_counter()
            await asyncio.wrap_future(conversation.hear(to_inbound(update)))
            waits.append(time.perf_counter() - began)
            deliverer.wake()

    began = time.perf_counter()
    for turn in range(turns):  # a person's next turn follows the one before
        batch = [u for u in updates(people, turns) if u["update_id"] // people == turn]
        await asyncio.gather(*(one(update) for update in batch))
    seconds = time.perf_counter() - began
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    await deliverer.deliver_due()
    store.close()
    p99 = statistics.quantiles(waits, n=100)[98] * 1000
    return Figure(name=name, turns=people * turns, seconds=seconds, p99_ms=p99)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    edition = load_edition(None)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        size = options.people, options.turns
        for how in ("fsync as it is", "fsync 1 ms"):
            place = home / how.replace(" ", "-")
            place.mkdir()
            with slow_fsync(how) as named:
                figures.append(asyncio.run(run_ours(edition, place, *size, f"Pathways, {named}")))
        figures.append(ptb.durable(home, min(options.people, 100), options.turns))
    _print(figures, as_json=options.json)


def _print(figures: list[Figure], *, as_json: bool) -> None:
    if as_json:
        rows = [{"name": f.name, "rate": f.rate, "p99_ms": f.p99_ms} for f in figures]
        print(json.dumps(rows))
        return
    base = figures[-1].rate
    for figure in figures:
        print(
            f"{figure.name:52} {figure.rate:8.0f} turns/s   p99 {figure.p99_ms:7.1f} ms"
            f"   {figure.rate / base:6.1f} x the last line"
        )


if __name__ == "__main__":
    main()
