"""Where something is shown in Slack, and how that is written as an address.

A person's account is `T1:U1`: the workspace and the member. The same text is the address of their
direct message with the bot, so that whoever knows the person can write to them. Behind it may stand
`/C1/1700.1`: a thread in a channel, where that person called; `/C1/+1700.1` where their call begins
it; `/C1/!1700.1` where only they are to see it; or `//1700.1`: a thread in their direct message.
`T1:/C1/` is a channel, and nobody in it.
"""

from dataclasses import dataclass
from typing import Final

from bot.messages import Address

NAME: Final = "slack"
_ALONE: Final = "!"
_BEGINS: Final = "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a workspace, with the person it is about.

    Attributes:
        team: The workspace.
        user: The person, who reads along; empty only for a channel that nobody called in.
        channel: Where they called; empty for their direct message with the bot.
        thread: The message that the thread hangs on; empty for none.
        begins: Whether there is no thread yet: what only one person sees is not seen in there.
        alone: Whether only this person is to see what is said.
    """

    team: str
    user: str
    channel: str = ""
    thread: str = ""
    begins: bool = False
    alone: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether only this person reads there."""
        return not self.channel

    def address(self) -> Address:
        """The spot as an address; `spot_of` gives it back equal."""
        account = f"{self.team}:{self.user}"
        if not self.channel and not self.thread:
            return Address(NAME, account)
        mark = _ALONE if self.alone else _BEGINS if self.begins else ""
        return Address(NAME, f"{account}/{self.channel}/{mark}{self.thread}")


def spot_of(address: Address) -> Spot:
    """The spot that an address names.

    Raises:
        ValueError: It is none of ours.
    """
    account, *rest = address.id.split("/")
    team, colon, user = account.partition(":")
    if len(rest) not in {0, 2}:
        raise ValueError("no address in Slack")
    channel, thread = rest or ("", "")
    if not (team and colon and (user or channel)):
        raise ValueError("no address in Slack")
    return Spot(
        team=team,
        user=user,
        channel=channel,
        thread=thread.lstrip(_ALONE + _BEGINS),
        begins=thread.startswith(_BEGINS),
        alone=thread.startswith(_ALONE),
    )
