"""The editors' inbox in the chat: look at what could not be answered, decide, get a draft as text."""

from dataclasses import replace
from typing import Final

from bot.engine.effects_reps import Triage
from bot.engine.inbox import DECIDED, NEW, STATUSES, Item
from bot.engine.rights import guarded as rights
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.knowledge.drafting import DraftEntry, entry_in_one_line, phrasing_in_one_line
from bot.messages import EntryId, plain

SHOWN: Final = 5  # items of one list
EXAMPLES: Final = 4  # other ways of asking that are shown
guarded: Final = rights("misses")


def misses(scene: Scene, argument: str) -> Said:
    """`/misses`: what is new; `/misses next`: the first of it; `/misses ignored` and so on."""
    wanted = argument.strip().lower()
    if wanted == "next":
        first = next((one for one in scene.view.inbox if one.status == NEW), None)
        return show(scene, first.id) if first else say(scene, "inbox.empty")
    status = wanted if wanted in STATUSES else NEW
    items = [one for one in scene.view.inbox if one.status == status]
    if not items:
        return say(scene, "inbox.empty")
    lines = "\n".join(
        f"- {_line(scene, number, one)}" for number, one in enumerate(items[:SHOWN], 1)
    )
    text = scene.say("inbox.list", count=len(items), items=lines)
    choices = (
        Choose(scene.say("button.inbox-show", number=number), Act("inbox-show", (one.id,)))
        for number, one in enumerate(items[:SHOWN], 1)
    )
    return _said(scene, text, *choices)


def show(scene: Scene, item_id: str) -> Said:
    """One item, and what can be done with it."""
    item = _item(scene, item_id)
    if item is None:
        return say(scene, "inbox.gone")
    choices = [
        Choose(scene.say(f"button.inbox-{status}"), Act("inbox-mark", (item.id, status)))
        for status in STATUSES
        if status != item.status and (status != NEW or item.status in DECIDED)
    ]
    choices.append(Choose(scene.say("button.inbox-draft"), Act("inbox-draft", (item.id,))))
    if item.near and not item.reply:
        label = scene.say("button.inbox-phrasing", entry=item.near[0])
        choices.append(Choose(label, Act("inbox-phrasing", (item.id, item.near[0]))))
    return _said(scene, _whole(scene, item), *choices)


def mark(scene: Scene, item_id: str, status: str) -> Said:
    """Decide; then the next one is a button away."""
    item = _item(scene, item_id)
    if item is None or status not in STATUSES:
        return say(scene, "inbox.gone")
    more = Choose(scene.say("button.inbox-next"), Act("command", ("misses", "next")))
    said = say(scene, "inbox.marked", more, status=scene.say(f"inbox.status-{status}"))
    return replace(said, effects=(Triage(item=item.id, status=status),))


def draft(scene: Scene, item_id: str) -> Said:
    """A new entry, to be pasted into the file; as a draft nobody is answered with it."""
    item = _item(scene, item_id)
    if item is None:
        return say(scene, "inbox.gone")
    made = DraftEntry.of(
        item.words, item.reply or scene.say("inbox.no-answer"), known=scene.content.entry_by_id
    )
    return _said(scene, scene.say("inbox.draft", draft=plain(entry_in_one_line(made))))


def phrasing(scene: Scene, item_id: str, entry: str) -> Said:
    """A phrasing of an entry, to be pasted below it."""
    item = _item(scene, item_id)
    if item is None or EntryId(entry) not in scene.content.entry_by_id:
        return say(scene, "inbox.gone")
    line = plain(phrasing_in_one_line(item.words))
    return _said(scene, scene.say("inbox.phrasing", entry=plain(entry), draft=line))


def _line(scene: Scene, number: int, item: Item) -> str:
    if item.reply:
        return scene.say("inbox.line-reply", number=number, words=plain(item.words))
    return scene.say("inbox.line", number=number, people=item.people, words=plain(item.words))


def _whole(scene: Scene, item: Item) -> str:
    examples = "\n".join(f"- {plain(words)}" for words in item.examples[:EXAMPLES])
    near = scene.say("inbox.near", entries=plain(", ".join(item.near))) if item.near else ""
    reply = scene.say("inbox.reply", reply=plain(item.reply)) if item.reply else ""
    head = scene.say("inbox.item", id=plain(item.id), words=plain(item.words), people=item.people)
    return "\n\n".join(block for block in (head, examples, near, reply) if block)


def _item(scene: Scene, item_id: str) -> Item | None:
    return next((one for one in scene.view.inbox if one.is_called(item_id)), None)


def _said(scene: Scene, text: str, *choices: Choose) -> Said:
    draft = Draft(text=text, choices=tuple(choices), personal=True)
    return Said(session=scene.session, drafts=(draft,))
