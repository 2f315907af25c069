"""Bolt, for the protocol alone: it sorts payloads, and answers Slack's questions about the address.

It verifies no signature (we did, before anything was parsed), asks Slack nothing while Slack waits,
and acknowledges what our listener returns, after it returned.
"""

import logging
import re
from typing import Any, Final

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.forms import CALLBACK, errors_of
from bot.channels.slack.incoming import (
    EVENTS,
    OTHER_TEAM,
    SHORTCUT,
    SLASH,
    Nothing,
    Us,
    parse_incoming,
)
from bot.channels.slack.payload import MalformedError, Payload
from bot.channels.slack.taking import Taking
from bot.errors import places

ANY: Final = re.compile(r"[\s\S]*")
INCOMING: Final = "incoming"  # where the parsed payload stands in Bolt's context
MALFORMED: Final = 400
AGAIN: Final = 503

log = structlog.get_logger(__name__)


class Dispatcher:
    """Hands payloads on by way of Bolt.

    Args:
        taking: Takes them in.
        us: Who the bot is, and where it works.
    """

    def __init__(self, taking: Taking, us: Us) -> None:
        self._taking = taking
        self._us = us
        self.app = self._bolt()

    async def dispatch(self, body: Payload) -> BoltResponse:
        """Take one payload in; whatever is in it, this returns what Slack is to be told."""
        try:
            incoming = parse_incoming(body, self._us)
            if isinstance(incoming, Nothing) and incoming.why == OTHER_TEAM:
                ack = await self._taking.take(incoming)  # Bolt need not be able to read it
                return BoltResponse(status=ack.status, body="")
            context = {INCOMING: incoming}
            request = AsyncBoltRequest(body=dict(body), context=context, mode="socket_mode")
            return await self.app.async_dispatch(request)
        except MalformedError as error:
            log.warning("slack.malformed", field=str(error))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # Bolt could not read it; what goes wrong in our own listener comes to `_told` instead
            log.warning("slack.malformed", field=type(error).__name__)
        return BoltResponse(status=MALFORMED, body="")

    async def drain(self) -> None:
        """Wait until everything that was begun has ended."""
        await self._taking.drain()

    def _bolt(self) -> AsyncApp:
        """The app. Bolt looks at the names of arguments, and does not know methods there."""

        async def authorize(team_id: str | None) -> AuthorizeResult:
            """Anybody: where we work was settled before, without a word to other workspaces."""
            return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=self._us.user)

        app = AsyncApp(
            name="pathways",
            logger=logging.getLogger("slack_bolt.pathways"),
            client=AsyncWebClient(retry_handlers=[]),  # never called: replies go by the outbox
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        for event in EVENTS:
            app.event({"type": event})(self._take)
        app.command(SLASH)(self._take)
        app.shortcut(SHORTCUT)(self._take)
        app.action(ANY)(self._take)
        app.view(CALLBACK)(self._take)
        app.error(self._told)
        return app

    async def _take(self, context: AsyncBoltContext) -> BoltResponse:
        ack = await self._taking.take(context[INCOMING])
        body: str | dict[str, Any] = ""
        if ack.errors:
            body = errors_of(ack.errors)
        if ack.text:
            body = {"response_type": "ephemeral", "text": ack.text}
        return BoltResponse(status=ack.status, body=body)

    async def _told(self, error: Exception) -> BoltResponse:
        """What nobody listens to is nothing to us. A slip of ours is never an acknowledgement."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        log.error("slack.failed", error=type(error).__name__, where=places(error))
        return BoltResponse(status=AGAIN, body="")
