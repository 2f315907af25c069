"""A process that lives until it is killed: takes updates in from a pipe, and sends to a file."""

import asyncio
import os
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bot.messages import Address, Inbound, Place, Reply, Text
from bot.service import audit, people
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Edition, Library
from bot.service.ports import Capabilities, Tx
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader

CHANNEL = "test"
LIBRARY = Library(Edition(content_of(), listed_reader(content_of())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One life of the process.

    Attributes:
        number: Which one it is; stands beside everything it sends.
        offset_s: Added to its clock, so that a back-off of the life before is over.
        acknowledges_first: The mistake that the test must see: telling before keeping.
    """

    number: int
    folder: Path
    offset_s: float = 0.0
    acknowledges_first: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that somebody wrote, as the platform numbers it."""

    number: int
    who: str
    text: str


class FileChannel:
    """Writes down what it sends, at the moment it is sent; then the answer takes a while."""

    name = CHANNEL
    capabilities = Capabilities(text_limit=4096, max_options=8, label_limit=60, restyles=False)

    def __init__(self, life: Life) -> None:
        self._life = life.number
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._file = os.open(life.folder / "sent", flags, 0o600)

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        os.write(self._file, f"{self._life} {address.id} {key}\n".encode())
        await asyncio.sleep(
            0.0005
        )  # the platform's answer is on its way: a kill here is the hard case
        return key


def live(life: Life, pipe: Connection) -> None:
    """Take updates from the pipe and acknowledge them there; None means: come to an end."""
    asyncio.run(_live(life, pipe))


async def _live(life: Life, pipe: Connection) -> None:
    clock = SystemClock(timedelta(seconds=life.offset_s))
    store = SQLiteStore(life.folder / "kill.db")
    now, fresh = clock.now(), clock.fresh()

    def set_up(tx: Tx) -> None:
        audit.set_install_key(tx, fresh)
        people.add_branch(tx, people.DEFAULT_BRANCH, "Main", now)

    store.submit(set_up).result()
    conversation = Conversation(store, LIBRARY, clock)
    deliverer = Deliverer(store, {CHANNEL: FileChannel(life)}, clock)
    await deliverer.recover()
    running = asyncio.create_task(deliverer.run())
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def take(update: Update) -> None:
        def told(_: object = None) -> None:
            pipe.send(update.number)

        if life.acknowledges_first:
            told()
        heard = conversation.hear(inbound_of(update))
        if not life.acknowledges_first:
            heard.add_done_callback(lambda done: None if done.exception() else told())
        heard.add_done_callback(lambda _: loop.call_soon_threadsafe(deliverer.wake))

    def read() -> None:
        while pipe.poll():
            update = pipe.recv()
            if update is None:
                loop.remove_reader(pipe.fileno())
                ended.set()
                return
            take(update)

    loop.add_reader(pipe.fileno(), read)
    await ended.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await deliverer.recover()  # what was on its way when the loop was cancelled goes out again
    last = FileChannel(replace(life, number=life.number + 1))
    await Deliverer(store, {CHANNEL: last}, LateClock()).deliver_due()
    store.close()
    pipe.send(None)


class LateClock(SystemClock):
    """A day ahead of every life, so that whatever waits is due."""

    def __init__(self) -> None:
        super().__init__(timedelta(days=2))


def inbound_of(update: Update) -> Inbound:
    """The update as a channel hands it over."""
    address = Address(CHANNEL, update.who)
    return Inbound(
        key=f"{CHANNEL}:{update.number}",
        identity=address,
        address=address,
        place=Place.PRIVATE,
        utterance=Text(update.text),
    )
