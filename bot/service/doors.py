"""Where somebody who has never talked to the bot begins: its public address on a channel.

A channel learns it from its platform, not from a setting, and writes it down when it starts. So a
picture with the address can be made by any process.
"""

from dataclasses import dataclass
from typing import Final

from bot.engine.acts import LINK
from bot.engine.commands import REPS
from bot.service import people
from bot.service.files import FileRequest
from bot.service.ports import Row, Tx

DOOR: Final = "door."  # before a channel's name, in the rows of `install`
BY_LINK: Final = "telegram"  # the channel whose door is an address that anybody can open


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """An address, and what is said with its picture.

    Attributes:
        url: What a phone opens.
        caption: Light Markdown.
        twin: What the picture shows, in words.
    """

    url: str
    caption: str
    twin: str


def remember(tx: Tx, channel: str, url: str) -> None:
    """Write down where a channel's talks with the bot begin."""
    row: Row = {"name": f"{DOOR}{channel}", "value": url}
    if not tx.insert_new("install", row):
        tx.update("install", {"name": row["name"]}, {"value": url})


def gather_qr(tx: Tx, request: FileRequest) -> Door | None:
    """The address that a picture is asked of; None where there is none, or for members.

    With an argument `command` the link begins the talk with it.
    """
    row = tx.get("install", {"name": f"{DOOR}{BY_LINK}"})
    if row is None or not people.roles_of(tx, request.person) & REPS:
        return None
    command = request.arguments.get("command", "")
    url = f"{row['value']}?start={LINK}{command}" if command else str(row["value"])
    wording, language = request.content.wording, request.language
    return Door(
        url=url,
        caption=wording.say("qr.caption", language, url=url),
        twin=wording.say("qr.twin", language),
    )
