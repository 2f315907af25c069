"""What a run says once it was handed in: thanks, what to take away, the next slip; or that it is too late."""

from dataclasses import replace

from bot.engine.effects import EndRun
from bot.engine.guide import Guide, local_now
from bot.engine.joining import survey_of
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, say


def shut_out(here: Guide) -> Said | None:
    """The run left for good where its survey takes nothing any more; None where it does."""
    one = here.held
    if not one.about or here.flow.does is not None:
        return None
    survey = survey_of(here.scene, one.about)
    if survey is not None and survey.takes_in(local_now(here.scene)):
        return None
    runs = tuple(other for other in here.scene.session.runs if other.id != one.id)
    left = replace(here.scene, session=replace(here.scene.session, runs=runs))
    key = "survey.closed-unchanged" if here.run.revision else "survey.closed-meanwhile"
    return replace(say(left, key), effects=(EndRun(run=one.id),))


def ended(here: Guide) -> tuple[Draft, ...]:
    """The last words of a run, as it was before it was handed in."""
    if here.held.slip:
        return (_next_slip(here),)
    thanks = here.text(here.flow.thanks) if here.flow.thanks else here.say("flow.thanks")
    if here.run.revision:
        thanks = here.say("answers.replaced")
    keep = [here.note(note) for note in here.route.last_notes if note.take_away]
    drafts = [Draft(text=thanks, asks=True)]
    if keep:
        drafts.append(Draft(text=here.say("flow.take-away", text="\n\n".join(keep)), asks=True))
    return tuple(drafts)


def _next_slip(here: Guide) -> Draft:
    """After a paper slip: another one, or that was the last."""
    number, survey = here.held.slip, here.held.about
    choices = (
        Choose(here.say("button.slip-next"), Act("survey-slip", (survey, str(number + 1)))),
        Choose(here.say("button.slip-last"), Act("survey-card", (survey,))),
    )
    return Draft(text=here.say("slip.in", number=number), choices=choices, asks=True)
