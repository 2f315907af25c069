"""Plans in the store: history as rows, read whole, added to only where it follows.

Every event has the number that its turn gave it. Where another turn was faster the number is taken,
nothing is written, and the turn is done again on how things stand by then.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from bot.coach.agreement import Agreement
from bot.coach.diary import Diary
from bot.coach.owners import leave
from bot.coach.plan import Plan, PlanId
from bot.coach.rhythm import Rhythm
from bot.coach.rows import (
    agreement_from_rows,
    clause_row,
    plan_event_row,
    plan_from_rows,
    plan_rows,
    rhythm_from_json,
    rhythm_json,
    sharing_row,
)
from bot.engine.commands import REPS
from bot.engine.effects_plans import ChangeClause, ChangeItem, ChangeSharing, FoundPlan
from bot.engine.plan_building import diary_of
from bot.engine.plan_view import Coach, Shared
from bot.engine.view import View
from bot.errors import StaleSession
from bot.language.bank_holidays import holidays_of
from bot.messages import BranchId, PersonId
from bot.service import plan_facts
from bot.service.clock import micros
from bot.service.ports import Row, Tx

SHARERS: Final = REPS  # who may share a plan
MOST: Final = 6  # plans of one person that are read; whoever shares more uses the last ones
ORPHANS: Final = 5  # plans without owners that are offered
HISTORIES: Final = ("plan_event", "clause_event", "plan_sharing")
NAMED: Final = {
    "branch": "branch meeting",
    "management": "management meeting",
}  # as people say them


def read(tx: Tx, view: View, now: datetime, *, builds: bool) -> Coach:
    """What there is for a rep: their plans, and those nobody looks after.

    Args:
        tx: The transaction.
        view: The rep; their branch, and the zone of their day.
        now: The time.
        builds: Whether a plan may be made in this turn: then what a new one is built from, too.
    """
    branch, person = view.branch, view.person
    today = now.astimezone(view.zone).date()
    rows = tx.find("coach_rhythm", {"person": person, "branch": branch}, order=("-heard_at",))
    found = (shared_of(tx, str(row["plan"]), person, today) for row in rows[:MOST])
    return Coach(
        shared=tuple(one for one in found if one and one.plan.archived_at is None),
        orphans=_orphans(tx, branch),
        maps=plan_facts.maps_of(tx, branch, person, now) if builds else {},
        survey=plan_facts.survey_of(tx, branch),
        diary=Diary(holidays=_holidays(today.year)),
    )


def shared_of(tx: Tx, plan: str, person: PersonId, today: date) -> Shared | None:
    """A plan as one of its owners sees it; None where they do not share it."""
    row = tx.get("plan", {"id": plan})
    seat = tx.get("coach_rhythm", {"plan": plan, "person": person})
    if row is None or seat is None:
        return None
    whole = _plan(tx, row)
    meetings = _meetings(row, today)
    return Shared(
        plan=whole,
        agreement=_agreement(tx, whole),
        rhythm=rhythm_of(seat),
        diary=diary_of(Diary(holidays=_holidays(today.year)), meetings),
        meetings={NAMED[kind]: day for kind, day in meetings.items()},
        known=plan_facts.gaps(tx, whole),
    )


def load(tx: Tx, plan: str) -> Plan | None:
    """A plan by its id, whoever asks."""
    row = tx.get("plan", {"id": plan})
    return _plan(tx, row) if row else None


def found(tx: Tx, effect: FoundPlan, now: datetime) -> None:
    """Keep a new plan, its agreement, and the place of who made it."""
    plan = effect.plan
    rows = plan_rows(plan)
    meetings = {kind: day.isoformat() for kind, day in sorted(effect.meetings.items())}
    tx.insert("plan", {**rows.plan, "meetings": json.dumps(meetings)})
    for table, events in (("plan_event", rows.events), ("plan_sharing", rows.sharing)):
        for row in events:
            tx.insert(table, row)
    for event in effect.agreement.history:
        tx.insert("clause_event", clause_row(plan, event))
    for person in plan.owners:
        seat(tx, plan, person, now)


def change(
    tx: Tx, branch: BranchId, effect: ChangeItem | ChangeClause | ChangeSharing, now: datetime
) -> None:
    """Add what was done, if nothing was done since it was looked at.

    Raises:
        StaleSession: Another was faster: the turn has to be done again.
    """
    plan = load(tx, effect.plan)
    if plan is None or plan.branch != branch:
        return
    match effect:
        case ChangeItem(event=event):
            _add(tx, "plan_event", plan_event_row(plan, event))
        case ChangeClause(event=said):
            _add(tx, "clause_event", clause_row(plan, said))
        case ChangeSharing(event=moved):
            _add(tx, "plan_sharing", sharing_row(plan, moved))
            _seat_after(tx, plan, PersonId(moved.key), now, is_there=moved.after is not None)


def archive(tx: Tx, plan: str, branch: BranchId, now: datetime) -> None:
    """Put a plan away, with its history; from now on it counts how long they are kept."""
    ended: Row = {"ended_at": micros(now)}
    if tx.update("plan", {"id": plan, "branch": branch, "ended_at": None}, ended):
        for table in HISTORIES:
            tx.update(table, {"plan": plan}, ended)
        tx.delete("coach_rhythm", {"plan": plan})
        tx.delete("coach_sent", {"plan": plan})


def seat(tx: Tx, plan: Plan, person: PersonId, now: datetime) -> None:
    """Write down that somebody shares a plan; without reminders until they say yes."""
    row: Row = {
        "plan": plan.id,
        "person": person,
        "branch": plan.branch,
        "rhythm": None,
        "heard_at": micros(now),
    }
    tx.insert_new("coach_rhythm", row)


def use(tx: Tx, plan: str, person: PersonId, now: datetime) -> None:
    """Note that somebody has just used a plan."""
    tx.update("coach_rhythm", {"plan": plan, "person": person}, {"heard_at": micros(now)})


def set_rhythm(tx: Tx, plan: str, person: PersonId, rhythm: Rhythm | None) -> bool:
    """Keep the hours of somebody's reminders; False where they do not share the plan."""
    changes: Row = {"rhythm": rhythm_json(rhythm) if rhythm else None}
    return tx.update("coach_rhythm", {"plan": plan, "person": person}, changes) > 0


def rhythm_of(row: Row) -> Rhythm | None:
    """The hours that a row of `coach_rhythm` holds; None without reminders."""
    return rhythm_from_json(str(row["rhythm"])) if row["rhythm"] else None


def owned(tx: Tx, person: PersonId) -> tuple[Plan, ...]:
    """The plans somebody shares."""
    rows = tx.find("coach_rhythm", {"person": person})
    plans = (load(tx, str(row["plan"])) for row in rows)
    return tuple(plan for plan in plans if plan is not None)


def leave_all(tx: Tx, person: PersonId, now: datetime) -> None:
    """Take somebody out of every plan; what they did stays in it."""
    for plan in owned(tx, person):
        gone = leave(plan.sharing, person, now, person)
        if gone != plan.sharing:
            change(tx, plan.branch, ChangeSharing(plan.id, gone[-1]), now)
    tx.delete("coach_sent", {"person": person})


def is_orphan(tx: Tx, plan: str, branch: BranchId) -> bool:
    """Whether a plan of the branch is in hand and nobody looks after it."""
    row = tx.get("plan", {"id": plan, "branch": branch, "ended_at": None})
    return row is not None and not tx.count("coach_rhythm", {"plan": plan})


def _plan(tx: Tx, row: Row) -> Plan:
    of = {"plan": row["id"]}
    return plan_from_rows(row, tx.find("plan_event", of), tx.find("plan_sharing", of))


def _agreement(tx: Tx, plan: Plan) -> Agreement:
    rows = tx.find("clause_event", {"plan": plan.id})
    return agreement_from_rows(plan.branch, plan.workplace, rows)


def _orphans(tx: Tx, branch: BranchId) -> tuple[tuple[PlanId, str], ...]:
    rows = tx.find("plan", {"branch": branch, "ended_at": None})
    alone = [row for row in rows if not tx.count("coach_rhythm", {"plan": row["id"]})]
    return tuple((PlanId(str(row["id"])), str(row["workplace"])) for row in alone[:ORPHANS])


def _meetings(row: Row, today: date) -> dict[str, date]:
    """The meetings of a plan that are still to come."""
    known = json.loads(str(row["meetings"])).items()
    days = {str(kind): date.fromisoformat(str(day)) for kind, day in known}
    return {kind: day for kind, day in days.items() if day >= today}


@lru_cache(maxsize=4)
def _holidays(year: int) -> Mapping[date, str]:
    """Bank holidays around a year."""
    years = (holidays_of(one) for one in (year, year + 1, year + 2))
    return MappingProxyType({day: name for known in years for day, name in known.items()})


def holidays_near(today: date) -> Mapping[date, str]:
    """The bank holidays of this year and the next two."""
    return _holidays(today.year)


def _add(tx: Tx, table: str, row: Row) -> None:
    seq = int(row["seq"] or 0)
    follows = seq == 1 or tx.get(table, {"plan": row["plan"], "seq": seq - 1}) is not None
    if not follows or not tx.insert_new(table, row):
        raise StaleSession("Somebody else has changed this plan. Try again.")


def _seat_after(tx: Tx, plan: Plan, person: PersonId, now: datetime, *, is_there: bool) -> None:
    if is_there:
        seat(tx, plan, person, now)
    else:
        tx.delete("coach_rhythm", {"plan": plan.id, "person": person})
