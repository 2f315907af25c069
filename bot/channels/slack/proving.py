"""Whether somebody is a member of a channel in Slack, and so is the bot."""

from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.spots import Spot, spot_of
from bot.channels.slack.web_api import call
from bot.errors import Rejected, Unreachable
from bot.messages import Address

PAGE: Final = 200  # members asked for at a time; Slack advises no more
PAGES: Final = 100  # pages at most: a channel of 20,000


async def may_post(
    client: AsyncWebClient, us: str, place: Address, account: Address
) -> Address | None:
    """The channel to post to for one of its members; see `Prover.may_post`.

    Args:
        client: Of the Web API.
        us: The bot's own account there.
        place: Where the call came from.
        account: Who called.
    """
    try:
        spot, them = spot_of(place), spot_of(account)
        wanted = {us, them.user}
        if not spot.channel or spot.team != them.team or not await _are_in(client, spot, wanted):
            return None
    except (Unreachable, Rejected, ValueError):
        return None
    return Spot(team=spot.team, user="", channel=spot.channel).address()


async def _are_in(client: AsyncWebClient, spot: Spot, wanted: set[str]) -> bool:
    cursor = ""
    for _ in range(PAGES):
        answer = await call(
            client.conversations_members, channel=spot.channel, limit=PAGE, cursor=cursor
        )
        wanted -= set(answer.get("members") or ())
        after = answer.get("response_metadata")
        cursor = str(after.get("next_cursor") or "") if isinstance(after, dict) else ""
        if not wanted or not cursor:
            break
    return not wanted
