"""One turn. A session and an utterance in; the new session, replies and effects out.

Who takes an utterance is a list, `TAKERS`: the first that has something to say takes it. Its order
is the law of the house. Guided flows take their places in it between the verbs and the FAQ: a valid
answer to a pending question before any aside, a correction after it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from bot.engine import cards, errands
from bot.engine.acts import perform, run_command
from bot.engine.asking import ask
from bot.engine.commands import command_of_phrase, parse_command, verb_of
from bot.engine.effects import Effect
from bot.engine.session import Session
from bot.engine.speech import Choose, Draft, Said, Scene, number, say
from bot.engine.view import View
from bot.faq.ranking import Ranking
from bot.knowledge.content import Content
from bot.language.choices import Picked, Torn, match_choice
from bot.messages import (
    TEXT_LIMIT,
    BranchId,
    Choice,
    Command,
    Edited,
    Outcome,
    PersonId,
    Place,
    Reply,
    Text,
    Token,
    Unreadable,
    Utterance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one utterance led to: the session to save, what to send, and what to do."""

    session: Session
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """Words, and what the FAQ took them for."""

    text: str
    ranking: Ranking


def respond(
    session: Session,
    utterance: Utterance,
    ranking: Ranking | None,
    view: View,
    content: Content,
    now: datetime,
) -> Turn:
    """Take one utterance and decide everything about it. No clock, chance, network, file or database.

    Args:
        session: Where this person's talk stands.
        utterance: What they said or pressed.
        ranking: What the words were taken for; None where there are none.
        view: What the store knows of them at this turn.
        content: Everything people read.
        now: Aware, in UTC.
    """
    turned = replace(session.moved_to(view.place), turn=session.turn + 1)
    scene = Scene(session=turned, view=view, content=content, now=now)
    said = _take(scene, utterance, ranking)
    settled = errands.settled(turned, _without_miss_of(session, said.session))
    saved, replies = number(settled, said.drafts)
    return Turn(session=saved, replies=replies, effects=said.effects)


def _without_miss_of(before: Session, after: Session) -> Session:
    """A remembered question may be labelled in one turn; then nothing leads to it any more."""
    return replace(after, open_miss=None) if after.open_miss == before.open_miss else after


def _take(scene: Scene, utterance: Utterance, ranking: Ranking | None) -> Said:
    match utterance:
        case Command(argument=words):
            crisis = take_crisis(scene, Heard(words, ranking)) if ranking else None
            return crisis or run_command(scene, utterance)
        case Choice(token=token):
            return _press(scene, token)
        case Text(text=text) | Edited(text=text):
            return _hear(scene, text, ranking, edited=isinstance(utterance, Edited))
        case Unreadable(kind=kind):
            return _unreadable(scene, kind)
        case _:
            assert_never(utterance)


def _unreadable(scene: Scene, kind: str) -> Said:
    key = f"unreadable.{kind}"
    known = key if key in scene.content.wording.texts else "unreadable.other"
    return say(scene, "unreadable", kind=scene.say(known))


def _press(scene: Scene, token: Token) -> Said:
    offer = scene.session.offer(token)
    return perform(scene, offer.act) if offer else say(scene, "button.expired")


def _hear(scene: Scene, text: str, ranking: Ranking | None, *, edited: bool) -> Said:
    if not text.strip() or ranking is None:
        return say(scene, "empty")
    heard = Heard(text, ranking)
    takers = EDITED_TAKERS if edited else TAKERS
    said = next(said for take in takers if (said := take(scene, heard)))
    if len(text) > TEXT_LIMIT:
        return said.before(Draft(text=scene.say("long", limit=f"{TEXT_LIMIT:,}")))
    return said


def take_crisis(scene: Scene, heard: Heard) -> Said | None:
    """A crisis wins in every state, and nothing of it is stored."""
    first = heard.ranking.first
    if first.outcome is not Outcome.SIGNPOST:
        return None
    if scene.content.sensitive.topic(first.topic).kind != "crisis":
        return None
    return cards.signpost(scene, first.topic)


def take_command(scene: Scene, heard: Heard) -> Said | None:
    """A command typed with its slash, or a global verb: exactly that word."""
    if command := parse_command(heard.text):
        return run_command(scene, command)
    verb = verb_of(heard.text)
    return run_command(scene, Command(verb)) if verb else None


def take_choice(scene: Scene, heard: Heard) -> Said | None:
    """An option on the table, by its number or by its label; two that are as near are asked back."""
    offers = [scene.session.offer(token) for token in scene.session.menu]
    known = [offer for offer in offers if offer]
    if len(known) != len(offers):
        return None
    match match_choice(heard.text, [offer.label for offer in known]):
        case Picked(index=index):
            return perform(scene, known[index].act)
        case Torn(indexes=indexes):
            choices = (Choose(known[index].label, known[index].act) for index in indexes)
            return say(scene, "choice.which", *choices)
        case None:
            return None


def take_errand(scene: Scene, heard: Heard) -> Said | None:
    """Words that an errand with the reps waits for; a signpost may follow them."""
    said = errands.take_words(scene, heard.text)
    card = take_sensitive(scene, heard) if said else None
    return replace(said, drafts=(*said.drafts, *card.drafts)) if said and card else said


def take_phrase(scene: Scene, heard: Heard) -> Said | None:
    """A whole message that means a command, such as "my data"."""
    name = command_of_phrase(heard.text)
    return run_command(scene, Command(name)) if name else None


def take_sensitive(scene: Scene, heard: Heard) -> Said | None:
    """Other sensitive topics: a signpost, above any entry."""
    first = heard.ranking.first
    return cards.signpost(scene, first.topic) if first.outcome is Outcome.SIGNPOST else None


def take_question(scene: Scene, heard: Heard) -> Said | None:
    """Everything else is a question for the FAQ."""
    return ask(scene, heard.ranking)


def take_edit(scene: Scene, heard: Heard) -> Said | None:
    """A changed message is answered anew, and we say so."""
    said = ask(scene, heard.ranking)
    first = replace(said.drafts[0], text=f"{scene.say('edited')}\n\n{said.drafts[0].text}")
    return replace(said, drafts=(first, *said.drafts[1:]))


Taker = Callable[[Scene, Heard], Said | None]
TAKERS: Final[tuple[Taker, ...]] = (
    take_crisis,
    take_command,
    take_choice,
    take_errand,
    take_phrase,
    take_sensitive,
    take_question,
)
EDITED_TAKERS: Final[tuple[Taker, ...]] = (take_crisis, take_sensitive, take_edit)


def answer_once(ranking: Ranking, content: Content, now: datetime) -> Turn:
    """Answer a question outside any talk: nobody's session, nothing kept. For the command line."""
    view = View(
        person=PersonId("nobody"), branch=BranchId("none"), place=Place.PRIVATE, fresh="nobody"
    )
    scene = Scene(session=Session(secret=view.fresh), view=view, content=content, now=now)
    said = ask(scene, ranking)
    session, replies = number(said.session, said.drafts)
    return Turn(session=session, replies=replies)
