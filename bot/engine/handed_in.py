"""Named runs that were handed in: what may still be changed, and what was changed before."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.engine.commands import command_of_phrase, parse_command
from bot.engine.session import Session
from bot.flows.run import Run
from bot.messages import Command, Text, Utterance

COMMAND: Final = "answers"
_PHRASE: Final = re.compile(
    r"^(?:please |can i |i want to |i'd like to |let me )*(?:change|correct|edit|see|show)(?: me)? my "
    r"(?:(?:survey|earlier|old|last) )*answers?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One run of this person.

    Attributes:
        run: As it was handed in last.
        workplace: Of its survey; empty for none that a rep opened.
        about: The survey it belongs to; empty for none that a rep opened.
        is_open: Whether it may be changed: until its survey closes.
        revisions: When it was handed in each time, and how many answers changed then; oldest first.
    """

    id: str
    run: Run
    workplace: str
    about: str
    is_open: bool
    revisions: tuple[tuple[datetime, int], ...]


def asks_for_answers(text: str) -> bool:
    """Whether a whole message asks for one's own answers, as "change my survey answers" does."""
    return bool(_PHRASE.match(" ".join(text.split())))


def is_handed_in_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may need the runs that were handed in."""
    if session.acts("reopen".__eq__):
        return True
    match utterance:
        case Command(name=name):
            return name == COMMAND
        case Text(text=text):
            command = parse_command(text)
            named = command.name if command else command_of_phrase(text)
            return named == COMMAND or asks_for_answers(text)
        case _:
            commands = session.acts("command".__eq__)
            return any(act.arguments[:1] == (COMMAND,) for act in commands)
