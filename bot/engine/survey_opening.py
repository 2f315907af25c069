"""A rep has answered the questions of `open-survey`: the survey opens, with a text to pass on."""

from datetime import date

from bot.engine.effects_surveys import OpenSurvey
from bot.engine.guide import Guide
from bot.engine.prompts import join
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.engine.survey import CODE_LENGTH, LINK, Survey
from bot.flows.by_area import areas_of, with_areas
from bot.flows.model import Flow, FlowId
from bot.language.saying import say_date
from bot.messages import plain


def opened(here: Guide, done: Guide) -> Said:
    """Open the survey that the run was about.

    Args:
        here: Before it was handed in: its answers.
        done: After it.
    """
    flow = here.scene.view.flows.to_start(FlowId(here.held.about))
    if flow is None:
        return Said(session=done.session, drafts=(Draft(text=here.say("flow.gone"), asks=True),))
    values, fresh = here.route.values, here.scene.view.fresh
    if wait := _not_yet(here, date.fromisoformat(str(values["opens"]))):
        return Said(session=done.session, drafts=(wait,))
    flow = with_areas(flow, here.scene.view.books.opening.areas)
    survey = Survey(
        id=f"s{fresh[:9]}",
        code=fresh[-CODE_LENGTH:],
        flow=flow.id,
        flow_hash=flow.hash,
        workplace=" ".join(str(values["workplace"]).split()),
        opens_on=date.fromisoformat(str(values["opens"])),
        closes_on=date.fromisoformat(str(values["closes"])),
    )
    effect = OpenSurvey(
        id=survey.id,
        code=survey.code,
        flow=flow,
        workplace=survey.workplace,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
    )
    thanks = here.text(here.flow.thanks) if here.flow.thanks else here.say("flow.thanks")
    show = Choose(here.say("button.survey-card"), Act("survey-card", (survey.id,)))
    drafts = (
        Draft(text=join(thanks, _asked_areas(here, flow)), choices=(show,), asks=True),
        Draft(text=passed_on(here.scene, flow, survey), asks=True),
    )
    return Said(session=done.session, drafts=drafts, effects=(effect,))


def _not_yet(here: Guide, opens_on: date) -> Draft | None:
    """Why a further round cannot open yet, and what to do instead; None where it can."""
    opening = here.scene.view.books.opening
    if opening.still_open:
        show = Choose(here.say("button.survey-card"), Act("survey-card", (opening.still_open,)))
        return Draft(text=here.say("survey.still-open"), choices=(show,), asks=True)
    if opening.not_before is None or opens_on >= opening.not_before:
        return None
    again = Choose(here.say("button.survey-new"), Act("survey-new"))
    text = here.say("survey.too-soon", day=say_date(opening.not_before, here.scene))
    return Draft(text=text, choices=(again,), asks=True)


def _asked_areas(here: Guide, flow: Flow) -> str:
    """That the survey asks for the area, and for which ones."""
    areas = [choice.label.text(here.scene.view.language) for choice in areas_of(flow)]
    lines = "\n".join(f"- {plain(area)}" for area in areas)
    return here.say("survey.asks-area", areas=lines) if areas else ""


def passed_on(scene: Scene, flow: Flow, survey: Survey) -> str:
    """The text that a rep passes on: what it is, for whom, until when, and the link."""
    title = flow.title.text(scene.view.language)
    return join(
        scene.say("survey.forward", title=title, workplace=plain(survey.workplace)),
        scene.say("survey.forward-anonymous" if flow.anonymous else "survey.forward-named"),
        scene.say("survey.forward-minutes", minutes=flow.minutes) if flow.minutes else "",
        scene.say(
            "survey.forward-days",
            opens=say_date(survey.opens_on, scene),
            closes=say_date(survey.closes_on, scene),
        ),
        scene.say("survey.forward-link", link=f"open:{LINK}{survey.code}"),
    )
