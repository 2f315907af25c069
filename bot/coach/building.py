"""Building a plan: which actions a workplace needs, in which order, by when, and why each is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter
from typing import Final

from bot.coach.diary import Diary, Due
from bot.coach.facts import AreaFacts, Facts
from bot.coach.history import BUILT, Event, add
from bot.coach.owners import join
from bot.coach.plan import A_FEW, Item, ItemId, LeftOut, Plan, PlanId, Why
from bot.knowledge.action_plan import Action, ActionPlan, Rule
from bot.messages import BranchId, PersonId
from bot.results.limits import SHOWN_FROM

AREA_EVERY: Final = timedelta(days=7)  # items of one action fall due a week apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """Whose plan it is, and who makes it when.

    Attributes:
        at: Now; aware, in UTC.
        today: The day it is for them.
    """

    id: PlanId
    branch: BranchId
    workplace: str
    by: PersonId
    at: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """An action that becomes part of the plan, and the rule that says more of it."""

    action: Action
    rule: Rule | None
    areas: tuple[AreaFacts, ...]


def build_plan(content: ActionPlan, facts: Facts, diary: Diary, founding: Founding) -> Plan:
    """Make the plan of a workplace.

    Args:
        content: The actions, and the rules that add, drop and move them.
        facts: Five answers, the map and the survey.
        diary: Bank holidays, working days and the days of meetings.
        founding: Whose it is.

    Returns:
        A plan in which no item comes before one that it needs, with at least one item.
    """
    left_out: list[LeftOut] = []
    wanted: list[_Wanted] = []
    for action in content.actions:
        against = _first_that_holds(action.leave_out, facts)
        if not _is_asked_for(action, facts):
            continue
        if against:
            left_out.append(LeftOut(action.id, Why(against.id, _gaps(against, facts, None))))
        elif action.each is None or _areas(action, facts) or not facts.map.areas:
            rule = _first_that_holds(action.timing, facts)
            wanted.append(_Wanted(action=action, rule=rule, areas=_areas(action, facts)))
    plan = Plan(
        id=founding.id,
        branch=founding.branch,
        workplace=founding.workplace,
        made_on=founding.today,
        steps=tuple(step.id for step in content.steps),
        answers=tuple(sorted(facts.answers.items())),
        left_out=tuple(left_out),
        sharing=join((), founding.by, founding.at) or (),
    )
    return _with_items(plan, _dated(wanted, facts, diary, founding.today), founding)


def _first_that_holds(rules: Sequence[Rule], facts: Facts) -> Rule | None:
    return next((rule for rule in rules if facts.meet(rule.when)), None)


def _is_asked_for(action: Action, facts: Facts) -> bool:
    return not action.only_if or any(facts.meet(condition) for condition in action.only_if)


def _areas(action: Action, facts: Facts) -> tuple[AreaFacts, ...]:
    return facts.areas_for(action.each)[: action.most] if action.each else ()


def _dated(
    wanted: Sequence[_Wanted], facts: Facts, diary: Diary, today: date
) -> list[tuple[Item, int]]:
    """Every item with its day and the place of its action in the file."""
    place_by_action = {one.action.id: place for place, one in enumerate(wanted)}
    waits = {
        one.action.id: [name for name in one.action.after if name in place_by_action]
        for one in wanted
    }
    day_by_action: dict[str, date] = {}
    found: list[tuple[Item, int]] = []
    for name in TopologicalSorter(waits).static_order():
        place = place_by_action[name]
        earliest = max((day_by_action[one] for one in waits[name]), default=today)
        items = _items(wanted[place], facts, diary, (today, earliest))
        day_by_action[name] = max((item.due for item in items if item.due), default=earliest)
        found += [(item, place) for item in items]
    return found


def _items(one: _Wanted, facts: Facts, diary: Diary, since: tuple[date, date]) -> list[Item]:
    """The items of one action: one, or one an area."""
    first = _due(one, diary, *since)
    return [
        _item(one, area, facts, _later(first, n, diary))
        for n, area in enumerate(one.areas or (None,))
    ]


def _due(one: _Wanted, diary: Diary, today: date, earliest: date) -> Due:
    """When an action falls due: before its meeting if there is one, else after its days.

    Nobody asked for the day itself, so a weekend in the way of it is not worth a word.
    """
    if one.action.before:
        before = one.action.before
        met = diary.before_meeting(before.meeting, before.days, earliest)
        if met:
            return met
    days = max(0, one.action.days + (one.rule.days if one.rule else 0))
    return diary.on_or_after(max(earliest, today + timedelta(days=days)))


def _later(first: Due, n: int, diary: Diary) -> Due:
    return diary.on_or_after(first.day + n * AREA_EVERY) if n else first


def _item(one: _Wanted, area: AreaFacts | None, facts: Facts, due: Due) -> Item:
    rule = one.rule
    action = one.action
    return Item(
        id=ItemId(f"{action.id}:{area.id}" if area else action.id),
        action=action.id,
        step=action.step,
        about=area.name if area else "",
        due=due.day,
        wished=due.wished if due.holiday else due.day,
        holiday=due.holiday,
        place=0,
        after=action.after,
        why=Why(rule.id, _gaps(rule, facts, area)) if rule else Why(),
    )


def _gaps(rule: Rule, facts: Facts, area: AreaFacts | None) -> tuple[tuple[str, str | int], ...]:
    """What a reason is about, as it is today: the map will move on, the reason was this."""
    known: Mapping[str, str | int | None] = {
        **{name.replace("-", "_"): number for name, number in facts.figures().items()},
        "area": area.name if area else None,
        "area_technicians": _few(area.technicians) if area else None,
    }
    return tuple(
        (name, value)
        for name, value in sorted(known.items())
        if value is not None and f"{{{name}}}" in rule.because.en
    )


def _few(technicians: int | None) -> int | str | None:
    """A number for everybody who shares the plan."""
    return A_FEW if technicians is not None and technicians < SHOWN_FROM else technicians


def _with_items(plan: Plan, items: Sequence[tuple[Item, int]], founding: Founding) -> Plan:
    """The plan with its items, the earliest due first; those of one day as the file has them."""
    in_order = sorted(items, key=lambda pair: (pair[0].due or date.max, pair[1], pair[0].id))
    history = plan.history
    for n, (item, _) in enumerate(in_order, start=1):
        placed = replace(item, place=float(n))
        event = Event(
            seq=0,
            at=founding.at,
            by=founding.by,
            what=BUILT,
            key=placed.id,
            before=None,
            after=placed,
        )
        history = add(history, event)
    return replace(plan, history=history)
