"""Calls of Slack's Web API: what went wrong is told by our own names, and nothing is repeated here.

Whether a call may be repeated is the outbox's decision. The SDK repeats a call whose answer was lost,
which sends a message twice, so its own retries are switched off; and it takes a proxy from the
environment and forgets the exceptions to it, so ours is set by hand.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
from aiohttp import ClientHandlerType, ClientMiddlewareType, ClientRequest, ClientResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.outbound import Hosts
from bot.channels.slack.options import Options
from bot.errors import BotError, OutcomeUnknown, Rejected, SettingsError, Throttled, Unreachable

LOCKED_OUT_S: Final = 60.0  # seconds until the next try where the token is not taken any more
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


GONE: Final = frozenset(
    {
        "account_inactive",
        "cannot_dm_bot",
        "channel_is_limited_access",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
    }
)  # nothing can be said at this place; what else goes wrong is the message's own fault


class BlocksRefusedError(Rejected):
    """Slack did not take the blocks of a message; its plain text may still go."""


def open_session(options: Options) -> aiohttp.ClientSession:
    """The connections of a process: to Slack's hosts, also where an answer leads on to another address.

    Everything goes by it: calls, sockets, and files in and out.
    """
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=options.timeout_s),
        trust_env=False,
        middlewares=(_fence(options.hosts),),
    )


def _fence(hosts: Hosts) -> ClientMiddlewareType:
    async def require(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        hosts.require(str(request.url))
        return await handler(request)

    return require


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


@asynccontextmanager
async def called() -> AsyncIterator[None]:
    """Around one call of the API: what goes wrong in it is raised by our own names.

    Raises:
        Throttled: Wait, then call again: it was not carried out.
        OutcomeUnknown: It may have been carried out.
        Unreachable: Nothing can be done at this place.
        Rejected: It can never be done, here or anywhere.
    """
    try:
        yield
    except SlackApiError as error:
        raise told(error) from None
    except NEVER_SENT as error:
        raise Throttled(AWAY_S, is_wide=True) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise OutcomeUnknown(type(error).__name__) from error


async def call(
    method: Callable[..., Awaitable[AsyncSlackResponse]], /, **arguments: object
) -> Mapping[str, Any]:
    """Call a method of the API once; raises as `called` does."""
    async with called():
        answer = await method(**arguments)
    return answer.data if isinstance(answer.data, dict) else {}


def told(error: SlackApiError) -> BotError:
    """What an answer that is not `ok` means for whoever called."""
    name, status, headers = _answer(error)
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        return Throttled(_wait_s(headers), is_wide=True)
    if status >= 500 or not name or name in PERHAPS:
        return OutcomeUnknown(name or str(status))
    if name in BAD_BLOCKS:
        return BlocksRefusedError(name)
    if name in GONE:
        return Unreachable(name)
    if name in BAD_TOKEN:
        return Throttled(LOCKED_OUT_S, is_wide=True)
    return Rejected(name)


@asynccontextmanager
async def starting() -> AsyncIterator[None]:
    """Around one of the first calls of all, where a wrong token is a setting to be put right.

    Raises:
        SettingsError: Slack does not take the token.
        BotError: Try again later.
    """
    try:
        yield
    except SlackApiError as error:
        name, _, _ = _answer(error)
        if name not in BAD_TOKEN:
            raise told(error) from None
        raise SettingsError(
            f"Slack does not take the token ({name}). Copy it again from the app's pages:"
            " PATHWAYS_SLACK_BOT_TOKEN begins with xoxb-, PATHWAYS_SLACK_APP_TOKEN with xapp-."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError) as error:
        raise OutcomeUnknown(type(error).__name__) from None  # its text may hold an address


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
