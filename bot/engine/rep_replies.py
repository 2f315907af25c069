"""The rep's half of asking a person: the queue, taking a question, writing, signing, sending."""

from dataclasses import replace
from typing import Final

from bot.engine.desk import (
    NAME_LIMIT,
    REPLY_LIMIT,
    SHOWN,
    Stage,
    Taken,
    Waiting,
    in_paragraphs,
)
from bot.engine.effects_reps import (
    KeepReply,
    LeaveQuestion,
    SendReply,
    SignReply,
    TakeQuestion,
)
from bot.engine.rights import guarded as rights
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.messages import ReplyKind, plain

ANONYMOUS: Final = "no"  # the argument of `desk-sign` that takes a name away
guarded: Final = rights("questions")


def queue(scene: Scene) -> Said:
    """The questions of the branch that wait, each with a button to take it."""
    taken = tuple(one.question for one in scene.view.desk.taken)
    waiting = scene.view.desk.waiting
    if not taken and not waiting:
        return say(scene, "desk.empty")
    shown = (*taken, *waiting)[:SHOWN]
    lines = "\n".join(f"- {_line(scene, number, one)}" for number, one in enumerate(shown, 1))
    text = scene.say("desk.list", count=len(taken) + len(waiting), questions=lines)
    choices = tuple(
        Choose(scene.say("button.desk-take", number=number), Act("desk-take", (one.id,)))
        for number, one in enumerate(shown, 1)
    )
    return _said(scene, text, *choices)


def take(scene: Scene, question: str) -> Said:
    """Take a waiting question, or go on with one that is taken already."""
    own = _taken(scene, question)
    waiting = next((one for one in scene.view.desk.waiting if one.id == question), None)
    if own is None and waiting is None:
        return say(scene, "desk.gone")
    effects = () if own else (TakeQuestion(question),)
    asked = own.question if own else waiting
    assert asked is not None  # noqa: S101 - one of them is there; see above
    if own and own.reply:
        return _preview(scene, own)
    text = f"{_asked(scene, asked)}\n\n{scene.say('desk.write')}"
    leave = Choose(scene.say("button.desk-leave"), Act("desk-leave", (question,)))
    said = _said(_with(scene, Stage.REPLY, question), text, leave)
    return replace(said, effects=effects)


def write(scene: Scene, question: str) -> Said:
    """Write the reply anew."""
    if _taken(scene, question) is None:
        return say(scene, "desk.gone")
    return say(_with(scene, Stage.REPLY, question), "desk.write")


def reply(scene: Scene, words: str, question: str) -> Said:
    """The next words are the reply: shown as it will arrive, and not sent yet."""
    taken = _taken(scene, question)
    if taken is None:
        return say(_left(scene), "desk.gone")
    if len(words) > REPLY_LIMIT:
        return say(scene, "desk.long", limit=f"{REPLY_LIMIT:,}")
    said = _preview(_left(scene), replace(taken, reply=words))
    return replace(said, effects=(KeepReply(question, words),))


def sign(scene: Scene, question: str, name: str = "") -> Said:
    """Ask for the name below the reply, or take it away."""
    taken = _taken(scene, question)
    if taken is None:
        return say(scene, "desk.gone")
    if name == ANONYMOUS:
        said = _preview(scene, replace(taken, signed=""))
        return replace(said, effects=(SignReply(question, ""),))
    return say(_with(scene, Stage.SIGN, question), "desk.sign")


def signed(scene: Scene, words: str, question: str) -> Said:
    """The next words are the name."""
    taken = _taken(scene, question)
    if taken is None:
        return say(_left(scene), "desk.gone")
    if len(words) > NAME_LIMIT:
        return say(scene, "ask-rep.name-long", limit=NAME_LIMIT)
    said = _preview(_left(scene), replace(taken, signed=words))
    return replace(said, effects=(SignReply(question, words),))


def send(scene: Scene, question: str) -> Said:
    """Send the reply as it was shown."""
    taken = _taken(scene, question)
    if taken is None or not taken.reply:
        return say(scene, "desk.gone")
    said = say(_left(scene), "desk.sent")
    return replace(said, effects=(SendReply(question, f"r-{scene.miss_id()}"),))


def leave(scene: Scene, question: str) -> Said:
    """Give a question back."""
    if _taken(scene, question) is None:
        return say(scene, "desk.gone")
    return replace(say(_left(scene), "desk.left"), effects=(LeaveQuestion(question),))


def _preview(scene: Scene, taken: Taken) -> Said:
    question = taken.question.id
    signature = (
        scene.say("rep-reply.signed", name=plain(taken.signed))
        if taken.signed
        else scene.say("rep-reply.unsigned")
    )
    text = scene.say("desk.preview", reply=in_paragraphs(taken.reply), signature=signature)
    naming = (
        Choose(scene.say("button.desk-nameless"), Act("desk-sign", (question, ANONYMOUS)))
        if taken.signed
        else Choose(scene.say("button.desk-sign"), Act("desk-sign", (question,)))
    )
    return _said(
        scene,
        text,
        Choose(scene.say("button.desk-send"), Act("desk-send", (question,))),
        naming,
        Choose(scene.say("button.desk-write"), Act("desk-write", (question,))),
        Choose(scene.say("button.desk-leave"), Act("desk-leave", (question,))),
    )


def _asked(scene: Scene, question: Waiting) -> str:
    who = (
        scene.say("desk.asked-by", name=plain(question.name))
        if question.name
        else scene.say("desk.asked-by-nobody")
    )
    return f"{in_paragraphs(question.words)}\n\n{who}"


def _line(scene: Scene, number: int, question: Waiting) -> str:
    key = "desk.line-back" if question.is_back else "desk.line"
    return scene.say(key, number=number, days=question.days, words=plain(question.words))


def _taken(scene: Scene, question: str) -> Taken | None:
    found = (one for one in scene.view.desk.taken if one.question.id == question)
    return next(found, None)


def _said(scene: Scene, text: str, *choices: Choose) -> Said:
    draft = Draft(text=text, choices=choices, kind=ReplyKind.QUESTION, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def _with(scene: Scene, stage: Stage, question: str) -> Scene:
    return replace(scene, session=replace(scene.session, errand=Errand(stage, question)))


def _left(scene: Scene) -> Scene:
    return replace(scene, session=replace(scene.session, errand=None))
