"""The agreement, clause by clause: how each stands, since when, and what was said.

A clause can go from any standing to any other: talks go back as well as forward. What was said on
the way is never lost, and each change can be taken back for 24 hours.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.coach.facts import Facts
from bot.coach.history import (
    BUILT,
    Event,
    NothingToUndo,
    Overtaken,
    add,
    last_of,
    replay,
    seen_of,
    undo,
)
from bot.knowledge.action_plan import ActionPlan
from bot.messages import BranchId, PersonId

NOTE_LIMIT: Final = 500  # characters


class Standing(StrEnum):
    """How a clause stands with the employer."""

    NOT_RAISED = "not-raised"
    RAISED = "raised"
    IN_TALKS = "in-talks"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseState:
    """How one clause stands.

    Attributes:
        clause: Its id in the content.
        since: The day it came to stand so; None as long as it was never raised.
        note: What was said, in the rep's own words.
        wanted: Whether it goes into the draft.
    """

    clause: str
    standing: Standing = Standing.NOT_RAISED
    since: date | None = None
    note: str = ""
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement of one workplace, in the making. Its clauses are the replay of its history."""

    branch: BranchId
    workplace: str
    history: tuple[Event[ClauseState], ...] = ()

    @property
    def clauses(self) -> tuple[ClauseState, ...]:
        """Every clause, in the content's order."""
        return tuple(replay(self.history).values())

    def clause(self, clause_id: str) -> ClauseState | None:
        """How a clause stands; None where there is no such clause."""
        return replay(self.history).get(clause_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says of a clause.

    Attributes:
        at: Now; aware, in UTC.
        today: The day it is for them.
        on: The day it happened: today, or before.
        note: Replaces the note; None leaves it.
        seen: The number of the clause's last event that they knew of; None where they did not look.
    """

    by: PersonId
    at: datetime
    today: date
    on: date
    note: str | None = None
    seen: int | None = None


class ClauseRefusal(StrEnum):
    """Why a clause was not changed; the wording has a sentence for each."""

    UNKNOWN = "unknown-clause"
    FUTURE = "future"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class NotWritten:
    """Nothing has changed."""

    why: ClauseRefusal


def begin_agreement(
    content: ActionPlan, facts: Facts, agreement: Agreement, by: PersonId, at: datetime
) -> Agreement:
    """Take in every clause of the content; one that does not fit this workplace is not wanted yet."""
    history = agreement.history
    known = replay(history)
    for clause in content.clauses:
        if clause.id not in known:
            fits = not clause.only_if or any(facts.meet(one) for one in clause.only_if)
            state = ClauseState(clause=clause.id, wanted=fits)
            event: Event[ClauseState] = Event(
                seq=0, at=at, by=by, what=BUILT, key=clause.id, before=None, after=state
            )
            history = add(history, event)
    return replace(agreement, history=history)


def set_standing(
    agreement: Agreement, clause_id: str, standing: Standing, saying: Saying
) -> Agreement | NotWritten | Overtaken[ClauseState]:
    """Write down how a clause stands now; with the standing it has, no more than a note.

    A note is in the way of no more than another note.
    """
    state = agreement.clause(clause_id)
    if state is None:
        return NotWritten(ClauseRefusal.UNKNOWN)
    note = state.note if saying.note is None else " ".join(saying.note.split())
    since = None if standing is Standing.NOT_RAISED else saying.on
    if standing is state.standing and note == state.note:
        return agreement
    if saying.on > saying.today:
        return NotWritten(ClauseRefusal.FUTURE)
    if len(note) > NOTE_LIMIT:
        return NotWritten(ClauseRefusal.TOO_LONG)
    if standing is not state.standing:
        after = replace(state, standing=standing, since=since, note=note)
        return _write(agreement, standing.value, after, saying)
    seen = seen_of(agreement.history, clause_id, saying.seen or 0)
    if seen is not None and seen.note == state.note:
        saying = replace(saying, seen=None)
    return _write(agreement, standing.value, replace(state, note=note), saying)


def set_day(
    agreement: Agreement, clause_id: str, saying: Saying
) -> Agreement | NotWritten | Overtaken[ClauseState]:
    """Put right on which day a clause came to stand as it does; one never raised has no day."""
    state = agreement.clause(clause_id)
    if state is None:
        return NotWritten(ClauseRefusal.UNKNOWN)
    if state.since in {None, saying.on}:
        return agreement
    if saying.on > saying.today:
        return NotWritten(ClauseRefusal.FUTURE)
    return _write(agreement, "dated", replace(state, since=saying.on), saying)


def set_wanted(
    agreement: Agreement, clause_id: str, saying: Saying, *, wanted: bool
) -> Agreement | NotWritten | Overtaken[ClauseState]:
    """Take a clause into the draft, or out of it."""
    state = agreement.clause(clause_id)
    if state is None:
        return NotWritten(ClauseRefusal.UNKNOWN)
    if state.wanted is wanted:
        return agreement
    what = "chosen" if wanted else "put-aside"
    return _write(agreement, what, replace(state, wanted=wanted), saying)


def undo_clause(
    agreement: Agreement, by: PersonId, at: datetime
) -> Agreement | NothingToUndo | Overtaken[ClauseState]:
    """Take back the last thing this person wrote down, for 24 hours."""
    found = undo(agreement.history, by, at)
    match found:
        case NothingToUndo() | Overtaken():
            return found
        case _:
            return replace(agreement, history=found)


def _write(
    agreement: Agreement, what: str, after: ClauseState, saying: Saying
) -> Agreement | Overtaken[ClauseState]:
    last = last_of(agreement.history, after.clause)
    if last is not None and saying.seen is not None and saying.seen != last.seq:
        return Overtaken(last)
    event = Event(
        seq=0,
        at=saying.at,
        by=saying.by,
        what=what,
        key=after.clause,
        before=last.after if last else None,
        after=after,
    )
    return replace(agreement, history=add(agreement.history, event))


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """One clause on the negotiator's page."""

    clause: str
    standing: Standing
    since: date | None
    note: str
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the talks stand, on one page.

    Attributes:
        on: The day it was drawn up.
        counts: Of the clauses that are wanted, by standing; every standing is there.
        lines: What is in talks first, then what was raised, refused, not raised, agreed.
    """

    workplace: str
    on: date
    counts: Mapping[Standing, int]
    lines: tuple[PositionLine, ...]


_PAGE_ORDER: Final = (
    Standing.IN_TALKS,
    Standing.RAISED,
    Standing.REFUSED,
    Standing.NOT_RAISED,
    Standing.AGREED,
)


def position(agreement: Agreement, on: date) -> Position:
    """Draw up the negotiator's page; what is not wanted stands last."""
    lines = [
        PositionLine(
            clause=state.clause,
            standing=state.standing,
            since=state.since,
            note=state.note,
            wanted=state.wanted,
        )
        for state in agreement.clauses
    ]
    wanted = Counter(line.standing for line in lines if line.wanted)
    return Position(
        workplace=agreement.workplace,
        on=on,
        counts={standing: wanted[standing] for standing in Standing},
        lines=tuple(
            sorted(lines, key=lambda line: (not line.wanted, _PAGE_ORDER.index(line.standing)))
        ),
    )
