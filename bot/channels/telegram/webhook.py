"""The webhook: our own route, which says "received" only after the commit (R03, R29).

The secret is compared before anything else is looked at, in constant time. A body that is no update is
refused; one that is but makes no sense to us is let go, since Telegram would send it again for a day.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from pydantic_core import from_json

from bot.channels.http import READ_S, Route, come_again
from bot.channels.telegram.updates import update_id_of
from bot.errors import StoreError

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
COMMIT_S: Final = 20.0  # seconds that a commit may take; Telegram waits a minute

log = structlog.get_logger(__name__)


class Webhook:
    """Takes updates that Telegram sends.

    Args:
        url: The public address; its path is served here.
        secret: What Telegram shows with each call.
        take: Takes one update in; returns after the commit, raises a StoreError without one.
        is_full: Whether Telegram should come again later.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        take: Callable[[object], Awaitable[None]],
        is_full: Callable[[], bool],
    ) -> None:
        self._secret = secret.encode()
        self._take = take
        self._is_full = is_full
        self.is_open = False
        self.route = Route(path=urlsplit(url).path or "/", handler=self._receive)

    async def _receive(self, request: web.Request) -> web.Response:
        shown = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=401)
        if self._is_full() or not self.is_open:
            return come_again()
        try:
            async with asyncio.timeout(READ_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        raw = _parsed(body)
        if update_id_of(raw) is None:
            return web.Response(status=400)
        return await self._kept(raw)

    async def _kept(self, raw: object) -> web.Response:
        try:
            async with asyncio.timeout(COMMIT_S):
                await self._take(raw)
        except (StoreError, TimeoutError) as error:
            log.warning("telegram.not-kept", error=type(error).__name__)
            return come_again()
        return web.Response()


def _parsed(body: bytes) -> object:
    try:
        parsed: object = from_json(body, allow_inf_nan=False)
    except ValueError:
        return None
    return parsed
