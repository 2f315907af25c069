"""Changing a named run after it was handed in, until its survey closes; every revision is kept."""

from dataclasses import replace

from bot.engine.guide import Guide, local_now
from bot.engine.guiding import said
from bot.engine.handed_in import HandedIn
from bot.engine.held import Held, held, is_full
from bot.engine.session import Act
from bot.engine.shelving import put_aside, resume_run
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.flows import runner
from bot.flows.runner import Moved
from bot.language.saying import say_date
from bot.messages import plain


def answers(scene: Scene) -> Said:
    """What this person has handed in under their name, with a button to change each."""
    if not scene.view.handed_in:
        return say(scene, "answers.none")
    blocks = [scene.say("answers.list"), *(_block(scene, one) for one in scene.view.handed_in)]
    choices = tuple(
        Choose(scene.say("button.reopen", title=_title(scene, one)), Act("reopen", (one.id,)))
        for one in scene.view.handed_in
        if one.is_open
    )
    draft = Draft(text="\n\n".join(blocks), choices=choices, personal=True, asks=True)
    return Said(session=scene.session, drafts=(draft,))


def reopen(scene: Scene, run_id: str) -> Said:
    """Go through the answers of a run again; what was handed in counts until it is handed in anew."""
    if held(scene.session, run_id):
        return resume_run(scene, run_id)
    found = next((one for one in scene.view.handed_in if one.id == run_id), None)
    flow = scene.view.flows.begun_on(found.run.flow_hash) if found else None
    if found is None or flow is None or not found.is_open:
        return say(scene, "answers.shut")
    if is_full(scene.session):
        return say(scene, "answers.too-many")
    moved = runner.reopen(flow, found.run, local_now(scene))
    if not isinstance(moved, Moved):
        return say(scene, "answers.shut")
    one = Held(
        id=found.id,
        run=moved.run,
        touched_at=int(scene.now.timestamp()),
        about=found.about,
    )
    aside = replace(scene, session=put_aside(scene))
    here = Guide(scene=aside, held=one, flow=flow, run=moved.run, route=moved.route)
    return said(here, scene.say("answers.reopened"))


def _block(scene: Scene, one: HandedIn) -> str:
    """A run in a few lines: when it was handed in, what was changed when, whether it still may be."""
    days = [say_date(at.astimezone(scene.view.zone).date(), scene) for at, _ in one.revisions]
    lines = [scene.say("answers.first", day=day) for day in days[:1]]
    for day, (_, count) in list(zip(days, one.revisions, strict=True))[1:]:
        lines.append(scene.say("answers.changed", day=day, count=count))
    if not one.is_open:
        lines.append(scene.say("answers.closed"))
    rows = "\n".join(f"- {line}" for line in lines)
    return f"**{plain(_title(scene, one))}**\n\n{rows}"


def _title(scene: Scene, one: HandedIn) -> str:
    flow = scene.view.flows.begun_on(one.run.flow_hash)
    title = flow.title.text(scene.view.language) if flow else one.run.flow
    return f"{title}, {one.workplace}" if one.workplace else title
