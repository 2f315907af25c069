"""What reps do with the surveys of their branch: open, pass on, watch, add days, close, type in slips."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.engine import shelving
from bot.engine.desk import Stage as ErrandStage
from bot.engine.effects_surveys import CloseSurvey, ExtendSurvey
from bot.engine.guide import local_now
from bot.engine.joining import survey_of
from bot.engine.rights import guarded as rights
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.engine.survey import OPENING, SHOWN, Stage, Survey
from bot.engine.survey_opening import passed_on
from bot.engine.survey_words import told_apart
from bot.flows.model import Flow
from bot.language.days import Day
from bot.language.saying import say_date
from bot.language.when import read_day
from bot.messages import plain

LONGEST: Final = timedelta(days=120)  # from the first day to the last, as in `open-survey.yaml`
MORE: Final = (7, 14)  # days that a button adds
guarded: Final = rights("surveys")


def surveys(scene: Scene) -> Said:
    """The surveys of the branch, those that run first, and a way to open another."""
    ours = _ours(scene)
    shown = (*ours, *scene.view.books.closed)[:SHOWN]
    lines = "\n".join(f"- {_line(scene, one)}" for one in shown)
    text = scene.say("survey.list", surveys=lines) if shown else scene.say("survey.none")
    names = told_apart(scene, shown, [_name(scene, one) for one in shown])
    choices = (
        Choose(scene.say("button.survey-new"), Act("survey-new")),
        *(
            Choose(name, Act("survey-card", (one.id,)))
            for one, name in zip(shown, names, strict=True)
        ),
    )
    return _said(scene, text, *choices)


def card(scene: Scene, survey_id: str) -> Said:
    """One survey: where it stands, and what can be done with it."""
    one = _found(scene, survey_id)
    if one is None:
        return say(scene, "survey.gone")
    if one.is_closed:
        results = Choose(scene.say("button.survey-results"), Act("survey-results", (one.id,)))
        return _said(scene, _line(scene, one), results)
    choices = [Choose(scene.say("button.survey-pass-on"), Act("survey-pass-on", (one.id,)))]
    if _takes_slips(scene, one):
        choices.append(Choose(scene.say("button.survey-slips"), Act("survey-slips", (one.id,))))
    choices += [
        Choose(scene.say("button.survey-extend"), Act("survey-extend", (one.id,))),
        Choose(scene.say("button.survey-close"), Act("survey-close", (one.id,))),
    ]
    return _said(scene, _line(scene, one), *choices)


def new(scene: Scene) -> Said:
    """Open another one: which survey, then the questions of `open-survey`."""
    flows = [flow for flow in scene.view.flows.current if flow.survey]
    if not flows:
        return say(scene, "flow.gone")
    if len(flows) == 1:
        return new_of(scene, flows[0].id)
    choices = tuple(
        Choose(flow.title.text(scene.view.language), Act("survey-new-of", (flow.id,)))
        for flow in flows
    )
    return _said(scene, scene.say("survey.new-which"), *choices)


def new_of(scene: Scene, flow_id: str) -> Said:
    """The questions that open a survey."""
    return shelving.introduce(scene, OPENING, flow_id)


def pass_on(scene: Scene, survey_id: str) -> Said:
    """The text to pass on once more, alone in its message."""
    one = _found(scene, survey_id)
    flow = _flow(scene, one)
    if one is None or flow is None:
        return say(scene, "survey.gone")
    return _said(scene, passed_on(scene, flow, one))


def extend(scene: Scene, survey_id: str) -> Said:
    """Ask for another last day."""
    one = _found(scene, survey_id)
    if one is None or one.is_closed:
        return say(scene, "survey.gone")
    start = max(one.closes_on, _today(scene))
    days = [start + timedelta(days=more) for more in MORE]
    choices = (
        *(_until(scene, one, day) for day in days if day <= one.opens_on + LONGEST),
        Choose(scene.say("button.no"), Act("kept")),
    )
    waiting = replace(
        scene, session=replace(scene.session, errand=Errand(ErrandStage.UNTIL, one.id))
    )
    text = scene.say("survey.extend", day=say_date(one.closes_on, scene))
    return _said(waiting, text, *choices)


def until_words(scene: Scene, words: str, survey_id: str) -> Said:
    """The next words are the last day; it is said back before it counts."""
    one = _found(scene, survey_id)
    found = read_day(words, _today(scene))
    if one is None or not isinstance(found, Day):
        return say(scene, "survey.extend-again")
    day = found.last
    if key := _wrong_day(scene, one, day):
        return say(scene, key, day=say_date(one.opens_on + LONGEST, scene))
    left = replace(scene, session=replace(scene.session, errand=None))
    text = scene.say("survey.extend-sure", day=say_date(day, scene))
    return _said(left, text, _until(scene, one, day), Choose(scene.say("button.no"), Act("kept")))


def extend_to(scene: Scene, survey_id: str, iso: str) -> Said:
    """It takes answers until another day."""
    one, day = _found(scene, survey_id), date.fromisoformat(iso)
    if one is None or one.is_closed:
        return say(scene, "survey.gone")
    if key := _wrong_day(scene, one, day):
        return say(scene, key, day=say_date(one.opens_on + LONGEST, scene))
    left = replace(scene, session=replace(scene.session, errand=None))
    said = _said(left, scene.say("survey.extended", day=say_date(day, scene)))
    return replace(said, effects=(ExtendSurvey(one.id, day),))


def close(scene: Scene, survey_id: str) -> Said:
    """Ask whether it is to be closed for good."""
    one = _found(scene, survey_id)
    if one is None or one.is_closed:
        return say(scene, "survey.gone")
    text = scene.say("survey.close-ask", survey=plain(_name(scene, one)))
    return _said(
        scene,
        text,
        Choose(scene.say("button.survey-close-yes"), Act("survey-close-yes", (one.id,))),
        Choose(scene.say("button.no"), Act("kept")),
    )


def close_now(scene: Scene, survey_id: str) -> Said:
    """Close it; its results are made in the same transaction."""
    one = _found(scene, survey_id)
    if one is None or one.is_closed:
        return say(scene, "survey.gone")
    show = Choose(scene.say("button.survey-results"), Act("survey-results", (one.id,)))
    said = _said(scene, scene.say("survey.closed", survey=plain(_name(scene, one))), show)
    return replace(said, effects=(CloseSurvey(one.id),))


def slips(scene: Scene, survey_id: str) -> Said:
    """Say what typing in a paper slip means, before the first one."""
    one = _found(scene, survey_id)
    if one is None or not _takes_slips(scene, one):
        return say(scene, "slip.not-now")
    begin = Choose(scene.say("button.slip-begin"), Act("survey-slip", (one.id, "1")))
    text = scene.say("slip.about", survey=plain(_name(scene, one)))
    return _said(scene, text, begin, Choose(scene.say("button.not-now"), Act("kept")))


def slip(scene: Scene, survey_id: str, number: str) -> Said:
    """Type in one slip; the next one can follow at once."""
    one = _found(scene, survey_id)
    flow = _flow(scene, one)
    if one is None or flow is None or not _takes_slips(scene, one):
        return say(scene, "slip.not-now")
    return shelving.start(scene, flow, one.id, int(number))


def _takes_slips(scene: Scene, one: Survey) -> bool:
    """Only an anonymous one does, and only while it takes answers."""
    flow = _flow(scene, one)
    return flow is not None and flow.anonymous and one.stage(_today(scene)) is Stage.OPEN


def _wrong_day(scene: Scene, one: Survey, day: date) -> str | None:
    if day < _today(scene):
        return "survey.extend-past"
    return "survey.extend-long" if day > one.opens_on + LONGEST else None


def _until(scene: Scene, one: Survey, day: date) -> Choose:
    label = scene.say("button.survey-until", day=say_date(day, scene))
    return Choose(label, Act("survey-extend-to", (one.id, day.isoformat())))


def _ours(scene: Scene) -> tuple[Survey, ...]:
    return tuple(one for one in scene.view.surveys if one.is_ours and not one.is_closed)


def _found(scene: Scene, survey_id: str) -> Survey | None:
    """A survey of this branch, open or closed."""
    closed = next((one for one in scene.view.books.closed if one.id == survey_id), None)
    found = closed or survey_of(scene, survey_id)
    return found if found and found.is_ours else None


def _flow(scene: Scene, one: Survey | None) -> Flow | None:
    return scene.view.flows.begun_on(one.flow_hash) if one else None


def _name(scene: Scene, one: Survey) -> str:
    """What a survey is called on a button."""
    flow = _flow(scene, one)
    title = flow.title.text(scene.view.language) if flow else one.flow
    return f"{one.workplace}: {title}"


def _line(scene: Scene, one: Survey) -> str:
    """A survey in one line: what, where, until when, how many took part."""
    stage = one.stage(_today(scene))
    survey, closes = plain(_name(scene, one)), say_date(one.closes_on, scene)
    if stage is Stage.EARLY:
        opens = say_date(one.opens_on, scene)
        return scene.say("survey.line-early", survey=survey, opens=opens, closes=closes)
    key = "survey.line-open" if stage is Stage.OPEN else "survey.line-over"
    return scene.say(key, survey=survey, closes=closes, returns=_returns(scene, one))


def _returns(scene: Scene, one: Survey) -> str:
    if not one.returns:
        return scene.say("survey.returns-few")
    key = "survey.returns" if one.is_closed else "survey.returns-least"
    return scene.say(key, count=one.returns)


def _today(scene: Scene) -> date:
    return local_now(scene).date()


def _said(scene: Scene, text: str, *choices: Choose) -> Said:
    draft = Draft(text=text, choices=choices, personal=True)
    return Said(session=scene.session, drafts=(draft,))
