"""The whole path in one process: the small Bot API over HTTP, the real channel, a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channels.http import Listener
from bot.channels.telegram.opening import TelegramChannel, open_telegram
from bot.channels.telegram.options import Options
from bot.service import audit, people
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.intake import Intake
from bot.service.library import Edition, Library
from bot.service.ports import Row, Store, Tx
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader
from tests.channels.telegram.api import TOKEN, BotApi
from tests.channels.telegram.server import ApiServer

PATIENCE_S = 30.0  # seconds that something may take on a machine with much else to do
COST = "How much does registration cost?"


class BrokenStore:
    """A real store that stops committing while it is told to."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.error: Exception | None = None
        self.spoil: Callable[[Tx], None] | None = None
        self.refused = 0

    def submit(self, work: Callable[[Tx], Any], locks: Collection[str] | None = None) -> Any:
        """See `Store.submit`: the work is done and then rolled back."""
        if self.error is None:
            return self.store.submit(self._spoiled(work), locks)
        error = self.error
        self.refused += 1

        def fail(tx: Tx) -> Any:
            work(tx)
            raise error

        return self.store.submit(fail, locks)

    def _spoiled(self, work: Callable[[Tx], Any]) -> Callable[[Tx], Any]:
        """The work with what `spoil` does at its end, in the same transaction."""

        def spoiled(tx: Tx) -> Any:
            done = work(tx)
            if self.spoil:
                self.spoil(tx)
            return done

        return spoiled

    def submit_ahead(self, work: Callable[[Tx], Any]) -> Any:
        return self.submit(work)

    def checkpoint(self) -> Any:
        return self.store.checkpoint()

    def close(self) -> None:
        self.store.close()


@dataclass
class House:
    """A bot that runs."""

    server: ApiServer
    store: BrokenStore
    channel: TelegramChannel
    port: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def api(self) -> BotApi:
        return self.server.api

    def rows(self, table: str) -> list[Row]:
        return self.store.store.submit(lambda tx: tx.find(table, {})).result()

    async def said(self, chat: int, count: int) -> list[dict[str, Any]]:
        """What the bot said in a chat, as soon as it is so much."""
        await self.until(lambda: len(self.api.said(chat)) >= count)
        return self.api.said(chat)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that will come about."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - what is waited for happens behind a socket
                await asyncio.sleep(0.005)


@asynccontextmanager
async def living(
    folder: Path,
    server: ApiServer,
    *,
    begin: bool = True,
    edition: Edition | None = None,
    **options: Any,
) -> AsyncIterator[House]:
    """A bot on the Bot API, until the block ends; with content of a few lines unless told otherwise."""
    store = BrokenStore(SQLiteStore(folder / "house.db"))
    clock = SystemClock()

    def set_up(tx: Tx) -> None:
        audit.set_install_key(tx, clock.fresh())
        people.add_branch(tx, people.DEFAULT_BRANCH, "Main", clock.now())

    store.submit(set_up).result()
    library = Library(edition or Edition(content_of(), listed_reader(content_of())))
    channels: dict[str, TelegramChannel] = {}
    deliverer = Deliverer(store, channels, clock)
    intake = Intake(Conversation(store, library, clock), store, deliverer.wake)
    where = {"token": TOKEN, "api_url": server.url, "file_url": server.file_url}
    wanted = Options(**{**where, "poll_s": 5, "retry_s": 0.05, **options})
    channel = channels["telegram"] = open_telegram(wanted, intake, library, clock)
    listener = Listener("127.0.0.1", 0, channel.routes, _nothing)
    house = House(server, store, channel, await listener.start())
    if wanted.webhook_url:
        server.hook_port = house.port
    taking, tasks = asyncio.Event(), [asyncio.create_task(deliverer.run())]
    try:
        if begin:
            tasks.append(asyncio.create_task(channel.take_in(taking, house.stop)))
            await asyncio.wait(
                [asyncio.create_task(taking.wait()), tasks[-1]], return_when="FIRST_COMPLETED"
            )
        yield house
        house.stop.set()
        deliverer.stop()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.close()
        await channel.close()
        store.close()


async def _nothing() -> dict[str, bool]:
    return {}
