"""Surveys: one round of one version of a flow in a branch; its pool of anonymous returns; its close.

An anonymous return is kept without a person and without a time, under a random id; `return_pool.py` says
where. That somebody took part is kept as a ticket, a keyed hash, until the survey closes. Results are made
once, at the close.

A survey that no rep opened begins with its first return; `open_surveys.py` has those that reps open.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.engine.effects import SubmitRun
from bot.engine.survey import end_of
from bot.errors import Refused
from bot.flows.model import Flow, Flows
from bot.messages import BranchId, PersonId, Reply
from bot.results.keeping import release_text
from bot.results.published import Release
from bot.results.releasing import STEP
from bot.service import audit, maps, return_pool, survey_funnel, survey_rounds
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.kept_flows import keep_flow, kept_flow
from bot.service.people import Known
from bot.service.ports import AtLeast, Row, Tx, Where
from bot.service.survey_results import release_of

PAPER: Final = "paper"  # how a return came in that a rep typed from a slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A survey as it is listed.

    Attributes:
        workplace: Empty where no rep opened it for one.
        returns: How many there are: in steps while it is open or there are few, else exactly.
        closed_at: None while it is open.
    """

    id: str
    title: str
    workplace: str
    opened_at: datetime
    closed_at: datetime | None
    returns: int


def take_in(doing: Doing, handed_in: SubmitRun, body: str) -> Reply | None:
    """Put a return into the pool, once for each person; returns what there is to say.

    A paper slip has no person: whoever typed it in stands in the audit with a count and the day. No id
    of a return shares its chance with anything else that is kept, or the one would lead to the other.
    """
    tx, flow = doing.tx, handed_in.flow
    survey = handed_in.about or _current(tx, doing.known.branch, flow) or _opened(doing, flow)
    branch = branch_of(tx, survey)
    if not takes_in(tx, survey, doing.now.astimezone(doing.view.zone)):
        return doing.say("survey.closed-meanwhile")
    if handed_in.slip:
        who = audit.pseudonym(tx, doing.known.person)
        audit.record(tx, doing.chance(), branch, who, "survey.slip", survey, _day(doing.now))
    else:
        mark = _mark(tx, doing.known.person, survey)
        if not tx.insert_new("ticket", {"survey": survey, "mark": mark, "branch": branch}):
            return doing.say("survey.taken-part")
    row: Row = {
        "id": doing.chance(),
        "survey": survey,
        "branch": branch,
        "version": flow.version,
        "body": body,
        "entered": PAPER if handed_in.slip else None,
    }
    return_pool.put_in(tx, row)
    if handed_in.about and not handed_in.slip:
        survey_funnel.complete(tx, survey)
    return None


def takes_answers(tx: Tx, survey: str, today: date) -> bool:
    """Whether a survey takes answers on a day of the wall clock."""
    row = tx.get("survey", {"id": survey})
    if row is None or row["closed_at"] is not None:
        return False
    day = today.isoformat()
    return row["opens_on"] is None or str(row["opens_on"]) <= day <= str(row["closes_on"])


def takes_in(tx: Tx, survey: str, now: datetime) -> bool:
    """Whether what was begun in time may be handed in, at a moment of the wall clock."""
    row = tx.get("survey", {"id": survey})
    if row is None or row["closed_at"] is not None:
        return False
    if row["opens_on"] is None:
        return True
    is_begun = str(row["opens_on"]) <= now.date().isoformat()
    return is_begun and now < end_of(date.fromisoformat(str(row["closes_on"])), now.tzinfo)


def taken(
    tx: Tx, known: Known, flows: Flows, opened: Iterable[Row] | None = None
) -> frozenset[str]:
    """Ids of the anonymous flows that somebody has handed in to a survey that no rep opened.

    Args:
        tx: The transaction.
        known: Who.
        flows: Those in use.
        opened: The open surveys of their branch, by id; None: they are read.
    """
    if opened is None:
        opened = tx.find("survey", {"branch": known.branch, "closed_at": None})
    own: dict[object, str] = {}
    for row in opened:
        if row["code"] is None:
            own.setdefault(row["flow_hash"], str(row["id"]))
    return frozenset(
        flow.id
        for flow in (flows.current if own else ())
        if flow.anonymous and flow.hash in own
        if has_taken_part(tx, known.person, own[flow.hash])
    )


def move_tickets(tx: Tx, branch: BranchId, before: PersonId, after: PersonId) -> None:
    """Two people turned out to be one: what either took part in, they took part in."""
    for row in tx.find("survey", {"branch": branch, "closed_at": None}):
        survey = str(row["id"])
        if tx.delete("ticket", {"survey": survey, "mark": _mark(tx, before, survey)}):
            ticket = {"survey": survey, "mark": _mark(tx, after, survey), "branch": branch}
            tx.insert_new("ticket", ticket)


def has_taken_part(tx: Tx, person: PersonId, survey: str) -> bool:
    """Whether somebody has handed in their answers to a survey."""
    ticket = {"survey": survey, "mark": _mark(tx, person, survey)}
    run: Where = {"survey": survey, "person": person, "revision": AtLeast(1)}
    return tx.get("ticket", ticket) is not None or tx.get("run", run) is not None


def listed(tx: Tx, branch: BranchId) -> tuple[Round, ...]:
    """The surveys of a branch, oldest first."""
    rows = tx.find("survey", {"branch": branch}, order=("opened_at",))
    return tuple(_round(tx, row) for row in rows)


def close(tx: Tx, survey: str, now: datetime) -> Round:
    """Close a survey for good: no more returns, no more sign of who took part, and its results.

    Raises:
        Refused: There is no such survey, or it is closed.
    """
    row = tx.get("survey", {"id": survey})
    if row is None:
        raise Refused(f"There is no survey `{survey}`. `pathways survey list` names them.")
    if row["closed_at"] is not None:
        raise Refused(f"The survey `{survey}` is closed already.")
    return_pool.empty(tx, survey)
    tx.delete("ticket", {"survey": survey})
    tx.update("survey", {"id": survey}, {"closed_at": micros(now)})
    kept: Row = {
        "survey": survey,
        "branch": row["branch"],
        "body": release_text(_release(tx, row, now)),
        "made_at": micros(now),
    }
    tx.insert("release", kept)
    return _round(tx, {**row, "closed_at": micros(now)})


def released(tx: Tx, survey: str) -> str:
    """What may be published of a closed survey, as `parse_release` reads it.

    Raises:
        Refused: There is no such survey, or it is still open.
    """
    row = tx.get("release", {"survey": survey})
    if row is None:
        raise Refused(f"`{survey}` has no results. They are made when it closes.")
    return str(row["body"])


def branch_of(tx: Tx, survey: str) -> BranchId:
    """The branch of a survey that there is."""
    return BranchId(str((tx.get("survey", {"id": survey}) or {})["branch"]))


def returns_of(tx: Tx, survey: Row) -> int:
    """How many returns may be said to be there: in steps while it is open, and where there are few."""
    here = {"survey": survey["id"]}
    count = tx.count("survey_return", here) + tx.count("survey_pool", here)
    count += tx.count("run", {**here, "revision": AtLeast(1)})
    if survey["closed_at"] is not None and (made := tx.get("release", here)):
        told = json.loads(str(made["body"]))["returns"]
        return int(told or 0)  # the returns themselves may be gone by now
    return count // STEP * STEP if survey["closed_at"] is None or count < STEP else count


def _round(tx: Tx, row: Row) -> Round:
    is_open = row["closed_at"] is None
    return Round(
        id=str(row["id"]),
        title=_flow(tx, row).title.en,
        workplace=str(row["workplace"] or ""),
        opened_at=moment(int(row["opened_at"] or 0)),
        closed_at=None if is_open else moment(int(row["closed_at"] or 0)),
        returns=returns_of(tx, row),
    )


def _release(tx: Tx, survey: Row, now: datetime) -> Release:
    """The one release of a survey: with its slips, where they tell of nobody, and who is on the map."""
    flow, rows = _flow(tx, survey), tx.find("survey_return", {"survey": survey["id"]})
    if not flow.anonymous:
        rows = _named_returns(tx, survey)
    release = release_of(flow, rows, now.date(), survey_rounds.before(tx, survey))
    release = survey_rounds.with_map(tx, survey, flow, release)
    paper = sum(row.get("entered") == PAPER for row in rows)
    is_told = release.threshold <= paper <= len(rows) - release.threshold
    return replace(
        release, on_paper=paper if is_told else None, mapped=_mapped(tx, survey, release)
    )


def _mapped(tx: Tx, survey: Row, release: Release) -> int | None:
    """Technicians on the map of the workplace that a survey was opened for."""
    if release.returns is None or not survey["workplace"]:
        return None
    return maps.mapped_outside(tx, BranchId(str(survey["branch"])), str(survey["workplace"]))


def _named_returns(tx: Tx, survey: Row) -> list[Row]:
    """What was handed in under a name, as it was changed last, in the shape of an anonymous return."""
    found: list[Row] = []
    for run in tx.find("run", {"survey": survey["id"], "revision": AtLeast(1)}):
        last = {"run": run["id"], "revision": run["revision"]}
        slots = [
            [row["name"], row["key"], row["value"], row["missing"]]
            for row in tx.find("run_answer", last)
        ]
        found.append({"body": json.dumps(slots, ensure_ascii=False)})
    return found


def _flow(tx: Tx, survey: Row) -> Flow:
    flow = kept_flow(tx, str(survey["flow_hash"]))
    if flow is None:
        raise Refused(f"The flow of `{survey['id']}` cannot be read by this version of Pathways.")
    return flow


def _current(tx: Tx, branch: BranchId, flow: Flow) -> str | None:
    """The open survey of a flow that no rep opened."""
    where = {"branch": branch, "flow_hash": flow.hash, "closed_at": None, "code": None}
    row = tx.get("survey", where)
    return str(row["id"]) if row else None


def _opened(doing: Doing, flow: Flow) -> str:
    """A survey opens with its first return; only the day is kept, as of the first of many."""
    keep_flow(doing.tx, flow)
    survey = f"s{doing.view.fresh[:15]}"
    row: Row = {
        "id": survey,
        "branch": doing.known.branch,
        "flow": flow.id,
        "flow_hash": flow.hash,
        "opened_at": micros(_day(doing.now)),
        "closed_at": None,
    }
    doing.tx.insert("survey", row)
    return survey


def _day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _mark(tx: Tx, person: PersonId, survey: str) -> str:
    return audit.pseudonym(tx, person, salt=f"ticket:{survey}")
