"""The runs a session holds: at most one under way, up to five put aside."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.flows.run import PAUSED_LIMIT, Run, Status

if TYPE_CHECKING:
    from bot.engine.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One run in a session.

    Attributes:
        id: Names the run in buttons and effects; shares nothing with the person.
        touched_at: When it was last gone on with, in whole seconds UTC.
        typed: The slot that the last typed message answered; an edited message corrects it.
        about: What it is for: the round of a survey, or the flow that is to be opened; empty for none.
        slip: Which paper slip of a batch a rep types in; 0 where people answer for themselves.
        far: The question that was the furthest so far, for the funnel of its round.
        asked_at: When that question was asked first, in whole seconds UTC.
    """

    id: str
    run: Run
    touched_at: int
    typed: str | None = None
    about: str = ""
    slip: int = 0
    far: str = ""
    asked_at: int = 0

    def with_run(self, run: Run, now: datetime) -> "Held":
        """The same with its run gone on."""
        return replace(self, run=run, touched_at=int(now.timestamp()))


def active(session: "Session") -> Held | None:
    """The run under way."""
    return next((one for one in session.runs if one.run.status is Status.RUNNING), None)


def paused(session: "Session") -> tuple[Held, ...]:
    """The runs that were put aside, last touched first."""
    aside = [one for one in session.runs if one.run.status is Status.PAUSED]
    return tuple(sorted(aside, key=lambda one: -one.touched_at))


def held(session: "Session", run_id: str) -> Held | None:
    """The run of an id, while the session holds it."""
    return next((one for one in session.runs if one.id == run_id), None)


def keep(session: "Session", one: Held) -> "Session":
    """The session with a run in its present state; a finished one is let go."""
    others = tuple(other for other in session.runs if other.id != one.id)
    is_live = one.run.status in {Status.RUNNING, Status.PAUSED}
    return replace(session, runs=(*others, one) if is_live else others)


def is_full(session: "Session") -> bool:
    """Whether a further run would be one too many."""
    return len(session.runs) >= PAUSED_LIMIT
