"""The way in: an update becomes a turn, and only after its commit may Telegram hear that we have it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Final, assert_never

import structlog

from bot.channels.telegram.called import (
    Heard,
    Ignored,
    Meaning,
    Moved,
    Myself,
    Reached,
    meaning_of,
)
from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.fetching import Files
from bot.channels.telegram.updates import Update, parse_update, update_id_of
from bot.messages import Address, Command, Inbound, Upload, Utterance
from bot.service import reachability
from bot.service.intake import Intake
from bot.service.ports import Clock, Tx

ROLE_COMMANDS: Final = frozenset({"join", "start"})  # with a code they may grant a role

log = structlog.get_logger(__name__)


class TelegramIn:
    """Takes updates in, each once.

    Args:
        out: The way out; it is told what was pressed, and where an answer belongs.
        files: Fetches what people send.
        intake: The door of the service.
        clock: The time.
        on_role: Called with an account whose roles may have changed.
    """

    def __init__(
        self,
        out: TelegramOut,
        files: Files,
        intake: Intake,
        clock: Clock,
        on_role: Callable[[str], Coroutine[object, object, None]],
    ) -> None:
        self._out = out
        self._files = files
        self._intake = intake
        self._clock = clock
        self._on_role = on_role
        self._beside: set[asyncio.Task[None]] = set()
        self.me: Myself | None = None

    @property
    def is_full(self) -> bool:
        """Whether Telegram should come again later."""
        return self._intake.is_full

    async def take(self, raw: object) -> None:
        """Take one update in; returns after the commit.

        An update that makes no sense is let go, since it will never make any.

        Raises:
            StoreError: It is not kept, and has to come again.
        """
        update = parse_update(raw)
        if update is None or self.me is None:
            log.warning("telegram.update-unreadable", update=update_id_of(raw))
            return
        await self._mean(meaning_of(update, self.me), update)

    def moved(self, before: Address, after: Address) -> None:
        """A group has another address: what waits for it goes there."""
        self.beside(self._move(before, after))

    def beside(self, work: Coroutine[object, object, None]) -> None:
        """Do something beside the turns; it ends with `close` at the latest."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._beside.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning("telegram.beside-failed", error=type(error).__name__)

    async def close(self) -> None:
        """End what runs beside the turns."""
        for task in tuple(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _mean(self, meaning: Meaning, update: Update) -> None:
        match meaning:
            case Heard():
                await self._hear(meaning)
            case Moved(before=before, after=after):
                await self._intake.do(lambda tx: reachability.move(tx, before, after))
            case Reached():
                await self._intake.do(lambda tx: self._reach(tx, meaning))
            case Ignored(why=why, press=press):
                log.debug("telegram.update-ignored", update=update.update_id, why=why)
                if press:
                    self.beside(self._out.whispers.stop_spinning("", press.id))
            case _:
                assert_never(meaning)

    async def _hear(self, heard: Heard) -> None:
        if heard.words:  # first: they may be a cry for help, and the file may be slow to come
            await self._hear(Heard(inbound=heard.words, message_id=heard.message_id))
        inbound = await self._with_file(heard)
        self._out.expect(inbound, heard.press, heard.message_id)
        is_new = await self._intake.hear(inbound)
        if heard.press:
            self.beside(self._out.whispers.stop_spinning(inbound.key, heard.press.id))
        if not is_new:
            self._out.forget(inbound.key)
        elif _may_change_roles(inbound.utterance):
            self.beside(self._on_role(inbound.identity.id))

    async def _with_file(self, heard: Heard) -> Inbound:
        """What was said, with the content of the file that was sent, where it can be read."""
        if heard.document is None:
            return heard.inbound
        content = await self._files.fetch(heard.document)
        if content is None:
            return heard.inbound
        return replace(heard.inbound, utterance=Upload(heard.document.file_name, content))

    def _reach(self, tx: Tx, reached: Reached) -> None:
        if reached.can_be:
            reachability.regain(tx, reached.address)
        else:
            reachability.lose(tx, reached.address, reached.place, self._clock.now())

    async def _move(self, before: Address, after: Address) -> None:
        await self._intake.do(lambda tx: reachability.move(tx, before, after))


def _may_change_roles(utterance: Utterance) -> bool:
    return (
        isinstance(utterance, Command)
        and utterance.name in ROLE_COMMANDS
        and bool(utterance.argument)
    )
