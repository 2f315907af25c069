"""Taking part in a survey: by its link or by its name, in the one of one's own workplace."""

from bot.engine.broadcast_texts import LINK_FLOW
from bot.engine.guide import local_now
from bot.engine.session import Act, Session
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.engine.survey import BEGINNING, Stage, Survey
from bot.flows.model import Flow, FlowId, Flows
from bot.language.saying import say_date
from bot.messages import Command, Edited, Text, Utterance, plain


def flow_named(flows: Flows, text: str) -> Flow | None:
    """The flow that a whole message names: its title, its id, or a way of starting it."""
    return flows.named(text)


def flows_ahead(session: Session, utterance: Utterance, flows: Flows) -> frozenset[str]:
    """Ids of the flows that a turn may begin: by a button, by a link, or by their name."""
    acts = session.acts(BEGINNING.__contains__)
    if session.again and session.again.name in BEGINNING:
        acts.append(session.again)
    ids = {one for act in acts for one in act.arguments}
    match utterance:
        case Command(argument=argument):
            ids.add(argument.strip().removeprefix(LINK_FLOW))
        case Text(text=text) | Edited(text=text) if named := flow_named(flows, text):
            ids.add(named.id)
    return frozenset(ids)


def survey_of(scene: Scene, about: str) -> Survey | None:
    """The survey of an id, as far as this turn knows it."""
    return next((one for one in scene.view.surveys if about and one.id == about), None)


def survey_by_code(scene: Scene, code: str) -> Survey | None:
    """The survey that a link leads to."""
    return next((one for one in scene.view.surveys if one.code == code), None)


def flow_to_begin(scene: Scene, flow_id: str, about: str) -> Flow | None:
    """The flow to run on: of a survey as it was when it was opened, else in its newest version."""
    survey = survey_of(scene, about)
    if survey is not None:
        return scene.view.flows.begun_on(survey.flow_hash)
    return scene.view.flows.to_start(FlowId(flow_id))


def choose_survey(scene: Scene, flow: Flow, about: str) -> Survey | Said | None:
    """Which survey a run is to belong to.

    Returns:
        The survey; what to say where it takes no answer now, or where there are several; None where
        no rep has opened one of this flow.
    """
    if about and flow.does is None:
        survey = survey_of(scene, about)
        return say(scene, "survey.gone") if survey is None else _unless_shut(scene, flow, survey)
    if not flow.survey:
        return _taken(scene, flow) if flow.id in scene.view.taken else None
    ours = [one for one in scene.view.surveys if one.flow == flow.id and one.is_ours]
    return _among(scene, flow, ours)


def _among(scene: Scene, flow: Flow, surveys: list[Survey]) -> Survey | Said | None:
    """The one survey of a flow that takes answers now; asked where there are several."""
    today = local_now(scene).date()
    running = [one for one in surveys if one.stage(today) is Stage.OPEN]
    early = [one for one in surveys if one.stage(today) is Stage.EARLY]
    if not running and early:
        return _unless_shut(scene, flow, min(early, key=lambda one: one.opens_on))
    if not running:
        return _taken(scene, flow) if flow.id in scene.view.taken else None
    free = [one for one in running if not one.is_taken]
    if not free:
        return _taken(scene, flow)
    return free[0] if len(running) == 1 else _which(scene, flow, free)


def _which(scene: Scene, flow: Flow, surveys: list[Survey]) -> Said:
    """Several workplaces are asked at once: the person says which is theirs."""
    choices = tuple(Choose(one.workplace, Act("introduce", (flow.id, one.id))) for one in surveys)
    text = scene.say("survey.which", title=flow.title.text(scene.view.language))
    draft = Draft(text=text, choices=choices, asks=True)
    return Said(session=scene.session, drafts=(draft,))


def _unless_shut(scene: Scene, flow: Flow, survey: Survey) -> Survey | Said:
    """The survey; or why it takes no answer of this person now."""
    match survey.stage(local_now(scene).date()):
        case Stage.EARLY:
            return say(scene, "survey.early", day=say_date(survey.opens_on, scene))
        case Stage.OVER:
            return say(scene, "survey.over", day=say_date(survey.closes_on, scene))
        case Stage.OPEN:
            return _taken(scene, flow) if survey.is_taken else survey


def _taken(scene: Scene, flow: Flow) -> Said:
    key = "flow.taken" if flow.anonymous else "survey.answered"
    return say(scene, key, title=flow.title.text(scene.view.language))


def place_line(scene: Scene, survey: Survey | None) -> str:
    """Which workplace a survey is for, and how long it is open; empty for none that a rep opened."""
    if survey is None:
        return ""
    day = say_date(survey.closes_on, scene)
    return scene.say("survey.place", workplace=plain(survey.workplace), day=day)
