"""A process that lives on our fake Slack until it is killed: listens by socket, answers by the Web API."""

import asyncio
import signal
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.channels.slack.incoming import Incoming
from bot.channels.slack.opening import Slack, open_slack
from bot.channels.slack.taking import Ack, Taking
from bot.errors import StoreBusy
from bot.messages import Inbound
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.intake import Intake
from bot.service.library import Edition, Library
from bot.service.ports import Tx
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader
from tests.channels.slack.offices import BY_SOCKET, set_up

T = TypeVar("T")
ACK_S = BY_SOCKET.ack_s
HELD_ACK_S = 0.2  # the same, where somebody has to wait for a lock: half of it is waited
LOCK_S = 0.5  # seconds that a lock is waited for
LIBRARY = Library(Edition(content_of(), listed_reader(content_of())))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLife:
    """One life of the process.

    Attributes:
        api_url: Of the fake.
        offset_s: Added to its clock, so that a back-off of the life before is over.
        acknowledges_first: The mistake that the test must see: telling before keeping.
        held: The account whose lock somebody else holds for as long as this life lasts; empty: none.
        keeps_nothing: Another mistake: telling of a turn that waits, and not keeping it.
    """

    folder: Path
    api_url: str
    offset_s: float = 0.0
    acknowledges_first: bool = False
    held: str = ""
    keeps_nothing: bool = False


class HeldStore(SQLiteStore):
    """The turns of one account wait for its lock, and then are told that it was too long."""

    def __init__(self, path: Path, held: str) -> None:
        super().__init__(path)
        self._held = held

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        if not locks or self._held not in locks:
            return super().submit(work, locks)
        waiting: Future[T] = Future()
        asyncio.get_running_loop().call_later(LOCK_S, _too_long, waiting)
        return waiting


def _too_long(waiting: "Future[Any]") -> None:
    if waiting.set_running_or_notify_cancel():
        waiting.set_exception(StoreBusy("Somebody else holds the lock."))


def live(life: SlackLife) -> None:
    """Live until SIGKILL, or until SIGTERM, and then end well."""
    asyncio.run(_live(life))


async def _live(life: SlackLife) -> None:
    clock = SystemClock(timedelta(seconds=life.offset_s))
    store = HeldStore(life.folder / "kill.db", life.held)
    store.submit(lambda tx: set_up(tx, clock)).result()
    channels: dict[str, Slack] = {}
    deliverer = Deliverer(store, channels, clock)
    intake = Intake(Conversation(store, LIBRARY, clock), store, deliverer.wake)
    options = replace(BY_SOCKET, api_url=life.api_url, ack_s=HELD_ACK_S if life.held else ACK_S)
    slack = open_slack(options, intake, LIBRARY, clock.now)
    channels[slack.name] = slack
    if life.acknowledges_first:
        _acknowledge_first()
    if life.keeps_nothing:
        _keep_nothing()
    await deliverer.recover()
    delivering = asyncio.create_task(deliverer.run())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await slack.take_in(asyncio.Event(), stop)
    deliverer.stop()
    await delivering
    await slack.close()
    store.close()


def _acknowledge_first() -> None:
    take, later = Taking.take, set()

    async def told(taking: Taking, incoming: Incoming) -> Ack:
        later.add(asyncio.create_task(take(taking, incoming)))
        return Ack(200)

    setattr(Taking, "take", told)  # noqa: B010 - the mistake, made on purpose


def _keep_nothing() -> None:
    async def kept(_intake: Intake, _inbound: Inbound) -> None:
        return

    setattr(Intake, "_keep", kept)  # noqa: B010 - as above
