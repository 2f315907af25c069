"""Telegram as a channel of a running process: its way in, its way out, and how both begin."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from telegram import User
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.http import Route
from bot.channels.telegram.called import Myself
from bot.channels.telegram.calling import calling, make_bot
from bot.channels.telegram.channel import TelegramOut, address_of
from bot.channels.telegram.fetching import Files
from bot.channels.telegram.menu import Menu
from bot.channels.telegram.options import NOT_KNOWN, WEBHOOK_REFUSED, Options
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.proving import may_post
from bot.channels.telegram.taking import TelegramIn
from bot.channels.telegram.updates import KINDS
from bot.channels.telegram.webhook import Webhook
from bot.engine.commands import COMMAND_BY_NAME
from bot.errors import SettingsError
from bot.messages import Address, Place, Reply
from bot.service import doors
from bot.service.intake import Intake
from bot.service.library import Library
from bot.service.ports import Clock

CONNECTIONS: Final = 40  # that Telegram may open to the webhook at once
GARBLED: Final = (TypeError, AttributeError, KeyError)  # the library on an answer that is none
FIRST_PAUSE_S: Final = 0.5  # doubled with each failure up to the setting

log = structlog.get_logger(__name__)


class TelegramChannel:
    """The port `LiveChannel` on Telegram.

    Args:
        options: How to reach it.
        intake: The door of the service.
        library: The content, for the few words that Telegram itself shows.
        clock: The time.
    """

    name = TelegramOut.name
    capabilities = TelegramOut.capabilities

    def __init__(self, options: Options, intake: Intake, library: Library, clock: Clock) -> None:
        wording = library.edition.content.wording
        self._options = options
        self._intake = intake
        self._bot = make_bot(options)
        self._out = TelegramOut(
            self._bot, partial(wording.say, "link.private"), Pace(), self._moved
        )
        self._menu = Menu(self._bot, intake, wording)
        self._files = Files(self._bot, options)
        self._in = TelegramIn(self._out, self._files, intake, clock, self._menu.set_for)
        self._webhook = self._served() if options.webhook_url else None

    @property
    def routes(self) -> Sequence[Route]:
        """The webhook, where one is set."""
        return (self._webhook.route,) if self._webhook else ()

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        if not self._out.username:
            await calling(self._meet())
        return await self._out.send(address, place, reply, key, file)

    def look(self, reply: Reply, place: Place) -> tuple[str, ...]:
        """See `Showing.look`."""
        return self._out.look(reply, place)

    async def take_in(self, taking: asyncio.Event, stop: asyncio.Event) -> None:
        """See `LiveChannel.take_in`.

        Raises:
            SettingsError: Telegram does not know the token, or refuses the webhook.
        """
        if not await self._begin(stop):
            return
        self._in.beside(self._menu.set_all())
        self._in.beside(self._say_where())
        taking.set()
        if self._webhook:
            self._webhook.is_open = True
            await stop.wait()
            self._webhook.is_open = False
        else:
            options = self._options
            polling = Polling(self._bot, self._in.take, options.poll_s, options.retry_s)
            await polling.run(stop)

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """See `Prover.may_post`."""
        if not self._out.username:
            await calling(self._meet())
        return await may_post(self._bot, place, account)

    async def close(self) -> None:
        """See `LiveChannel.close`."""
        await self._in.close()
        await self._out.close()
        await self._files.close()
        await self._bot.disconnect()

    def _served(self) -> Webhook:
        return Webhook(
            self._options.webhook_url,
            self._options.secret,
            self._in.take,
            lambda: self._in.is_full,
        )

    def _moved(self, before: Address, after: Address) -> None:
        self._in.moved(before, after)

    async def _begin(self, stop: asyncio.Event) -> bool:
        """Learn who we are and say how updates come; again until it works. False where told to stop."""
        failures = 0
        while not stop.is_set():
            try:
                await self._meet()
                await self._say_how()
            except InvalidToken:
                raise SettingsError(NOT_KNOWN) from None
            except BadRequest as error:
                raise SettingsError(f"{WEBHOOK_REFUSED} ({error.message})") from None
            except (TelegramError, *GARBLED) as error:
                log.warning("telegram.not-reached", error=type(error).__name__)
            else:
                return True
            pause_s = min(FIRST_PAUSE_S * 2.0**failures, self._options.retry_s)
            failures += 1
            await _wait(stop, pause_s)
        return False

    async def _meet(self) -> None:
        user: User = await self._bot.get_me()
        self._out.username = user.username or ""
        self._in.me = Myself(id=user.id, username=self._out.username, commands=COMMAND_BY_NAME)

    async def _say_where(self) -> None:
        """Write down the address that links and pictures lead to."""
        url = address_of(self._out.username)
        await self._intake.do(lambda tx: doors.remember(tx, self.name, url))

    async def _say_how(self) -> None:
        """Set the webhook, or take it away for polling. What waits at Telegram is kept."""
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
            return
        await self._bot.set_webhook(
            self._options.webhook_url,
            secret_token=self._options.secret,
            allowed_updates=KINDS,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def open_telegram(
    options: Options, intake: Intake, library: Library, clock: Clock
) -> TelegramChannel:
    """Telegram as the options say; connects to nothing yet.

    Raises:
        SettingsError: The token cannot be one.
    """
    if not options.is_token:
        raise SettingsError(NOT_KNOWN)
    return TelegramChannel(options, intake, library, clock)
