"""Runs in the store: named ones as rows, anonymous ones in a pool that leads to nobody.

The session holds a run while it is under way. What is written here is what outlasts it: the text of the
flow it began on, the answers of a named run with their history, and what an anonymous one leaves.
"""

import json
from typing import Final, assert_never

from bot.engine.effects import EndRun, GiveConsent, KeepAnswers, RunEffect, StartRun, SubmitRun
from bot.engine.session import Session
from bot.engine.view import View
from bot.flows.model import Flow, Flows
from bot.flows.record import Row as Slot
from bot.flows.run import Answer, Key
from bot.messages import Reply
from bot.service import consents, survey_funnel, surveys
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.kept_flows import keep_flow, kept_flow
from bot.service.ports import Row, Scalar, Tx, Where

DRAFT: Final = 0  # the revision of answers that were not handed in yet


def apply(doing: Doing, effect: RunEffect) -> Reply | None:
    """Keep what a step of a run left; returns what there is to say about it."""
    match effect:
        case GiveConsent(purpose=purpose, version=version):
            consents.give(doing, purpose, version)
        case StartRun():
            start(doing, effect)
        case KeepAnswers():
            keep(doing, effect)
        case SubmitRun():
            return submit(doing, effect)
        case EndRun():
            end(doing, effect)
        case _:
            assert_never(effect)
    return None


def start(doing: Doing, begun: StartRun) -> None:
    """Keep the flow for as long as runs end on it; and, for a named run, that it was begun."""
    flow = begun.flow
    keep_flow(doing.tx, flow)
    if not _is_named(flow):
        return
    run: Row = {
        "id": begun.run,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "flow": flow.id,
        "flow_hash": flow.hash,
        "version": flow.version,
        "revision": DRAFT,
        "began_at": micros(doing.now),
        "changed_at": micros(doing.now),
        "submitted_at": None,
        "survey": begun.about or None,
    }
    doing.tx.insert("run", run)


def keep(doing: Doing, kept: KeepAnswers) -> None:
    """Keep the answers of a named run as they are given; those of others stay in the session."""
    if not doing.tx.update("run", _mine(doing, kept.run), {"changed_at": micros(doing.now)}):
        return
    for key, answer in kept.answers.items():
        doing.tx.delete("run_answer", {"run": kept.run, "revision": DRAFT, "key": key})
        if answer is not None:
            _write(doing, kept.run, DRAFT, Slot(name=key.split(".", 1)[0], key=key, answer=answer))


def submit(doing: Doing, handed_in: SubmitRun) -> Reply | None:
    """Take in a run after its review; returns what there is to say about it.

    A named one keeps every revision. An anonymous one goes into the pool of its survey, without the
    person, the time and the run's id.
    """
    flow = handed_in.flow
    if flow.purpose is None:
        return None
    if flow.anonymous:
        body = json.dumps([_packed(slot) for slot in handed_in.rows])
        return surveys.take_in(doing, handed_in, body)
    now = doing.now.astimezone(doing.view.zone)
    if handed_in.about and not surveys.takes_in(doing.tx, handed_in.about, now):
        end(doing, EndRun(run=handed_in.run))
        return doing.say("survey.closed-meanwhile")
    changes: Row = {
        "revision": handed_in.revision,
        "changed_at": micros(doing.now),
        "submitted_at": micros(doing.now),
    }
    if not doing.tx.update("run", _mine(doing, handed_in.run), changes):
        return doing.say("flow.not-kept")  # the agreement was taken back meanwhile
    doing.tx.delete("run_answer", {"run": handed_in.run, "revision": DRAFT})
    if handed_in.about and handed_in.revision == 1:
        survey_funnel.complete(doing.tx, handed_in.about)
    for slot in handed_in.rows:
        _write(doing, handed_in.run, handed_in.revision, slot)
    return None


def end(doing: Doing, left: EndRun) -> None:
    """Forget a run that was left before it was handed in; what was handed in before stays."""
    doing.tx.delete(
        "run_answer", {"run": left.run, "revision": DRAFT, "person": doing.known.person}
    )
    if doing.tx.get("run", {**_mine(doing, left.run), "submitted_at": None}):
        doing.tx.delete("run_answer", {"run": left.run})
        doing.tx.delete("run", _mine(doing, left.run))


def without_agreement(doing: Doing, purpose: str) -> None:
    """Delete what somebody filled in for a purpose, when they take their agreement back."""
    for flow in doing.view.flows.current:
        if flow.purpose == purpose:
            where: Where = {"person": doing.known.person, "flow": flow.id}
            for run in doing.tx.find("run", where):
                doing.tx.delete("run_answer", {"run": run["id"]})
            doing.tx.delete("run", where)


def flows_for(tx: Tx, flows: Flows, session: Session, view: View) -> Flows:
    """The flows in use, with those that runs and surveys began on before the content changed."""
    hashes = {one.run.flow_hash for one in session.runs}
    hashes |= {one.flow_hash for one in (*view.surveys, *view.books.closed)}
    hashes |= {one.run.flow_hash for one in view.handed_in}
    unknown = [one for one in hashes if flows.begun_on(one) is None]
    retired = [flow for one in unknown if (flow := kept_flow(tx, one))]
    return flows.with_retired(retired) if retired else flows


def is_secret(session: Session, flows: Flows) -> bool:
    """Whether an anonymous run is under way or put aside: then no message of it is kept."""
    return any(
        flow.anonymous
        for one in session.runs
        if (flow := flows.begun_on(one.run.flow_hash)) is not None
    )


def _is_named(flow: Flow) -> bool:
    return flow.purpose is not None and not flow.anonymous


def _mine(doing: Doing, run: str) -> dict[str, Scalar]:
    return {"id": run, "person": doing.known.person}


def _write(doing: Doing, run: str, revision: int, slot: Slot) -> None:
    value, missing, low, high, is_about = _columns(slot.answer)
    row: Row = {
        "run": run,
        "revision": revision,
        "key": slot.key,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "name": slot.name,
        "value": value,
        "missing": missing,
        "low": low,
        "high": high,
        "is_about": is_about,
        "at": micros(doing.now),
    }
    doing.tx.insert("run_answer", row)


def _columns(answer: Answer) -> tuple[str | None, str | None, float | None, float | None, int]:
    """Value as JSON, reason, and what was made of loose words."""
    value = None if answer.value is None else json.dumps(answer.value, ensure_ascii=False)
    missing = None if answer.missing is None else str(answer.missing.value)
    loose = answer.inferred
    if loose is None:
        return value, missing, None, None, 0
    return value, missing, loose.low, loose.high, int(loose.is_about)


def _packed(slot: Slot) -> list[str | None]:
    """What an anonymous run leaves of a slot; how it was worded is no part of it."""
    value, missing, *_ = _columns(slot.answer)
    return [slot.name, Key(slot.key), value, missing]
