"""Slack as a channel of a running process: see `LiveChannel`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.http import Route
from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.dispatch import Dispatcher
from bot.channels.slack.front import PATH, FrontDoor
from bot.channels.slack.incoming import Us
from bot.channels.slack.options import Options
from bot.channels.slack.proving import may_post
from bot.channels.slack.showing import Showing
from bot.channels.slack.sockets import Sockets
from bot.channels.slack.spots import NAME
from bot.channels.slack.taking import Taking
from bot.channels.slack.web_api import AWAY_S, LOCKED_OUT_S, open_session, starting, web_client
from bot.errors import BotError, SettingsError, Throttled
from bot.messages import Address, Place, Reply
from bot.service.intake import Intake
from bot.service.library import Library

FIRST_WAIT_S: Final = 0.2  # doubled with each try that failed

log = structlog.get_logger(__name__)


class Slack:
    """Sends, and takes in by socket or by HTTP.

    Args:
        options: How Slack is reached.
        intake: The one door inwards.
        library: What people read.
        now: The time, when it is asked.
    """

    name = NAME
    capabilities = SlackChannel.capabilities

    def __init__(
        self, options: Options, intake: Intake, library: Library, now: Callable[[], datetime]
    ) -> None:
        self._options = options
        self._intake = intake
        self._session = open_session(options)
        self._client = web_client(
            options.bot_token, options.api_url, options.proxy, options.timeout_s, self._session
        )

        def say(key: str, language: str, **gaps: str) -> str:
            return library.edition.content.wording.say(key, language, **gaps)

        self._channel = SlackChannel(self._client, say)
        showing = Showing(self._client, intake, library)
        self._taking = Taking(intake, self._channel, showing, options.ack_s)
        self._us = ""
        self._meeting = asyncio.Lock()
        self._door = FrontDoor(options.signing_secrets, now)

    @property
    def routes(self) -> Sequence[Route]:
        """What it serves: nothing where Slack is listened to by socket."""
        if self._options.by_socket:
            return ()
        return (Route(path=PATH, handler=self._door.answer),)

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        await self._met()
        return await self._channel.send(address, place, reply, key, file)

    def look(self, reply: Reply, place: Place) -> tuple[str, ...]:
        """See `Showing.look`."""
        return self._channel.look(reply, place)

    async def take_in(self, taking: asyncio.Event, stop: asyncio.Event) -> None:
        """See `LiveChannel.take_in`.

        Raises:
            SettingsError: Slack does not take a token, or one that is needed is missing.
        """
        require_way_in(self._options)
        us = await self._identify(stop)
        if us is None:
            return
        self._introduce(us.user)
        dispatcher = Dispatcher(self._taking, us)
        waiting = asyncio.create_task(self._intake.work_off(stop))
        if self._options.by_socket:
            sockets = Sockets(self._options, self._client, self._session, dispatcher.dispatch)
            await sockets.listen(taking, stop)
        else:
            self._door.open(dispatcher.dispatch)
            taking.set()
            await stop.wait()
            self._door.shut()
        await dispatcher.drain()
        await waiting

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """See `Prover.may_post`."""
        return await may_post(self._client, await self._met(), place, account)

    async def close(self) -> None:
        """See `LiveChannel.close`."""
        await self._session.close()

    def _introduce(self, user: str) -> None:
        self._us = user
        self._channel.introduce(user)

    async def _met(self) -> str:
        """The bot's own account; asked for once where this process takes nothing in.

        Raises:
            Throttled: Slack did not say; nothing was sent.
        """
        async with self._meeting:
            if not self._us:
                try:
                    said, _ = await identity(self._client)
                except Throttled:
                    raise
                except BotError as error:
                    is_refused = isinstance(error, SettingsError)
                    raise Throttled(LOCKED_OUT_S if is_refused else AWAY_S) from error
                self._introduce(str(said.get("user_id") or ""))
            return self._us

    async def _identify(self, stop: asyncio.Event) -> Us | None:
        """Who we are, as Slack has it; None where we are to stop before it said so."""
        wait_s = FIRST_WAIT_S
        while not stop.is_set():
            try:
                said, _ = await identity(self._client)
                return us_of(said, self._options)
            except SettingsError:
                raise
            except BotError as error:
                log.warning("slack.not-reached", error=str(error))
                asked_s = error.retry_after_s if isinstance(error, Throttled) else 0.0
            try:
                async with asyncio.timeout(max(wait_s, asked_s)):
                    await stop.wait()
            except TimeoutError:
                wait_s = min(2 * wait_s, self._options.retry_s)
        return None


def open_slack(
    options: Options, intake: Intake, library: Library, now: Callable[[], datetime]
) -> Slack:
    """Make the channel; it connects to nothing yet. To be called inside a running loop."""
    return Slack(options, intake, library, now)


async def identity(client: AsyncWebClient) -> tuple[Mapping[str, Any], frozenset[str]]:
    """What Slack says of the token (`user_id`, `team_id` and more), and its scopes.

    Raises:
        SettingsError: Slack does not take it.
        BotError: Slack could not be reached; try again later.
    """
    async with starting():
        answer = await client.auth_test()
    named = {name.lower(): value for name, value in answer.headers.items()}
    scopes = str(named.get("x-oauth-scopes", "")).split(",")
    said = answer.data if isinstance(answer.data, dict) else {}
    return said, frozenset(scope.strip() for scope in scopes if scope.strip())


def us_of(said: Mapping[str, Any], options: Options) -> Us:
    """Who the bot is, and where it works.

    Raises:
        SettingsError: The workspace of its token is not among those that are allowed.
    """
    team = str(said.get("team_id") or "")
    teams = options.teams or frozenset({team})
    if team not in teams:
        raise SettingsError(
            f"PATHWAYS_SLACK_TEAMS does not name {team}, the workspace that the token belongs to."
            " Name it there, or take a token of a workspace that is named."
        )
    return Us(user=str(said.get("user_id") or ""), teams=teams, private_way=options.private_way)


def require_way_in(options: Options) -> None:
    """See that one of the two ways in is set up.

    Raises:
        SettingsError: Neither is; the text says what to do.
    """
    if options.by_socket:
        return
    if not options.signing_secrets:
        raise SettingsError(
            "Slack has no way in. Set PATHWAYS_SLACK_APP_TOKEN (xapp-...) for Socket Mode, or"
            " PATHWAYS_SLACK_SIGNING_SECRET for requests to /slack/events."
        )
    if not options.listens:
        raise SettingsError(
            "Slack is to call /slack/events, but PATHWAYS_LISTEN is empty. Set it, or set"
            " PATHWAYS_SLACK_APP_TOKEN for Socket Mode."
        )
