"""Bolt, for the protocol alone: which of our doors a payload belongs to.

It verifies no signature (we did, before anything was parsed), asks Slack nothing while Slack waits,
and acknowledges what our listener returns, after it returned.
"""

import logging
import re
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.incoming import EVENTS, SHORTCUT, SLASH
from bot.channels.slack.intake import Intake
from bot.channels.slack.payload import Payload

ANY: Final = re.compile(r"[\s\S]*")

log = structlog.get_logger(__name__)


class Dispatcher:
    """Hands payloads to the intake by way of Bolt.

    Args:
        intake: Takes them in.
        user: The bot's own account.
    """

    def __init__(self, intake: Intake, user: str) -> None:
        self._intake = intake
        self._user = user
        self.app = self._bolt()

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """Take one request in; whatever is in it, this returns what Slack is to be told."""
        return await self.app.async_dispatch(request)

    async def from_http(self, body: str, headers: dict[str, str]) -> BoltResponse:
        """A request by HTTP that was verified."""
        try:
            request = AsyncBoltRequest(body=body, headers=headers)
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
            return BoltResponse(status=400, body="")
        return await self.dispatch(request)

    async def from_socket(self, body: Payload) -> BoltResponse:
        """A payload from one of our sockets."""
        try:
            request = AsyncBoltRequest(body=dict(body), mode="socket_mode")
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
            return BoltResponse(status=400, body="")
        return await self.dispatch(request)

    def _bolt(self) -> AsyncApp:
        app = AsyncApp(
            name="pathways",
            logger=logging.getLogger("slack_bolt.pathways"),
            client=AsyncWebClient(retry_handlers=[]),  # never called: replies go by the outbox
            authorize=self._authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
        )
        for event in EVENTS:
            app.event(_every(event))(self._take)
        app.command(SLASH)(self._take)
        app.shortcut(SHORTCUT)(self._take)
        app.action(ANY)(self._take)
        app.error(self._told)
        return app

    async def _authorize(self, team_id: str | None) -> AuthorizeResult:
        """Anybody: which workspaces we work in is the intake's to say, without a word to them."""
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=self._user)

    async def _take(self, body: dict[str, Any]) -> BoltResponse:
        ack = await self._intake.take(body)
        text = {"response_type": "ephemeral", "text": ack.text} if ack.text else ""
        return BoltResponse(status=ack.status, body=text)

    async def _told(self, error: Exception) -> BoltResponse:
        """What nobody listens to is nothing to us; a fault of ours is not Slack's to be told as 500."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        frames = extract_tb(error.__traceback__)
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        log.error("slack.failed", error=type(error).__name__, where=where)
        return BoltResponse(status=503, body="")


def _every(event: str) -> dict[str, Any]:
    """All events of a kind, whatever their subtype."""
    return {"type": event}
