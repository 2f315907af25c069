"""What a turn may know beside the session: a frozen snapshot, read in the turn's transaction."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

from bot.engine.area_look import NamedArea
from bot.engine.bulletins import Board
from bot.engine.desk import Desk
from bot.engine.handed_in import HandedIn
from bot.engine.inbox import Item
from bot.engine.link_look import Brought
from bot.engine.map_view import Maps
from bot.engine.plan_view import Coach
from bot.engine.survey import Books, Survey
from bot.flows.model import NO_FLOWS, Flows
from bot.messages import Audience, BranchId, PersonId, Place, Role
from bot.records import quick

_MEMBER: Final = frozenset({Role.MEMBER})
_NO_BOOKS: Final = Books()  # nothing is frozen, and the same for everybody
_NO_DESK: Final = Desk()
_NO_BOARD: Final = Board()
_NO_COACH: Final = Coach()
_NO_MAPS: Final = Maps()
_NO_LINK: Final = Brought()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One person, as the store knows them at this turn.

    Attributes:
        audience: Whose wording they chose; None before they chose.
        roles: What they may do; everybody is a member.
        opt_outs: Broadcast topics they said no to; `all` among them means every one.
        place: Where they are talking now.
        fresh: 26 random characters, new for this turn: chance as an argument.
        flows: What can be started, and the older versions that runs of this person began on.
        zone: Whose wall clock "today" goes by.
        consents: What they agreed to: the purpose, and the version of the text they saw.
        taken: Ids of anonymous flows that they have handed in to the open survey.
        surveys: Those that reps have opened and that are not closed, and those that a link named.
        books: What reps see of surveys; empty in turns that cannot need it, and for others.
        handed_in: Named runs that this person may change; empty in turns that cannot need it.
        desk: Questions to and for the reps; empty in turns that cannot need it.
        inbox: What waits for the editors; empty in turns that cannot need it, and for others.
        board: Broadcasts and where they can go; empty in turns that cannot need it, and for others.
        coach: The plans of a rep; empty in turns that cannot need them, and for others.
        maps: The workplace map in hand; empty in turns that cannot need it, and for members.
        employer_reads: Whether the employer may be able to read what is written there.
        private_way: An address where they can talk without their employer; empty for none.
        link: The code to join two chats that this turn brings.
        area: The area of the workplace map whose link this turn brings; None for none.
    """

    person: PersonId
    branch: BranchId
    place: Place
    fresh: str
    audience: Audience | None = None
    language: str = "en"
    roles: frozenset[Role] = _MEMBER
    opt_outs: frozenset[str] = frozenset()
    flows: Flows = NO_FLOWS
    zone: tzinfo = UTC
    consents: frozenset[tuple[str, str]] = frozenset()
    taken: frozenset[str] = frozenset()
    surveys: tuple[Survey, ...] = ()
    books: Books = _NO_BOOKS
    handed_in: tuple[HandedIn, ...] = ()
    desk: Desk = _NO_DESK
    inbox: tuple[Item, ...] = ()
    board: Board = _NO_BOARD
    coach: Coach = _NO_COACH
    maps: Maps = _NO_MAPS
    employer_reads: bool = False
    private_way: str = ""
    link: Brought = _NO_LINK
    area: NamedArea | None = None
