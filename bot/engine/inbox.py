"""What waits for the editors, as a turn may know of it: groups of misses, and replies as drafts."""

from dataclasses import dataclass
from typing import Final

from bot.engine.commands import parse_command
from bot.engine.session import Session
from bot.messages import Choice, Command, Text, Token, Utterance

NEW: Final = "new"
DECIDED: Final = ("later", "done", "ignored")  # what an editor can decide
STATUSES: Final = (NEW, *DECIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look at: misses that ask alike, or a rep's reply.

    Attributes:
        id: `m-` and `r-` begin the ids of misses and replies.
        words: The question, scrubbed; of a group, its first.
        status: One of `STATUSES`.
        people: How many asked; one person counts once a month.
        examples: Other ways they asked.
        near: The entries that came nearest, or were picked, most often first.
        reply: What a rep wrote; empty for misses.
        names: Of a group, its id and every other id it may be asked for by.
    """

    id: str
    words: str
    status: str
    people: int = 1
    examples: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    reply: str = ""
    names: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether this is meant by an id, perhaps one of a while ago."""
        return name == self.id or name in self.names


def is_inbox_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may be about the inbox; reading it takes a while, so only then."""
    match utterance:
        case Command(name=name):
            return name == "misses"
        case Choice(token=token):
            return _is_about_inbox(session, token)
        case Text(text=text):
            command = parse_command(text)
            named = command is not None and command.name == "misses"
            return named or any(_is_about_inbox(session, token) for token in session.menu)
        case _:
            return False


def _is_about_inbox(session: Session, token: Token) -> bool:
    offer = session.offer(token)
    return offer is not None and (
        offer.act.name.startswith("inbox-")
        or (offer.act.name == "command" and offer.act.arguments[:1] == ("misses",))
    )
