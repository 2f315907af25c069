"""A process that sends a broadcast until it is killed; it writes down what it sends, when it sends it."""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import StoreBusy
from bot.messages import Address, Place, Reply
from bot.service.clock import SystemClock
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.ports import Capabilities
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import content_of, listed_reader

CHANNEL = "test"
LIBRARY = Library(Edition(content_of(), listed_reader(content_of(), None)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One life: where its files are, how far its clock is ahead, and the database it shares with others.

    Without a database of others it is alone on a file of its own.
    """

    folder: Path
    offset_s: float
    url: str = ""


class FileChannel:
    """Writes each message down at the moment it is sent; then the answer takes a while."""

    name = CHANNEL
    capabilities = Capabilities(text_limit=4096, max_options=8, label_limit=60, restyles=False)

    def __init__(self, folder: Path) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._file = os.open(folder / "sent", flags, 0o600)

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        os.write(self._file, f"{address.id}\n".encode())
        await asyncio.sleep(0.0005)  # a kill here is the hard case
        return key


def live(life: Life) -> None:
    """Do what is due and send it, until killed, or until it has gone out."""
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    clock = SystemClock(timedelta(seconds=life.offset_s))
    store = PostgresStore(life.url) if life.url else SQLiteStore(life.folder / "kill.db")
    deliverer = Deliverer(store, {CHANNEL: FileChannel(life.folder)}, clock)
    handlers = job_handlers(store, LIBRARY, clock, ZoneInfo("UTC"))
    runner = JobRunner(store, handlers, clock, deliverer.wake)
    if not life.url:
        await deliverer.recover()
        await runner.recover()
    while True:
        did = 0
        with suppress(StoreBusy):  # others of the database are in the way: it is tried again
            did = await runner.work_due() + await deliverer.deliver_due()
        row = store.submit(lambda tx: tx.get("broadcast", {"status": "sent"})).result()
        if row is not None:
            break
        if not did:
            await asyncio.sleep(0.01)
    store.close()
