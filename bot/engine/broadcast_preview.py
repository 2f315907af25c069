"""The preview of a broadcast: the very message, then who gets it, when, and what can be done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.engine import broadcast_texts, bulletins
from bot.engine.bulletins import (
    FEW,
    SECOND_EYES,
    TO_PLACE,
    UNDO_S,
    Board,
    Bulletin,
    needs_second,
)
from bot.engine.commands import OFFICERS
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.language.recurrence import Recurrence
from bot.language.saying import say_time
from bot.messages import Option, Place, Reply, ReplyKind, Role, Token, plain
from bot.planning.lifecycle import Event, Status
from bot.planning.plans import CLOSES, SHOWN, Hours, Moment, Now, Once, next_moments, opening
from bot.planning.recipients import Kind

PARTS: Final = ("texts", "audience", "button", "plan")  # what can be changed in the preview


def preview(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    """The very message, then everything about it, and what can be done."""
    about = _about(scene, bulletin, "broadcast.preview", _times(scene, bulletin))
    blocks = (*leads, about, *_notes(scene, bulletin), _second(scene, bulletin))
    said = asked(scene, join(*blocks), *_preview_choices(scene, bulletin))
    return replace(said, drafts=(*_looks(scene, bulletin), *said.drafts))


def review(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    """What its author saw, for a second pair of eyes; the button agrees to it and to nothing else."""
    refuse = Choose(
        scene.say("button.bc-refuse"), Act("bc-move", (bulletin.id, Event.REFUSE.value))
    )
    if has_passed(scene, bulletin):
        take = Choose(
            scene.say("button.bc-do-change"), Act("bc-move", (bulletin.id, Event.CHANGE.value))
        )
        times, choices = scene.say("broadcast.time-passed"), (take, refuse)
    else:
        agree = Choose(
            scene.say("button.bc-approve"), Act("bc-approve", (bulletin.id, bulletin.hash))
        )
        times, choices = planned_times(scene, bulletin), (agree, refuse)
    about = _about(scene, bulletin, "broadcast.review", times)
    question = scene.say("broadcast.agree")
    said = asked(scene, join(*leads, about, *_notes(scene, bulletin), question), *choices)
    return replace(said, drafts=(*_looks(scene, bulletin), *said.drafts))


def _about(scene: Scene, bulletin: Bulletin, key: str, times: str) -> str:
    """Who gets it and who does not, how long that takes, and when it goes out."""
    board, audience = scene.view.board, bulletin.audience or ""
    return scene.say(
        key,
        audience=plain(named(scene, audience)),
        kind=scene.say(f"broadcast.kind-{(bulletin.kind or Kind.CAMPAIGN).value}"),
        figures=broadcast_texts.figures(scene, board.tally(bulletin, audience), audience),
        duration=broadcast_texts.duration(scene, board.lasts(bulletin)),
        times=times,
    )


def _notes(scene: Scene, bulletin: Bulletin) -> Iterator[str]:
    """What somebody should know before they say yes."""
    yield why_urgent(scene, bulletin)
    hours, planned = hours_of(scene, bulletin), bulletin.moment
    if planned is None or planned.at <= scene.now:
        planned = next(iter(next_moments(bulletin.plan or Now(), hours, scene.now, 1)), None)
    if planned is None:
        return
    end = planned.at + timedelta(seconds=scene.view.board.lasts(bulletin))
    if opening(end, hours) != end:
        yield scene.say("broadcast.cut-short", closes=say_time(CLOSES))


def why_urgent(scene: Scene, bulletin: Bulletin) -> str:
    """Why the quiet hours do not count; empty where they do."""
    if not bulletin.urgent:
        return ""
    return scene.say("broadcast.urgent", reason=plain(bulletin.urgent))


def _second(scene: Scene, bulletin: Bulletin) -> str:
    """That somebody else has to agree; and what to do where there is nobody else."""
    tally = scene.view.board.tally(bulletin, bulletin.audience or "")
    if not needs_second(bulletin, tally):
        return ""
    if scene.view.board.colleagues:
        return scene.say("broadcast.second-eyes")
    return alone(scene)


def alone(scene: Scene) -> str:
    """What somebody can do who is the only one in the branch that may send."""
    may_invite = bool(scene.view.roles & OFFICERS)
    invite = scene.say("broadcast.invite-second" if may_invite else "broadcast.ask-officer")
    return scene.say("broadcast.no-second", many=SECOND_EYES, invite=invite)


def has_passed(scene: Scene, bulletin: Bulletin) -> bool:
    """Whether the one time it was planned for is over, and it never went out."""
    if not isinstance(bulletin.plan, Once):
        return False
    return bulletin.moment is None or bulletin.moment.at <= scene.now


def planned_times(scene: Scene, bulletin: Bulletin) -> str:
    """The next times of one that stands, from the one it is planned for."""
    hours = hours_of(scene, bulletin)
    if isinstance(bulletin.plan, Now) and bulletin.status is Status.AWAITING:
        return f"- {scene.say('broadcast.once-agreed', seconds=UNDO_S)}"
    coming: tuple[Moment, ...] = ()
    since, planned = scene.now, bulletin.moment
    if planned is not None and planned.at > scene.now:
        coming, since = (planned,), planned.planned
    if isinstance(bulletin.plan, Recurrence):
        coming += next_moments(bulletin.plan, hours, since, SHOWN - len(coming))
    lines = "\n".join(f"- {broadcast_texts.when(scene, one, hours)}" for one in coming)
    return join(broadcast_texts.rhythm(scene, bulletin), lines)


def _looks(scene: Scene, bulletin: Bulletin) -> Iterator[Draft]:
    """The very message as this channel shows it, then as each other one does that it goes out on."""
    view, board = scene.view, scene.view.board
    is_post = (bulletin.audience or "").startswith(TO_PLACE)
    message = broadcast_texts.message(scene, bulletin, view.language, view.flows)
    reply = broadcast_texts.post(bulletin) if is_post else _as_reply(message, view.language)
    yield _card(join(reply.text, _buttons_below(scene, reply)))
    for channel in _channels(board, bulletin):
        words = board.looks[channel](reply, Place.GROUP if is_post else Place.PRIVATE)
        lines = ("\n".join(map(plain, one.splitlines())) for one in words)
        name = plain(channel.capitalize())
        yield _card(scene.say("broadcast.elsewhere", channel=name, message=join(*lines)))


def _channels(board: Board, bulletin: Bulletin) -> list[str]:
    """The other channels it goes out on; all there are, where that would tell something of a few."""
    if (bulletin.audience or "").startswith(FEW):
        return sorted(board.looks)
    return sorted(set(board.messages(bulletin)) & set(board.looks))


def _as_reply(message: Draft, language: str) -> Reply:
    """A message that nobody gets, so that its buttons do nothing."""
    options = tuple(Option(Token(""), choice.label) for choice in message.choices)
    return Reply(text=message.text, options=options, kind=message.kind, language=language)


def _buttons_below(scene: Scene, reply: Reply) -> str:
    labels = [option.label for option in reply.options]
    if reply.opens:
        labels.append(scene.say("link.private"))
    lines = "\n".join(f"- {plain(label)}" for label in labels)
    return scene.say("broadcast.buttons-below", buttons=lines) if lines else ""


def _card(text: str) -> Draft:
    return Draft(text=text, kind=ReplyKind.CARD, personal=True)


def _times(scene: Scene, bulletin: Bulletin) -> str:
    hours = hours_of(scene, bulletin)
    coming = next_moments(bulletin.plan or Now(), hours, scene.now)
    lines = [f"- {broadcast_texts.when(scene, one, hours)}" for one in coming]
    how_often = broadcast_texts.rhythm(scene, bulletin)
    if isinstance(bulletin.plan, Now) and not coming[0].is_put_off:
        return f"- {scene.say('broadcast.at-once')}"
    return "\n\n".join(block for block in (how_often, "\n".join(lines)) if block)


def _preview_choices(scene: Scene, bulletin: Bulletin) -> tuple[Choose, ...]:
    wanted = bulletin.id
    first = next_moments(bulletin.plan or Now(), hours_of(scene, bulletin), scene.now, 1)
    urgent = (
        (Choose(scene.say("button.bc-urgent"), Act("bc-urgent", (wanted,))),)
        if first and first[0].is_put_off
        else ()
    )
    changes = (
        Choose(scene.say(f"button.bc-change-{part}"), Act("bc-change", (wanted, part)))
        for part in PARTS
    )
    return (
        *_yes(scene, bulletin),
        Choose(scene.say("button.bc-test"), Act("bc-test", (wanted,))),
        *urgent,
        *changes,
        Choose(scene.say("button.bc-drop"), Act("bc-move", (wanted, Event.CANCEL.value))),
    )


def _yes(scene: Scene, bulletin: Bulletin) -> tuple[Choose, ...]:
    """The second yes, or whom it is put to; an invite where there is nobody."""
    board = scene.view.board
    tally = board.tally(bulletin, bulletin.audience or "")
    act = Act("bc-confirm", (bulletin.id, bulletin.hash))
    if not needs_second(bulletin, tally):
        return (Choose(scene.say("button.bc-confirm"), act),)
    if board.colleagues:
        return (Choose(scene.say("button.bc-ask-second"), act),)
    if not scene.view.roles & OFFICERS:
        return ()
    invite = Act("command", ("invite", Role.ULR.value))
    return (Choose(scene.say("button.bc-invite"), invite),)


def draft_of(scene: Scene, wanted: str) -> Bulletin | None:
    """The draft of an id, while this person is writing it."""
    return next((one for one in scene.view.board.drafts if one.id == wanted), None)


def hours_of(scene: Scene, bulletin: Bulletin) -> Hours:
    """When it may go out, on this person's wall clock."""
    return bulletins.hours_of(bulletin, Hours(zone=scene.view.zone))


def named(scene: Scene, audience: str) -> str:
    """Who is meant, in words."""
    view = scene.view
    return broadcast_texts.audience_name(scene, audience, view.board, view.flows, view.language)


def called(scene: Scene, bulletin: Bulletin) -> str:
    """A draft in a list: its first words, or what it begins with while it has none."""
    words = broadcast_texts.opening(bulletin, scene.view.language)
    reminder = scene.content.reminders.reminder(bulletin.ready)
    if not words and reminder is not None:
        return plain(reminder.title.text(scene.view.language))
    said = words.replace("\\", "").replace("**", "")
    return plain(said) if said else scene.say("broadcast.no-words")


def asked(scene: Scene, text: str, *choices: Choose) -> Said:
    """A question with its options; only its reader sees it."""
    draft = Draft(text=text, choices=choices, kind=ReplyKind.QUESTION, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def join(*blocks: str) -> str:
    """Paragraphs, without the empty ones."""
    return "\n\n".join(block for block in blocks if block)


def left(scene: Scene) -> Scene:
    """The scene when nothing waits for words any more."""
    return replace(scene, session=replace(scene.session, errand=None))
