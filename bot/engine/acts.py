"""What a button or a number does. The registry is written down; a test holds it complete."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.engine import asking, browsing
from bot.engine.answers import answer
from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.effects import LabelMiss, Vote
from bot.engine.orders import opt_in, run_order, set_audience
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.messages import Command, EntryId

LINK: Final = "do_"  # begins the payload of a link that does a command; no code has a `_`
REASONS: Final = ("wrong", "old", "not-mine", "unclear")  # why an answer did not help


def perform(scene: Scene, act: Act) -> Said:
    """Do what an option of an earlier turn promised."""
    return ACTS[act.name](scene, *act.arguments)


def run_command(scene: Scene, command: Command) -> Said:
    """Do a command, if there is one of that name and this person may, here."""
    spec = COMMAND_BY_NAME.get(command.name)
    if spec is None:
        return say(scene, "command.unknown")
    if key := refusal(spec, scene.view.roles, scene.view.place):
        return _refuse(scene, key, spec.name)
    if spec.name == "start" and (followed := _of_link(command.argument)):
        return run_command(scene, followed)
    if spec.name == "repeat":
        again = scene.session.again
        return perform(scene, again) if again else say(scene, "repeat.nothing")
    return run_order(scene, spec.name, command.argument)


def _refuse(scene: Scene, key: str, name: str) -> Said:
    """Say why not; where only the place is wrong, with a link into a private talk that does it."""
    said = say(scene, key)
    if key != "refused.place":
        return said
    return replace(said, drafts=(replace(said.drafts[0], opens=f"{LINK}{name}"),))


def _of_link(payload: str) -> Command | None:
    """The command that a link of ours carries. It grants nothing: anybody could type it."""
    name = payload.removeprefix(LINK) if payload.startswith(LINK) else ""
    return Command(name) if name in COMMAND_BY_NAME and name != "start" else None


def _page(scene: Scene, name: str, *arguments: str) -> Said:
    """Turn a page: it takes the place of the one before."""
    said = ACTS[name](scene, *arguments)
    return replace(said, drafts=tuple(replace(one, in_place=True) for one in said.drafts))


def _command(scene: Scene, name: str, argument: str = "") -> Said:
    return run_command(scene, Command(name, argument))


def _show(scene: Scene, entry: str) -> Said:
    found = scene.content.entry_by_id.get(EntryId(entry))
    return answer(scene, found) if found else say(scene, "button.expired")


def _pick(scene: Scene, entry: str, turn: str) -> Said:
    """One of "did you mean": answered at once, and kept as a labelled example."""
    said = _show(scene, entry)
    return replace(said, effects=(*said.effects, *_label(scene, EntryId(entry), turn)))


def _none(scene: Scene, turn: str) -> Said:
    said = asking.decline(scene, None, "disambiguate.none-chosen")
    return replace(said, effects=_label(scene, None, turn))


def _label(scene: Scene, chosen: EntryId | None, turn: str) -> tuple[LabelMiss, ...]:
    """What the pick says of the question: only in the turn after it, and only of that one."""
    miss = scene.session.open_miss
    if miss is None or int(turn) != scene.session.turn - 1:
        return ()
    return (LabelMiss(id=miss, chosen=chosen),)


def _vote(scene: Scene, about: str, entry: str, helpful: str) -> Said:
    helped = helpful == "1"
    vote = Vote(about=about, entry=EntryId(entry) or None, helpful=helped)
    reasons = (
        ()
        if helped
        else tuple(
            Choose(scene.say(f"reason.{reason}"), Act("reason", (about, entry, reason)))
            for reason in REASONS
        )
    )
    said = say(scene, "vote.thanks" if helped else "vote.sorry", *reasons)
    return replace(said, effects=(vote,))


def _reason(scene: Scene, about: str, entry: str, reason: str) -> Said:
    vote = Vote(about=about, entry=EntryId(entry) or None, helpful=False, why=reason)
    return replace(say(scene, "vote.noted"), effects=(vote,))


def _section(scene: Scene, section: str, page: str = "0") -> Said:
    return browsing.topics(scene, section, int(page))


def _topic(scene: Scene, topic: str, page: str = "0") -> Said:
    return browsing.entries(scene, topic, int(page))


def _sections(scene: Scene, page: str = "0") -> Said:
    return browsing.sections(scene, int(page))


def _kept(scene: Scene) -> Said:
    return say(scene, "kept")


ACTS: Final[Mapping[str, Callable[..., Said]]] = {
    "command": _command,
    "show": _show,
    "pick": _pick,
    "none": _none,
    "vote": _vote,
    "reason": _reason,
    "section": _section,
    "topic": _topic,
    "sections": _sections,
    "page": _page,
    "audience": set_audience,
    "opt-in": opt_in,
    "kept": _kept,
}
