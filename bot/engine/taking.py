"""Who takes words while a run is under way: the answer, an aside, a correction, a reprompt."""

import re
from dataclasses import dataclass

from bot.engine.asking import ask
from bot.engine.cards import signpost
from bot.engine.commands import near_verb
from bot.engine.correcting import corrected, edited
from bot.engine.guiding import (
    answered,
    asked_back,
    gated,
    press_done,
    press_submit,
    read_here,
    refused,
    under_way,
    why_asked,
)
from bot.engine.joining import flow_named
from bot.engine.prompts import NUMBERED, prompt, review_end, review_waits
from bot.engine.session import Act
from bot.engine.shelving import introduce, restart
from bot.engine.speech import LEAVES, Choose, Draft, Said, Scene
from bot.faq.ranking import Ranking
from bot.flows.model import Kind, Question, Repeat
from bot.flows.reading import AskBack, Read, Unfit, read_gate
from bot.flows.runner import miss
from bot.flows.standing import ticked
from bot.language.replies import read_yes_no
from bot.messages import Outcome
from bot.records import replace

_WHY = re.compile(r"why(?: (?:do|are) you ask(?:ing)?(?: (?:that|this|me))*)?\W*$", re.IGNORECASE)
_SUBMIT = re.compile(
    r"^(?:ok(?:ay)?|yes|yep|please|all good|looks? good)?[, ]*(?:please )?"
    r"(?:hand (?:it|them) in|submit(?: (?:it|them|now))?|send (?:it|them)(?: (?:off|in|now))?|send"
    r"|finish(?: it)?|finished|done|i'?m done|that'?s (?:it|all|everything)|open (?:it|the survey))"
    r"(?: please)?[.! ]*$",
    re.IGNORECASE,
)


_FINE = re.compile(
    r"(?:it |that |all )?(?:looks? |is |'s )*(?:all )?(?:good|fine|right|correct)[.! ]*$",
    re.IGNORECASE,
)


_ENOUGH = re.compile(  # after ticks: words that else would skip the question, and lose them
    r"(?:ok(?:ay)?|yes|yep|yeah|next|continue|go on|carry on|move on|finish(?:ed)?|i'?m done|"
    r"that'?s (?:it|all|everything)|that is (?:it|all)|no more|nothing else)[.! ]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """Words, and what the FAQ took them for."""

    text: str
    ranking: Ranking


def asked_again(scene: Scene, said: Said) -> Said:
    """After an aside or a command the run's question comes again, once and shortened.

    Not below a card about a crisis: nobody is asked how many technicians there are then.
    """
    after = replace(scene, session=said.session)
    here = under_way(after)
    if here is None:
        return said
    if not said.drafts or any(_stands_alone(draft) for draft in said.drafts):
        return _unnumbered(said) if asks_for_words(after) else said
    aside = _unnumbered(said).drafts
    waits = prompt(here, short=True) if here.stop else review_waits(here)
    return replace(said, drafts=(*aside, waits))


def _stands_alone(draft: Draft) -> bool:
    """Whether the run's question would get in its way: it asks something itself, such as yes or no."""
    return draft.asks or draft.urgent or any(one.act.name == LEAVES for one in draft.choices)


def _unnumbered(said: Said) -> Said:
    """The same where a typed number picks nothing: it is an answer to the run's question."""
    drafts = tuple(replace(draft, numbered=False) for draft in said.drafts)
    return replace(said, session=replace(said.session, menu=()), drafts=drafts)


def asks_for_words(scene: Scene) -> bool:
    """Whether a run asks for a number, a day or words, so that a typed number answers it."""
    here = under_way(scene)
    part = here.stop.part if here and here.stop else None
    return isinstance(part, Question) and part.kind not in NUMBERED


def take_sensitive(scene: Scene, heard: Heard) -> Said | None:
    """Other sensitive topics: a signpost, above any entry."""
    first = heard.ranking.first
    return signpost(scene, first.topic) if first.outcome is Outcome.SIGNPOST else None


def take_why(scene: Scene, heard: Heard) -> Said | None:
    """Why the question under way is asked: those words, in every question."""
    here = under_way(scene)
    return why_asked(here) if here and here.stop and _WHY.match(heard.text.strip()) else None


def take_answer(scene: Scene, heard: Heard) -> Said | None:
    """A valid answer to the question under way. Never taken for an aside."""
    here = under_way(scene)
    if here is None or here.stop is None:
        return None
    if isinstance(here.stop.part, Repeat):
        more = read_gate(heard.text)
        return None if more is None else gated(here, wants_more=more)
    if ticked(here.run, here.stop) and _ENOUGH.match(heard.text.strip()):
        return press_done(scene, here.held.id, here.stop.key)
    is_words = here.stop.part.kind is Kind.TEXT
    match read_here(here, heard.text):
        case Read(answer=answer, echoes=echoes):
            said = answered(here, answer, typed=True, echoes=echoes)
            card = take_sensitive(scene, heard) if is_words else None
            return said.before(*card.drafts) if card else said
        case AskBack(options=()) if is_aside(heard):
            return None
        case AskBack() as back:
            return asked_back(here, back)
        case _:
            return None


def take_submit(scene: Scene, heard: Heard) -> Said | None:
    """At the review, words that plainly mean to hand it in."""
    here = under_way(scene)
    if here is None or here.stop is not None:
        return None
    if _SUBMIT.match(" ".join(heard.text.split())):
        return press_submit(scene, here.held.id)
    if read_yes_no(heard.text) is None and not _FINE.match(heard.text.strip()):
        return None
    return Said(session=scene.session, drafts=(review_end(here),))


def take_flow(scene: Scene, heard: Heard) -> Said | None:
    """A flow, by its name or one of its starting words."""
    flow = flow_named(scene.view.flows, heard.text)
    if flow is None:
        return None
    here = under_way(scene)
    if here is None or here.flow.id != flow.id:
        return introduce(scene, flow.id)
    return restart(scene)


def take_aside(scene: Scene, heard: Heard) -> Said | None:
    """While a run is under way: a question, or words that an entry plainly answers."""
    if under_way(scene) is None:
        return None
    return ask(scene, heard.ranking) if is_aside(heard) else None


def is_aside(heard: Heard) -> bool:
    """Whether words that are no whole answer are a question, or are plainly answered by an entry."""
    return heard.ranking.is_question or heard.ranking.first.outcome is Outcome.ANSWER


def take_unfit(scene: Scene, heard: Heard) -> Said | None:
    """A day, or a "next", that was understood and cannot be taken is no aside, whatever it ranks as."""
    here = under_way(scene)
    part = here.stop.part if here and here.stop else None
    found = read_here(here, heard.text) if here and isinstance(part, Question) else None
    if here is None or not isinstance(part, Question) or not isinstance(found, Unfit):
        return None
    is_meant = part.kind is Kind.DATE or found.answer.missing is not None
    return refused(here.at(miss(here.run)), found.why) if is_meant else None


def take_correction(scene: Scene, heard: Heard) -> Said | None:
    """A change of an earlier answer."""
    here = under_way(scene)
    return corrected(here, heard.text) if here else None


def take_reprompt(scene: Scene, heard: Heard) -> Said | None:
    """None of all that: what was wrong, an example, the ways out; then the run is put aside."""
    here = under_way(scene)
    if here is None or here.stop is None:
        return None
    found = read_here(here, heard.text)
    if found is None and (verb := near_verb(heard.text)):
        choices = (
            Choose(verb, Act("command", (verb, ""))),
            Choose(here.say("button.no"), Act(LEAVES)),
        )
        draft = Draft(text=here.say("flow.meant", verb=verb), choices=choices, asks=True)
        return Said(session=scene.session, drafts=(draft,))
    return refused(here.at(miss(here.run)), found.why if isinstance(found, Unfit) else None)


def take_edited(scene: Scene, heard: Heard) -> Said | None:
    """An edited message may correct the answer it gave."""
    here = under_way(scene)
    return edited(here, heard.text) if here else None
