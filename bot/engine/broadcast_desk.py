"""Broadcasts that stand: looked at, agreed to, changed, paused, stopped; and the places they go to."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.engine import broadcast_texts
from bot.engine.broadcast_preview import (
    alone,
    has_passed,
    hours_of,
    planned_times,
    review,
    why_urgent,
)
from bot.engine.bulletins import LISTED, NAME_LIMIT, TO_PLACE, UNDO_S, Bulletin, Destination
from bot.engine.commands import ULRS
from bot.engine.effects import OptOut
from bot.engine.effects_broadcasts import AddDestination, AllowRole, DropDestination, MoveBroadcast
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.messages import Place, ReplyKind, Role, plain
from bot.planning.lifecycle import LEADS_OUT, Event, Status, may
from bot.planning.plans import Now
from bot.planning.recipients import ALL

OFFERED: Final = (Event.PAUSE, Event.GO_ON, Event.CHANGE, Event.CANCEL, Event.HALT)
SOON: Final = timedelta(minutes=2)  # what goes out within this is about to be sent
HANDLE: Final = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)  # the public name of a channel
LISTABLE: Final = tuple(role for role in Role if role in ULRS)  # an allow-list can name them


def listing(scene: Scene, page: str = "0") -> Said:
    """What is planned or under way, then what is done; so many at a time."""
    found, begin = scene.view.board.others, int(page) * LISTED
    shown = found[begin : begin + LISTED]
    if not shown:
        return say(scene, "broadcast.none")
    lines = "\n".join(f"- {_line(scene, number, one)}" for number, one in enumerate(shown, 1))
    choices = [
        Choose(scene.say("button.bc-number", number=number), Act("bc-show", (one.id,)))
        for number, one in enumerate(shown, 1)
    ]
    if len(found) > begin + LISTED:
        choices.append(Choose(scene.say("button.bc-more"), Act("bc-list", (str(int(page) + 1),))))
    return _said(scene, scene.say("broadcast.list", broadcasts=lines), *choices)


def show(scene: Scene, wanted: str) -> Said:
    """One broadcast: the message, where it stands, its next times, its figures, what can be done."""
    one = scene.view.board.of_id(wanted)
    if one is None:
        return say(scene, "broadcast.gone")
    if one.status is Status.AWAITING and not one.is_mine:
        return review(scene, one)
    text = scene.say(
        "broadcast.shown",
        status=scene.say(f"broadcast.status-{one.status.value}"),
        audience=_audience(scene, one),
        words=one.texts.get(scene.view.language) or one.texts.get("en", ""),
    )
    is_stuck = one.status is Status.AWAITING and not scene.view.board.colleagues
    blocks = (
        text,
        _times(scene, one),
        why_urgent(scene, one),
        _figures(scene, one),
        alone(scene) if is_stuck else "",
    )
    return _said(scene, _join(*blocks), *_moves(scene, one))


def _moves(scene: Scene, one: Bulletin) -> tuple[Choose, ...]:
    return tuple(
        Choose(scene.say(f"button.bc-do-{event.value}"), Act("bc-move", (one.id, event.value)))
        for event in OFFERED
        if may(one.status, event)
        and not (event is Event.HALT and one.status is not Status.SENDING)
    )


def approve(scene: Scene, wanted: str, seen: str) -> Said:
    """A second ULR agrees to exactly the text that they saw."""
    one = scene.view.board.of_id(wanted)
    if one is None or not may(one.status, Event.APPROVE):
        return say(scene, "broadcast.gone")
    if one.is_mine:
        return say(scene, "broadcast.own-approval")
    if one.hash != seen:
        return review(scene, one, scene.say("broadcast.changed"))
    if not _may_send(scene, one, Event.APPROVE):
        return say(scene, "broadcast.not-there")
    if has_passed(scene, one):
        return review(scene, one)
    if one.plan == Now():
        undo = Choose(scene.say("button.bc-undo"), Act("bc-move", (one.id, Event.CHANGE.value)))
        said = say(scene, "broadcast.approved-now", undo, seconds=UNDO_S)
    else:
        said = say(scene, "broadcast.approved")
    return replace(
        said, effects=(MoveBroadcast(broadcast=wanted, event=Event.APPROVE, hash=seen),)
    )


def move(scene: Scene, wanted: str, event: str) -> Said:
    """Pause, go on, cancel, stop, or take it back to be changed."""
    one, happens = scene.view.board.of_id(wanted), Event(event)
    if one is None or not may(one.status, happens):
        return say(scene, "broadcast.gone")
    if not _may_send(scene, one, happens):
        return say(scene, "broadcast.not-there")
    if happens is Event.GO_ON and has_passed(scene, one):
        change = Choose(
            scene.say("button.bc-do-change"), Act("bc-move", (wanted, Event.CHANGE.value))
        )
        return _said(scene, scene.say("broadcast.time-passed"), change)
    session = replace(scene.session, errand=None)
    choices = []
    if happens is Event.CHANGE:  # it is theirs now
        choices.append(Choose(scene.say("button.bc-preview"), Act("bc-go-on", (wanted,))))
    said = say(replace(scene, session=session), f"broadcast.did-{happens.value}", *choices)
    return replace(said, effects=(MoveBroadcast(broadcast=wanted, event=happens),))


def _may_send(scene: Scene, one: Bulletin, event: Event) -> bool:
    """Whether this person may lead to it being sent where it goes; to stop it is open to all."""
    allowed = scene.view.board.may_post(one.audience or "", scene.view.roles)
    return allowed or event not in LEADS_OUT


def halt(scene: Scene, _argument: str = "") -> Said:
    """`/halt`: everything that is being sent stops now, and what is about to begin waits."""
    running = [one for one in scene.view.board.others if one.status is Status.SENDING]
    soon = scene.now + SOON
    nearly = [
        one
        for one in scene.view.board.others
        if one.status is Status.SCHEDULED and one.moment and one.moment.at <= soon
    ]
    if not running and not nearly:
        return say(scene, "broadcast.nothing-to-halt", *listed(scene))
    moves = (
        *(MoveBroadcast(broadcast=one.id, event=Event.HALT) for one in running),
        *(MoveBroadcast(broadcast=one.id, event=Event.PAUSE) for one in nearly),
    )
    blocks = (
        scene.say("broadcast.halted-all", count=len(running)) if running else "",
        scene.say("broadcast.paused-all", count=len(nearly)) if nearly else "",
    )
    said = _said(scene, _join(*blocks), *listed(scene))
    return replace(said, effects=moves)


def listed(scene: Scene) -> tuple[Choose, ...]:
    """The way to all there are, where there are any."""
    if not scene.view.board.others:
        return ()
    return (Choose(scene.say("button.bc-list"), Act("bc-list")),)


def destination(scene: Scene, argument: str) -> Said:
    """`/destination add NAME` in a group or channel; in private the list of them."""
    verb, _, name = argument.strip().partition(" ")
    handle = ""
    if scene.view.place is Place.PRIVATE:
        handle, _, name = name.strip().partition(" ")
        if verb.lower() != "add" or not HANDLE.fullmatch(handle):
            return _destinations(scene)
    if verb.lower() != "add" or not name.strip():
        return say(scene, "destination.usage")
    if len(name) > NAME_LIMIT:
        return say(scene, "ask-rep.name-long", limit=NAME_LIMIT)
    said = say(scene, "destination.asked")
    added = AddDestination(f"d-{scene.view.fresh[:16]}", " ".join(name.split()), handle)
    return replace(said, effects=(added,))


def _destinations(scene: Scene) -> Said:
    found = scene.view.board.destinations
    if not found:
        return say(scene, "destination.none")
    lines = "\n".join(f"- {_place_line(scene, one)}" for one in found)
    choices = (
        Choose(scene.say("button.bc-place", name=one.name), Act("bc-place", (one.id,)))
        for one in found
    )
    return _said(scene, scene.say("destination.list", places=lines), *choices)


def _place_line(scene: Scene, one: Destination) -> str:
    roles = ", ".join(scene.say(f"role.{role.value}") for role in LISTABLE if role in one.roles)
    return scene.say("destination.line", name=plain(one.name), channel=one.channel, roles=roles)


def place(scene: Scene, wanted: str) -> Said:
    """One destination: who may send there, and away with it."""
    one = scene.view.board.destination(wanted)
    if one is None:
        return say(scene, "broadcast.gone")
    if not _may_manage(scene, one):
        return say(scene, "destination.not-yours")
    choices = [
        Choose(
            scene.say(
                "button.bc-disallow" if role in one.roles else "button.bc-allow",
                role=scene.say(f"role.{role.value}"),
            ),
            Act("bc-allow", (one.id, role.value, "0" if role in one.roles else "1")),
        )
        for role in LISTABLE
    ]
    choices.append(Choose(scene.say("button.bc-drop-place"), Act("bc-drop-place", (one.id,))))
    return _said(scene, _place_line(scene, one), *choices)


def allow(scene: Scene, wanted: str, role: str, is_allowed: str) -> Said:
    """Let a role send there, or no more."""
    one = scene.view.board.destination(wanted)
    if one is None:
        return say(scene, "broadcast.gone")
    if not _may_manage(scene, one):
        return say(scene, "destination.not-yours")
    yes = is_allowed == "1"
    changed = replace(one, roles=one.roles | {Role(role)} if yes else one.roles - {Role(role)})
    effect = AllowRole(destination=wanted, role=Role(role), is_allowed=yes)
    back = Choose(scene.say("button.bc-place", name=one.name), Act("bc-place", (one.id,)))
    return replace(_said(scene, _place_line(scene, changed), back), effects=(effect,))


def drop_place(scene: Scene, wanted: str) -> Said:
    """Post there no more."""
    one = scene.view.board.destination(wanted)
    if one is None or not _may_manage(scene, one):
        return say(scene, "destination.not-yours" if one else "broadcast.gone")
    return replace(say(scene, "destination.dropped"), effects=(DropDestination(wanted),))


def _may_manage(scene: Scene, one: Destination) -> bool:
    """Whoever may send there, and officers, decide who else may."""
    return bool(scene.view.roles & (one.roles | {Role.OFFICER, Role.ADMIN}))


def opt_out(scene: Scene, topic: str) -> Said:
    """The button on each message, and `/stop TOPIC`: no more of that; the way back is one tap."""
    known = scene.content.reminders.topic(topic)
    if known is None:
        return stop_topics(scene)
    title = known.title.text(scene.view.language)
    said = say(
        scene,
        "stopped-topic",
        Choose(scene.say("button.undo-topic"), Act("opt-in", (topic,))),
        Choose(scene.say("button.stop-all"), Act("opt-out-all")),
        topic=title,
    )
    return replace(said, effects=(OptOut(topic),))


def opt_out_all(scene: Scene) -> Said:
    """No more broadcasts at all."""
    undo = Choose(scene.say("button.undo-stop"), Act("opt-in", (ALL,)))
    return replace(say(scene, "stopped", undo), effects=(OptOut(ALL),))


def stop_topics(scene: Scene) -> Said:
    """What can be stopped on its own, and everything."""
    language = scene.view.language
    choices = tuple(
        Choose(
            scene.say("button.stop-topic", topic=one.title.text(language)),
            Act("opt-out", (one.id,)),
        )
        for one in scene.content.reminders.topics
        if one.id not in scene.view.opt_outs
    )
    stop_all = Choose(scene.say("button.stop-all"), Act("opt-out-all"))
    return say(scene, "stop.topics", *choices, stop_all)


def _line(scene: Scene, number: int, one: Bulletin) -> str:
    words = broadcast_texts.opening(one, scene.view.language)
    status = scene.say(f"broadcast.status-{one.status.value}")
    if one.status is Status.SCHEDULED and one.moment is not None:
        planned = broadcast_texts.when(scene, one.moment, hours_of(scene, one))
        status = f"{status}, {planned.removesuffix('.')}"
    return scene.say(
        "broadcast.line",
        number=number,
        status=status,
        words=plain(words.replace("\\", "").replace("**", "")),
    )


def _times(scene: Scene, one: Bulletin) -> str:
    if one.status not in {Status.SCHEDULED, Status.PAUSED, Status.AWAITING} or one.moment is None:
        return ""
    if has_passed(scene, one):
        return scene.say("broadcast.time-passed")
    return planned_times(scene, one)


def _figures(scene: Scene, one: Bulletin) -> str:
    if not one.tally.total:
        return ""
    return broadcast_texts.figures(scene, one.tally, one.audience or "")


def _audience(scene: Scene, one: Bulletin) -> str:
    view = scene.view
    audience = one.audience or TO_PLACE
    name = broadcast_texts.audience_name(scene, audience, view.board, view.flows, view.language)
    return plain(name)


def _said(scene: Scene, text: str, *choices: Choose) -> Said:
    draft = Draft(text=text, choices=tuple(choices), kind=ReplyKind.QUESTION, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def _join(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block)
