"""Runs as wholes: begun, put aside, gone on with, left; and what there is."""

from dataclasses import replace
from typing import Final

from bot.engine import joining, map_runs
from bot.engine.agreeing import agree, consent_text, wording_version
from bot.engine.effects import EndRun, KeepAnswers, StartRun
from bot.engine.guide import Guide, guide, local_now
from bot.engine.guiding import said, under_way
from bot.engine.held import Held, active, held, is_full, keep, paused
from bot.engine.prompts import choose, join
from bot.engine.session import Act, Session
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.engine.survey import Survey
from bot.engine.waiting import (
    aside_line,
    resume_button,
    resume_buttons,
    title_of,
    titled,
    waiting_run,
)
from bot.flows import runner
from bot.flows.model import Flow
from bot.flows.run import Run
from bot.flows.runner import Moved
from bot.flows.standing import progress
from bot.mapping.workplace import Path
from bot.messages import Place

SAVE_AFTER: Final = 3  # answers; from so many on `cancel` offers to keep them for later


def introduce(scene: Scene, flow_id: str, about: str = "") -> Said:
    """What a flow is for and how long it takes, before it is begun.

    Args:
        scene: Where the talk stands.
        flow_id: Which flow.
        about: The survey it is to be answered for, or the flow it is to open; empty for none yet.
    """
    flow = joining.flow_to_begin(scene, flow_id, about)
    if flow is None:
        return say(scene, "flow.gone")
    title = flow.title.text(scene.view.language)
    if key := _refusal(scene, flow):
        return say(scene, key, title=title)
    chosen = joining.choose_survey(scene, flow, about)
    if isinstance(chosen, Said):
        return chosen
    of = chosen.id if chosen else about
    if _is_under_way(scene, flow_id, of):
        return say(scene, "flow.under-way", title=title)
    if one := waiting_run(scene, flow_id, of):
        return _go_on_first(scene, one)
    purpose = flow.about.text(scene.view.language) if flow.about else ""
    minutes = scene.say("flow.minutes", minutes=flow.minutes) if flow.minutes else ""
    secret = scene.say("flow.anonymous") if flow.anonymous else ""
    consent = consent_text(scene, flow)
    draft = Draft(
        text=join(
            f"**{title}**",
            joining.place_line(scene, chosen),
            purpose,
            secret,
            minutes,
            consent or "",
        ),
        choices=(
            _begin_choice(scene, flow, consent, chosen or about),
            Choose(scene.say("button.not-now"), Act("kept")),
        ),
        asks=True,
    )
    return Said(session=scene.session, drafts=(draft,))


def _is_under_way(scene: Scene, flow_id: str, about: str) -> bool:
    one = active(scene.session)
    return (
        one is not None
        and one.run.flow == flow_id
        and not one.slip
        and one.about == about
        and guide(scene, one) is not None
    )


def _go_on_first(scene: Scene, one: Held) -> Said:
    """Who asks for something they have put aside is asked whether to go on with it."""
    draft = Draft(
        text=join(aside_line(scene, one), scene.say("flow.aside-go-on")),
        choices=(resume_button(scene, one), Choose(scene.say("button.not-now"), Act("kept"))),
        asks=True,
    )
    return Said(session=scene.session, drafts=(draft,))


def follow(scene: Scene, code: str) -> Said:
    """Go where the link of a survey leads."""
    survey = joining.survey_by_code(scene, code)
    return introduce(scene, survey.flow, survey.id) if survey else say(scene, "survey.gone")


def _refusal(scene: Scene, flow: Flow) -> str | None:
    """The wording key that says why a flow cannot be begun; None where it can."""
    if flow.private and scene.view.place is not Place.PRIVATE:
        return "flow.private"
    if flow.roles and not scene.view.roles.intersection(flow.roles):
        return "flow.not-yours"
    return None


def _begin_choice(scene: Scene, flow: Flow, consent: str | None, about: Survey | str) -> Choose:
    of = about if isinstance(about, str) else about.id
    more = (of,) if of else ()
    if consent is None:
        return Choose(scene.say("button.begin"), Act("begin", (flow.id, *more)))
    version = wording_version(consent)
    return Choose(scene.say("button.agree"), Act("agree", (flow.id, version, *more)))


def agree_and_begin(scene: Scene, flow_id: str, version: str, about: str = "") -> Said:
    """Keep that they agreed, and begin; a text that changed meanwhile is shown anew."""
    flow = joining.flow_to_begin(scene, flow_id, about)
    agreed = agree(scene, flow, version) if flow else None
    if agreed is None:
        return introduce(scene, flow_id, about)
    begun = begin(agreed[0], flow_id, about)
    return replace(begun, effects=(agreed[1], *begun.effects))


def begin(scene: Scene, flow_id: str, about: str = "", area: Path | None = None) -> Said:
    """Start a run of a flow; one under way is put aside.

    Args:
        scene: Where we are.
        flow_id: Which flow.
        about: The survey it belongs to, or the flow it is to open.
        area: For the workplace map: the area to begin with.
    """
    flow = joining.flow_to_begin(scene, flow_id, about)
    if flow is None or _refusal(scene, flow) or consent_text(scene, flow):
        return introduce(scene, flow_id, about)
    chosen = joining.choose_survey(scene, flow, about)
    if isinstance(chosen, Said):
        return chosen
    return start(scene, flow, chosen.id if chosen else about, area=area)


def start(
    scene: Scene, flow: Flow, about: str = "", slip: int = 0, area: Path | None = None
) -> Said:
    """Start a run that nothing speaks against, unless too many wait already.

    Args:
        scene: Where the talk stands.
        flow: What to run on.
        about: The survey it belongs to, or the flow it is to open.
        slip: Which paper slip of a batch it is; 0 for none.
        area: For the workplace map: the area to begin with.
    """
    if is_full(scene.session):
        return _drop_which(scene, flow.id, about)
    moved = map_runs.prefilled(scene, flow, runner.start(flow, local_now(scene)), area)
    one = Held(
        id=f"r{scene.view.fresh[:15]}",
        run=moved.run,
        touched_at=int(scene.now.timestamp()),
        about=about,
        slip=slip,
    )
    here = Guide(
        scene=replace(scene, session=put_aside(scene)),
        held=one,
        flow=flow,
        run=moved.run,
        route=moved.route,
    )
    lead = scene.say("slip.begun", number=slip) if slip else scene.say("flow.begun")
    of = about if flow.does is None else ""
    given = KeepAnswers(run=one.id, answers=moved.run.answers)
    effects = (
        StartRun(run=one.id, flow=flow, about=of, slip=slip),
        *((given,) if given.answers else ()),
    )
    return map_runs.begun(here, said(here, lead, effects=effects))


def put_aside(scene: Scene) -> Session:
    """The session with the run under way, if there is one, put aside."""
    one = active(scene.session)
    run = runner.pause(one.run) if one else None
    if one is None or not isinstance(run, Run):
        return scene.session
    return keep(scene.session, one.with_run(run, scene.now))


def _drop_which(scene: Scene, flow_id: str, about: str) -> Said:
    more = (about,) if about else ()
    choices = [
        Choose(scene.say("button.drop", title=title), Act("drop", (one.id, flow_id, *more)))
        for one, title in titled(scene, scene.session.runs)
    ]
    choices.append(Choose(scene.say("button.not-now"), Act("kept")))
    draft = Draft(text=scene.say("flow.too-many"), choices=tuple(choices), asks=True)
    return Said(session=scene.session, drafts=(draft,))


def drop(scene: Scene, run_id: str, flow_id: str, about: str = "") -> Said:
    """Leave a run for good, and begin another."""
    session = _without(scene, run_id)
    begun = begin(replace(scene, session=session), flow_id, about)
    return replace(begun, effects=(EndRun(run=run_id), *begun.effects))


def _without(scene: Scene, run_id: str) -> Session:
    kept = tuple(one for one in scene.session.runs if one.id != run_id)
    return replace(scene.session, runs=kept)


def pause(scene: Scene) -> Said | None:
    """Put the run under way aside; None where there is none."""
    here = under_way(scene)
    if here is None:
        return None
    resume = choose(here, "resume-run", here.say("button.resume", title=here.title()))
    draft = Draft(text=here.say("flow.paused", title=here.title()), choices=(resume,), asks=True)
    return Said(session=put_aside(scene), drafts=(draft,))


def resume(scene: Scene) -> Said | None:
    """Go on with what was put aside; asked where there are several; None where there is nothing."""
    here = under_way(scene)
    if here is not None:
        return said(here)
    waiting = paused(scene.session)
    if not waiting:
        return None
    if len(waiting) == 1:
        return resume_run(scene, waiting[0].id)
    draft = Draft(text=scene.say("flow.resume-which"), choices=resume_buttons(scene), asks=True)
    return Said(session=scene.session, drafts=(draft,))


def resume_run(scene: Scene, run_id: str) -> Said:
    """Go on with one run; the one under way is put aside."""
    one = held(scene.session, run_id)
    if one is None:
        return say(scene, "button.expired")
    under = active(scene.session)
    session = scene.session if under and under.id == run_id else put_aside(scene)
    flow = scene.view.flows.begun_on(one.run.flow_hash)
    if flow is None:
        return _gone(scene, one)
    moved = runner.resume(flow, one.run, local_now(scene))
    if not isinstance(moved, Moved):
        here = guide(replace(scene, session=session), one)
        return said(here) if here else say(scene, "button.expired")
    here = Guide(
        scene=replace(scene, session=session),
        held=one,
        flow=flow,
        run=moved.run,
        route=moved.route,
    )
    far = progress(flow, moved.run, moved.route)
    lead = here.say("flow.resumed", title=here.title(), done=far.number - 1)
    return said(here, lead)


def _gone(scene: Scene, one: Held) -> Said:
    left = replace(scene, session=_without(scene, one.id))
    return replace(say(left, "flow.gone"), effects=(EndRun(run=one.id),))


def cancel(scene: Scene) -> Said | None:
    """Leave the run under way; after some answers it is asked whether to keep them for later."""
    here = under_way(scene)
    if here is None:
        return None
    if len(here.run.answers) < SAVE_AFTER:
        return cancel_run(scene, here.held.id)
    choices = (
        choose(here, "pause-run", here.say("button.save")),
        choose(here, "cancel-run", here.say("button.leave")),
        choose(here, "resume-run", here.say("button.go-on")),
    )
    draft = Draft(text=here.say("flow.cancel-ask", title=here.title()), choices=choices, asks=True)
    return Said(session=scene.session, drafts=(draft,))


def cancel_run(scene: Scene, run_id: str) -> Said:
    """Leave a run for good."""
    one = held(scene.session, run_id)
    if one is None:
        return say(scene, "button.expired")
    left = replace(scene, session=_without(scene, run_id))
    done = say(left, "flow.cancelled", title=title_of(scene, one))
    return replace(done, effects=(EndRun(run=run_id),))


def pause_run(scene: Scene, run_id: str) -> Said:
    """Put a run aside by its button."""
    one = active(scene.session)
    paused_now = pause(scene) if one and one.id == run_id else None
    return paused_now or say(scene, "button.expired")


def restart(scene: Scene) -> Said | None:
    """Ask whether the run under way is to begin again; None where there is none."""
    here = under_way(scene)
    if here is None:
        return None
    choices = (
        Choose(here.say("button.begin-again"), Act("drop", _again(here))),
        choose(here, "resume-run", here.say("button.go-on")),
    )
    draft = Draft(
        text=here.say("flow.restart-ask", title=here.title()), choices=choices, asks=True
    )
    return Said(session=scene.session, drafts=(draft,))


def _again(here: Guide) -> tuple[str, ...]:
    """What begins a run again, for the same survey."""
    more = (here.held.about,) if here.held.about else ()
    return (here.held.id, here.flow.id, *more)
