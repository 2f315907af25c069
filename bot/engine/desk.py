"""Questions that people put to the reps of their branch, as far as a turn may know of them.

The desk is a part of the view: read in the turn's transaction, and only for turns that may need it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.engine.commands import parse_command
from bot.engine.session import Act, Session
from bot.messages import Command, Text, Utterance, plain

OPEN_LIMIT: Final = 3  # questions of one person that may wait together
DAY_LIMIT: Final = 5  # questions one person may put within 24 hours
WORDS_LIMIT: Final = 1000  # characters of a question
REPLY_LIMIT: Final = 2000  # characters of a rep's reply
NAME_LIMIT: Final = 60  # characters of a name somebody wants to be known by
SHOWN: Final = 5  # waiting questions shown at once

ASK_ACTS: Final = frozenset({"ask-rep", "ask-agree", "ask-name", "ask-withdraw", "rep-thank"})
REP_ACTS: Final = frozenset({"desk-take", "desk-write", "desk-leave", "desk-sign", "desk-send"})
_DESK_ACTS: Final = ASK_ACTS | REP_ACTS
_MAY_BE_OF_DESK: Final = _DESK_ACTS | {"command"}


class Stage(StrEnum):
    """What the next turn of an errand is for."""

    OFFERED = "offered"  # a person was offered; `about` is the miss that may be passed on
    AGREE = "agree"  # may the words be kept? `about` is the miss, or empty for a new question
    AGREE_BACK = "agree-back"  # the same for asking back; `about` is the answered question
    WRITE = "write"  # the question itself, in the next words
    WRITE_BACK = "write-back"  # what is asked back, in the next words
    NAME = "name"  # the name that the rep may know; `about` is the question
    REPLY = "reply"  # a rep's reply, in the next words; `about` is the question
    SIGN = "sign"  # the name below a rep's replies; `about` is the question
    UNTIL = "until"  # another last day of a survey; `about` is the survey
    BC_TEXT = "bc-text"  # the words of a broadcast; `about` is the broadcast here and below
    BC_GAP = "bc-gap"  # what fills the next gap of a ready reminder
    BC_WHEN = "bc-when"  # when it goes out
    BC_REASON = "bc-reason"  # why it cannot wait for the morning


BROADCAST_STAGES: Final = frozenset({Stage.BC_TEXT, Stage.BC_GAP, Stage.BC_WHEN, Stage.BC_REASON})
WAITS_FOR_WORDS: Final = BROADCAST_STAGES | frozenset(
    {Stage.WRITE, Stage.WRITE_BACK, Stage.NAME, Stage.REPLY, Stage.SIGN, Stage.UNTIL}
)


@dataclass(frozen=True, slots=True)
class Own:
    """A question of this person.

    Attributes:
        may_thank: Whether it was answered, and nobody was thanked yet.
        may_ask_back: Whether it was answered, and nothing was asked back yet.
    """

    id: str
    is_waiting: bool
    may_thank: bool
    may_ask_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question of somebody in the branch that waits for a rep.

    Attributes:
        name: What they want to be called; empty where they did not say.
        days: How long it has waited.
        is_back: Whether something is asked back about an earlier reply.
    """

    id: str
    words: str
    name: str
    days: int
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A question that this rep has taken.

    Attributes:
        reply: What they have written so far.
        signed: The name they want below it; empty for none.
    """

    question: Waiting
    reply: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What there is for this person.

    Attributes:
        last_words: The scrubbed words of the question that may be passed on; empty for none.
        day_count: Questions they have put within 24 hours.
        waiting: What they may take, oldest first; empty for who may not.
        taken: What they have taken.
    """

    last_words: str = ""
    day_count: int = 0
    own: tuple[Own, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    taken: tuple[Taken, ...] = ()

    @property
    def open_count(self) -> int:
        """How many questions of this person wait."""
        return sum(one.is_waiting for one in self.own)


def in_paragraphs(words: str) -> str:
    """Words a person wrote, safe inside light Markdown, each of their lines a paragraph."""
    return "\n\n".join(plain(line) for line in words.splitlines() if line.strip())


def is_desk_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may need the desk: not for somebody who only asks the FAQ."""
    if session.errand is not None or any(
        map(_is_of_desk, session.acts(_MAY_BE_OF_DESK.__contains__))
    ):
        return True
    match utterance:
        case Command(name=name):
            return name == "questions"
        case Text(text=text):
            command = parse_command(text)
            return command is not None and command.name == "questions"
        case _:
            return False


def _is_of_desk(act: Act) -> bool:
    return act.name in _DESK_ACTS or (
        act.name == "command" and act.arguments[:1] == ("questions",)
    )
