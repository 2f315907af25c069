"""Takes in what Slack sent: committed first, acknowledged then, and only then shown.

The same for both ways in. A turn that has to wait for too long is kept in the waiting room, and
acknowledged. What could not be committed at all is not acknowledged: Slack sends an event again, and a
person presses again; the key of it sees to it that this changes nothing twice.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

import structlog

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.fetching import SentFile
from bot.channels.slack.incoming import (
    OTHER_TEAM,
    FormAsked,
    HomeOpened,
    Incoming,
    Nothing,
    Said,
)
from bot.channels.slack.showing import Showing
from bot.errors import BotError, StoreError, Tried
from bot.messages import Filled, Inbound, Text
from bot.service.intake import Intake

T = TypeVar("T")
OK: Final = 200
FILE: Final = ":file"  # ends the key of a file that came with words

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ack:
    """What Slack is told.

    Attributes:
        status: As HTTP has it: 200 it was taken in, 503 send it again.
        text: What only the person sees, at once; empty for nothing.
        errors: What is wrong with a form, by its lines; nothing where it was taken.
    """

    status: int
    text: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


class Taking:
    """Takes in what was parsed.

    Args:
        intake: The one door inwards.
        channel: Learns where people are reached.
        showing: What is shown beside the replies.
        ack_s: Seconds until Slack has to be told.
    """

    def __init__(
        self, intake: Intake, channel: SlackChannel, showing: Showing, ack_s: float
    ) -> None:
        self._intake = intake
        self._channel = channel
        self._showing = showing
        self._ack_s = ack_s
        self._running: set[asyncio.Task[Any]] = set()

    async def take(self, incoming: Incoming) -> Ack:
        """Take one thing in. When this returns 200 it is on disk, or there was nothing to keep."""
        match incoming:
            case Nothing(why=why) if why == OTHER_TEAM:
                log.warning("slack.other-workspace")
            case HomeOpened(spot=spot, app=app):
                self._keep(_quietly(self._showing.show_home(spot, app)))
            case FormAsked():
                self._keep(_quietly(self._open_form(incoming)))
            case Said(inbound=Inbound(utterance=Filled() as filled)):
                return await self._hear_form(incoming, filled)
            case Said(file=SentFile() as file):
                return await self._hear_file(incoming, file)
            case Said():
                return await self._hear(incoming)
            case Nothing():
                pass
        return Ack(200)

    async def drain(self) -> None:
        """Wait until what was begun has ended, and what is shown beside the replies has been shown."""
        await self._intake.drain()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _hear_file(self, said: Said, file: SentFile) -> Ack:
        """Hear the words that came with a file, then fetch and hear the file too.

        The words go first: they may be a cry for help, and the file may be slow to come. Until all is
        done Slack is told nothing good; what was heard before then is not heard twice.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._ack_s
        has_words = isinstance(said.inbound.utterance, Text)
        if has_words and (ack := await self._hear(replace(said, file=None))).status != OK:
            return ack
        try:
            async with asyncio.timeout(self._ack_s / 2):
                utterance = await self._showing.fetch(file)
        except (BotError, TimeoutError) as error:
            log.warning("slack.not-fetched", error=type(error).__name__)
            return Ack(503)
        key = f"{said.inbound.key}{FILE}" if has_words else said.inbound.key
        inbound = replace(said.inbound, key=key, utterance=utterance)
        return await self._hear(replace(said, inbound=inbound), until - loop.time())

    async def _hear_form(self, said: Said, filled: Filled) -> Ack:
        """Hear a form, unless something in it cannot be taken: then that is said beside it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._ack_s
        try:
            async with asyncio.timeout(self._ack_s / 2):
                errors = await self._showing.faults(said.spot, filled)
        except (StoreError, TimeoutError) as error:
            log.warning("slack.not-read", error=type(error).__name__)
            return Ack(503)
        if errors:
            return Ack(200, errors=errors)
        return await self._hear(said, until - loop.time())

    async def _open_form(self, asked: FormAsked) -> None:
        if not await self._showing.open_form(asked.otherwise.spot, asked.run, asked.trigger):
            await self._hear(asked.otherwise)

    async def _hear(self, said: Said, within_s: float | None = None) -> Ack:
        if self._intake.is_full:
            return Ack(503)
        self._channel.expect(said)
        try:
            is_new = await self._intake.take(said.inbound, within_s or self._ack_s)
        except (StoreError, TimeoutError) as error:
            log.warning("slack.not-committed", error=type(error).__name__)
            return Ack(503)  # a late commit counts: its replies go out
        if is_new and said.home:
            self._keep(_quietly(self._showing.show_home(said.spot, said.home)))
        return Ack(200, await self._showing.moved(said.spot) if said.moves else "")

    def _keep(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    """Something that is nice to see, but which nobody misses."""
    with Tried() as tried:
        await work
    if tried.error is not None:
        say = log.info if isinstance(tried.error, BotError) else log.warning
        say("slack.not-shown", error=type(tried.error).__name__)
