"""Calls of Slack's Web API: what went wrong is told by our own names, and nothing is repeated here.

Whether a call may be repeated is the outbox's decision. The SDK repeats a call whose answer was lost,
which sends a message twice, so its own retries are switched off; and it takes a proxy from the
environment and forgets the exceptions to it, so ours is set by hand.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import BotError, OutcomeUnknown, SettingsError, Throttled, Unreachable

AWAY_S: Final = 5.0  # seconds until the next try where Slack could not be reached at all
LONGEST_WAIT_S: Final = 600.0  # seconds; more than this nobody asks for in earnest
NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
PERHAPS: Final = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
BAD_BLOCKS: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
BAD_TOKEN: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)


class BlocksRefusedError(BotError):
    """Slack did not take the blocks of a message; its plain text may still go."""


def web_client(
    token: str, api_url: str, proxy: str, timeout_s: float, session: aiohttp.ClientSession | None
) -> AsyncWebClient:
    """A client that calls once and says what happened.

    Args:
        token: Of the bot.
        api_url: Where the API is; ends in `/api/`.
        proxy: An address, or empty for none, whatever the environment says.
        timeout_s: Seconds for one call.
        session: Keeps connections open between calls; None opens one for each.
    """
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=int(max(timeout_s, 1)),
        session=session,
        retry_handlers=[],
    )
    client.proxy = proxy or None
    return client


async def call(
    method: Callable[..., Awaitable[AsyncSlackResponse]], /, **arguments: object
) -> Mapping[str, Any]:
    """Call a method of the API once.

    Raises:
        Throttled: Wait, then call again: it was not carried out.
        OutcomeUnknown: It may have been carried out.
        BlocksRefusedError: The same without blocks may do.
        Unreachable: It can never be done.
    """
    try:
        answer = await method(**arguments)
    except SlackApiError as error:
        raise told(error) from None
    except NEVER_SENT as error:
        raise Throttled(AWAY_S) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise OutcomeUnknown(type(error).__name__) from error
    data = answer.data
    return data if isinstance(data, dict) else {}


def told(error: SlackApiError) -> BotError:
    """What an answer that is not `ok` means for whoever called."""
    name, status, headers = _answer(error)
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        return Throttled(_wait_s(headers))
    if status >= 500 or not name or name in PERHAPS:
        return OutcomeUnknown(name or str(status))
    if name in BAD_BLOCKS:
        return BlocksRefusedError(name)
    return Unreachable(name)


def at_start(error: SlackApiError) -> BotError:
    """The same for the first calls of all, where a wrong token is a setting to be put right."""
    name, _, _ = _answer(error)
    if name in BAD_TOKEN:
        return SettingsError(
            f"Slack does not take the token ({name}). Copy it again from the app's pages:"
            " PATHWAYS_SLACK_BOT_TOKEN begins with xoxb-, PATHWAYS_SLACK_APP_TOKEN with xapp-."
        )
    return told(error)


def _answer(error: SlackApiError) -> tuple[str, int, Mapping[str, str]]:
    """The name of the error, the status and the headers; whatever there is of them."""
    response = error.response
    if isinstance(response, AsyncSlackResponse):
        data = response.data if isinstance(response.data, dict) else {}
        return str(data.get("error") or ""), int(response.status_code), response.headers
    status = getattr(response, "status", 500)  # an answer that is no JSON comes as it was
    return "", int(status), dict(getattr(response, "headers", {}))


def _wait_s(headers: Mapping[str, str]) -> float:
    named = {name.lower(): value for name, value in headers.items()}
    asked = str(named.get("retry-after", ""))
    wait_s = float(asked) if asked.isascii() and asked.isdigit() else AWAY_S
    return min(max(wait_s, 1.0), LONGEST_WAIT_S)
