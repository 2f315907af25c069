"""What a turn may know beside the session: a frozen snapshot, read in the turn's transaction."""

from dataclasses import dataclass, field

from bot.engine.desk import Desk
from bot.engine.inbox import Item
from bot.messages import Audience, BranchId, PersonId, Place, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One person, as the store knows them at this turn.

    Attributes:
        audience: Whose wording they chose; None before they chose.
        roles: What they may do; everybody is a member.
        opt_outs: Broadcast topics they said no to; `all` among them means every one.
        place: Where they are talking now.
        fresh: 26 random characters, new for this turn: chance as an argument.
        desk: Questions to and for the reps; empty in turns that cannot need it.
        inbox: What waits for the editors; empty in turns that cannot need it, and for others.
    """

    person: PersonId
    branch: BranchId
    place: Place
    fresh: str
    audience: Audience | None = None
    language: str = "en"
    roles: frozenset[Role] = field(default_factory=lambda: frozenset({Role.MEMBER}))
    opt_outs: frozenset[str] = frozenset()
    desk: Desk = field(default_factory=Desk)
    inbox: tuple[Item, ...] = ()
