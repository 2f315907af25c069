"""Surveys as a turn may know them: one flow, opened by a rep for one workplace, from one day to another."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.engine.commands import command_meant
from bot.engine.session import Act, Session
from bot.flows.by_area import AskedArea
from bot.flows.model import FlowHash, FlowId
from bot.messages import Command, Text, Utterance
from bot.results.published import Release

LINK: Final = "sv_"  # begins the payload of a link into a survey
CODE_LENGTH: Final = 16  # letters and digits of a 32-letter alphabet: 80 bits
OPENING: Final = FlowId("open-survey")  # the flow in which a rep opens one
COMMANDS: Final = frozenset({"surveys", "results"})
GRACE: Final = timedelta(hours=2)  # after the last day, for what was begun in time
SHOWN: Final = 8  # surveys listed at once
BEGINNING: Final = frozenset({"begin", "agree", "introduce", "drop"})  # acts that lead into a flow

_OPEN: Final = re.compile(rf"^/?(?:open|start)\s+{LINK}(\w{{1,40}})\W*$", re.IGNORECASE)


class Stage(StrEnum):
    """Where a survey stands on a day."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One that a rep opened.

    Attributes:
        code: What its link carries behind `LINK`.
        flow_hash: Everybody answers the flow as it was when the survey was opened.
        opens_on: The first day on which it takes answers.
        closes_on: The last one.
        is_ours: Whether it is of this person's branch; a link may lead elsewhere.
        is_closed: Whether it was closed for good and its results were made.
        is_taken: Whether this person has handed it in; False in turns that cannot begin it.
        returns: How many there are, in steps while it is open; 0 for who may not know, or asks not.
    """

    id: str
    code: str
    flow: FlowId
    flow_hash: FlowHash
    workplace: str
    opens_on: date
    closes_on: date
    is_ours: bool = True
    is_closed: bool = False
    is_taken: bool = False
    returns: int = 0

    def stage(self, today: date) -> Stage:
        """Where it stands on a day of the people who answer."""
        if self.is_closed or today > self.closes_on:
            return Stage.OVER
        return Stage.EARLY if today < self.opens_on else Stage.OPEN

    def takes_in(self, now: datetime) -> bool:
        """Whether what was begun in time may be handed in now, by the clock of the people who answer."""
        if self.is_closed or now.date() < self.opens_on:
            return False
        return now < end_of(self.closes_on, now.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known of the workplace for which a survey is about to be opened.

    Attributes:
        areas: Of its map, as they may be asked for; none where they are few or small.
        still_open: The survey of the same questions that still runs there; empty for none.
        not_before: The first day on which another may open, after one that has results; None for any.
    """

    areas: tuple[AskedArea, ...] = ()
    still_open: str = ""
    not_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the reps of a branch may see of its surveys; empty in turns that cannot need it.

    Attributes:
        closed: Those that are closed, the newest first.
        workplaces: What the branch calls its workplaces.
        releases: What may be published, by the id of the survey.
        earlier: The same of the round before each of them, where there was one.
        opening: Of the survey that is being opened.
    """

    closed: tuple[Survey, ...] = ()
    workplaces: tuple[str, ...] = ()
    releases: tuple[tuple[str, Release], ...] = ()
    earlier: tuple[tuple[str, Release], ...] = ()
    opening: Opening = Opening()

    def release(self, survey: str) -> Release | None:
        """What may be published of a closed survey."""
        return next((one for of, one in self.releases if of == survey), None)

    def before(self, survey: str) -> Release | None:
        """What was published of the round before a closed survey."""
        return next((one for of, one in self.earlier if of == survey), None)


def end_of(closes_on: date, zone: tzinfo | None) -> datetime:
    """When a survey of this last day closes: not at midnight, while people are still answering."""
    return datetime.combine(closes_on + timedelta(days=1), time(), zone) + GRACE


def code_of_link(payload: str) -> str | None:
    """The code of a survey that a link's payload carries; None where it carries something else."""
    return payload[len(LINK) :].lower() if payload.lower().startswith(LINK) else None


def code_of(utterance: Utterance) -> str | None:
    """The code of the survey that somebody opens with these words or this link."""
    match utterance:
        case Command(name="start", argument=argument):
            return code_of_link(argument.strip())
        case Text(text=text):
            found = _OPEN.match(text.strip())
            return found[1].lower() if found else None
        case _:
            return None


def surveys_named(session: Session) -> frozenset[str]:
    """Ids of the surveys that runs and buttons of a session are about."""
    ids = {one.about for one in session.runs}
    ids |= {one for act in session.acts(_may_name) for one in _named(act)}
    return frozenset(ids - {""})


def _may_name(act: str) -> bool:
    return act in BEGINNING or act.startswith("survey-")


def _named(act: Act) -> tuple[str, ...]:
    if act.name in BEGINNING:
        return act.arguments[1:]
    return act.arguments[:1] if act.name.startswith("survey-") else ()


def is_books_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may need what only reps see: not for somebody who only asks or answers."""
    if any(one.run.flow == OPENING for one in session.runs):
        return True
    if any(map(_is_of_books, session.acts(_may_be_of_books))):
        return True
    return command_meant(utterance) in COMMANDS


def _may_be_of_books(act: str) -> bool:
    return act in {"command", "begin"} or act.startswith("survey-")


def _is_of_books(act: Act) -> bool:
    if act.name in {"command", "begin"}:
        return act.arguments[:1] in {("surveys",), ("results",), (OPENING,)}
    return act.name.startswith("survey-")
