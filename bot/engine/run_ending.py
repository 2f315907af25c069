"""What a run says once it was handed in: thanks, what to take away, and the next slip of a batch."""

from bot.engine.guide import Guide
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft


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
