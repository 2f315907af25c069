"""The second yes: a draft is tried out, planned, or put before a second ULR."""

from dataclasses import replace

from bot.engine import broadcast_texts
from bot.engine.broadcast_preview import asked, draft_of, hours_of, preview
from bot.engine.broadcasting import onward
from bot.engine.bulletins import UNDO_S, Bulletin, is_large, needs_second
from bot.engine.effects_broadcasts import MoveBroadcast, TestBroadcast
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.planning.lifecycle import Event
from bot.planning.plans import Now, next_moments
from bot.planning.recipients import Fate


def test(scene: Scene, wanted: str) -> Said:
    """Send it to oneself alone."""
    draft = draft_of(scene, wanted)
    if draft is None or not _is_whole(draft):
        return say(scene, "broadcast.gone")
    back = Choose(scene.say("button.bc-preview"), Act("bc-go-on", (wanted,)))
    said = asked(scene, scene.say("broadcast.tested"), back)
    return replace(said, effects=(TestBroadcast(wanted),))


def confirm(scene: Scene, wanted: str, seen: str) -> Said:
    """The second yes: it is planned, or a second ULR is asked. What was seen is what goes out."""
    draft = draft_of(scene, wanted)
    if draft is None or not _is_whole(draft):
        return say(scene, "broadcast.gone")
    if draft.hash != seen:
        return preview(scene, draft, scene.say("broadcast.changed"))
    if not scene.view.board.may_post(draft.audience or "", scene.view.roles):
        return onward(scene, replace(draft, audience=None), scene.say("broadcast.not-there"))
    tally = scene.view.board.tally(draft, draft.audience or "")
    if not tally.of_fate(Fate.WAITING):
        return preview(scene, draft, scene.say("broadcast.nobody"))
    plan, hours = draft.plan or Now(), hours_of(scene, draft)
    coming = next_moments(plan, hours, scene.now, 1)
    if not coming:
        return onward(scene, replace(draft, plan=None), scene.say("broadcast.no-time"))
    if needs_second(draft, tally) and not scene.view.board.colleagues:
        return preview(scene, draft)
    if needs_second(draft, tally):
        return _moved(scene, draft, "broadcast.asked-second", Event.ASK)
    if not isinstance(plan, Now) or coming[0].is_put_off:
        when = broadcast_texts.when(scene, coming[0], hours).removesuffix(".")
        said = say(scene, "broadcast.scheduled", *_hand_back(scene, draft), when=when)
        move = MoveBroadcast(broadcast=draft.id, event=Event.SCHEDULE, hash=seen)
        return replace(said, effects=(move,))
    wait_s = UNDO_S if is_large(tally) else 0
    if not wait_s:
        return _moved(scene, draft, "broadcast.going-out", Event.SCHEDULE)
    undo = Choose(scene.say("button.bc-undo"), Act("bc-move", (draft.id, Event.CHANGE.value)))
    said = say(scene, "broadcast.undo-window", undo, seconds=wait_s)
    move = MoveBroadcast(broadcast=draft.id, event=Event.SCHEDULE, hash=seen, wait_s=wait_s)
    return replace(said, effects=(move,))


def _moved(scene: Scene, draft: Bulletin, key: str, event: Event) -> Said:
    said = say(scene, key, *_hand_back(scene, draft))
    move = MoveBroadcast(broadcast=draft.id, event=event, hash=draft.hash)
    return replace(said, effects=(move,))


def _hand_back(scene: Scene, draft: Bulletin) -> tuple[Choose, ...]:
    return (Choose(scene.say("button.bc-show"), Act("bc-show", (draft.id,))),)


def _is_whole(draft: Bulletin) -> bool:
    return bool(draft.texts) and None not in {draft.kind, draft.audience, draft.button, draft.plan}
