"""The life of `pathways run`: open, take in and deliver, and end well when told to stop."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import structlog

from bot.channels.http import Listener
from bot.channels.live import LiveChannel
from bot.cli.backups import nightly_backup
from bot.cli.metrics import MeasuredStore, Metrics
from bot.cli.nights import Nights
from bot.cli.progress_log import logged_progress
from bot.errors import BotError
from bot.service import people
from bot.service.admin import Admin
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import IDLE_S, Deliverer
from bot.service.flood import Limits
from bot.service.intake import Intake
from bot.service.job_runner import JobRunner
from bot.service.library import Library
from bot.service.ports import Clock, Store
from bot.settings import Settings
from bot.storage.admin_socket import AdminSocket
from bot.wiring import (
    database_path,
    grant_admins,
    is_shared,
    load_edition,
    open_store,
    watch,
)
from bot.wiring_channels import CHANNELS, Fitting, take_in
from bot.wiring_jobs import job_handlers

if TYPE_CHECKING:
    from bot.service.reloading import Reloader

SHARED_IDLE_S = 5.0  # seconds between looks at an outbox that other processes fill too
READY = "ready"  # the bare line on standard output that says that messages are taken

log = structlog.get_logger(__name__)


class Use(Enum):
    """What a process has a channel for: each does what the next one does too."""

    TAKES_IN = "takes in"
    DELIVERS = "delivers"
    PROVES = "proves"  # says who may post where, for the jobs; sends nothing


@dataclass(frozen=True, kw_only=True)
class House:
    """A process that runs, all parts plugged together.

    Attributes:
        channels: All that are open here.
        takes_in: Those that take in.
        taking: Set by each of these as soon as it does.
        nights: What is done at night.
        jobs: Does what is due.
        stop: Set when all is to end.
    """

    settings: Settings
    store: Store
    channels: Mapping[str, LiveChannel]
    takes_in: Sequence[str]
    deliverer: Deliverer
    nights: Nights
    jobs: JobRunner
    taking: dict[str, asyncio.Event] = field(default_factory=dict)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def is_ready(self) -> dict[str, bool]:
        """What must be true before messages are taken, by name."""
        checks = {name: event.is_set() for name, event in self.taking.items()}
        return {"store": await self._answers(), **checks, "running": not self.stop.is_set()}

    async def _answers(self) -> bool:
        branch = {"id": people.DEFAULT_BRANCH}
        try:
            await asyncio.wrap_future(self.store.submit(lambda tx: tx.get("branch", branch), ()))
        except BotError:
            return False
        return True


async def serve(
    settings: Settings, channels: Mapping[str, Use], *, does_jobs: bool = True
) -> None:
    """Run until SIGTERM or SIGINT; then finish the running turns and what is on its way.

    Args:
        settings: What is set.
        channels: The channels to open, each with what for.
        does_jobs: Whether what is due is done here, and the night's work.

    Raises:
        BotError: It cannot start: a setting, the store or the content is no good.
    """
    clock = SystemClock()
    metrics = Metrics(clock)
    with _store(settings, clock) as opened:
        store = MeasuredStore(opened, metrics)
        async with open_house(settings, channels, store, clock) as house:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, house.stop.set)
            await _live(house, metrics, does_jobs=does_jobs)
    log.info("run.ended")


@contextmanager
def _store(settings: Settings, clock: Clock) -> Iterator[Store]:
    """The store, and the socket through which other commands reach it."""
    store = open_store(settings.database_url, clock)
    try:
        grant_admins(store, settings, clock)
        yield store
    finally:
        store.close()


@asynccontextmanager
async def open_house(
    settings: Settings, channels: Mapping[str, Use], store: Store, clock: Clock
) -> AsyncIterator[House]:
    """A process with all its parts, of which none runs yet."""
    library = _library(settings)
    admin = Admin(store, library.edition.content, clock)
    live: dict[str, LiveChannel] = {}
    delivering: dict[str, LiveChannel] = {}
    idle_s = SHARED_IDLE_S if is_shared(settings.database_url) else IDLE_S
    deliverer = Deliverer(store, delivering, clock, idle_s)
    zone = ZoneInfo(settings.timezone)
    limits = Limits(person=settings.person_per_minute, place=settings.place_per_minute)
    conversation = Conversation(store, library, clock, zone, limits, live)
    handlers = job_handlers(store, library, clock, zone, live)
    runner = JobRunner(store, handlers, clock, deliverer.wake, settings.job_tick_s)

    def wake() -> None:
        deliverer.wake()
        runner.wake()

    intake = Intake(conversation, store, wake)
    fitting = Fitting(settings=settings, intake=intake, library=library, clock=clock)
    live.update((name, CHANNELS[name].open(fitting)) for name in channels)
    delivering.update({n: one for n, one in live.items() if channels[n] is not Use.PROVES})
    takes_in = [name for name, use in channels.items() if use is Use.TAKES_IN]
    socket = _socket(settings.database_url, admin)
    reloader = _reloader(settings, library)
    try:
        yield House(
            settings=settings,
            store=store,
            channels=live,
            takes_in=takes_in,
            deliverer=deliverer,
            taking={name: asyncio.Event() for name in takes_in},
            nights=Nights(
                store, library, deliverer, clock, zone, lambda now: _back_up(settings, now)
            ),
            jobs=runner,
        )
    finally:
        if reloader:
            reloader.close()
        if socket:
            socket.close()
        for channel in live.values():
            await channel.close()


def _library(settings: Settings) -> Library:
    """The content in use."""
    edition = load_edition(
        settings.knowledge,
        cache=settings.cache,
        vectors=settings.vector_choice,
        progress=logged_progress(),
    )
    return Library(edition)


def _reloader(settings: Settings, library: Library) -> "Reloader | None":
    """What follows changes of the content; None where it is ours, or is not to be followed."""
    folder = settings.knowledge
    if folder is None or not settings.reload_s:
        return None
    return watch(folder, library, settings.cache, settings.reload_s, settings.vector_choice)


def _socket(url: str, admin: Admin) -> AdminSocket | None:
    """What other commands reach us through, where they cannot open the database themselves."""
    if is_shared(url):
        return None
    return AdminSocket(
        database_path(url), lambda name, arguments: {"text": admin.do(name, arguments)}
    )


def _back_up(settings: Settings, now: datetime) -> int | None:
    made = nightly_backup(settings, now)
    return made.size if made else None


async def _live(house: House, metrics: Metrics, *, does_jobs: bool) -> None:
    """Everything at once, until it is told to stop or a part cannot go on."""
    if not is_shared(house.settings.database_url):  # else others may be at it right now
        await house.deliverer.recover()
        if does_jobs:
            await house.jobs.recover()
    listener = await _listen(house, metrics)
    try:
        async with asyncio.TaskGroup() as parts:
            parts.create_task(_deliver(house))
            for name in house.takes_in:
                channel, taking = house.channels[name], house.taking[name]
                parts.create_task(take_in(channel, house.settings, taking, house.stop))
            parts.create_task(_say_ready(house))
            if does_jobs:
                parts.create_task(house.nights.run(house.stop))
                parts.create_task(house.jobs.run(house.stop))
    except* BotError as errors:
        raise _first(errors) from None
    finally:
        if listener:
            await listener.close()


async def _listen(house: House, metrics: Metrics) -> Listener | None:
    where = house.settings.listening
    if where is None:
        return None
    routes = [route for name in house.takes_in for route in house.channels[name].routes]
    listener = Listener(*where, routes, house.is_ready, lambda: metrics.page(house.store))
    await listener.start()
    return listener


async def _deliver(house: House) -> None:
    """Deliver until it is told to stop; what is on its way then may still arrive."""
    delivering = asyncio.create_task(house.deliverer.run())
    try:
        await house.stop.wait()
        house.deliverer.stop()
        await asyncio.wait([delivering], timeout=house.settings.stop_s)
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)


async def _say_ready(house: House) -> None:
    """Say so on standard output as soon as every channel takes messages."""
    all_take = asyncio.create_task(_all_take(house))
    stopping = asyncio.create_task(house.stop.wait())
    try:
        await asyncio.wait([all_take, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        all_take.cancel()
        stopping.cancel()
    if not house.stop.is_set():
        gc.freeze()  # what is there now stays: no turn waits while Python looks through all of it
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        log.info("run.ready", channels=list(house.channels))


async def _all_take(house: House) -> Literal[True]:
    for taking in house.taking.values():
        await taking.wait()
    return True


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """One error of a group: whoever reads it can set only one thing right at a time."""
    first: BaseException = errors
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
