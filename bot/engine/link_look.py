"""What a turn may know of a code that joins two chats, before anything is done with it.

Read in the turn's transaction, and only for a turn that brings such a code.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.engine.commands import parse_command
from bot.messages import Command, Text, Utterance

NAME: Final = "link"  # the command


class LinkLook(StrEnum):
    """What the store says of a code."""

    NONE = "none"  # no code was brought
    GOOD = "good"
    UNKNOWN = "unknown"  # never made, used, or run out: nobody learns which
    PAUSE = "pause"  # too many tries
    SAME = "same"  # made in this chat, or in one that is joined already
    ELSEWHERE = "elsewhere"  # made in another branch


@dataclass(frozen=True, slots=True)
class Brought:
    """A code that a turn brings, as the store knows it.

    Attributes:
        id: Names a good code in buttons; empty for any other.
    """

    look: LinkLook = LinkLook.NONE
    id: str = ""


def code_in(utterance: Utterance) -> str | None:
    """The code that an utterance brings, as it was made; None for none."""
    match utterance:
        case Command(name=name, argument=argument):
            return plain_code(argument) if name == NAME and argument else None
        case Text(text=text):
            command = parse_command(text)
            return code_in(command) if command else None
        case _:
            return None


def plain_code(typed: str) -> str:
    """A code without what people put into it to read it better."""
    return "".join(typed.split()).replace("-", "").lower()
