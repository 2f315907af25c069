"""The front door by HTTP: nothing is parsed before it is known that Slack sent it.

Bolt's own check falls over six of ten malformed requests. Ours looks at the form of the headers, at
the time (within five minutes of our clock) and at the signature over the raw bytes, in constant time,
and refuses everything else with a 4xx.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import structlog
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.channels.http import BODY_LIMIT, READ_S, come_again
from bot.channels.slack.payload import MalformedError, Payload, parse_body

PATH: Final = "/slack/events"
WINDOW_S: Final = 300  # seconds that a request may be old, or ahead of our clock
TOO_LATE: Final = 408
FORBIDDEN: Final = 401
MALFORMED: Final = 400

_TIME = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

log = structlog.get_logger(__name__)


def is_signed(
    raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime
) -> bool:
    """Whether a request carries a fresh signature of ours.

    Args:
        raw: The body, as it came.
        headers: Of the request.
        secrets: The signing secrets, any of which will do.
        now: The time.
    """
    time = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIME.fullmatch(time) or not _SIGNATURE.fullmatch(signature):
        return False
    if abs(now.timestamp() - int(time)) > WINDOW_S:
        return False
    said = signature.encode()
    right = [hmac.compare_digest(sign(raw, time, secret).encode(), said) for secret in secrets]
    return any(right)


def sign(raw: bytes, time: str, secret: str) -> str:
    """The signature of a body at a time."""
    mac = hmac.new(secret.encode(), b"v0:" + time.encode() + b":" + raw, sha256)
    return f"v0={mac.hexdigest()}"


class FrontDoor:
    """Answers `POST /slack/events`.

    Args:
        secrets: The signing secrets.
        now: The time, when it is asked.
    """

    def __init__(self, secrets: Sequence[str], now: Callable[[], datetime]) -> None:
        self._secrets = tuple(secrets)
        self._now = now
        self._dispatch: Callable[[Payload], Awaitable[BoltResponse]] | None = None

    def open(self, dispatch: Callable[[Payload], Awaitable[BoltResponse]]) -> None:
        """From now on hand on what comes."""
        self._dispatch = dispatch

    def shut(self) -> None:
        """From now on ask Slack to come again later."""
        self._dispatch = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Check one request, and hand it on."""
        if (request.content_length or 0) > BODY_LIMIT:
            raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, request.content_length or 0)
        try:
            async with asyncio.timeout(READ_S):
                raw = await request.read()
        except TimeoutError:
            return web.Response(status=TOO_LATE)
        if not is_signed(raw, request.headers, self._secrets, self._now()):
            log.warning("slack.not-signed")
            return web.Response(status=FORBIDDEN)
        try:
            body = parse_body(raw, request.content_type)
        except MalformedError as error:
            log.warning("slack.malformed", field=str(error))
            return web.Response(status=MALFORMED)
        if self._dispatch is None:
            return come_again()
        return _response(await self._dispatch(body))


def _response(answer: BoltResponse) -> web.Response:
    if answer.status == 503:
        return come_again()
    kind = answer.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
    return web.Response(status=answer.status, text=answer.body or "", content_type=kind)
