"""The workplace map as far as a turn may know of it.

The map is a part of the view: read in the turn's transaction, only for reps in private, and only in turns
that may need it.
"""

from dataclasses import dataclass
from typing import Final

from bot.engine.commands import REPS, parse_command
from bot.engine.session import Act, Session
from bot.flows.model import FlowId
from bot.mapping.changing import Edit, Kind
from bot.mapping.importing import Import
from bot.mapping.workplace import WorkMap, WorkplaceId
from bot.messages import Choice, Command, Place, Role, Text, Upload, Utterance

FLOW: Final = FlowId("workplace-map")
COMMAND: Final = "map"
ACTS: Final = "map-"  # begins the name of every act of the map
WAITS: Final = "map-"  # and of every errand of it
IMPORT: Final = "map-import"
_WORDS: Final = frozenset(("map", "mapping", "area", "areas", "workplace", "missing"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPlace:
    """A workplace of the branch.

    Attributes:
        is_mine: Whether this person maps it, and so sees every figure.
        is_current: Whether it is the one they have in hand.
    """

    id: WorkplaceId
    name: str
    is_mine: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The last thing this person did to the map, which can be taken back.

    Attributes:
        edit: One area before and after; None where something was recorded.
        source: The run or the list that was recorded; empty for a change of one area.
        may_undo: Whether the area is still as this change left it.
    """

    id: str
    kind: Kind
    edit: Edit | None = None
    source: str = ""
    may_undo: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """What there is for this person.

    Attributes:
        places: The workplaces of the branch, by name.
        work_map: The one in hand; None for none.
        is_mine: Whether they map it: else only what may leave the team is shown.
        last: What they can take back.
        list_id: Of the list that waits for their word; empty for none.
        listed: What it says, or what the list says that this turn brings; None for neither.
    """

    places: tuple[MappedPlace, ...] = ()
    work_map: WorkMap | None = None
    is_mine: bool = False
    last: LastChange | None = None
    list_id: str = ""
    listed: Import | None = None


def is_map_needed(
    session: Session, utterance: Utterance, roles: frozenset[Role], place: Place
) -> bool:
    """Whether a turn may need the map: not for members, nor for a rep who only asks the FAQ."""
    if not roles & REPS or place is not Place.PRIVATE:
        return False
    errand = session.errand
    if errand is not None and errand.stage.startswith(WAITS):
        return True
    if any(one.run.flow == FLOW for one in session.runs):
        return True
    match utterance:
        case Command(name=name):
            return name == COMMAND or _offers_map(session)
        case Text(text=text):
            command = parse_command(text)
            is_named = bool(_WORDS & set(text.lower().strip(" .!?").split()))
            return bool(command and command.name == COMMAND) or is_named or _offers_map(session)
        case Upload():
            return True
        case _:
            return _offers_map(session)


def list_of(session: Session, utterance: Utterance) -> str:
    """The id of the list that a turn may take in: of the button pressed, else the last one offered."""
    if isinstance(utterance, Choice) and (pressed := session.offer(utterance.token)):
        return pressed.act.arguments[0] if pressed.act.name == IMPORT else ""
    lists = session.acts(IMPORT.__eq__)
    return lists[-1].arguments[0] if lists else ""


def _offers_map(session: Session) -> bool:
    return any(_is_of_map(offer.act) for offer in session.offers)


def _is_of_map(act: Act) -> bool:
    return act.name.startswith(ACTS) or FLOW in act.arguments or COMMAND in act.arguments[:1]
