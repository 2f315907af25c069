"""What somebody has left open beside their questions: a broadcast half written, a run put aside, an undo.

Whoever then says something that is heard otherwise is told the way back to it.
"""

import re
from dataclasses import replace
from typing import Final

from bot.engine.commands import REPS
from bot.engine.guiding import gone_back, under_way
from bot.engine.held import paused
from bot.engine.session import Act, Offer
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.engine.waiting import resume_button

_UNDO: Final = re.compile(
    r"(?:please )?(?:undo(?: (?:it|that|this))?|take (?:it|that) back)[.! ]*$", re.IGNORECASE
)
LATELY_S: Final = 3_600  # so long a run that was put aside is offered beside a decline
_STEPS: Final = frozenset({"bc-kind", "bc-audience", "bc-button", "bc-plan"})  # ask for a part


def undone(scene: Scene, words: str) -> Act | Said | None:
    """What "undo" means: the one button of the turn before that takes something back, or a step back.

    Returns:
        An act to perform, what to say, or None where the words are none of that or mean the plan.
    """
    if not _UNDO.match(words.strip()):
        return None
    ways = [offer.act for offer in _lately(scene) if _takes_back(offer.act)]
    if len(ways) == 1:
        return ways[0]
    if scene.view.roles & REPS and scene.view.coach.shared:
        return None
    here = under_way(scene)
    return gone_back(here) if here else say(scene, "undo.nothing")


def half_written(scene: Scene) -> Act | None:
    """What goes on with the broadcast that the turn before asked something about."""
    ids = {offer.act.arguments[0] for offer in _lately(scene) if offer.act.name in _STEPS}
    return Act("bc-go-on", (ids.pop(),)) if len(ids) == 1 else None


def with_way_back(scene: Scene, said: Said, *, is_lost: bool = True) -> Said:
    """A reply beside what was left open, and the way back to it.

    Args:
        scene: Where the talk stands.
        said: The reply.
        is_lost: Whether it had nothing for them, so that they may have meant what they put aside.
    """
    if under_way(scene):
        return said
    if draft := half_written(scene):
        go_on = Choose(scene.say("button.bc-go-on"), draft)
        return _after(said, Draft(text=scene.say("broadcast.waits"), choices=(go_on,)))
    waiting = paused(scene.session)
    is_new = is_lost and bool(waiting) and scene.now.timestamp() - waiting[0].touched_at < LATELY_S
    if not is_new or not said.drafts:
        return said
    last = said.drafts[-1]
    choices = (*last.choices, resume_button(scene, waiting[0]))
    return replace(said, drafts=(*said.drafts[:-1], replace(last, choices=choices)))


def _after(said: Said, draft: Draft) -> Said:
    return replace(said, drafts=(*said.drafts, replace(draft, personal=True)))


def _lately(scene: Scene) -> list[Offer]:
    begins = f"{scene.session.turn - 1:x}."
    return [offer for offer in scene.session.offers if offer.token.startswith(begins)]


def _takes_back(act: Act) -> bool:
    return act.name in {"undo", "opt-in", "plan-undo"} or act == Act("command", ("map", "undo"))
