"""A look at the bot from outside, before it runs: for `pathways doctor`. Changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.calling import make_bot
from bot.channels.telegram.options import NOT_KNOWN, Options
from bot.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What Telegram says of the bot.

    Attributes:
        username: What it is called.
        joins_groups: Whether it may be added to groups.
        reads_groups: Whether it gets everything that is written there: privacy mode is off then.
        webhook_url: Where updates are sent; empty for polling.
        waiting: Updates that nobody has fetched yet.
        hook_trouble: What last went wrong with the webhook; empty for nothing.
        clock_ahead_s: Seconds that our clock is ahead of Telegram's; None where it did not say.
    """

    username: str
    joins_groups: bool
    reads_groups: bool
    webhook_url: str
    waiting: int
    hook_trouble: str
    clock_ahead_s: float | None


async def look(options: Options, now: Callable[[], datetime]) -> Health:
    """Ask Telegram about the bot.

    Raises:
        SettingsError: It does not know the token, or cannot be reached; the text says what to do.
    """
    if not options.is_token:
        raise SettingsError(NOT_KNOWN)
    ahead: list[float] = []

    async def date(response: httpx.Response) -> None:
        said = response.headers.get("date")
        if said:
            ahead.append((now() - parsedate_to_datetime(said)).total_seconds())

    bot = make_bot(options, date)
    try:
        user, hook = await bot.get_me(), await bot.get_webhook_info()
    except InvalidToken:
        raise SettingsError(NOT_KNOWN) from None
    except TelegramError as error:
        raise SettingsError(_unreached(options, error)) from None
    finally:
        await bot.disconnect()
    return Health(
        username=user.username or "",
        joins_groups=bool(user.can_join_groups),
        reads_groups=bool(user.can_read_all_group_messages),
        webhook_url=hook.url,
        waiting=hook.pending_update_count,
        hook_trouble=hook.last_error_message or "",
        clock_ahead_s=ahead[0] if ahead else None,
    )


def _unreached(options: Options, error: TelegramError) -> str:
    """What stands in the way. The text of the error is left out: the token is in it."""
    if isinstance(error, RetryAfter):
        return "Telegram asks us to wait. Try again in a minute."
    kind = type(error.__cause__ or error).__name__
    said = f"Telegram cannot be reached at {options.api_url} ({kind})."
    if isinstance(error, NetworkError):
        return f"{said} Look at the network, at PATHWAYS_TELEGRAM_API_URL and PATHWAYS_TELEGRAM_PROXY."
    return said
