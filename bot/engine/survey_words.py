"""What the results of a survey are called in the chat: answers that are counted together."""

from typing import Final

from bot.engine.speech import Scene
from bot.results.counting import MISSING, Codes
from bot.results.shapes import Question

NAMED: Final = 3  # answers counted together that are named


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
