"""Applying what a turn decided about plans: changes, sharing, codes, hours."""

from typing import assert_never

from bot.coach.history import replay
from bot.coach.owners import join
from bot.coach.plan import Plan
from bot.coach.reminders import next_look
from bot.coach.rhythm import Rhythm
from bot.engine.effects_plans import (
    ArchivePlan,
    ChangeClause,
    ChangeItem,
    ChangeSharing,
    FoundPlan,
    InviteToPlan,
    JoinPlan,
    PlanEffect,
    SetRhythm,
    UsePlan,
)
from bot.engine.plan_view import FLOW, REMINDERS
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.messages import PersonId, Reply, ReplyKind, Role, plain
from bot.service import audit, coach_mail, invites, jobs, plans, sessions
from bot.service.coach_mail import KIND, LOOK_AGAIN, subject_of
from bot.service.doing import Doing
from bot.service.invites import NewInvite
from bot.service.jobs import Job


def apply(doing: Doing, effect: PlanEffect) -> tuple[Reply, ...]:
    """Apply one effect; returns what there is to say about it."""
    tx, known, now = doing.tx, doing.known, doing.now
    match effect:
        case FoundPlan():
            plans.found(tx, effect, now)
            _audit(doing, "plan.made")
        case ChangeItem() | ChangeClause():
            plans.change(tx, known.branch, effect, now)
        case ChangeSharing():
            _share(doing, effect)
        case ArchivePlan(plan=plan):
            plans.archive(tx, plan, known.branch, now)
            _audit(doing, "plan.archived")
        case UsePlan(plan=plan):
            plans.use(tx, plan, known.person, now)
        case SetRhythm(plan=plan, rhythm=rhythm):
            _remind(doing, plan, rhythm)
        case InviteToPlan():
            return _invite(doing, effect)
        case JoinPlan():
            return (_join(doing, effect),)
        case _:
            assert_never(effect)
    return ()


def welcome(doing: Doing, invite: str, plan: str) -> Reply:
    """A code of a plan was typed: what it is for, and a button that joins."""
    found = plans.load(doing.tx, plan)
    if found is None or found.archived_at is not None:
        return doing.say("join.unknown")
    text = _said(doing, "coach.join.welcome", workplace=plain(found.workplace))
    label = _said(doing, "button.plan-join")
    return _shown(doing, text, Choose(label, Act("plan-join", (invite,))))


def without_agreement(doing: Doing, purpose: str) -> None:
    """Somebody takes an agreement back.

    Without the one to reminders their hours of every plan end. Without the one to plans they share no
    plan, and what they did is nobody's.
    """
    tx, person = doing.tx, doing.known.person
    if purpose in (FLOW, REMINDERS):
        for plan in plans.silence(tx, person):
            jobs.cancel(tx, KIND, subject_of(plan, person))
    if purpose != FLOW:
        return
    plans.leave_all(tx, person, doing.now)
    for table in plans.HISTORIES:
        tx.update(table, {"person": person}, {"person": None})
    tx.update("plan_sharing", {"maker": person}, {"maker": None})


def _share(doing: Doing, effect: ChangeSharing) -> None:
    """Somebody came, went, or took over; who takes over is told of it."""
    plans.change(doing.tx, doing.known.branch, effect, doing.now)
    event = effect.event
    if event.after is None:
        jobs.cancel(doing.tx, KIND, subject_of(effect.plan, PersonId(event.key)))
    if event.what == "leads" and event.key != doing.known.person:
        coach_mail.tell_lead(doing, effect.plan, PersonId(event.key))
    _audit(doing, f"plan.{event.what}")


def _remind(doing: Doing, plan: str, rhythm: Rhythm | None) -> None:
    """Look at the plan at their hours from now on, or no more."""
    tx, person = doing.tx, doing.known.person
    if not plans.set_rhythm(tx, plan, person, rhythm):
        return
    subject = subject_of(plan, person)
    if rhythm is None:
        jobs.cancel(tx, KIND, subject)
        return
    off = plans.holidays_near(rhythm.today(doing.now))
    job = Job(
        kind=KIND,
        subject=subject,
        branch=doing.known.branch,
        person=person,
        due_at=next_look(rhythm, doing.now, off) or doing.now + LOOK_AGAIN,
        payload={"plan": plan},
    )
    jobs.schedule(tx, job, doing.now)


def _invite(doing: Doing, effect: InviteToPlan) -> tuple[Reply, ...]:
    invite = NewInvite(
        id=doing.view.fresh.removesuffix(effect.code),  # the code may stand in no id
        branch=doing.known.branch,
        role=Role.REP,
        code=effect.code,
        made_by=audit.pseudonym(doing.tx, doing.known.person),
        plan=effect.plan,
    )
    invites.make_invite(doing.tx, invite, doing.now)
    days = invites.LIFETIME.days
    return (doing.say("coach.sharing.code", code=effect.code, days=days),)


def _join(doing: Doing, effect: JoinPlan) -> Reply:
    """Join by an invite that is still good, or a plan that nobody looks after."""
    tx, known = doing.tx, doing.known
    plan_id = effect.plan
    if effect.invite:
        plan_id = invites.plan_of(tx, known, effect.invite, doing.now)
    elif not plans.is_orphan(tx, plan_id, known.branch):
        return doing.say("coach.join.gone")
    plan = plans.load(tx, plan_id) if plan_id else None
    if plan is None or plan.archived_at is not None or plan.branch != known.branch:
        return doing.say("coach.join.gone")
    joined = join(plan.sharing, known.person, doing.now)
    if joined is None:
        return doing.say("coach.sharing.full", most=len(plan.owners))
    if joined != plan.sharing:
        plans.change(tx, known.branch, ChangeSharing(plan.id, joined[-1]), doing.now)
    if effect.invite:
        invites.spend(tx, known, effect.invite, doing.now)
    plans.use(tx, plan.id, known.person, doing.now)
    _audit(doing, "plan.joined")
    return _welcomed(doing, plan, len(replay(joined)))


def _welcomed(doing: Doing, plan: Plan, count: int) -> Reply:
    text = _said(doing, "coach.join.done", workplace=plain(plan.workplace), count=count)
    next_ = Choose(_said(doing, "button.plan-next"), Act("plan-next", (plan.id,)))
    remind = Choose(_said(doing, "button.plan-reminders"), Act("plan-reminders", (plan.id,)))
    return _shown(doing, text, next_, remind)


def _shown(doing: Doing, text: str, *choices: Choose) -> Reply:
    draft = Draft(text=text, choices=choices, kind=ReplyKind.QUESTION, personal=True)
    return sessions.show_between_turns(doing.tx, doing.known.person, draft)


def _said(doing: Doing, key: str, /, **gaps: str | int) -> str:
    return doing.content.wording.say(key, doing.view.language, **gaps)


def _audit(doing: Doing, what: str) -> None:
    who = audit.pseudonym(doing.tx, doing.known.person)
    audit.record(doing.tx, doing.view.fresh, doing.known.branch, who, what, "", doing.now)
