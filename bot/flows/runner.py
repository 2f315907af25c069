"""How a run moves. Only this module makes one run out of another.

    start -> RUNNING
    RUNNING: advance, skip, add_round, close_rounds, remove_round, tick, back, correct, miss
    RUNNING -> PAUSED (pause, or the fourth answer that cannot be taken) -> RUNNING (resume)
    RUNNING, with nothing open -> SUBMITTED (submit) -> RUNNING (reopen, where the flow is not anonymous)
    RUNNING or PAUSED -> CANCELLED (cancel)

The pending question is never stored: it is the slot being changed, or else the first that is open on
the route. So an earlier answer can be changed at any time, and the run goes on where it was.

Every function is pure, takes what it needs, and returns the new run with what became of it, or a
refusal with a run in which nothing but the tries has changed. None raises for what a person does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.flows.acceptance import Refusal, fault
from bot.flows.model import CHOICE_KINDS, ROUND_LIMIT, Flow, Kind, Question, Repeat
from bot.flows.route import Route, Settled, keep_route, settle
from bot.flows.run import (
    HISTORY_LIMIT,
    TRIES_LIMIT,
    Answer,
    Key,
    Rounds,
    Run,
    Status,
    Undo,
)
from bot.flows.standing import NOTHING_TICKED, pending, ticked
from bot.language.replies import Missing

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A run that went on.

    Attributes:
        route: Of the new run.
        dropped: Answers that do not fit any more because of this step.
        restored: Answers that fit again because of it.
    """

    run: Run
    route: Route
    dropped: tuple[Key, ...] = ()
    restored: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A run that stayed where it was, and why."""

    run: Run
    why: Refusal


def start(flow: Flow, now: datetime) -> Moved:
    """Begin a run."""
    return _moved(Run(flow=flow.id, flow_hash=flow.hash, version=flow.version), flow, now)


def look(flow: Flow, run: Run, now: datetime) -> Settled:
    """Where a run stands now, without a step; `today()` may have changed since the last one."""
    return settle(flow, run, now)


def advance(flow: Flow, run: Run, answer: Answer, now: datetime) -> Moved | Refused:
    """Answer the pending question."""
    settled = settle(flow, run, now)
    stop = pending(settled.run, settled.route)
    if stop is None:
        return _refused(run, _no_question(run))
    if why := fault(stop, answer):
        return Refused(run=miss(run), why=why)
    answers = {**settled.run.answers, stop.key: answer}
    return _stepped(settled.run, stop.key, replace(settled.run, answers=answers), flow, now)


def skip(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Leave the pending question unanswered, for that reason."""
    return advance(flow, run, Answer(missing=Missing.SKIPPED), now)


def add_round(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """At the gate of a repeat: begin another round."""
    found = _gate(flow, run, now)
    if isinstance(found, Refused):
        return found
    settled, gate, repeat = found
    rounds = settled.run.rounds[gate]
    if len(rounds.ids) >= min(repeat.most, ROUND_LIMIT):
        return _refused(run, Refusal.TOO_MANY_ROUNDS)
    grown = Rounds(ids=(*rounds.ids, rounds.next_id), next_id=rounds.next_id + 1)
    return _with_rounds(settled.run, gate, grown, flow, now)


def close_rounds(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """At the gate of a repeat: there are no more."""
    found = _gate(flow, run, now)
    if isinstance(found, Refused):
        return found
    settled, gate, _ = found
    closed = replace(settled.run.rounds[gate], closed=True)
    return _with_rounds(settled.run, gate, closed, flow, now)


def remove_round(flow: Flow, run: Run, gate: Key, round_id: int, now: datetime) -> Moved | Refused:
    """Take a round out; `back` brings it back with its answers."""
    settled = settle(flow, run, now)
    stop = settled.route.stop(gate)
    if run.status is not Status.RUNNING or stop is None or not isinstance(stop.part, Repeat):
        return _refused(run, Refusal.IS_NO_GATE)
    rounds = settled.run.rounds[gate]
    if round_id not in rounds.ids:
        return _refused(run, Refusal.NO_SUCH_ROUND)
    ids = tuple(one for one in rounds.ids if one != round_id)
    return _with_rounds(settled.run, gate, replace(rounds, ids=ids), flow, now)


def tick(flow: Flow, run: Run, code: str, now: datetime) -> Moved | Refused:
    """Tick a choice of the pending question, or take its tick away. It is not answered by this."""
    settled = settle(flow, run, now)
    stop = pending(settled.run, settled.route)
    if stop is None or not isinstance(stop.part, Question):
        return _refused(run, _no_question(run))
    choice = next((one for one in stop.choices() if one.name == code), None)
    if choice is None or stop.part.kind not in CHOICE_KINDS:
        return _refused(run, Refusal.NOT_OFFERED)
    before = ticked(settled.run, stop)
    if code in before:
        after = tuple(one for one in before if one != code)
    elif choice.alone and stop.part.kind is Kind.SELECT_MULTIPLE:
        after = (code,)
    else:
        is_ranked = stop.part.kind is Kind.RANK
        alone = {one.name for one in stop.part.choices if one.alone and not is_ranked}
        after = (*(one for one in before if one not in alone), code)
    after = after or (NOTHING_TICKED,)
    return Moved(run=replace(settled.run, ticked=after, tries=0), route=settled.route)


def back(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Take the last step back, or leave the slot being changed. The answer stays as a suggestion."""
    if run.status is not Status.RUNNING:
        return _refused(run, Refusal.NOT_RUNNING)
    if run.focus is not None:
        return _moved(replace(run, focus=None, ticked=(), tries=0), flow, now)
    if not run.history:
        return _refused(run, Refusal.AT_THE_START)
    undo = run.history[-1]
    was = run.answers.get(undo.key)
    before = replace(
        run,
        answers=_put_back(run.answers, undo.answers),
        dropped=_put_back(run.dropped, undo.dropped),
        rounds=_put_back(run.rounds, undo.rounds),
        suggested={**run.suggested, **({undo.key: was} if was else {})},
        focus=undo.focus,
        history=run.history[:-1],
        ticked=(),
        tries=0,
    )
    return _moved(before, flow, now)


def correct(flow: Flow, run: Run, key: Key, now: datetime) -> Moved | Refused:
    """Change the answer of a slot, or the rounds of a repeat; then the run goes on where it was."""
    if run.status is not Status.RUNNING:
        return _refused(run, Refusal.NOT_RUNNING)
    settled = settle(flow, run, now)
    stop = settled.route.stop(key)
    if stop is None:
        return _refused(run, Refusal.NO_SUCH_SLOT)
    changed = replace(settled.run, focus=key, ticked=(), tries=0)
    return Moved(run=changed, route=settled.route)


def miss(run: Run) -> Run:
    """Count an answer that could not be read; after the third the run is paused."""
    tries = run.tries + 1
    if tries > TRIES_LIMIT:
        return replace(run, status=Status.PAUSED, tries=0)
    return replace(run, tries=tries)


def pause(run: Run) -> Run | Refused:
    """Put a run aside."""
    if run.status is not Status.RUNNING:
        return _refused(run, Refusal.NOT_RUNNING)
    return replace(run, status=Status.PAUSED, tries=0)


def resume(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Go on with a paused run, where it was."""
    if run.status is not Status.PAUSED:
        return _refused(run, Refusal.NOT_RUNNING)
    return _moved(replace(run, status=Status.RUNNING, tries=0), flow, now)


def cancel(run: Run) -> Run | Refused:
    """Leave a run for good."""
    if run.status not in {Status.RUNNING, Status.PAUSED}:
        return _refused(run, Refusal.NOT_RUNNING)
    return replace(run, status=Status.CANCELLED)


def submit(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Hand everything in; only after nothing is open, so after the review."""
    if run.status is not Status.RUNNING:
        return _refused(run, Refusal.NOT_RUNNING)
    settled = settle(flow, run, now)
    if pending(settled.run, settled.route) is not None:
        return _refused(run, Refusal.STILL_OPEN)
    done = replace(
        settled.run,
        status=Status.SUBMITTED,
        history=(),
        dropped={},
        suggested={},
        ticked=(),
        tries=0,
        revision=run.revision + 1,
    )
    return Moved(run=done, route=settled.route)


def reopen(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Change a submitted run; an anonymous one is final."""
    if run.status is not Status.SUBMITTED:
        return _refused(run, Refusal.NOT_RUNNING)
    if flow.anonymous:
        return _refused(run, Refusal.IS_FINAL)
    return _moved(replace(run, status=Status.RUNNING), flow, now)


def migrate(flow: Flow, run: Run, now: datetime) -> Moved | Refused:
    """Go on with a newer version that says it takes runs of this one; what still fits is kept."""
    if run.version not in flow.migrates or run.flow != flow.id:
        return _refused(run, Refusal.NO_SUCH_SLOT)
    moved = replace(run, flow_hash=flow.hash, version=flow.version, history=(), focus=None)
    settled = settle(flow, moved, now, strictly=True)
    return _result(run, settled)


def _no_question(run: Run) -> Refusal:
    is_running = run.status is Status.RUNNING
    return Refusal.NOTHING_PENDING if is_running else Refusal.NOT_RUNNING


def _refused(run: Run, why: Refusal) -> Refused:
    return Refused(run=run, why=why)


def _moved(run: Run, flow: Flow, now: datetime) -> Moved:
    return _result(run, settle(flow, run, now))


def _result(before: Run, settled: Settled) -> Moved:
    run = settled.run
    return Moved(
        run=run,
        route=settled.route,
        dropped=tuple(key for key in before.answers if key not in run.answers),
        restored=tuple(
            key for key in run.answers if key in before.dropped and key not in before.answers
        ),
    )


def _stepped(before: Run, key: Key, after: Run, flow: Flow, now: datetime) -> Moved:
    """Settle a step and remember how to take it back."""
    suggested = {name: one for name, one in before.suggested.items() if name != key}
    changed = replace(after, suggested=suggested, focus=None, ticked=(), tries=0)
    settled = settle(flow, changed, now)
    run = settled.run
    undo = Undo(
        key=key,
        answers=_changed(before.answers, run.answers),
        dropped=_changed(before.dropped, run.dropped),
        rounds=_changed(before.rounds, run.rounds),
        focus=before.focus,
    )
    run = replace(run, history=(*run.history, undo)[-HISTORY_LIMIT:])
    return _result(changed, keep_route(flow, run, now, settled))


def _with_rounds(before: Run, gate: Key, rounds: Rounds, flow: Flow, now: datetime) -> Moved:
    return _stepped(
        before, gate, replace(before, rounds={**before.rounds, gate: rounds}), flow, now
    )


def _changed(before: Mapping[Key, T], after: Mapping[Key, T]) -> dict[Key, T | None]:
    """What must be put back to come from one state to the other; None for what was not there."""
    keys = sorted({*before, *after})
    return {key: before.get(key) for key in keys if before.get(key) != after.get(key)}


def _put_back(now: Mapping[Key, T], before: Mapping[Key, T | None]) -> dict[Key, T]:
    merged = {**now, **before}
    return {key: one for key, one in merged.items() if one is not None}


def _gate(flow: Flow, run: Run, now: datetime) -> tuple[Settled, Key, Repeat] | Refused:
    settled = settle(flow, run, now)
    stop = pending(settled.run, settled.route)
    if stop is None or not isinstance(stop.part, Repeat):
        return _refused(run, Refusal.IS_NO_GATE)
    return settled, stop.key, stop.part
