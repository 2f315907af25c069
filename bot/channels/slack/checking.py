"""Looks at a Slack app before it starts: tokens, scopes and workspace. For `pathways doctor`."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.slack.opening import identity, require_way_in, us_of
from bot.channels.slack.options import Options
from bot.channels.slack.scopes import SCOPES
from bot.channels.slack.web_api import open_session, starting, web_client
from bot.errors import BotError, OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at; `is_well` None where it could not be seen."""

    what: str
    is_well: bool | None = True


def look(options: Options) -> tuple[Look, ...]:
    """Ask Slack about the app; never changes anything, and sends nothing to anybody."""
    return asyncio.run(_look(options))


async def _look(options: Options) -> tuple[Look, ...]:
    async with open_session(options) as session:
        client = web_client(
            options.bot_token, options.api_url, options.proxy, options.timeout_s, session
        )
        try:
            require_way_in(options)
            said, scopes = await identity(client)
            us = us_of(said, options)
            found = [Look(f"Slack knows the bot as {us.user}, in {', '.join(sorted(us.teams))}.")]
            found += _scopes(scopes)
            if options.by_socket:
                async with starting():
                    await client.apps_connections_open(app_token=options.app_token)
                found.append(Look("Slack opens sockets for the app token."))
        except OutcomeUnknown as error:
            return (Look(f"Slack could not be asked ({error}).", None),)
        except BotError as error:
            return (Look(str(error), is_well=False),)
    return tuple(found)


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
