"""How an errand lives from turn to turn: who takes its words, and what ends it.

An offer stands for one turn. A question for words stands until they come, somebody leaves it with
`cancel`, `back` or a button, or begins something else; a crisis card, `help` and the like pass by.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.engine import broadcasting, map_changes, rep_questions, rep_replies, surveying
from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.desk import ASK_ACTS, BROADCAST_STAGES, REP_ACTS, WAITS_FOR_WORDS, Stage
from bot.engine.plan_view import PREFIXES
from bot.engine.session import Session
from bot.engine.speech import Said, Scene, say
from bot.records import replace

LEAVING: Final = frozenset({"cancel", "back", "skip", "pause"})
PASSING_BY: Final = frozenset({"help", "status", "privacy"})

_TAKERS: Final[Mapping[str, Callable[[Scene, str, str], Said]]] = {
    Stage.WRITE: lambda scene, words, _: rep_questions.write(scene, words),
    Stage.WRITE_BACK: rep_questions.write,
    Stage.NAME: rep_questions.name,
    Stage.REPLY: rep_replies.reply,
    Stage.SIGN: rep_replies.signed,
    Stage.UNTIL: surveying.until_words,
    map_changes.NAMING: map_changes.named,
    Stage.BC_TEXT: broadcasting.write,
    Stage.BC_GAP: broadcasting.fill,
    Stage.BC_WHEN: broadcasting.read_when,
    Stage.BC_REASON: broadcasting.give_reason,
}
_READS: Final[Mapping[str, Callable[[Scene, str, str], bool]]] = {
    Stage.BC_GAP: broadcasting.fits_gap,
    Stage.BC_WHEN: broadcasting.names_time,
}  # whether words are what is waited for
_COMMAND_OF: Final[Mapping[str, str]] = {  # whose rights are checked again before words are taken
    Stage.REPLY: "questions",
    Stage.SIGN: "questions",
    map_changes.NAMING: "map",
    **dict.fromkeys(BROADCAST_STAGES, "broadcast"),
    Stage.UNTIL: "surveys",
}


def take_words(scene: Scene, words: str) -> Said | None:
    """Words that an errand waits for; None where none waits, or whoever wrote may no more."""
    errand = scene.session.errand
    if errand is None or errand.stage not in _TAKERS:
        return None
    if errand.stage in _COMMAND_OF:
        spec = COMMAND_BY_NAME[_COMMAND_OF[errand.stage]]
        if key := refusal(spec, scene.view.roles, scene.view.place):
            return say(_without(scene), key)
    return _TAKERS[errand.stage](scene, words.strip(), errand.about)


def is_unfit(scene: Scene, words: str) -> bool:
    """Whether an errand waits for a day, a time or the like, and words are none: then they may be aside."""
    errand = scene.session.errand
    reads = _READS.get(errand.stage) if errand else None
    return errand is not None and reads is not None and not reads(scene, words, errand.about)


def wants_words(scene: Scene, words: str) -> bool:
    """Whether an errand waits for words, and these may be they."""
    return _waits(scene.session) and not is_unfit(scene, words)


def take_command(scene: Scene, name: str) -> Said | None:
    """A verb that leaves what waits for words; None where nothing waits, or it is another command."""
    errand = scene.session.errand
    if errand is None or not _waits(scene.session) or name not in LEAVING:
        return None
    is_draft = errand.stage in BROADCAST_STAGES
    return say(_without(scene), "broadcast.left" if is_draft else "errand.left")


def before_command(scene: Scene, name: str) -> Scene:
    """The scene for a command: it ends what waits, unless it only passes by."""
    return scene if name in PASSING_BY or name == "human" else _without(scene)


def before_act(scene: Scene, name: str) -> Scene:
    """The scene for a button: one that has nothing to do with the errand ends it."""
    return (
        scene if name in ASK_ACTS | REP_ACTS | {"command", "survey-extend-to"} else _without(scene)
    )


def settled(before: Session, after: Session) -> Session:
    """The session at the end of a turn: an offer that was not taken up is gone."""
    is_offer = after.errand is not None and not _waits(after)
    return replace(after, errand=None) if is_offer and after.errand is before.errand else after


def _waits(session: Session) -> bool:
    errand = session.errand
    return errand is not None and (
        errand.stage in WAITS_FOR_WORDS
        or errand.stage in _TAKERS
        or errand.stage.startswith(PREFIXES)
    )


def _without(scene: Scene) -> Scene:
    if scene.session.errand is None:
        return scene
    return replace(scene, session=replace(scene.session, errand=None))
