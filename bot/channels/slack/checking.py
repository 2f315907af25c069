"""Looks at a Slack app before it starts: tokens, scopes and workspace. For `pathways doctor`."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.opening import identity, require_way_in, us_of
from bot.channels.slack.options import Options
from bot.channels.slack.scopes import SCOPES
from bot.channels.slack.web_api import open_session, starting, web_client
from bot.errors import BotError, OutcomeUnknown

CLOCK_S: Final = 5.0  # seconds that clocks may differ
REFUSED_S: Final = 300.0  # seconds after which a signature no longer counts


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at; `is_well` None where it could not be seen."""

    what: str
    is_well: bool | None = True


def look(options: Options, now: Callable[[], datetime]) -> tuple[Look, ...]:
    """Ask Slack about the app; never changes anything, and sends nothing to anybody."""
    wrong = tuple(_tokens(options))
    return wrong or asyncio.run(_look(options, now))


def _tokens(options: Options) -> Iterator[Look]:
    """Tokens that are something else: whoever set them mixed them up."""
    bot, app = options.bot_token, options.app_token
    if bot[:1].isdigit() and ":" in bot:
        what = "PATHWAYS_SLACK_BOT_TOKEN holds a token of Telegram. Put that into PATHWAYS_TELEGRAM_TOKEN"
        yield Look(
            f"{what}, and here the one of the Slack app, which begins with xoxb-.", is_well=False
        )
    elif not bot.startswith("xoxb-"):
        what = "PATHWAYS_SLACK_BOT_TOKEN should begin with xoxb-. It is on the app's page OAuth & Permissions"
        yield Look(f"{what}, as Bot User OAuth Token.", is_well=False)
    if app and not app.startswith("xapp-"):
        what = "PATHWAYS_SLACK_APP_TOKEN should begin with xapp-. It is on the app's page Basic Information"
        yield Look(f"{what}, under App-Level Tokens.", is_well=False)


async def _look(options: Options, now: Callable[[], datetime]) -> tuple[Look, ...]:
    found: list[Look] = []
    async with open_session(options) as session:
        client = web_client(
            options.bot_token, options.api_url, options.proxy, options.timeout_s, session
        )
        try:
            said, scopes = await identity(client)
            us = us_of(said, options)
            found.append(
                Look(f"Slack knows the bot as {us.user}, in {', '.join(sorted(us.teams))}.")
            )
            found += _scopes(scopes)
            found += _clock(await _said_at(client), now())
            require_way_in(options)
            if options.by_socket:
                async with starting():
                    await client.apps_connections_open(app_token=options.app_token)
                found.append(Look("Slack opens sockets for the app token."))
        except OutcomeUnknown as error:
            where = f"Slack could not be asked at {options.api_url} ({error})"
            what = (
                f"{where}. Look at the network, PATHWAYS_SLACK_API_URL and PATHWAYS_SLACK_PROXY."
            )
            found.append(Look(what, None))
        except BotError as error:
            found.append(Look(str(error), is_well=False))
    return tuple(found)


async def _said_at(client: AsyncWebClient) -> str:
    """The time on one of Slack's answers; empty where it has none."""
    async with starting():
        answer = await client.auth_test()
    return {name.lower(): str(value) for name, value in answer.headers.items()}.get("date", "")


def _clock(said: str, now: datetime) -> Iterator[Look]:
    try:
        off_s = (now - parsedate_to_datetime(said)).total_seconds()
    except (ValueError, TypeError):
        return
    if abs(off_s) > CLOCK_S:
        where = "ahead of" if off_s > 0 else "behind"
        what = f"The clock is {abs(off_s):.0f} s {where} Slack's. Turn time synchronisation on"
        yield Look(
            f"{what}: from {REFUSED_S:.0f} s on Slack's requests are refused.",
            is_well=False if abs(off_s) > REFUSED_S else None,
        )
    else:
        yield Look("The clock agrees with Slack's.")


def _scopes(granted: frozenset[str]) -> Iterator[Look]:
    if not granted:
        yield Look("Slack did not say which scopes the app has.", None)
        return
    missing, more = sorted(set(SCOPES) - granted), sorted(granted - set(SCOPES))
    if missing:
        told = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
        yield Look(
            f"The app lacks scopes: {told}. Install it again from the manifest.", is_well=False
        )
    if more:
        yield Look(
            f"The app has more scopes than it needs: {', '.join(more)}. Take them away.", None
        )
    if not missing and not more:
        yield Look("The app has the scopes of the manifest, and no more.")
