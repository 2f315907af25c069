"""What has changed between two rounds of a survey, in the chat: worked out of the two releases alone."""

from bot.engine.prompts import join
from bot.engine.speech import Draft, Said, Scene, say
from bot.engine.survey_words import group_name
from bot.language.saying import say_date
from bot.messages import plain
from bot.results.published import Release
from bot.results.rounds import Change, Step, changes
from bot.results.shapes import Question


def since(scene: Scene, survey_id: str) -> Said:
    """Every question that was asked in the same words last time, then and now."""
    books = scene.view.books
    release, before = books.release(survey_id), books.before(survey_id)
    one = next((one for one in books.closed if one.id == survey_id), None)
    if release is None or before is None or one is None:
        return say(scene, "results.gone")
    blocks = [_block(scene, release, change) for change in changes(release, before)]
    head = scene.say(
        "results.since",
        survey=plain(one.workplace),
        day=say_date(before.closed_on, scene),
        before=before.returns or 0,
        count=release.returns or 0,
    )
    if not blocks:
        return _said(scene, join(head, scene.say("results.since-none")))
    return _said(scene, join(head, scene.say("results.since-note"), *blocks))


def _said(scene: Scene, text: str) -> Said:
    return Said(session=scene.session, drafts=(Draft(text=text, personal=True),))


def _block(scene: Scene, release: Release, change: Change) -> str:
    question = release.codebook.question(change.name)
    lines = "\n".join(f"- {_line(scene, question, change, step)}" for step in change.steps)
    return f"**{plain(question.label)}**\n\n{lines}"


def _line(scene: Scene, question: Question, change: Change, step: Step) -> str:
    answer = plain(group_name(scene, question, step.codes))
    if step.share is None or step.before_share is None:
        return scene.say("results.since-line", answer=answer, before=step.before, count=step.count)
    return scene.say(
        "results.since-share",
        answer=answer,
        before=step.before,
        before_base=change.before_base,
        before_share=step.before_share,
        count=step.count,
        base=change.base,
        share=step.share,
    )
