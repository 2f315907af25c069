"""A rep's plans as far as a turn may know of them, and which turns need to know.

The plans are a part of the view: read in the turn's transaction, for reps, and only where what they
said or pressed may be about a plan.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.coach.agreement import Agreement
from bot.coach.diary import Diary
from bot.coach.facts import MapFacts, SurveyFacts
from bot.coach.plan import Plan, PlanId
from bot.coach.rhythm import Rhythm
from bot.coach.survey_gaps import Gaps
from bot.engine.commands import parse_command
from bot.engine.session import Act, Session
from bot.messages import Choice, Command, Edited, Text, Utterance

FLOW: Final = "action-plan"  # the flow of the opening questions; also the purpose people agree to
REMINDERS: Final = (
    "coach-reminders"  # the purpose of consent for messages of the coach's own accord
)
TOPIC: Final = "coach"  # what one opts out of, for these messages only
COMMANDS: Final = frozenset({"plan", "next", "agreement", "calendar"})
PREFIXES: Final = ("plan-", "clause-")  # of acts, and of the stages of an errand
SEPARATOR: Final = "|"  # between the parts of what an errand is about; no id of ours has it

NEXT: Final = "next"
UNDO: Final = ("plan", "undo")
# Whole messages that mean a command of the plan, and its argument.
PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "my plan": ("plan", ""),
    "the plan": ("plan", ""),
    "our plan": ("plan", ""),
    "plan": ("plan", ""),
    "action plan": ("plan", ""),
    "my action plan": ("plan", ""),
    "make a plan": ("plan", "new"),
    "new plan": ("plan", "new"),
    "the whole plan": ("plan", "all"),
    "all items": ("plan", "all"),
    "plan history": ("plan", "history"),
    "who did what": ("plan", "history"),
    "share my plan": ("plan", "share"),
    "share the plan": ("plan", "share"),
    "hand over": ("plan", "hand-over"),
    "hand over my plan": ("plan", "hand-over"),
    "hand over the plan": ("plan", "hand-over"),
    "archive my plan": ("plan", "archive"),
    "put my plan away": ("plan", "archive"),
    "reminders": ("plan", "reminders"),
    "my reminders": ("plan", "reminders"),
    "plan texts": ("plan", "texts"),
    "letter": ("plan", "texts"),
    "write a letter": ("plan", "texts"),
    "write to the employer": ("plan", "texts"),
    "write a letter to the employer": ("plan", "texts"),
    "letter to the employer": ("plan", "texts"),
    "ready texts": ("plan", "texts"),
    "documents": ("plan", "texts"),
    "next": ("next", ""),
    "next step": ("next", ""),
    "what next": ("next", ""),
    "what is next": ("next", ""),
    "what's next": ("next", ""),
    "whats next": ("next", ""),
    "what now": ("next", ""),
    "what do i do now": ("next", ""),
    "what do i do next": ("next", ""),
    "what should i do next": ("next", ""),
    "what is my next step": ("next", ""),
    "agreement": ("agreement", ""),
    "the agreement": ("agreement", ""),
    "our agreement": ("agreement", ""),
    "calendar": ("calendar", ""),
    "my calendar": ("calendar", ""),
    "calendar file": ("calendar", ""),
    "undo": UNDO,
    "undo that": UNDO,
}
_MARKS: Final = " .!?"  # around a message; they change nothing of what it asks
# Words about the next step: what they do, and what follows them, such as a day.
_ASKED: Final = (
    ("done", r"(?:it is |it's |that is |that's |i have |i've )?done(?: it| that)?$"),
    ("drop", r"(?:it is |it's |this is |that is )?not for us$"),
    ("blocked", r"(?:i am |i'm |we are |we're |it is |it's )?(?:blocked|stuck)$"),
    ("blocked", r"something is in the way$"),
    ("later", r"(?:remind me |bring it up )?(?:later|again)$"),
    ("later", r"remind me(?: again)? (?P<rest>.+)$"),
    ("later", r"later[,:]? (?P<rest>.+)$"),
    ("move", r"(?:move|move it|move the date|another day)$"),
    ("move", r"move (?:it |this |that |the date )?(?:to |until )?(?P<rest>.+)$"),
    ("reopen", r"(?:open it again|reopen|reopen it)$"),
    ("own", r"add to my plan(?:$|[:,]? (?P<rest>.+)$)"),
    ("note", r"note[:,] ?(?P<rest>.+)$"),
)
CHANGES: Final = tuple((change, re.compile(asked, re.IGNORECASE)) for change, asked in _ASKED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What words about the next step ask for; `rest` is what came behind, such as a day."""

    change: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A plan that a rep shares.

    Attributes:
        rhythm: The hours of their reminders; None without reminders.
        diary: Bank holidays, and the days of meetings.
        meetings: Days that have a name there, such as "branch meeting".
        known: What the gaps of ready texts may be filled with; numbers only as `results/` lets them out.
    """

    plan: Plan
    agreement: Agreement
    rhythm: Rhythm | None = None
    diary: Diary = field(default_factory=Diary)
    meetings: Mapping[str, date] = field(default_factory=dict)
    known: Gaps = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """What there is for this rep.

    Attributes:
        shared: The plans they share and that this turn may need whole: the one they used last first.
        workplaces: All that they share, each with its workplace, in the same order.
        orphans: Plans of the branch that nobody looks after: their id and workplace; only where
            somebody may begin a plan.
        maps: By the folded name of the workplace, for a plan that is about to be made.
        surveys: What may be known of its survey, likewise; below an empty name that of no workplace.
        diary: For a plan that is about to be made.
    """

    shared: tuple[Shared, ...] = ()
    workplaces: tuple[tuple[PlanId, str], ...] = ()
    orphans: tuple[tuple[PlanId, str], ...] = ()
    maps: Mapping[str, MapFacts] = field(default_factory=dict)
    surveys: Mapping[str, SurveyFacts] = field(default_factory=dict)
    diary: Diary = field(default_factory=Diary)

    def of(self, plan: str) -> Shared | None:
        """The plan with an id, while they share it."""
        return next((one for one in self.shared if one.plan.id == plan), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachNeed:
    """What a turn needs to know beside the plan in hand.

    Attributes:
        builds: Whether a plan may be made in it: then every plan, and what a new one is built from.
        begins: Whether somebody asks for a new plan; who has none may begin one at any time.
        named: Ids of the plans that it may be about, as far as buttons and errands name them.
    """

    builds: bool = False
    begins: bool = False
    named: frozenset[str] = frozenset()


def coach_need(session: Session, utterance: Utterance) -> CoachNeed:
    """What a turn needs to know of somebody's plans, where it needs them at all."""
    return CoachNeed(
        builds=builds_plan(session),
        begins=_begins_plan(utterance),
        named=_plans_named(session, utterance),
    )


def is_coach_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may need the plans: not for a rep who only asks the FAQ."""
    match utterance:
        case Choice(token=token):
            offer = session.offer(token)
            return offer is not None and (_is_of_plan(offer.act) or builds_plan(session))
        case Command(name=name):
            return name in COMMANDS or name == "repeat"
        case Text(text=text) | Edited(text=text):
            return _is_about_plan(session, text)
        case _:
            return False


def _begins_plan(utterance: Utterance) -> bool:
    """Whether somebody asks for a new plan, with a command or in words."""
    asked: tuple[str, str] | None = None
    match utterance:
        case Command(name=name, argument=argument):
            asked = (name, argument)
        case Text(text=text) | Edited(text=text):
            command = parse_command(text)
            asked = (command.name, command.argument) if command else command_of(text)
        case _:
            return False
    return asked is not None and asked[0] == "plan" and _flat(asked[1]) == "new"


def _plans_named(session: Session, utterance: Utterance) -> frozenset[str]:
    """The plans of the button that was pressed, else of all that words may stand for, and of an errand."""
    pressed = session.offer(utterance.token) if isinstance(utterance, Choice) else None
    offers = (pressed,) if pressed else session.offers
    found = {
        offer.act.arguments[0]
        for offer in offers
        if offer.act.arguments and offer.act.name.startswith(PREFIXES)
    }
    if session.errand is not None and session.errand.stage.startswith(PREFIXES):
        found.add(session.errand.about.partition(SEPARATOR)[0])
    return frozenset(found)


def command_of(text: str) -> tuple[str, str] | None:
    """The command that a whole message means, and its argument."""
    return PHRASES.get(_flat(text))


def wish_of(text: str) -> Wish | None:
    """What a whole message asks to be done with the next step.

    What came behind is in the person's own words and case; only a note keeps its full stop.
    """
    said = " ".join(text.split()).lstrip(_MARKS)
    flat = _straight(said).rstrip(_MARKS)
    for change, pattern in CHANGES:
        if found := pattern.match(flat):
            return Wish(change, _rest(found, said if change == "note" else said[: len(flat)]))
    return None


def _rest(found: "re.Match[str]", said: str) -> str:
    """What came behind the words of a wish, as it was said."""
    return said[found.start("rest") :] if found.groupdict().get("rest") else ""


def _flat(text: str) -> str:
    return " ".join(_straight(text).lower().strip(_MARKS).split())


def _straight(text: str) -> str:
    """With straight apostrophes: as many letters as before."""
    return text.replace("\u2019", "'")


def _is_about_plan(session: Session, text: str) -> bool:
    command = parse_command(text)
    is_named = command is not None and (command.name in COMMANDS or command.name == "repeat")
    on_table = (session.offer(token) for token in (*session.menu, *session.unnumbered))
    return (
        is_named
        or command_of(text) is not None
        or wish_of(text) is not None
        or _flat(text) == "repeat"
        or (session.errand is not None and session.errand.stage.startswith(PREFIXES))
        or any(offer is not None and _is_of_plan(offer.act) for offer in on_table)
        or builds_plan(session)
    )


def _is_of_plan(act: Act) -> bool:
    return act.name.startswith(PREFIXES) or (
        act.name == "command" and not COMMANDS.isdisjoint(act.arguments[:1])
    )


def builds_plan(session: Session) -> bool:
    """Whether the opening questions of a plan are under way, or put aside."""
    return any(one.run.flow == FLOW for one in session.runs)
