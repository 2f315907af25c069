"""Plans and agreements as rows and back, nothing lost: what is kept is their history.

Every value is text, a whole number or nothing; days are `2026-11-22`, times are microseconds since
1970 in UTC, the rest is JSON. `before` is not kept, since it is what the event before it led to.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from bot.coach.agreement import Agreement, ClauseState, Standing
from bot.coach.history import Event
from bot.coach.owners import Membership
from bot.coach.plan import Item, ItemId, LeftOut, Plan, PlanId, Status, Why
from bot.coach.reminders import Cue, Kind, Mention, Sent
from bot.coach.rhythm import Rhythm
from bot.messages import BranchId, PersonId

T = TypeVar("T")
Scalar = str | int | float | None
Row = Mapping[str, Scalar]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRows:
    """A plan as rows.

    Attributes:
        plan: One row.
        events: What was done to its items, by `seq`.
        sharing: Who came, went and took over, by `seq`.
    """

    plan: Row
    events: tuple[Row, ...]
    sharing: tuple[Row, ...]


def plan_rows(plan: Plan) -> PlanRows:
    """A plan as rows."""
    return PlanRows(
        plan={
            "id": plan.id,
            "branch": plan.branch,
            "workplace": plan.workplace,
            "made_on": plan.made_on.isoformat(),
            "steps": _json(plan.steps),
            "answers": _json(dict(plan.answers)),
            "left_out": _json([[one.action, *_why(one.why)] for one in plan.left_out]),
            "ended_at": _micros(plan.archived_at),
        },
        events=tuple(plan_event_row(plan, event) for event in plan.history),
        sharing=tuple(sharing_row(plan, event) for event in plan.sharing),
    )


def plan_event_row(plan: Plan, event: Event[Item]) -> Row:
    """What was done to an item, as a row."""
    return _event_row(event, _owner(plan), item_json)


def sharing_row(plan: Plan, event: Event[Membership]) -> Row:
    """Who came, went or took over, as a row: `person` is who it is about, `maker` who did it."""
    row = dict(_event_row(event, _owner(plan), _membership_json))
    row["maker"], row["person"] = row["person"], row.pop("key")
    return row


def clause_row(plan: Plan, event: Event[ClauseState]) -> Row:
    """What was done to a clause of a plan's agreement, as a row."""
    return _event_row(event, _owner(plan), _clause_json)


def _owner(plan: Plan) -> Row:
    ended_at = _micros(plan.archived_at)
    return {"plan": plan.id, "branch": plan.branch, "ended_at": ended_at}


def plan_from_rows(plan: Row, events: Sequence[Row], sharing: Sequence[Row]) -> Plan:
    """The plan that was made into rows; the events in any order."""
    return Plan(
        id=PlanId(_text(plan["id"])),
        branch=BranchId(_text(plan["branch"])),
        workplace=_text(plan["workplace"]),
        made_on=date.fromisoformat(_text(plan["made_on"])),
        steps=tuple(_loads(plan["steps"])),
        answers=tuple(sorted(_loads(plan["answers"]).items())),
        left_out=tuple(
            LeftOut(action, _to_why(rule, gaps)) for action, rule, gaps in _loads(plan["left_out"])
        ),
        history=_events_from_rows(events, item_from_json),
        sharing=_events_from_rows(
            [{**row, "key": row["person"], "person": row["maker"]} for row in sharing],
            _membership_from_json,
        ),
        archived_at=_at(plan["ended_at"]),
    )


def agreement_from_rows(branch: BranchId, workplace: str, events: Sequence[Row]) -> Agreement:
    """The agreement that was made into rows; the events in any order."""
    history = _events_from_rows(events, _clause_from_json)
    return Agreement(branch=branch, workplace=workplace, history=history)


def sent_row(sent: Sent) -> Row:
    """A message that was sent, as a row."""
    return {
        "kind": sent.kind.value,
        "day": sent.day.isoformat(),
        "at": _micros(sent.at),
        "mentions": _json([[one.item, one.cue, one.day.isoformat()] for one in sent.mentions]),
    }


def sent_from_row(row: Row) -> Sent:
    """The message that was made into a row."""
    return Sent(
        kind=Kind(_text(row["kind"])),
        day=date.fromisoformat(_text(row["day"])),
        at=_at(row["at"]) or EPOCH,
        mentions=tuple(
            Mention(ItemId(item), Cue(cue), date.fromisoformat(day))
            for item, cue, day in _loads(row["mentions"])
        ),
    )


def rhythm_json(rhythm: Rhythm) -> str:
    """Somebody's hours as JSON."""
    return _json(
        {
            **asdict(rhythm),
            "days": sorted(rhythm.days),
            "opens": rhythm.opens.isoformat(),
            "closes": rhythm.closes.isoformat(),
        }
    )


def rhythm_from_json(text: str) -> Rhythm:
    """The hours that were made into JSON."""
    found = json.loads(text)
    found["days"] = frozenset(found["days"])
    found["opens"] = time.fromisoformat(found["opens"])
    found["closes"] = time.fromisoformat(found["closes"])
    return Rhythm(**found)


def _event_row(event: Event[T], owner: Row, to_json: Callable[[T], str]) -> Row:
    """An event as a row; `owner` says whose it is."""
    return {
        **owner,
        "seq": event.seq,
        "at": _micros(event.at),
        "person": event.by,
        "what": event.what,
        "key": event.key,
        "after": None if event.after is None else to_json(event.after),
        "undoes": event.undoes,
    }


def _events_from_rows(rows: Iterable[Row], from_json: Callable[[str], T]) -> tuple[Event[T], ...]:
    """The events that were made into rows."""
    found: list[Event[T]] = []
    stands: dict[str, T | None] = {}
    for row in sorted(rows, key=lambda row: int(row["seq"] or 0)):
        key = _text(row["key"] or "")
        after = None if row["after"] is None else from_json(_text(row["after"]))
        event = Event(
            seq=int(row["seq"] or 0),
            at=_at(row["at"]) or EPOCH,
            by=PersonId(_text(row["person"] or "")),  # empty: somebody who was forgotten
            what=_text(row["what"]),
            key=key,
            before=stands.get(key),
            after=after,
            undoes=None if row["undoes"] is None else int(row["undoes"]),
        )
        stands[key] = after
        found.append(event)
    return tuple(found)


def item_json(item: Item) -> str:
    """An item as JSON; what is empty is left out."""
    found: dict[str, Any] = {
        "action": item.action,
        "title": item.title,
        "about": item.about,
        "status": item.status.value,
        "due": _day(item.due),
        "wished": _day(item.wished),
        "holiday": item.holiday,
        "wake": _day(item.wake),
        "block": item.block,
        "note": item.note,
        "place": item.place,
        "after": list(item.after),
        "why": _why(item.why),
    }
    said = {key: value for key, value in found.items() if value not in ("", None, [])}
    return _json({"id": item.id, "step": item.step, **said})


def item_from_json(text: str) -> Item:
    """The item that was made into JSON."""
    found = json.loads(text)
    rule, gaps = found["why"]
    return Item(
        id=ItemId(found["id"]),
        step=found["step"],
        status=Status(found["status"]),
        place=found["place"],
        after=tuple(found.get("after", ())),
        why=_to_why(rule, gaps),
        action=found.get("action", ""),
        title=found.get("title", ""),
        about=found.get("about", ""),
        due=_to_day(found.get("due")),
        wished=_to_day(found.get("wished")),
        holiday=found.get("holiday", ""),
        wake=_to_day(found.get("wake")),
        block=found.get("block", ""),
        note=found.get("note", ""),
    )


def _membership_json(one: Membership) -> str:
    return _json([_micros(one.since), _micros(one.leads_since)])


def _membership_from_json(text: str) -> Membership:
    since, leads_since = json.loads(text)
    return Membership(_at(since) or EPOCH, _at(leads_since))


def _clause_json(state: ClauseState) -> str:
    return _json([state.clause, state.standing.value, _day(state.since), state.note, state.wanted])


def _clause_from_json(text: str) -> ClauseState:
    clause, standing, since, note, wanted = json.loads(text)
    return ClauseState(
        clause=clause,
        standing=Standing(standing),
        since=_to_day(since),
        note=note,
        wanted=wanted,
    )


def _why(why: Why) -> list[object]:
    return [why.rule, [list(pair) for pair in why.gaps]]


def _to_why(rule: str, gaps: Iterable[Sequence[Any]]) -> Why:
    return Why(rule, tuple((str(name), value) for name, value in gaps))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _loads(value: Scalar) -> Any:
    return json.loads(_text(value))


def _text(value: Scalar) -> str:
    return str(value)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // _MICROSECOND


def _at(value: Scalar) -> datetime | None:
    return None if value is None else EPOCH + int(value) * _MICROSECOND
