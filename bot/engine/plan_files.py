"""Texts and documents of a plan: shown in the chat, or made as a file that comes a moment later."""

from typing import Final

from bot.coach.plan import ItemId
from bot.coach.ready_texts import Filled, fill, is_link
from bot.engine.effects import MakeFile
from bot.engine.planning import (
    Here,
    choose,
    joined,
    shorten,
    speak,
    waiting,
    without_errand,
)
from bot.engine.speech import Said
from bot.knowledge.action_plan import ReadyText

SHORT: Final = frozenset({"message"})  # kinds that are sent as they are; others are printed
TRIES: Final = 3


def texts(here: Here, item: str = "") -> Said:
    """The ready texts: those of one item, or all."""
    found = here.plan.item(ItemId(item)) if item else None
    action = here.voice.action(found) if found else None
    known = here.voice.content.text_by_id
    listed = [known[one] for one in action.texts if one in known] if action else []
    shown = listed or list(here.voice.content.texts)
    lines = "\n".join(
        f"- **{_title(here, one)}**. {one.use.text(here.voice.language)}" for one in shown
    )
    choices = tuple(choose(here, "plan-text", shorten(_title(here, one)), one.id) for one in shown)
    return speak(here, joined(here.say("coach.texts.heading"), lines), *choices)


def text(here: Here, text_id: str) -> Said:
    """One ready text, filled with what is known, to be copied or made a file of."""
    ready = here.voice.content.text_by_id.get(text_id)
    if ready is None:
        return speak(here, here.say("coach.refused.gone"))
    known = here.voice.in_words(here.shared.known)
    filled = fill(here.voice.content, text_id, known, here.voice.language)
    choices = [choose(here, "plan-file", here.say("button.plan-as-word"), "text", text_id)]
    if ready.kind == "poster":
        choices.append(choose(here, "plan-poster", here.say("button.plan-as-poster"), text_id))
    choices.append(choose(here, "plan-next", here.say("button.plan-next")))
    notes = joined(
        _to_fill(here, filled), here.say("coach.texts.hidden") if filled.left_out else ""
    )
    return speak(here, joined(ready.use.text(here.voice.language), filled.text, notes), *choices)


def file(here: Here, kind: str, text_id: str = "") -> Said:
    """Have a document made: `agreement`, `position`, `text` or `calendar`."""
    effect = MakeFile(kind=f"plan-{kind}", arguments={"plan": here.plan.id, "text": text_id})
    back = choose(here, "plan-next", here.say("button.plan-next"))
    return speak(here, here.say("coach.file.making"), back, effects=(effect,))


def calendar(here: Here) -> Said:
    """The plan for one's own calendar."""
    effect = MakeFile(kind="plan-calendar", arguments={"plan": here.plan.id})
    return speak(here, here.say("coach.file.calendar"), effects=(effect,))


def ask_link(here: Here, text_id: str) -> Said:
    """The next words are the link that the poster's code leads to."""
    return speak(waiting(here, "plan-link", text_id, "0"), here.say("coach.poster.ask"))


def link(here: Here, words: str, text_id: str, tries: str) -> Said:
    """Have the poster made, with a code that leads there."""
    wanted = words.strip()
    if not is_link(wanted):
        if int(tries) + 1 >= TRIES:
            return speak(without_errand(here), here.say("coach.poster.let-go"))
        kept = waiting(here, "plan-link", text_id, str(int(tries) + 1))
        return speak(kept, here.say("coach.poster.no-link"))
    arguments = {"plan": here.plan.id, "text": text_id, "link": wanted}
    effect = MakeFile(kind="plan-poster", arguments=arguments)
    return speak(without_errand(here), here.say("coach.file.making"), effects=(effect,))


def _title(here: Here, ready: ReadyText) -> str:
    return ready.title.text(here.voice.language)


def _to_fill(here: Here, filled: Filled) -> str:
    """What is left to fill in by hand."""
    if not filled.to_fill:
        return ""
    return here.say("coach.texts.to-fill", blanks=", ".join(filled.to_fill))
