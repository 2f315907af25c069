"""Named runs that somebody handed in, read for a turn that may change them."""

import json
from datetime import date, datetime
from typing import Final

from bot.engine.handed_in import HandedIn
from bot.engine.view import View
from bot.flows.model import Flow
from bot.flows.record import Row as Slot
from bot.flows.record import rebuilt
from bot.flows.run import Answer, Inferred, Key
from bot.language.replies import Missing
from bot.service import surveys
from bot.service.clock import moment
from bot.service.kept_flows import kept_flow
from bot.service.ports import AtLeast, Row, Tx, Where

SHOWN: Final = 5  # runs shown at once, those that were changed last


def read(tx: Tx, view: View, now: datetime) -> tuple[HandedIn, ...]:
    """What this person has handed in under their name, the newest first."""
    where: Where = {"person": view.person, "revision": AtLeast(1)}
    rows = tx.find("run", where, order=("-changed_at",), limit=SHOWN)
    today = now.astimezone(view.zone).date()
    return tuple(
        _handed_in(tx, row, flow, today)
        for row in rows
        if (flow := kept_flow(tx, str(row["flow_hash"]))) is not None
    )


def _handed_in(tx: Tx, row: Row, flow: Flow, today: date) -> HandedIn:
    last = int(row["revision"] or 0)
    by_revision = {number: _slots(tx, row, number) for number in range(1, last + 1)}
    survey = tx.get("survey", {"id": row["survey"]}) if row["survey"] else None
    return HandedIn(
        id=str(row["id"]),
        run=rebuilt(flow, by_revision[last].values(), last),
        workplace=str(survey["workplace"] or "") if survey else "",
        about=str(row["survey"] or ""),
        is_open=row["survey"] is None or surveys.takes_answers(tx, str(row["survey"]), today),
        revisions=_revisions(tx, row, by_revision),
    )


def _revisions(
    tx: Tx, row: Row, by_revision: dict[int, dict[Key, Slot]]
) -> tuple[tuple[datetime, int], ...]:
    """When each revision was handed in, and how many answers it changed."""
    found: list[tuple[datetime, int]] = []
    before: dict[Key, Slot] = {}
    for number, slots in by_revision.items():
        one = tx.get("run_answer", {"run": row["id"], "revision": number})
        at = moment(int((one or row)["at" if one else "changed_at"] or 0))
        keys = {*before, *slots}
        changed = sum(_said(before.get(key)) != _said(slots.get(key)) for key in keys)
        found.append((at, changed))
        before = slots
    return tuple(found)


def _said(slot: Slot | None) -> object:
    return slot.answer.value if slot and slot.answer.missing is None else None


def _slots(tx: Tx, row: Row, revision: int) -> dict[Key, Slot]:
    rows = tx.find("run_answer", {"run": row["id"], "revision": revision})
    slots = (
        Slot(name=str(one["name"]), key=Key(str(one["key"])), answer=_answer(one)) for one in rows
    )
    return {slot.key: slot for slot in slots}


def _answer(row: Row) -> Answer:
    """An answer as `runs.py` wrote it."""
    if row["missing"] is not None:
        return Answer(missing=Missing(str(row["missing"])))
    value = json.loads(str(row["value"]))
    low, high, is_about = row["low"], row["high"], bool(row["is_about"])
    loose = low is not None or high is not None or is_about
    return Answer(
        value=tuple(value) if isinstance(value, list) else value,
        inferred=Inferred(
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            is_about=is_about,
        )
        if loose
        else None,
    )
