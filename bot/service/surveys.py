"""Surveys: who may hand in, the pool of anonymous returns, and closing.

An anonymous return goes into a pool without a person and without a time, under a random id. The pool is
written anew in the order of those ids each time, so that neither the rows nor the pages of the file say
which came first; with `BATCH` of them it moves on as one. That somebody took part is kept as a ticket,
a keyed hash, until the survey closes.
"""

from hashlib import blake2b
from typing import Final

from bot.flows.model import Flow, Flows
from bot.messages import BranchId, PersonId, Reply
from bot.service import audit
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.people import Known
from bot.service.ports import Row, Tx

BATCH: Final = 5  # returns that leave the pool together
STEP: Final = 5  # before a survey closes only the number of returns is said, in steps of so many


def current(tx: Tx, branch: BranchId, flow: str) -> str | None:
    """The id of the open survey of a flow in a branch."""
    row = tx.get("survey", {"branch": branch, "flow": flow, "closed_at": None})
    return str(row["id"]) if row else None


def take_in(doing: Doing, flow: Flow, body: str) -> Reply | None:
    """Put a return into the pool, once for each person; returns what there is to say."""
    survey = current(doing.tx, doing.known.branch, flow.id) or _opened(doing, flow)
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


def _shuffle_in(tx: Tx, survey: str, row: Row) -> None:
    pool = [*tx.find("survey_pool", {"survey": survey}), row]
    tx.delete("survey_pool", {"survey": survey})
    table = "survey_return" if len(pool) >= BATCH else "survey_pool"
    for one in sorted(pool, key=lambda each: str(each["id"])):
        tx.insert(table, one)


def taken(tx: Tx, known: Known, flows: Flows) -> frozenset[str]:
    """Ids of the anonymous flows that somebody has handed in to the open survey."""
    return frozenset(
        flow.id
        for flow in flows.current
        if flow.anonymous and (survey := current(tx, known.branch, flow.id))
        if tx.get("ticket", {"survey": survey, "mark": _mark(tx, known.person, survey)})
    )


def returns_said(tx: Tx, survey: str) -> int:
    """How many returns there are, rounded down to a step: all that is said before it closes."""
    pooled = tx.count("survey_pool", {"survey": survey})
    return (tx.count("survey_return", {"survey": survey}) + pooled) // STEP * STEP


def close(doing: Doing, survey: str) -> None:
    """Close a survey for good: no more returns, and no more sign of who took part."""
    now = micros(doing.now)
    doing.tx.update("survey", {"id": survey, "closed_at": None}, {"closed_at": now})
    doing.tx.delete("ticket", {"survey": survey})
    for row in doing.tx.find("survey_pool", {"survey": survey}):
        doing.tx.insert("survey_return", row)
    doing.tx.delete("survey_pool", {"survey": survey})


def _opened(doing: Doing, flow: Flow) -> str:
    """A survey for whoever begins before a rep has opened one."""
    survey = f"s{doing.view.fresh[:15]}"
    row: Row = {
        "id": survey,
        "branch": doing.known.branch,
        "flow": flow.id,
        "opened_at": micros(doing.now.replace(hour=0, minute=0, second=0, microsecond=0)),
        "closed_at": None,
    }
    doing.tx.insert("survey", row)
    return survey


def _mark(tx: Tx, person: PersonId, survey: str) -> str:
    return audit.pseudonym(tx, person, salt=f"ticket:{survey}")
