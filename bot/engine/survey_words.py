"""What surveys and their results are called in the chat: rounds, answers that are counted together."""

from collections.abc import Sequence
from typing import Final

from bot.engine.speech import Scene
from bot.engine.survey import Survey
from bot.language.saying import say_date
from bot.results.counting import MISSING, Codes
from bot.results.shapes import Question

NAMED: Final = 3  # answers counted together that are named


def told_apart(scene: Scene, surveys: Sequence[Survey], names: Sequence[str]) -> tuple[str, ...]:
    """The names of some surveys, with the last day where two have the same name."""
    return tuple(
        name
        if names.count(name) == 1
        else scene.say("results.round", survey=name, day=say_date(one.closes_on, scene))
        for one, name in zip(surveys, names, strict=True)
    )


def group_name(scene: Scene, question: Question, codes: Codes) -> str:
    """What answers that are counted together are called."""
    labels = {option.code: option.label for option in question.options}
    named = [labels.get(code, code) for code in codes if code not in MISSING]
    silent = any(code in MISSING for code in codes)
    if not named:
        return scene.say("results.no-answer")
    if len(named) > NAMED:
        together = scene.say("results.others", count=len(named))
    else:
        together = f" {scene.say('results.or')} ".join(named)
    return scene.say("results.or-none", answers=together) if silent else together
