"""Calls to the Bot API, and what their troubles mean to us.

The bot's token is a part of every address that is called. So nothing of an error's text goes on: only
its kind does.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels.outbound import Hosts, NotAllowedError
from bot.channels.telegram.options import Options
from bot.channels.telegram.rendering import Rows
from bot.errors import DeliveryError, OutcomeUnknown, Rejected, Throttled, Unreachable

T = TypeVar("T")
POOL: Final = 64  # connections; the deliverer sends 32 at once
POLL_MARGIN_S: Final = 5.0  # seconds that a poll may take longer than it waits
NOT_SENT_S: Final = 3.0  # seconds until the next try where nothing went out at all
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
GONE: Final = (  # of a 400: nobody will ever get this
    "chat not found",
    "user not found",
    "user_deactivated",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
    "group chat was deactivated",
    "group is deactivated",
    "bot was kicked",
    "topic_deleted",
    "topic_closed",
    "message thread not found",
)
DONE: Final = ("message is not modified",)  # of a 400: what was wanted is so already
TOO_LATE: Final = (  # of a 400: it can no longer be
    "query is too old",
    "query id is invalid",
    "query_id_invalid",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
)


class ApiBot(Bot):
    """The Bot API, with updates as parsed JSON: one that makes no sense must not stop the others."""

    async def raw_updates(
        self, offset: int | None, poll_s: int, kinds: Sequence[str]
    ) -> Sequence[object]:
        """Updates from `offset` on; waits up to `poll_s` seconds for the first one."""
        wanted = {"offset": offset, "timeout": poll_s, "allowed_updates": list(kinds)}
        read_s = poll_s + POLL_MARGIN_S
        found: Any = await self._post("getUpdates", wanted, read_timeout=read_s)
        return found if isinstance(found, list) else []

    async def file_path(self, file_id: str) -> str | None:
        """Where a file is, below the address of the files; None where Telegram does not say."""
        found: Any = await self._post("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        return path if isinstance(path, str) else None

    async def disconnect(self) -> None:
        """Let go of every connection."""
        for request in self._request:
            await request.shutdown()


Hook = Callable[[httpx.Response], Awaitable[None]]


def hooks_of(hosts: Hosts, *answered: Hook) -> dict[str, list[Callable[..., Awaitable[None]]]]:
    """What httpx is to call at each request: it goes to these hosts only.

    Args:
        hosts: Those.
        answered: Called with each answer.
    """

    async def require(request: httpx.Request) -> None:
        try:
            hosts.require(str(request.url))
        except NotAllowedError as error:
            raise httpx.RequestError("it leads elsewhere", request=request) from error

    return {"request": [require], "response": [*answered]}


def make_bot(options: Options, *answered: Hook) -> ApiBot:
    """A bot with the options' addresses and times; connects to nothing yet.

    Args:
        options: How to reach Telegram.
        answered: Called with each answer.
    """

    def request(pool: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=pool,
            read_timeout=options.timeout_s,
            write_timeout=options.timeout_s,
            connect_timeout=options.timeout_s,
            pool_timeout=options.timeout_s,
            media_write_timeout=4 * options.timeout_s,
            proxy=options.proxy or None,
            httpx_kwargs={"event_hooks": hooks_of(options.hosts, *answered)},
        )

    return ApiBot(
        options.token,
        base_url=options.api_url,
        base_file_url=options.file_url,
        request=request(POOL),
        get_updates_request=request(1),
    )


async def calling(call: Awaitable[T]) -> T:
    """Make a call.

    Raises:
        DeliveryError: One of its kinds, by what Telegram answered.
        ChatMigrated: The chat has another number now.
    """
    try:
        return await _calling(call)
    except BadRequest as error:
        raise meaning_of_error(error) from None


async def tolerating(call: Awaitable[object]) -> bool:
    """Make a call that changes what was sent: True where it is so now, False where it is too late.

    Raises:
        DeliveryError: It failed for another reason.
        ChatMigrated: The chat has another number now.
    """
    try:
        await _calling(call)
    except BadRequest as error:
        if _says(error, DONE):
            return True
        if _says(error, TOO_LATE):
            return False
        raise meaning_of_error(error) from None
    return True


async def _calling(call: Awaitable[T]) -> T:
    """Make a call; a 400 is raised as it is, other errors by what they mean."""
    try:
        return await call
    except (BadRequest, ChatMigrated):
        raise
    except TelegramError as error:
        raise meaning_of_error(error) from None


def meaning_of_error(error: TelegramError) -> DeliveryError:
    """What an error of the library means to whoever sends."""
    match error:
        case RetryAfter():
            return Throttled(_seconds(error))
        case Forbidden():
            return Unreachable("Forbidden")
        case BadRequest():
            gone = _says(error, GONE)
            return Unreachable("BadRequest") if gone else Rejected("BadRequest")
        case NetworkError() if isinstance(error.__cause__, NOT_SENT):
            return Throttled(NOT_SENT_S)
        case InvalidToken() | Conflict():
            return Rejected(type(error).__name__)
        case _:
            return OutcomeUnknown(type(error).__name__)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as the library has them; None where there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.text, callback_data=button.token, url=button.url)
                for button in row
            ]
            for row in rows
        ]
    )


def _says(error: TelegramError, parts: Sequence[str]) -> bool:
    said = error.message.lower()
    return any(part in said for part in parts)


def _seconds(error: RetryAfter) -> float:
    """What Telegram asked for; the library's own property warns of its future."""
    (seconds,) = error.__reduce__()[1]
    return max(seconds, 1.0)
