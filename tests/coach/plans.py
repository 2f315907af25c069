"""Plans, facts and people for the tests of the coach."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import holidays

from bot.coach.building import Founding, build_plan
from bot.coach.changes import Act
from bot.coach.diary import Diary
from bot.coach.facts import AreaFacts, Facts, MapFacts, SurveyFacts
from bot.coach.owners import join
from bot.coach.plan import Plan, PlanId
from bot.coach.voice import Voice
from bot.knowledge.action_plan import ActionPlan
from bot.knowledge.content import MORE_WORDING, parse_file
from bot.knowledge.wording import Wording
from bot.messages import BranchId, PersonId

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
ANN = PersonId("ann")
BEN = PersonId("ben")
EVE = PersonId("eve")
TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime.combine(TODAY, time(9, 30), UTC)
BANK_HOLIDAYS = dict(
    holidays.country_holidays("GB", subdiv="ENG", years=range(2026, 2031)).items()
)
BRANCH_MEETING = date(2026, 12, 14)
MANAGEMENT_MEETING = date(2027, 1, 20)
DIARY = Diary(holidays=BANK_HOLIDAYS, branch=(BRANCH_MEETING,), management=(MANAGEMENT_MEETING,))
AREAS = (
    AreaFacts(id="lab-2", name="Lab 2", technicians=14),
    AreaFacts(id="workshop", name="Workshop", technicians=30, asked=True),
    AreaFacts(id="nights", name="Nights"),
    AreaFacts(id="stores", name="Stores", technicians=6, is_old=True),
)
MAPPED = Facts(
    answers={
        "recognition": "recognised",
        "helpers": "alone",
        "agreement": "committee",
        "apprentices": "none",
        "pays-others": "pays",
    },
    map=MapFacts(areas=AREAS, registered=3),
    survey=SurveyFacts(state="closed", returns=33, barrier="cost"),
)


@cache
def content() -> ActionPlan:
    """Our own action plan."""
    file = KNOWLEDGE / "action_plan.yaml"
    return parse_file(ActionPlan, file.read_text(encoding="utf-8"), file.name)


@cache
def voice() -> Voice:
    """A voice with our own wording."""
    texts = {
        key: words
        for name in ("wording.yaml", *MORE_WORDING)
        for key, words in parse_file(
            Wording, (KNOWLEDGE / name).read_text(encoding="utf-8"), name
        ).texts.items()
    }
    return Voice(wording=Wording(texts=texts), content=content())


def founding(today: date = TODAY) -> Founding:
    """The plan of the north site, made by Ann."""
    return Founding(
        id=PlanId("plan-1"),
        branch=BranchId("branch-1"),
        workplace="North site",
        by=ANN,
        at=datetime.combine(today, time(9), UTC),
        today=today,
    )


def a_plan(facts: Facts = MAPPED, diary: Diary = DIARY, today: date = TODAY) -> Plan:
    """A plan that Ann has made."""
    return build_plan(content(), facts, diary, founding(today))


def shared(plan: Plan) -> Plan:
    """The same, with Ben as a co-owner."""
    sharing = join(plan.sharing, BEN, NOW)
    assert sharing is not None
    return replace(plan, sharing=sharing)


def act(by: PersonId = ANN, at: datetime = NOW, seen: int | None = None) -> Act:
    """Somebody does something."""
    return Act(by=by, at=at, today=at.date(), seen=seen, diary=DIARY)
