"""The night's work of a running bot: once at the start, then every night at a quiet hour."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import structlog

from bot.errors import BotError
from bot.service import nightly
from bot.service.deliverer import Deliverer
from bot.service.library import Library
from bot.service.ports import Clock, Store

QUIET: Final = time(
    3, 30
)  # of the wall clock; after it, no clock is put forward or back in Britain

log = structlog.get_logger(__name__)


class Nights:
    """Does what is due at night, until it is told to stop.

    Args:
        store: What it is done on.
        library: How long things are kept, and the words for people.
        deliverer: Told that there may be something to send.
        clock: Time, and chance for ids.
        zone: Whose night it is.
        back_up: Makes tonight's backup; returns its bytes, None where none is set or it is there.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        deliverer: Deliverer,
        clock: Clock,
        zone: tzinfo,
        back_up: Callable[[datetime], int | None],
    ) -> None:
        self._store = store
        self._library = library
        self._deliverer = deliverer
        self._clock = clock
        self._zone = zone
        self._back_up = back_up

    async def run(self, stop: asyncio.Event) -> None:
        """Work, then wait for the next night, again and again."""
        while not stop.is_set():
            await asyncio.to_thread(self.work)
            self._deliverer.wake()
            wait = next_night(self._clock.now(), self._zone) - self._clock.now()
            try:
                async with asyncio.timeout(wait.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    def work(self) -> None:
        """Do it once; what went wrong is told in the log, and tried again the next night."""
        content = self._library.edition.content
        try:
            gone = nightly.run(self._store, content, self._clock, self._clock.now())
        except BotError as error:
            log.warning("night.failed", error=type(error).__name__)
        else:
            log.info("night.done", rows=sum(gone.values()))
        try:
            size = self._back_up(self._clock.now())
        except BotError as error:
            log.warning("backup.failed", error=type(error).__name__)
        else:
            if size is not None:
                log.info("backup.done", bytes=size)


def next_night(now: datetime, zone: tzinfo) -> datetime:
    """The next quiet hour after a moment, in UTC."""
    here = now.astimezone(zone)
    tonight = datetime.combine(here.date(), QUIET, zone)
    if tonight <= here:
        tonight = datetime.combine(here.date() + timedelta(days=1), QUIET, zone)
    return tonight.astimezone(UTC)
