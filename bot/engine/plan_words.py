"""Words about a plan: what an errand waits for, commands in plain words, and what to do with the step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Final

from bot.coach.changes import Refusal
from bot.coach.plan import ItemId
from bot.coach.ready_texts import is_link
from bot.coach.voice_messages import refusal_text
from bot.engine import plan_agreement, plan_changes, plan_days, plan_files, plan_hours
from bot.engine.asking import ask
from bot.engine.commands import REPS
from bot.engine.plan_reminding import DONE_OF, which
from bot.engine.plan_view import PREFIXES, SEPARATOR, Wish, command_of, wish_of
from bot.engine.planning import Here, barred, here_of, next_card, used, without_errand
from bot.engine.session import Offer
from bot.engine.speech import Draft, Said, Scene, say
from bot.engine.taking import Heard, take_sensitive
from bot.language.clock_times import read_time
from bot.messages import Outcome, Place

RECENT: Final = 3  # turns for which words are taken for the item that was shown
_ITEM_ACTS: Final = frozenset({"plan-done", "plan-reopen"})

_STAGES: Final[Mapping[str, Callable[..., Said]]] = {
    "plan-day": plan_days.heard,
    "plan-note": plan_changes.note,
    "plan-own": plan_changes.own,
    "plan-link": plan_files.link,
    "plan-time": plan_hours.heard_hour,
    "clause-note": plan_agreement.note,
    "clause-day": plan_agreement.day,
}
_READS: Final[Mapping[str, Callable[[Here, str], bool]]] = {
    "plan-day": plan_days.names_day,
    "plan-link": lambda _here, text: is_link(text),
    "plan-time": lambda _here, text: read_time(text) is not None,
    "clause-day": plan_days.names_day,
}  # whether words are what is waited for: then they are the answer, never an aside
_FREE: Final = frozenset({"plan-note", "plan-own", "clause-note"})  # every word is the answer
_PLAIN: Final[Mapping[str, Callable[..., Said]]] = {
    "done": plan_changes.done,
    "drop": plan_changes.drop,
    "blocked": plan_changes.blocked,
    "reopen": plan_changes.reopen,
}


def take_plan_words(scene: Scene, heard: Heard) -> Said | None:
    """Words that an errand of a plan waits for; a question in between is answered first."""
    errand = scene.session.errand
    if errand is None or not errand.stage.startswith(PREFIXES):
        return None
    plan, *about = errand.about.split(SEPARATOR)
    here = here_of(scene, plan)
    if said := barred(scene):
        return replace(said, session=replace(said.session, errand=None))
    if here is None:
        ended = replace(scene, session=replace(scene.session, errand=None))
        return say(ended, "coach.not-shared")
    text = heard.text.strip()
    if errand.stage not in _FREE and not _READS[errand.stage](here, text):
        if command_of(text) or wish_of(text):
            return None  # they have gone on to something else
        if _is_aside(heard):
            return _aside(here, heard)
    said = used(here, _STAGES[errand.stage](here, text, *about))
    card = take_sensitive(scene, heard) if errand.stage in _FREE else None
    return replace(said, drafts=(*said.drafts, *card.drafts)) if card else said


def _aside(here: Here, heard: Heard) -> Said:
    """A question in between is answered; what was asked before still waits."""
    answered = ask(here.scene, heard.ranking)
    waits = Draft(text=here.say("coach.still-waiting"), personal=True)
    return replace(answered, drafts=(*answered.drafts, waits))


def take_wish(scene: Scene, heard: Heard) -> Said | None:
    """What is to be done with the item that was shown lately: "done", "move it to Friday"."""
    wish = wish_of(heard.text)
    if wish is None or not scene.view.roles & REPS or scene.view.place is not Place.PRIVATE:
        return None
    here = here_of(scene)
    if here is None:
        return None
    here = without_errand(here)
    if wish.change == "own":
        said = plan_changes.own(here, wish.rest) if wish.rest else plan_changes.ask_own(here)
        return used(here, said)
    shown = _shown(scene)
    if not shown:  # stuck with what? the step is shown, so that the next words can say
        return used(here, next_card(here)) if wish.change == "blocked" else None
    of_item = here_of(here.scene, shown[0].act.arguments[0])
    if of_item is None:
        return None
    items = tuple(offer.act.arguments[1] for offer in shown)
    if shown[0].act.name == DONE_OF:
        return used(of_item, which(of_item, items))
    said_ = _do(of_item, wish, items[0], shown[0].act.arguments[2])
    return used(of_item, said_) if said_ else None


def _do(here: Here, wish: Wish, item: str, seen: str) -> Said | None:
    if here.plan.item(ItemId(item)) is None:
        return next_card(here, refusal_text(here.voice, Refusal.GONE))
    if wish.change in _PLAIN:
        return _PLAIN[wish.change](here, item, seen)
    if wish.change == "note":
        return plan_changes.note(here, wish.rest, item, seen)
    if not wish.rest:
        ask_for = plan_days.later if wish.change == "later" else plan_days.move
        return ask_for(here, item, seen)
    return plan_days.read(here, wish.rest, wish.change, item, seen)


def _shown(scene: Scene) -> tuple[Offer, ...]:
    """The button of the item that was shown last, if that was lately; of a reminder's several, each."""
    lately = [
        offer
        for offer in reversed(scene.session.offers)
        if scene.session.turn - int(offer.token.partition(".")[0], 16) <= RECENT
    ]
    last = next((one for one in lately if one.act.name in {*_ITEM_ACTS, DONE_OF}), None)
    if last is None or last.act.name != DONE_OF:
        return (last,) if last else ()
    behind = lately[lately.index(last) :]
    return tuple(takewhile(lambda one: one.act.name == DONE_OF, behind))


def _is_aside(heard: Heard) -> bool:
    """Whether words are a question, or plainly answered by an entry."""
    return heard.ranking.is_question or heard.ranking.first.outcome in {
        Outcome.ANSWER,
        Outcome.SIGNPOST,
    }
