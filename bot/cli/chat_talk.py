"""The talk of one person at one terminal: a line is heard, committed, and only then delivered."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from bot.channels.light_markdown import parse_light
from bot.channels.splitting import Part
from bot.channels.terminal import NAME, TerminalChannel
from bot.channels.terminal_screen import Screen
from bot.cli import chat_texts
from bot.cli.chat_seat import Seat, Standing, is_called, without_call
from bot.cli.upload import read_upload
from bot.errors import BotError, Tried
from bot.messages import Address, Choice, Command, Inbound, Place, Role, Text, Utterance
from bot.service import audit, people
from bot.service.clock import micros
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Library
from bot.service.ports import Clock, Store, Tx
from bot.wiring_jobs import job_handlers

if TYPE_CHECKING:
    from bot.cli.transcript import TranscriptWriter

T = TypeVar("T")
GROUP: Final = "#group"  # the address of the one group there is; no person has it

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a talk needs from the outside.

    Attributes:
        zone: Whose wall clock people mean.
        folder: Where files are saved.
    """

    store: Store
    library: Library
    clock: Clock
    zone: tzinfo = UTC
    folder: Path | None = None


class Talk:
    """One person's talk with the bot, through the same doors as on every channel.

    Args:
        house: Store, content and clock.
        seat: Who talks, and where.
        screen: Where everything is shown.
        transcript: Where it is written down; None for nowhere.
    """

    def __init__(
        self,
        house: House,
        seat: Seat,
        screen: Screen,
        transcript: "TranscriptWriter | None" = None,
    ) -> None:
        self._house = house
        self.seat = seat
        self._identity = Address(NAME, seat.name)
        self._address = Address(NAME, GROUP) if seat.place is Place.GROUP else self._identity
        self._screen = screen
        self._transcript = transcript
        self._conversation = Conversation(house.store, house.library, house.clock, house.zone)
        self.channel = TerminalChannel(screen, {self._address}, folder=house.folder)
        self._deliverer = Deliverer(house.store, {NAME: self.channel}, house.clock)
        provers = {NAME: self.channel}
        handlers = job_handlers(house.store, house.library, house.clock, house.zone, provers)
        self._jobs = JobRunner(house.store, handlers, house.clock, self._deliverer.wake)
        self.standing = Standing()
        self._left_over = 0

    async def open(self, roles: Collection[Role] = ()) -> None:
        """Grant roles in this store, and take back what an earlier chat had leased."""
        if roles:
            await self._do(lambda tx: self._grant(tx, roles))
        await self._deliverer.recover()
        await self._jobs.recover()
        self._left_over = await self._do(self._hurry)
        await self._look()

    @property
    def has_greeting(self) -> bool:
        """Whether `greet` would show anything."""
        return bool(self._left_over) or self._is_to_be_welcomed

    async def greet(self, *, welcome: bool = True) -> None:
        """Show what an earlier chat could not deliver, and to somebody new the welcome.

        Args:
            welcome: Whether somebody is there to be welcomed: nobody sits at the end of a pipe.
        """
        if self._left_over:
            self._left_over = 0
            self._screen.note(chat_texts.LEFT_OVER)
            await self._deliverer.deliver_due()
            self.channel.take_shown()
        if welcome and self._is_to_be_welcomed:
            await self.say(Command("start"))

    async def hear(self, line: str) -> None:
        """Take one line in, as far as it is heard here, and show what is said to it."""
        called = self._called(line)
        if called is None:
            self._screen.note(chat_texts.NOT_CALLED)
        else:
            await self.say(called)

    async def say(self, utterance: Utterance) -> None:
        """Take one utterance in, wait for the commit, then show what is said to it.

        Raises:
            BrokenPipeError: The screen has gone; what could not be shown waits in the outbox.
        """
        pressed = self._label(utterance)
        with Tried() as tried:
            await asyncio.wrap_future(self._conversation.hear(self._inbound(utterance)))
            await self._deliverer.deliver_due()
            if await self._jobs.work_due():
                await self._deliverer.deliver_due()
        if tried.error is not None:
            if isinstance(tried.error, BotError):
                self._apologise(tried.error.wording)
                return
            log.error("turn.failed", exc_info=tried.error)
            self._apologise(BotError.wording)
            return
        shown = self.channel.take_shown()
        if self.channel.is_gone:
            raise BrokenPipeError
        if not shown:
            self._apologise(BotError.wording)
        if self._transcript:
            self._transcript.add(utterance, shown, pressed)
        await self._look()

    @property
    def _is_to_be_welcomed(self) -> bool:
        """In a group the bot speaks only when called."""
        return self.standing.is_new and self.seat.place is Place.PRIVATE

    def _called(self, line: str) -> Utterance | None:
        utterance = self.channel.to_utterance(line)
        if isinstance(utterance, Command) and utterance.name == "upload":
            return read_upload(Path(utterance.argument.strip()))
        if self.seat.place is not Place.GROUP or not isinstance(utterance, Text):
            return utterance
        if not is_called(line):
            return None
        return self.channel.to_utterance(without_call(line))

    def _label(self, utterance: Utterance) -> str | None:
        if not isinstance(utterance, Choice):
            return None
        offers = self.channel.offers.values()
        return next((offer.label for offer in offers if offer.token == utterance.token), None)

    def _inbound(self, utterance: Utterance) -> Inbound:
        return Inbound(
            key=f"{NAME}:{self._house.clock.fresh()}",
            identity=self._identity,
            address=self._address,
            place=self.seat.place,
            utterance=utterance,
        )

    def _apologise(self, key: str) -> None:
        text = self._house.library.edition.content.wording.say(key)
        self._screen.show(Part(blocks=parse_light(text)))

    def _grant(self, tx: Tx, roles: Collection[Role]) -> None:
        now, fresh = self._house.clock.now(), self._house.clock.fresh()
        known = people.recognise(tx, self._identity, fresh)
        if known.is_new:
            people.enrol(tx, known, self._identity, now)
        for role in sorted(set(roles) - {Role.MEMBER}):
            if people.grant(tx, known, role, "console", now):
                line = f"{fresh}-{role.value}"
                audit.record(tx, line, known.branch, "console", "role.granted", role.value, now)

    def _hurry(self, tx: Tx) -> int:
        """Make everything that waits for this address due now; returns how much that is."""
        address = self._address
        waiting = {"channel": address.channel, "address": address.id, "status": "queued"}
        return tx.update("outbox", waiting, {"due_at": micros(self._house.clock.now())})

    async def _look(self) -> None:
        self.standing = await self._do(self._stands)

    def _stands(self, tx: Tx) -> Standing:
        known = people.recognise(tx, self._identity, "")
        if known.is_new:
            return Standing()
        session = tx.get("session", {"person": known.person})
        return Standing(roles=people.roles_of(tx, known.person), is_new=session is None)

    async def _do(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._house.store.submit(work))
