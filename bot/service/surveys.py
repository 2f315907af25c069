"""Surveys: one round of one version of a flow in a branch; its pool of anonymous returns; its close.

An anonymous return goes into a pool without a person and without a time, under a random id. The pool is
written anew in the order of those ids each time, so that neither the rows nor the pages of the file say
which came first; with `BATCH` of them it moves on as one. That somebody took part is kept as a ticket,
a keyed hash, until the survey closes. Results are made once, at the close.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot.errors import Refused
from bot.flows.model import Flow, Flows
from bot.messages import BranchId, PersonId, Reply
from bot.results.keeping import release_text
from bot.results.releasing import STEP
from bot.service import audit
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.kept_flows import keep_flow, kept_flow
from bot.service.people import Known
from bot.service.ports import Row, Tx
from bot.service.survey_results import release_of

BATCH: Final = 5  # returns that leave the pool together


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A survey as it is listed.

    Attributes:
        returns: How many there are: in steps while it is open or there are few, else exactly.
        closed_at: None while it is open.
    """

    id: str
    title: str
    opened_at: datetime
    closed_at: datetime | None
    returns: int


def take_in(doing: Doing, flow: Flow, body: str) -> Reply | None:
    """Put a return into the pool, once for each person; returns what there is to say."""
    survey = _current(doing.tx, doing.known.branch, flow) or _opened(doing, flow)
    ticket: Row = {
        "survey": survey,
        "mark": _mark(doing.tx, doing.known.person, survey),
        "branch": doing.known.branch,
    }
    if not doing.tx.insert_new("ticket", ticket):
        return doing.say("survey.taken-part")
    row: Row = {
        "id": blake2b(f"{doing.view.fresh}:return".encode(), digest_size=16).hexdigest(),
        "survey": survey,
        "branch": doing.known.branch,
        "version": flow.version,
        "body": body,
    }
    _shuffle_in(doing.tx, survey, row)
    return None


def taken(tx: Tx, known: Known, flows: Flows) -> frozenset[str]:
    """Ids of the anonymous flows that somebody has handed in to the open survey."""
    return frozenset(
        flow.id
        for flow in flows.current
        if flow.anonymous and (survey := _current(tx, known.branch, flow))
        if tx.get("ticket", {"survey": survey, "mark": _mark(tx, known.person, survey)})
    )


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
    for pooled in tx.find("survey_pool", {"survey": survey}):
        tx.insert("survey_return", pooled)
    tx.delete("survey_pool", {"survey": survey})
    tx.delete("ticket", {"survey": survey})
    tx.update("survey", {"id": survey}, {"closed_at": micros(now)})
    release = release_of(_flow(tx, row), tx.find("survey_return", {"survey": survey}), now.date())
    kept: Row = {
        "survey": survey,
        "branch": row["branch"],
        "body": release_text(release),
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


def _round(tx: Tx, row: Row) -> Round:
    here = {"survey": row["id"]}
    count = tx.count("survey_return", here) + tx.count("survey_pool", here)
    is_open = row["closed_at"] is None
    return Round(
        id=str(row["id"]),
        title=_flow(tx, row).title.en,
        opened_at=moment(int(row["opened_at"] or 0)),
        closed_at=None if is_open else moment(int(row["closed_at"] or 0)),
        returns=count // STEP * STEP if is_open or count < STEP else count,
    )


def _flow(tx: Tx, survey: Row) -> Flow:
    flow = kept_flow(tx, str(survey["flow_hash"]))
    if flow is None:
        raise Refused(f"The flow of `{survey['id']}` cannot be read by this version of Pathways.")
    return flow


def _shuffle_in(tx: Tx, survey: str, row: Row) -> None:
    pool = [*tx.find("survey_pool", {"survey": survey}), row]
    tx.delete("survey_pool", {"survey": survey})
    table = "survey_return" if len(pool) >= BATCH else "survey_pool"
    for one in sorted(pool, key=lambda each: str(each["id"])):
        tx.insert(table, one)


def _current(tx: Tx, branch: BranchId, flow: Flow) -> str | None:
    row = tx.get("survey", {"branch": branch, "flow_hash": flow.hash, "closed_at": None})
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
        "opened_at": micros(doing.now.replace(hour=0, minute=0, second=0, microsecond=0)),
        "closed_at": None,
    }
    doing.tx.insert("survey", row)
    return survey


def _mark(tx: Tx, person: PersonId, survey: str) -> str:
    return audit.pseudonym(tx, person, salt=f"ticket:{survey}")
