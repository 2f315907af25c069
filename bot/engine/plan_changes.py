"""What a rep does with an item: done, later, moved, blocked, not for us, a note, one of their own, undo."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar, assert_never

from bot.coach.agreement import Agreement, ClauseState, undo_clause
from bot.coach.changes import (
    Block,
    Change,
    Changed,
    Done,
    Drop,
    MoveTo,
    Note,
    Outcome,
    PutBefore,
    PutOff,
    Refusal,
    Refused,
    Reopen,
    Unchanged,
    add_own,
    change,
    undo_last,
)
from bot.coach.history import BUILT, Event, NothingToUndo, Overtaken, still_standing
from bot.coach.plan import Item, ItemId
from bot.coach.voice_messages import refusal_text
from bot.engine.effects_plans import ChangeClause, ChangeItem
from bot.engine.planning import (
    Here,
    choose,
    item_card,
    joined,
    next_card,
    shorten,
    speak,
    undo_choice,
    waiting,
    without_errand,
)
from bot.engine.session import Act
from bot.engine.speech import Choose, Said
from bot.messages import plain

T = TypeVar("T")
OWN_STEP: Final = "raise"  # where an item of a rep's own stands until they say otherwise


def apply(here: Here, item_id: str, wanted: Change, seen: str = "") -> Said:
    """Do something to an item, and say what became of it."""
    outcome = change(here.plan, ItemId(item_id), wanted, here.doing(int(seen) if seen else None))
    match outcome:
        case Overtaken(event=event):
            return _overtaken(here, event, wanted)
        case _:
            return told(here, outcome)


def told(here: Here, outcome: Outcome) -> Said:
    """Say what became of a change; after one the next step follows."""
    match outcome:
        case Changed(plan=plan, event=event):
            after = here.with_plan(plan)
            lead = here.voice.changed(event, here.today)
            effects = (ChangeItem(plan.id, event),)
            if event.what == "blocked" and event.after:
                return _helped(after, event.after, lead, effects)
            return next_card(after, lead, more=(undo_choice(after),), effects=effects)
        case Unchanged(item=item) if item.is_closed:
            return next_card(here, *_stands(here, item))
        case Unchanged(item=item):
            return item_card(here, item, here.say("coach.unchanged"))
        case Overtaken():
            return next_card(here, here.say("coach.refused.gone"))
        case Refused(why=why):
            return next_card(here, refusal_text(here.voice, why))
        case _:
            assert_never(outcome)


def _stands(here: Here, item: Item) -> tuple[str, str]:
    """That an item is closed already; the next step follows."""
    status = here.say(f"coach.status.{item.status}")
    title = here.voice.title(item)
    return here.say("coach.unchanged"), here.say("coach.stands", title=title, status=status)


def done(here: Here, item: str, seen: str = "") -> Said:
    """It is done."""
    return apply(here, item, Done(), seen)


def drop(here: Here, item: str, seen: str = "") -> Said:
    """It is not for us."""
    return apply(here, item, Drop(), seen)


def reopen(here: Here, item: str, seen: str = "") -> Said:
    """It is to be done after all."""
    return apply(here, item, Reopen(), seen)


def put_off(here: Here, item: str, seen: str, day: str) -> Said:
    """Remind me on a day that was on a button."""
    return apply(here, item, PutOff(date.fromisoformat(day)), seen)


def move_to(here: Here, item: str, seen: str, day: str) -> Said:
    """By another day, that was on a button."""
    return apply(here, item, MoveTo(date.fromisoformat(day)), seen)


def first(here: Here, item: str, seen: str = "") -> Said:
    """Before everything else that is not finished."""
    others = [one for one in here.plan.items if one.id != item and not one.is_closed]
    return apply(here, item, PutBefore(others[0].id if others else None), seen)


def blocked(here: Here, item: str, seen: str = "") -> Said:
    """What is in the way?"""
    found = here.plan.item(ItemId(item))
    if found is None:
        return next_card(here, refusal_text(here.voice, Refusal.GONE))
    question, buttons = here.voice.block_question(found)
    choices = (
        choose(here, "plan-block", button.label, item, seen, button.act.partition(":")[2])
        for button in buttons
    )
    other = choose(here, "plan-note", here.say("button.plan-block-other"), item, seen)
    return speak(here, question, *choices, other)


def block(here: Here, item: str, seen: str, by: str) -> Said:
    """This is in the way."""
    return apply(here, item, Block(by), seen)


def undo(here: Here) -> Said:
    """Take back the last thing this person did, to an item or to a clause."""
    by, at = here.scene.view.person, here.scene.now
    if _last_at(here.shared.agreement.history, by) > _last_at(here.plan.history, by):
        return _clause_undone(here, undo_clause(here.shared.agreement, by, at))
    outcome = undo_last(here.plan, here.doing())
    if isinstance(outcome, NothingToUndo):
        return next_card(here, here.voice.nothing_to_undo())
    if isinstance(outcome, Overtaken):
        return next_card(here, here.voice.overtaken(outcome.event))
    return told(here, outcome)


def _clause_undone(
    here: Here, outcome: Agreement | NothingToUndo | Overtaken[ClauseState]
) -> Said:
    """What became of taking back something about a clause; nothing else is taken back instead."""
    match outcome:
        case NothingToUndo():
            return next_card(here, here.voice.nothing_to_undo())
        case Overtaken(event=event):
            known = here.voice.content.clause_by_id.get(event.key)
            title = known.title.text(here.voice.language) if known else event.key
            again = choose(here, "clause-show", here.say("button.clause-again"), event.key)
            return speak(here, here.say("coach.clause.overtaken", clause=title), again)
        case Agreement():
            effect = ChangeClause(here.plan.id, outcome.history[-1])
            return speak(here, here.say("coach.clause.undone"), effects=(effect,))
        case _:
            assert_never(outcome)


def ask_note(here: Here, item: str, seen: str = "") -> Said:
    """The next words are the note."""
    return speak(waiting(here, "plan-note", item, seen), here.say("coach.note.ask"))


def note(here: Here, words: str, item: str, seen: str = "") -> Said:
    """Keep a note about an item."""
    wanted = Note(words)
    outcome = change(here.plan, ItemId(item), wanted, here.doing(int(seen) if seen else None))
    if isinstance(outcome, Refused) and outcome.why is Refusal.TOO_LONG:
        return speak(here, refusal_text(here.voice, outcome.why))
    after = without_errand(here)
    if isinstance(outcome, Overtaken):
        return _overtaken(after, outcome.event, wanted)
    return told(after, outcome)


def note_kept(here: Here, item: str, seen: str, words: str) -> Said:
    """Keep words that met somebody else's: they stood on a button meanwhile."""
    return note(here, words, item, seen)


def ask_own(here: Here) -> Said:
    """The next words are what is to be done."""
    return speak(waiting(here, "plan-own"), here.say("coach.own.ask"))


def own(here: Here, words: str) -> Said:
    """Add an item of the rep's own."""
    item = Item(
        id=ItemId(f"own-{here.scene.view.fresh[:10]}"),
        step=OWN_STEP if OWN_STEP in here.plan.steps else here.plan.steps[0],
        title=words.strip() or "?",
        place=0.0,
    )
    outcome = add_own(here.plan, item, here.doing())
    if isinstance(outcome, Refused) and outcome.why is Refusal.TOO_LONG:
        return speak(here, refusal_text(here.voice, outcome.why))
    after = without_errand(here)
    if not isinstance(outcome, Changed) or outcome.event.after is None:
        return told(after, outcome)
    added = outcome.event.after
    said = item_card(
        after.with_plan(outcome.plan), added, here.voice.changed(outcome.event, here.today)
    )
    return replace(said, effects=(ChangeItem(here.plan.id, outcome.event),))


def _last_at(events: Iterable[Event[T]], by: str) -> float:
    """When this person last did something that stands; 0 for never."""
    standing = still_standing(events)
    mine = (one.at.timestamp() for one in standing if one.by == by and one.what != BUILT)
    return max(mine, default=0.0)


def _overtaken(here: Here, event: Event[Item], wanted: Change) -> Said:
    """Somebody was faster: say how it stands, and ask."""
    item = event.after or event.before
    if item is None or here.plan.item(item.id) is None:
        return next_card(here, refusal_text(here.voice, Refusal.GONE))
    again = Choose(
        here.say("button.plan-anyway"), _same(here, item, wanted, str(here.plan.version(item.id)))
    )
    leave = choose(here, "plan-show", here.say("button.plan-leave-it"), item.id)
    if event.by == here.scene.view.person:
        status = here.say(f"coach.status.{item.status}")
        text = here.say("coach.overtaken-by-you", title=here.voice.title(item), status=status)
        return speak(here, text, again, leave)
    return speak(here, here.voice.overtaken(event), again, leave)


def _same(here: Here, item: Item, wanted: Change, seen: str) -> Act:
    """The button that does the same again, having seen what the other did."""
    base = (here.plan.id, item.id, seen)
    match wanted:
        case PutOff(until=day):
            return Act("plan-put-off", (*base, day.isoformat()))
        case MoveTo(day=day):
            return Act("plan-move-to", (*base, day.isoformat()))
        case Block(by=by):
            return Act("plan-block", (*base, by))
        case Drop():
            return Act("plan-drop", base)
        case Reopen():
            return Act("plan-reopen", base)
        case Note(words=words):
            return Act("plan-note-kept", (*base, " ".join(words.split())))
        case PutBefore():
            return Act("plan-first", base)
        case _:
            return Act("plan-done", base)


def _helped(here: Here, item: Item, lead: str, effects: tuple[ChangeItem, ...]) -> Said:
    """What to do about what is in the way: advice, words to say, an answer, a ready text."""
    known = here.voice.content.block_by_id.get(item.block)
    seen = str(here.plan.version(item.id))
    choices: list[Choose] = []
    if known and known.entry:
        choices.append(Choose(here.say("button.plan-answer"), Act("show", (known.entry,))))
    if known and known.text:
        title = here.voice.content.text_by_id[known.text].title.text(here.voice.language)
        choices.append(choose(here, "plan-text", shorten(title), known.text))
    if known and known.stands:
        label = here.say("button.coach-drop")
        choices.append(choose(here, "plan-drop", label, item.id, seen))
    choices.append(choose(here, "plan-next", here.say("button.plan-next")))
    choices.append(undo_choice(here))
    help_ = here.voice.block_help(item.block) if known else plain(item.block)
    return speak(here, joined(lead, help_), *choices, effects=effects)
