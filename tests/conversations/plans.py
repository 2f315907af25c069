"""A plan that somebody in a transcript has from the start."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coach.agreement import Agreement, begin_agreement
from bot.coach.building import Founding, build_plan
from bot.coach.diary import Diary
from bot.coach.facts import AreaFacts, Facts, MapFacts
from bot.coach.owners import join
from bot.coach.plan import Plan, PlanId
from bot.engine.agreeing import wording_version
from bot.engine.effects_plans import FoundPlan
from bot.engine.plan_view import FLOW
from bot.service import plans
from bot.service.clock import micros
from bot.service.library import Edition
from bot.service.people import Known
from bot.service.ports import Tx

ANSWERS = {
    "recognition": "recognised",
    "helpers": "alone",
    "agreement": "committee",
    "apprentices": "none",
    "pays-others": "pays",
}
AREAS = (
    AreaFacts(id="lab-2", name="Lab 2", technicians=14),
    AreaFacts(id="nights", name="Nights"),
)


def found_plan(
    tx: Tx, edition: Edition, workplace: str, owners: Sequence[Known], now: datetime
) -> Plan:
    """Keep a plan of these people, the first of whom made it; all of them have agreed to it."""
    content = edition.content.action_plan
    assert content is not None
    maker, today = owners[0], now.date()
    meetings = {"branch": today + timedelta(days=21)}
    diary = Diary(holidays=plans.holidays_near(today), branch=(meetings["branch"],))
    facts = Facts(answers=ANSWERS, map=MapFacts(areas=AREAS))
    founding = Founding(
        id=PlanId(f"pl-{workplace.split(maxsplit=1)[0].lower()}"),
        branch=maker.branch,
        workplace=workplace,
        by=maker.person,
        at=now,
        today=today,
    )
    plan = build_plan(content, facts, diary, founding)
    empty = Agreement(branch=maker.branch, workplace=workplace)
    agreement = begin_agreement(content, facts, empty, maker.person, now)
    for one in owners[1:]:
        later = now + timedelta(minutes=len(plan.sharing))
        plan = replace(plan, sharing=join(plan.sharing, one.person, later) or plan.sharing)
    plans.found(tx, FoundPlan(plan=plan, agreement=agreement, meetings=meetings), now)
    text = edition.content.wording.say(f"consent-text.{FLOW}")
    for one in owners:
        row = {"id": f"c-{one.person}-{plan.id}", "branch": one.branch, "person": one.person}
        given = {"given_at": micros(now), "withdrawn_at": None}
        version = wording_version(text)
        tx.insert("consent", {**row, "purpose": FLOW, "wording_hash": version, **given})
    return plan
