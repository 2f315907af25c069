"""Sharing a plan: others join by a code, one leads, it is handed over, left, and put away.

Nobody's name is known to the bot. People of a plan are numbered in the order in which they joined.
"""

from typing import Final

from bot.coach.history import replay
from bot.coach.owners import MOST
from bot.coach.owners import hand_over as lead_by
from bot.coach.owners import leave as leave_by
from bot.engine.agreeing import agree, consent_text, wording_version
from bot.engine.effects import Effect
from bot.engine.effects_plans import ArchivePlan, ChangeSharing, InviteToPlan, JoinPlan
from bot.engine.plan_view import FLOW
from bot.engine.planning import Here, barred, choose, joined, speak
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.flows.model import FlowId
from bot.messages import PersonId, plain

CODE_LENGTH: Final = 10  # as of every other code


def overview(here: Here) -> Said:
    """Who shares the plan, and what can be done about it."""
    lines = "\n".join(f"- {_line(here, person)}" for person in here.plan.owners)
    choices = [
        choose(here, "plan-invite", here.say("button.plan-invite")),
        choose(here, "plan-history", here.say("button.plan-history")),
        choose(here, "plan-leave", here.say("button.plan-leave")),
        choose(here, "plan-archive", here.say("button.plan-archive")),
    ]
    if len(here.plan.owners) > 1:
        choices.insert(1, choose(here, "plan-hand-over", here.say("button.plan-hand-over")))
    heading = here.say("coach.sharing.heading", workplace=plain(here.plan.workplace))
    return speak(here, joined(heading, lines), *choices)


def invite(here: Here) -> Said:
    """A one-time code for another rep of the branch."""
    if len(here.plan.owners) >= MOST:
        return speak(here, here.say("coach.sharing.full", most=MOST))
    code = here.scene.view.fresh[-CODE_LENGTH:]
    return Said(session=here.scene.session, drafts=(), effects=(InviteToPlan(here.plan.id, code),))


def hand_over(here: Here) -> Said:
    """Who shall lead from now on?"""
    others = [one for one in here.plan.owners if one != here.plan.lead]
    if not others:
        invites = choose(here, "plan-invite", here.say("button.plan-invite"))
        return speak(here, here.say("coach.sharing.alone"), invites)
    choices = (
        choose(here, "plan-lead", _shown(here, person), str(number_of(here, person)))
        for person in others
    )
    return speak(here, here.say("coach.sharing.hand-over"), *choices)


def lead(here: Here, number: str) -> Said:
    """Hand over to the one with this number; who led stays on until they leave."""
    person = next((one for one in here.plan.owners if str(number_of(here, one)) == number), None)
    if person is None or person == here.plan.lead:
        return speak(here, here.say("coach.sharing.gone"))
    scene = here.scene
    changed = lead_by(here.plan.sharing, person, scene.now, scene.view.person)
    if changed is None:
        return speak(here, here.say("coach.sharing.full", most=MOST))
    effect = ChangeSharing(here.plan.id, changed[-1])
    leaving = choose(here, "plan-leave", here.say("button.plan-leave"))
    said = here.say("coach.sharing.handed-over", who=_shown(here, person))
    return speak(here, said, leaving, effects=(effect,))


def ask_leave(here: Here) -> Said:
    """Sure?"""
    alone = len(here.plan.owners) == 1
    text = here.say("coach.sharing.leave-alone" if alone else "coach.sharing.leave")
    return speak(
        here, text, choose(here, "plan-leave-yes", here.say("button.plan-leave-yes")), _no(here)
    )


def leave(here: Here) -> Said:
    """Share the plan no more; the branch keeps it."""
    me = here.scene.view.person
    gone = leave_by(here.plan.sharing, me, here.scene.now, me)
    return speak(
        here, here.say("coach.sharing.left"), effects=(ChangeSharing(here.plan.id, gone[-1]),)
    )


def ask_archive(here: Here) -> Said:
    """Sure?"""
    yes = choose(here, "plan-archive-yes", here.say("button.plan-archive-yes"))
    return speak(
        here, here.say("coach.archive.ask", workplace=plain(here.plan.workplace)), yes, _no(here)
    )


def archive(here: Here) -> Said:
    """Put the plan away."""
    return speak(here, here.say("coach.archive.done"), effects=(ArchivePlan(here.plan.id),))


def join(scene: Scene, invite_id: str) -> Said:
    """Share a plan whose code was typed; first they agree to what is kept."""
    return _agreed(scene, "plan-join-agreed", invite_id) or _joined(scene, invite=invite_id)


def join_agreed(scene: Scene, invite_id: str, version: str) -> Said:
    """They agree, and share it."""
    return _agreeing(scene, version, JoinPlan(invite=invite_id)) or join(scene, invite_id)


def adopt(scene: Scene, plan: str) -> Said:
    """Take on a plan of the branch that nobody looks after; first they agree to what is kept."""
    return _agreed(scene, "plan-adopt-agreed", plan) or _joined(scene, plan=plan)


def adopt_agreed(scene: Scene, plan: str, version: str) -> Said:
    """They agree, and take it on."""
    return _agreeing(scene, version, JoinPlan(plan=plan)) or adopt(scene, plan)


def name_of(here: Here, person: str) -> str:
    """What somebody is called in what was done: you, another by their number, or somebody who left."""
    if person == here.scene.view.person:
        return here.say("coach.who.you")
    if not person:
        return here.say("coach.who.gone")
    return _shown(here, PersonId(person))


def number_of(here: Here, person: PersonId) -> int:
    """Their place among all who ever shared the plan, from 1."""
    known = list(dict.fromkeys(event.key for event in here.plan.sharing if event.key))
    return known.index(person) + 1 if person in known else 0


def _shown(here: Here, person: PersonId) -> str:
    number = number_of(here, person)
    return here.say("coach.who.rep", number=number) if number else here.say("coach.who.gone")


def _line(here: Here, person: PersonId) -> str:
    since = replay(here.plan.sharing)[person].since.astimezone(here.scene.view.zone).date()
    key = "coach.sharing.lead" if person == here.plan.lead else "coach.sharing.owner"
    day = here.voice.day(since, here.today)
    return here.say(key, who=name_of(here, person), day=day)


def _no(here: Here) -> Choose:
    return choose(here, "plan-overview", here.say("button.no"))


def _agreed(scene: Scene, act: str, subject: str) -> Said | None:
    """What they must agree to first; None where they may go on."""
    if said := barred(scene):
        return said
    flow = scene.view.flows.to_start(FlowId(FLOW))
    consent = consent_text(scene, flow) if flow else None
    if consent is None:
        return None
    choices = (
        Choose(scene.say("button.agree"), Act(act, (subject, wording_version(consent)))),
        Choose(scene.say("button.not-now"), Act("kept")),
    )
    draft = Draft(text=consent, choices=choices, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def _agreeing(scene: Scene, version: str, joining: JoinPlan) -> Said | None:
    """Keep the agreement and join; None where its text has changed since."""
    if said := barred(scene):
        return said
    flow = scene.view.flows.to_start(FlowId(FLOW))
    agreed = agree(scene, flow, version) if flow else None
    if agreed is None:
        return None
    effects: tuple[Effect, ...] = (agreed[1], joining)
    return Said(session=scene.session, drafts=(), effects=effects)


def _joined(scene: Scene, *, invite: str = "", plan: str = "") -> Said:
    effect = JoinPlan(invite=invite, plan=plan)
    return Said(session=scene.session, drafts=(), effects=(effect,))
