"""The preview of a broadcast: the very message, then who gets it, when, and what can be done."""

from dataclasses import replace
from typing import Final

from bot.engine import broadcast_texts, bulletins
from bot.engine.bulletins import Bulletin, needs_second
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.messages import ReplyKind, plain
from bot.planning.lifecycle import Event
from bot.planning.plans import Hours, Now, next_moments
from bot.planning.recipients import Kind

PARTS: Final = ("texts", "audience", "button", "plan")  # what can be changed in the preview


def preview(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    """The very message, then everything about it, and what can be done."""
    view, board = scene.view, scene.view.board
    message = broadcast_texts.message(scene, bulletin, view.language, view.flows)
    labels = "\n".join(f"- {plain(one.label)}" for one in message.choices)
    shown = Draft(
        text=join(message.text, scene.say("broadcast.buttons-below", buttons=labels)),
        kind=ReplyKind.CARD,
        personal=True,
    )
    tally = board.tally(bulletin, bulletin.audience or "")
    text = scene.say(
        "broadcast.preview",
        audience=named(scene, bulletin.audience or ""),
        kind=scene.say(f"broadcast.kind-{(bulletin.kind or Kind.CAMPAIGN).value}"),
        figures=broadcast_texts.figures(scene, tally, bulletin.audience or ""),
        duration=broadcast_texts.duration(scene, board.lasts(bulletin)),
        times=_times(scene, bulletin),
    )
    second = scene.say("broadcast.second-eyes") if needs_second(bulletin, tally) else ""
    said = asked(scene, join(*leads, text, second), *_preview_choices(scene, bulletin))
    return replace(said, drafts=(shown, *said.drafts))


def _times(scene: Scene, bulletin: Bulletin) -> str:
    hours = hours_of(scene, bulletin)
    coming = next_moments(bulletin.plan or Now(), hours, scene.now)
    lines = [f"- {broadcast_texts.when(scene, one, hours)}" for one in coming]
    how_often = broadcast_texts.rhythm(scene, bulletin)
    if isinstance(bulletin.plan, Now) and not coming[0].is_put_off:
        return f"- {scene.say('broadcast.at-once')}"
    return "\n\n".join(block for block in (how_often, "\n".join(lines)) if block)


def _preview_choices(scene: Scene, bulletin: Bulletin) -> tuple[Choose, ...]:
    wanted, tally = bulletin.id, scene.view.board.tally(bulletin, bulletin.audience or "")
    key = "button.bc-ask-second" if needs_second(bulletin, tally) else "button.bc-confirm"
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
        Choose(scene.say(key), Act("bc-confirm", (wanted, bulletin.hash))),
        Choose(scene.say("button.bc-test"), Act("bc-test", (wanted,))),
        *urgent,
        *changes,
        Choose(scene.say("button.bc-drop"), Act("bc-move", (wanted, Event.CANCEL.value))),
    )


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
