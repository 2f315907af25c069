"""What is known of a chat before anything is loaded: who sits at the terminal, and what they want."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.messages import Place, Role

CALL: Final = "@pathways"  # what a line in a group begins with to be heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who sits at this terminal, and where they are talking."""

    name: str
    place: Place = Place.PRIVATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for.

    Attributes:
        seat: Who talks, and where.
        roles: What they are to be granted.
        db: The database's address.
        now: The time that it is to be; None for the clock's.
        transcript: A new file to write the conversation to.
        knowledge: A folder that replaces the content we ship.
        keeps_history: Whether typed lines outlive this chat.
    """

    seat: Seat
    db: str
    roles: tuple[Role, ...] = ()
    now: datetime | None = None
    transcript: Path | None = None
    knowledge: Path | None = None
    keeps_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the store says of whoever sits here.

    Attributes:
        roles: What they may do.
        is_new: Whether they have no session yet.
    """

    roles: frozenset[Role] = field(default_factory=lambda: frozenset({Role.MEMBER}))
    is_new: bool = True


def is_called(line: str) -> bool:
    """Whether a line in a group begins with our name."""
    return line.strip().lower().startswith(CALL)


def without_call(line: str) -> str:
    """A line without our name before it."""
    return line.strip()[len(CALL) :].lstrip(" ,:") if is_called(line) else line
