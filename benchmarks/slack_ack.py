"""How long Slack waits for an acknowledgement, alone and while a broadcast to 5,000 people drains (H1).

Signed requests over HTTP on this machine, the real door, a real SQLite file, real deliveries to a stub of
the Web API in the same process: what is measured shares its two cores with what it is measured against.

`python -m benchmarks.slack_ack [--people N] [--seconds S] [--rate N]`
"""

import argparse
import asyncio
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.channels.http import Listener
from bot.channels.slack.front import PATH, sign
from bot.channels.slack.opening import Slack, open_slack
from bot.channels.slack.options import Options
from bot.channels.slack.spots import NAME, Spot
from bot.messages import Place, Reply
from bot.service import outbox, people
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.intake import Intake
from bot.service.library import Library
from bot.service.outbox import Target
from bot.service.ports import Store, Tx
from bot.wiring import load_edition, open_store

TEAM: Final = "T1"
SECRET: Final = "a signing secret for a benchmark"  # noqa: S105 - of nobody
SAID: Final = ("topics", "3", "will my employer pay", "what does it cost", "help")
AIM_MS: Final = 500.0  # features.md, H1


@dataclass(frozen=True, slots=True, kw_only=True)
class Acks:
    """How long the acknowledgements took, in milliseconds."""

    name: str
    took_ms: Sequence[float]
    waiting: int

    def line(self) -> str:
        """One line of the table."""
        cuts = statistics.quantiles(self.took_ms, n=100)
        return (
            f"{self.name:24} {len(self.took_ms):6} acks  p50 {cuts[49]:7.1f} ms  "
            f"p99 {cuts[98]:7.1f} ms  worst {max(self.took_ms):7.1f} ms  still waiting {self.waiting}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The bot, and where it is reached."""

    store: Store
    address: str
    session: aiohttp.ClientSession


async def _stub() -> tuple[web.AppRunner, str]:
    """A Web API that says yes to everything."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        said = {"ok": True, "team_id": TEAM, "user_id": "U0", "ts": "1.1", "channel": {"id": "D1"}}
        return web.json_response(said)

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"


@asynccontextmanager
async def _office(folder: Path) -> AsyncIterator[Office]:
    stub, api_url = await _stub()
    clock, library = SystemClock(), Library(load_edition(None))
    store = open_store(f"sqlite:///{folder / 'bench.db'}", clock)
    channels: dict[str, Slack] = {}
    deliverer = Deliverer(store, channels, clock)
    intake = Intake(Conversation(store, library, clock), store, deliverer.wake)
    options = Options(bot_token="xoxb-0", signing_secrets=(SECRET,), api_url=api_url)  # noqa: S106 - of nobody
    slack = channels[NAME] = open_slack(options, intake, library, clock.now)
    taking, stop = asyncio.Event(), asyncio.Event()
    listener = Listener("127.0.0.1", 0, slack.routes, _is_ready)
    address = f"http://127.0.0.1:{await listener.start()}{PATH}"
    listening = asyncio.create_task(slack.take_in(taking, stop))
    delivering = asyncio.create_task(deliverer.run())
    await taking.wait()
    async with aiohttp.ClientSession() as session:
        yield Office(store=store, address=address, session=session)
    stop.set()
    await listening
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    await listener.close()
    await slack.close()
    await stub.cleanup()
    store.close()


async def _is_ready() -> dict[str, bool]:
    return {}


def _broadcast(tx: Tx, people_count: int, clock: SystemClock) -> None:
    """Queue one message to so many people, behind everybody's replies."""
    now = clock.now()
    for number in range(people_count):
        address = Spot(team=TEAM, user=f"B{number}").address()
        target = Target(
            branch=people.DEFAULT_BRANCH, person=None, address=address, place=Place.PRIVATE
        )
        outbox.queue(tx, target, (Reply(text="A reminder to all."),), f"bulk:{number}", now)
    tx.update("outbox", {"person": None, "status": "queued"}, {"lane": "broadcast"})


async def _measure(office: Office, name: str, seconds: float, rate: float) -> Acks:
    """Send events at a steady rate, whether the ones before were acknowledged or not."""
    numbers, took, posts = itertools.count(), list[float](), list[asyncio.Task[None]]()

    async def post(number: int) -> None:
        raw = json.dumps(_event(f"{'-'.join(name.split())}-{number}", number)).encode()
        stamp = str(int(time.time()))
        headers = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(raw, stamp, SECRET),
            "Content-Type": "application/json",
        }
        begun = time.perf_counter()
        async with office.session.post(office.address, data=raw, headers=headers) as answer:
            answer.raise_for_status()
        took.append((time.perf_counter() - begun) * 1000)

    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        posts.append(asyncio.create_task(post(next(numbers))))
        await asyncio.sleep(1 / rate)
    await asyncio.gather(*posts)
    queued = {"lane": "broadcast", "status": "queued"}
    waiting = await asyncio.wrap_future(office.store.submit(lambda tx: tx.count("outbox", queued)))
    return Acks(name=name, took_ms=took, waiting=waiting)


def _event(event_id: str, number: int) -> dict[str, Any]:
    user = f"U{number % 200}"
    said = {
        "type": "message",
        "user": user,
        "text": SAID[number % len(SAID)],
        "ts": f"1.{number}",
        "channel": f"D{user}",
        "channel_type": "im",
    }
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": said}


async def _main(people_count: int, seconds: float, rate: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with _office(Path(folder)) as office:
            await _measure(office, "warm-up", 2, rate)
            print((await _measure(office, "alone", seconds, rate)).line(), flush=True)
            clock = SystemClock()
            bulk = office.store.submit(lambda tx: _broadcast(tx, people_count, clock))
            await asyncio.wrap_future(bulk)
            during = await _measure(office, f"beside {people_count} others", seconds, rate)
            print(during.line())
            p99 = statistics.quantiles(during.took_ms, n=100)[98]
            print(f"p99 {p99:.0f} ms, aim {AIM_MS:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    given = parser.parse_args()
    asyncio.run(_main(given.people, given.seconds, given.rate))
