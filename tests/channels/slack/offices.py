"""A whole bot on a fake Slack in one process: real store, real door, real client, real deliveries."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.channels.http import Listener
from bot.channels.slack.front import PATH
from bot.channels.slack.opening import Slack, open_slack
from bot.channels.slack.options import Options
from bot.service import audit, people
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.intake import Intake
from bot.service.library import Edition, Library
from bot.service.ports import Row, Store, Tx
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader
from tests.channels.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack, signed
from tests.channels.slack.payloads import Payload

T = TypeVar("T")
BY_HTTP = Options(bot_token=BOT_TOKEN, signing_secrets=(SECRET,), ping_s=1.0, retry_s=0.5)
BY_SOCKET = replace(BY_HTTP, app_token=APP_TOKEN)


@dataclass
class Office:
    """The bot, the fake, and what a test may look at."""

    fake: FakeSlack
    store: Store
    slack: Slack
    deliverer: Deliverer
    clock: SystemClock
    address: str
    session: aiohttp.ClientSession
    stop: asyncio.Event

    async def post(self, payload: Payload, retry: int = 0) -> tuple[int, str]:
        """Send a payload by HTTP, signed; returns status and body."""
        raw, headers = signed(payload, self.clock.now().timestamp(), retry=retry)
        return await self.post_raw(raw, headers)

    async def post_raw(self, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Send anything."""
        async with self.session.post(self.address, data=raw, headers=headers) as answer:
            return answer.status, await answer.text()

    async def do(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self.store.submit(work))

    async def rows(self, table: str) -> list[Row]:
        return await self.do(lambda tx: tx.find(table, {}))

    async def hear(self, payload: Payload, replies: int = 1) -> list[Payload]:
        """Send a payload, and wait for so many replies; returns them."""
        before = len(self.fake.messages)
        status, _ = await self.post(payload)
        assert status == 200
        await self.fake.until(lambda: len(self.fake.messages) >= before + replies)
        return self.fake.messages[before:]


@asynccontextmanager
async def office(
    folder: Path,
    options: Options = BY_HTTP,
    *,
    edition: Edition | None = None,
    store: Store | None = None,
    fake: FakeSlack | None = None,
) -> AsyncIterator[Office]:
    """Open an office, and close it again."""
    ours, fake = fake is None, fake or FakeSlack()
    if ours:
        await fake.start()
    clock = SystemClock()
    kept = store or SQLiteStore(folder / "slack.db")
    await asyncio.wrap_future(kept.submit(lambda tx: set_up(tx, clock)))
    library = Library(edition or Edition(content_of(), listed_reader(content_of())))
    channels: dict[str, Slack] = {}
    deliverer = Deliverer(kept, channels, clock)
    intake = Intake(Conversation(kept, library, clock), kept, deliverer.wake)
    slack = open_slack(replace(options, api_url=fake.api_url), intake, library, clock.now)
    channels[slack.name] = slack
    taking, stop = asyncio.Event(), asyncio.Event()
    listener = Listener("127.0.0.1", 0, slack.routes, _is_ready)
    port = await listener.start()
    tasks = [
        asyncio.create_task(slack.take_in(taking, stop)),
        asyncio.create_task(deliverer.run()),
    ]
    await asyncio.wait(
        {asyncio.create_task(taking.wait()), tasks[0]}, return_when="FIRST_COMPLETED"
    )
    try:
        if tasks[0].done():
            await tasks[0]
        async with aiohttp.ClientSession() as session:
            address = f"http://127.0.0.1:{port}{PATH}"
            yield Office(fake, kept, slack, deliverer, clock, address, session, stop)
    finally:
        stop.set()
        deliverer.stop()
        for task in tasks[1:]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.close()
        await slack.close()
        await asyncio.to_thread(kept.close)
        if ours:
            await fake.stop()


def set_up(tx: Tx, clock: SystemClock) -> None:
    audit.set_install_key(tx, clock.fresh())
    people.add_branch(tx, people.DEFAULT_BRANCH, "Main branch", clock.now())


async def _is_ready() -> dict[str, bool]:
    return {}
