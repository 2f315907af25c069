"""Whether somebody may post in a group or channel on Telegram, and so may the bot."""

from typing import Final

from telegram import ChatMember, ChatMemberAdministrator
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import ChatMigrated

from bot.channels.telegram.calling import ApiBot, calling
from bot.channels.telegram.options import NAME
from bot.channels.telegram.spots import Spot
from bot.errors import Rejected, Unreachable
from bot.messages import Address

RUNS_IT: Final = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
HANDLE: Final = "@"  # begins the public name of a channel, which nobody can write from


async def may_post(bot: ApiBot, place: Address, account: Address) -> Address | None:
    """Where to post for a person who runs a place; see `Prover.may_post`.

    Args:
        bot: Makes the calls.
        place: A chat, with or without a topic, or the public name of a channel.
        account: Who asks.
    """
    try:
        spot = None if place.id.startswith(HANDLE) else Spot.of(place)
        chat = await calling(bot.get_chat(spot.chat if spot else place.id))
        them = await calling(bot.get_chat_member(chat.id, int(account.id)))
        us = await calling(bot.get_chat_member(chat.id, bot.id))
    except (Unreachable, Rejected, ChatMigrated, ValueError):
        return None
    is_channel = chat.type == ChatType.CHANNEL
    if them.status not in RUNS_IT or not _can_write(us, is_channel=is_channel):
        return None
    topic = f"/{spot.topic}" if spot and spot.topic else ""
    return Address(NAME, f"{chat.id}{topic}")


def _can_write(us: ChatMember, *, is_channel: bool) -> bool:
    """Whether the bot may: in a channel only as an administrator with that right."""
    if not is_channel:
        return us.status in RUNS_IT | {ChatMemberStatus.MEMBER}
    return isinstance(us, ChatMemberAdministrator) and bool(us.can_post_messages)
