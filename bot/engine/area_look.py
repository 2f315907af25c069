"""What a turn may know of the area that a link is about, before anything is agreed to.

Read in the turn's transaction, and only for a turn that brings such a link or agrees to it.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.engine.session import Session
from bot.messages import Choice, Command, Text, Utterance

LINK: Final = "area_"  # begins the payload of a link to an area
AGREE: Final = "agree-area"  # the act of whoever says yes
PURPOSE: Final = "area:"  # begins the purpose that they agree to, before the id of the area
_OPEN: Final = re.compile(rf"^/?(?:open|start)\s+({LINK}\w{{1,40}})\W*$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area of the workplace map that there is.

    Attributes:
        name: With its workplace, as somebody wrote it.
    """

    id: str
    name: str


def area_of_link(payload: str) -> str | None:
    """The area that a link's payload carries; None where it carries something else."""
    wanted = payload.strip().lower()
    return wanted[len(LINK) :] if wanted.startswith(LINK) else None


def area_of_words(text: str) -> str | None:
    """The area that somebody opens with these words, as channels say it whose links carry nothing."""
    found = _OPEN.match(text.strip())
    return area_of_link(found[1]) if found else None


def area_in(session: Session, utterance: Utterance) -> str | None:
    """The area that an utterance may be about; None for none."""
    match utterance:
        case Command(name="start", argument=argument):
            return area_of_link(argument)
        case Text(text=text) if found := area_of_words(text):
            return found
        case Text():
            acts = session.acts(AGREE.__eq__)
        case Choice(token=token):
            pressed = session.offer(token)
            acts = [pressed.act] if pressed else []
        case _:
            return None
    return next((act.arguments[0] for act in reversed(acts) if act.name == AGREE), None)
