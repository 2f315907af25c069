"""From the answers of the opening flow to a plan, in the turn in which they are handed in."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.coach.agreement import Agreement, begin_agreement
from bot.coach.building import Founding, build_plan
from bot.coach.diary import Diary
from bot.coach.facts import Facts, MapFacts, SurveyFacts
from bot.coach.plan import PlanId
from bot.engine import plan_hours
from bot.engine.commands import REPS
from bot.engine.effects_plans import FoundPlan
from bot.engine.plan_view import FLOW, Shared
from bot.engine.planning import Here, barred, joined, next_card, today_of, used, voice_of
from bot.engine.speech import Said, Scene
from bot.flows.record import Row
from bot.knowledge.action_plan import ActionPlan
from bot.mapping.workplace import fold
from bot.messages import plain

MEETINGS = ("branch", "management")


def finished(scene: Scene, flow: str, rows: Iterable[Row], thanks: str) -> Said | None:
    """The plan that these answers make, and its first step; None for any other flow."""
    voice = voice_of(scene)
    if flow != FLOW or voice is None or not scene.view.roles & REPS or barred(scene):
        return None
    answers = {row.name: str(row.answer.value) for row in rows if row.answer.value is not None}
    workplace = " ".join(answers.get("workplace", "").split())
    same = _same(scene, workplace)
    if same is not None:
        here = Here(scene=scene, shared=same, voice=voice)
        lead = scene.say("coach.plan.is-there", workplace=plain(workplace))
        return used(here, next_card(here, lead))
    shared = _made(scene, voice.content, workplace, answers)
    here = Here(scene=scene, shared=shared, voice=voice)
    founded = FoundPlan(plan=shared.plan, agreement=shared.agreement, meetings=_meetings(answers))
    left_out = "\n".join(f"- {voice.left_out(one)}" for one in shared.plan.left_out)
    count = scene.say("coach.plan.made", thanks=thanks, count=len(shared.plan.items))
    said = used(here, next_card(here, joined(count, left_out), effects=(founded,)))
    return Said(
        session=said.session,
        drafts=(*said.drafts, *plan_hours.ask(here).drafts),
        effects=said.effects,
    )


def _same(scene: Scene, workplace: str) -> Shared | None:
    """A plan of theirs for a workplace of that name."""
    wanted = fold(workplace)
    shared = scene.view.coach.shared
    return next((one for one in shared if fold(one.plan.workplace) == wanted), None)


def _made(scene: Scene, content: ActionPlan, workplace: str, answers: Mapping[str, str]) -> Shared:
    coach, view = scene.view.coach, scene.view
    asked = {question.id for question in content.questions}
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    facts = Facts(
        answers={name: value for name, value in named.items() if name in asked},
        map=coach.maps.get(fold(workplace), MapFacts()),
        survey=coach.surveys.get(fold(workplace)) or coach.surveys.get("") or SurveyFacts(),
    )
    diary = diary_of(coach.diary, _meetings(answers))
    founding = Founding(
        id=PlanId(f"pl-{view.fresh[:12]}"),
        branch=view.branch,
        workplace=workplace,
        by=view.person,
        at=scene.now,
        today=today_of(scene),
    )
    plan = build_plan(content, facts, diary, founding)
    empty = Agreement(branch=view.branch, workplace=workplace)
    agreement = begin_agreement(content, facts, empty, view.person, scene.now)
    return Shared(plan=plan, agreement=agreement, diary=diary)


def diary_of(diary: Diary, meetings: Mapping[str, date]) -> Diary:
    """The same diary with the next meetings of a plan."""

    def days(kind: str) -> tuple[date, ...]:
        return (meetings[kind],) if kind in meetings else ()

    return Diary(
        holidays=diary.holidays,
        days=diary.days,
        branch=days("branch"),
        management=days("management"),
    )


def _meetings(answers: Mapping[str, str]) -> dict[str, date]:
    """The days of the next meetings that were named."""
    return {
        kind: date.fromisoformat(answers[f"{kind}_meeting"])
        for kind in MEETINGS
        if answers.get(f"{kind}_meeting")
    }
