"""The steps of a run as sums: what a survey's funnel is made of. Nothing in them says whose they were.

A question counts when it is the furthest that somebody has come to: going back and changing answers
counts nothing, and nobody is counted twice anywhere.
"""

from dataclasses import replace

from bot.engine.effects_surveys import CountSteps
from bot.engine.guide import Guide
from bot.flows.model import Question
from bot.results.funnel import LEFT, REACHED, STARTED, span_of

END = "."  # stands for the review: no question has this name


def counted_steps(here: Guide) -> tuple[Guide, tuple[CountSteps, ...]]:
    """The run with how far it is noted, and what that adds to the sums of its survey.

    Only surveys that a rep opened are counted, and no paper slips.
    """
    one = here.held
    if not one.about or one.slip or not here.flow.survey or here.run.revision:
        return here, ()
    stop = here.stop
    if stop is not None and (here.run.focus is not None or not isinstance(stop.part, Question)):
        return here, ()
    name = stop.part.name if stop else END
    if not _is_further(here, name):
        return here, ()
    now = int(here.scene.now.timestamp())
    counts = {("", STARTED): 1} if not one.far else {(one.far, LEFT): 1}
    span = span_of(now - one.asked_at) if one.far else None
    if span is not None:
        counts[one.far, span] = 1
    if name != END:
        counts[name, REACHED] = 1
    on = replace(here, held=replace(one, far=name, asked_at=now))
    return on, (CountSteps(survey=one.about, counts=counts),)


def _is_further(here: Guide, name: str) -> bool:
    """Whether a question stands behind the furthest so far."""
    order = [*(question.name for question in here.flow.questions), END]
    far = here.held.far
    return not far or (far in order and order.index(name) > order.index(far))
