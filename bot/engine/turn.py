"""One turn. A session and an utterance in; the new session, replies and effects out.

Who takes an utterance is a list, `TAKERS`: the first that has something to say takes it. Its order
is the law of the house. While a run is under way a valid answer to its question goes before anything
else, then a correction of an answer that is there, then an aside; what is none of these is asked for
again (`taking.py`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from bot.engine import errands, forms, left_open, map_lists, taking
from bot.engine.acts import RUN_ACTS, perform, run_command
from bot.engine.area_look import LINK as AREA_LINK
from bot.engine.area_look import area_of_words
from bot.engine.asking import ask
from bot.engine.cards import signpost
from bot.engine.commands import REPS, command_of_phrase, parse_command, side_of_phrase, verb_of
from bot.engine.effects import Effect
from bot.engine.guiding import under_way
from bot.engine.handed_in import COMMAND as ANSWERS
from bot.engine.handed_in import asks_for_answers
from bot.engine.plan_view import NEXT, UNDO, command_of
from bot.engine.plan_words import take_plan_words, take_wish
from bot.engine.session import Act, Offer, Session
from bot.engine.speech import LEAVES, Choose, Draft, Said, Scene, number, say
from bot.engine.survey import LINK, code_of
from bot.engine.taking import Heard, asked_again, asks_for_words, take_sensitive
from bot.engine.view import View
from bot.faq.ranking import Ranking
from bot.knowledge.content import Content
from bot.language.choices import Picked, Torn, match_choice, match_lead, match_word
from bot.language.replies import read_yes_no
from bot.messages import (
    TEXT_LIMIT,
    Choice,
    Command,
    Edited,
    Filled,
    Outcome,
    Place,
    Reply,
    ReplyKind,
    Text,
    Token,
    Unreadable,
    Upload,
    Utterance,
)
from bot.records import replace

AGAIN: Final = frozenset({"drop", "resume-run"})  # begin a run again, or go on with it
_WORK: Final = (
    "clause-",
    "survey-",
    "plan-",
    "map-",
    "bc-",
)  # acts that no question of the FAQ asks for
PAIR: Final = 2  # a yes says what to do only where one thing is offered, and to leave it
_LABEL_WORDS: Final = re.compile(r"[\w'%£]+")
_YES: Final = re.compile(r"(?:y|ok|sure|go on|please|i do|aye|ie\b|oes\b)", re.IGNORECASE)
_AGREES: Final = re.compile(
    r"(?:(?:yes|ok|okay),? )?(?:i agree|agreed?|begin|start|do it|go ahead|let'?s (?:go|start|begin))[.! ]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one utterance led to: the session to save, what to send, and what to do."""

    session: Session
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()


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
    taken = asked_again(scene, _take(scene, utterance, ranking))
    said = _with_warning(scene, taken, ranking)
    settled = errands.settled(turned, _without_miss_of(session, said.session))
    saved, replies = number(settled, said.drafts)
    return Turn(session=saved, replies=replies, effects=said.effects)


def _without_miss_of(before: Session, after: Session) -> Session:
    """A remembered question may be labelled in one turn; then nothing leads to it any more."""
    is_old = after.open_miss is not None and after.open_miss == before.open_miss
    return replace(after, open_miss=None) if is_old else after


def _with_warning(scene: Scene, said: Said, ranking: Ranking | None) -> Said:
    """Once, in private talk at a place of the employer's, say who may read along. A crisis goes first."""
    view = scene.view
    is_due = view.employer_reads and view.place is Place.PRIVATE and not said.session.was_warned
    if not is_due or (ranking is not None and is_crisis(scene.content, ranking)):
        return said
    key = "employer.reads-way" if view.private_way else "employer.reads"
    warning = Draft(text=scene.say(key, way=view.private_way), kind=ReplyKind.CARD)
    return replace(said.before(warning), session=replace(said.session, was_warned=True))


def _take(scene: Scene, utterance: Utterance, ranking: Ranking | None) -> Said:
    match utterance:
        case Command(name="ask", argument=words) if ranking:
            return _first(ASKED_TAKERS, scene, Heard(words, ranking))
        case Command(argument=words):
            crisis = take_crisis(scene, Heard(words, ranking)) if ranking else None
            return crisis or run_command(scene, utterance)
        case Choice(token=token):
            return _press(scene, token)
        case Text(text=text) | Edited(text=text):
            return _hear(scene, text, ranking, edited=isinstance(utterance, Edited))
        case Filled():
            return _filled(scene, utterance, ranking)
        case Upload():
            is_rep = bool(scene.view.roles & REPS) and scene.view.place is Place.PRIVATE
            return map_lists.uploaded(scene, utterance) if is_rep else _unreadable(scene, "file")
        case Unreadable(kind=kind):
            return _unreadable(scene, kind)
        case _:
            assert_never(utterance)


def _filled(scene: Scene, filled: Filled, ranking: Ranking | None) -> Said:
    """What stands in a form is heard like what is typed: a crisis wins, a signpost follows."""
    if ranking is None:
        return forms.fill(scene, filled)
    heard = Heard("\n".join(given.value for given in filled.answers), ranking)
    if crisis := take_crisis(scene, heard):
        return crisis
    said, card = forms.fill(scene, filled), take_sensitive(scene, heard)
    return replace(said, drafts=(*said.drafts, *card.drafts)) if card else said


def _unreadable(scene: Scene, kind: str) -> Said:
    key = f"unreadable.{kind}"
    known = key if key in scene.content.wording.texts else "unreadable.other"
    return say(scene, "unreadable", kind=scene.say(known))


def _press(scene: Scene, token: Token) -> Said:
    """A button of this person's. In a group, what is wrong with another is nobody else's business."""
    if offer := scene.session.offer(token):
        return perform(scene, offer.act)
    if scene.view.place is Place.PRIVATE:
        return say(scene, "button.expired")
    draft = Draft(text=scene.say("whisper.not-yours"), kind=ReplyKind.WHISPER)
    return Said(session=scene.session, drafts=(draft,))


def _hear(scene: Scene, text: str, ranking: Ranking | None, *, edited: bool) -> Said:
    if not text.strip() or ranking is None:
        return say(scene, "empty")
    heard = Heard(text, ranking)
    said = _first(EDITED_TAKERS if edited else TAKERS, scene, heard)
    if len(text) > TEXT_LIMIT:
        return said.before(Draft(text=scene.say("long", limit=f"{TEXT_LIMIT:,}")))
    return said


def _first(takers: Sequence["Taker"], scene: Scene, heard: Heard) -> Said:
    """What the first of them says that has something to say; the last one always has."""
    return next(said for take in takers if (said := take(scene, heard)))


def is_crisis(content: Content, ranking: Ranking) -> bool:
    """Whether words are a cry for help, which goes before everything."""
    first = ranking.first
    if first.outcome is not Outcome.SIGNPOST:
        return False
    return content.sensitive.topic(first.topic).kind == "crisis"


def take_crisis(scene: Scene, heard: Heard) -> Said | None:
    """A crisis wins in every state, and nothing of it is stored.

    A bare yes or no, the very words of a button on the table, and words that stop broadcasts are as good
    as a tap, and no cry.
    """
    if not is_crisis(scene.content, heard.ranking) or _is_tap(scene, heard.text):
        return None
    return signpost(scene, heard.ranking.first.topic)


def _is_tap(scene: Scene, text: str) -> bool:
    if len(text.split()) == 1 and read_yes_no(text) is not None:
        return True
    if command_of_phrase(text) == "stop":
        return True
    tokens = (*scene.session.unnumbered, *scene.session.menu)
    return _plain_label(text) in {_plain_label(offer.label) for offer in _offers(scene, tokens)}


def take_command(scene: Scene, heard: Heard) -> Said | None:
    """A command typed with its slash, or a global verb: exactly that word."""
    if opens := code_of(Text(heard.text)):
        return run_command(scene, Command("start", f"{LINK}{opens}"))
    if area := area_of_words(heard.text):
        return run_command(scene, Command("start", f"{AREA_LINK}{area}"))
    if command := parse_command(heard.text):
        if command.name == "ask" and command.argument:
            return _first(ASKED_TAKERS, scene, heard)
        return run_command(scene, command)
    verb = verb_of(heard.text)
    return run_command(scene, Command(verb)) if verb else None


def take_choice(scene: Scene, heard: Heard) -> Said | None:
    """An option on the table, by its number or by its label; two that are as near are asked back.

    A number means an option only where it cannot be an answer to the question under way.
    """
    menu = () if asks_for_words(scene) else scene.session.menu
    numbered = _offers(scene, menu)
    match match_choice(heard.text, [offer.label for offer in numbered]):
        case Picked(index=index):
            return perform(scene, numbered[index].act)
        case Torn(indexes=indexes):
            choices = (Choose(numbered[index].label, numbered[index].act) for index in indexes)
            said = say(scene, "choice.which", *choices)
            asks = any(offer.act.name in RUN_ACTS for offer in numbered)
            return replace(said, drafts=(replace(said.drafts[0], asks=asks),))
        case None:
            return (
                _by_label(scene, heard.text)
                or _by_yes_no(scene, heard.text)
                or _by_lead(scene, heard, numbered)
            )


def _offers(scene: Scene, tokens: tuple[Token, ...]) -> list[Offer]:
    """The buttons of some tokens; none where one of them works no more."""
    known = [offer for token in tokens if (offer := scene.session.offer(token))]
    return known if len(known) == len(tokens) else []


def _by_label(scene: Scene, text: str) -> Said | None:
    """A button whose label was typed, where its number would mean something else."""
    wanted = _plain_label(text)
    tokens = (*scene.session.unnumbered, *(scene.session.menu if asks_for_words(scene) else ()))
    for offer in _offers(scene, tokens):
        if wanted and _plain_label(offer.label) == wanted:
            return perform(scene, offer.act)
    return None


def _by_lead(scene: Scene, heard: Heard, offers: list[Offer]) -> Said | None:
    """A choice of the turn before by the words that it begins with, where no other begins so."""
    if heard.ranking.is_question or errands.wants_words(scene, heard.text):
        return None
    lately = [offer for offer in offers if offer.token.startswith(f"{scene.session.turn - 1:x}.")]
    index = match_lead(heard.text, [offer.label for offer in lately])
    if index is None and all(offer.act.name.startswith(_WORK) for offer in lately):
        index = match_word(heard.text, [offer.label for offer in lately])
    return None if index is None else perform(scene, lately[index].act)


def _by_yes_no(scene: Scene, text: str) -> Said | None:
    """A yes or a no to an offer of the turn before: the one thing it offers, or to leave it."""
    tokens = (*scene.session.unnumbered, *scene.session.menu)
    lately = f"{scene.session.turn - 1:x}."
    offers = [offer for offer in _offers(scene, tokens) if offer.token.startswith(lately)]
    name = "resume-run" if {offer.act.name for offer in offers} == AGAIN else LEAVES
    leaves = [offer for offer in offers if offer.act.name == name]
    if len(leaves) != 1 or len(offers) > PAIR:
        return None
    wants = _agrees(text)  # last: it reads with care, and mostly there is nothing to agree to
    if wants is None:
        return None
    meant = [offer for offer in offers if (offer in leaves) is not wants]
    return perform(scene, meant[0].act) if meant else None


def _agrees(text: str) -> bool | None:
    """Whether words say yes or no to an offer; a smiley says neither, as what it begins may be for good."""
    said = " ".join(text.split())
    if _AGREES.match(said):
        return True
    read = read_yes_no(said)
    return None if read and not _YES.match(said) else read


def _plain_label(text: str) -> str:
    return " ".join(_LABEL_WORDS.findall(text.lower())) or text.strip()


def take_errand(scene: Scene, heard: Heard) -> Said | None:
    """Words that an errand with the reps waits for; a signpost may follow them."""
    if errands.is_unfit(scene, heard.text):
        if command_of_phrase(heard.text):
            return None
        if heard.ranking.is_question:
            answered = ask(scene, heard.ranking)
            waits = Draft(text=scene.say("broadcast.still-waiting"), personal=True)
            return replace(answered, drafts=(*answered.drafts, waits))
    said = errands.take_words(scene, heard.text)
    card = take_sensitive(scene, heard) if said else None
    return replace(said, drafts=(*said.drafts, *card.drafts)) if said and card else said


def take_phrase(scene: Scene, heard: Heard) -> Said | None:
    """A whole message that means a command, such as "my data"."""
    if asks_for_answers(heard.text):
        return run_command(scene, Command(ANSWERS))
    name = command_of_phrase(heard.text)
    return run_command(scene, Command(name, side_of_phrase(heard.text))) if name else None


def take_undo(scene: Scene, heard: Heard) -> Said | None:
    """To take back what the turn before did; a rep with a plan may mean that instead."""
    found = left_open.undone(scene, heard.text)
    return perform(scene, found) if isinstance(found, Act) else found


def take_plan(scene: Scene, heard: Heard) -> Said | None:
    """A rep's words about their plan: a command in plain words, or what to do with the next step."""
    named = command_of(heard.text) if scene.view.roles & REPS else None
    if named == UNDO and under_way(scene):  # whoever answers questions takes back the last answer
        return run_command(scene, Command("back"))
    if (
        named and named[0] == NEXT and under_way(scene)
    ):  # and means the next question, not the plan
        return None
    return run_command(scene, Command(*named)) if named else take_wish(scene, heard)


def take_question(scene: Scene, heard: Heard) -> Said | None:
    """Everything else is a question for the FAQ."""
    said = ask(scene, heard.ranking)
    is_lost = heard.ranking.first.outcome is Outcome.DECLINE
    return left_open.with_way_back(scene, said, is_lost=is_lost)


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
    taking.take_why,
    taking.take_answer,
    taking.take_submit,
    take_plan_words,
    take_errand,
    take_undo,
    take_plan,
    take_phrase,
    take_sensitive,
    taking.take_flow,
    taking.take_correction,
    taking.take_unfit,
    taking.take_aside,
    taking.take_reprompt,
    take_question,
)
EDITED_TAKERS: Final[tuple[Taker, ...]] = (
    take_crisis,
    taking.take_edited,
    take_sensitive,
    take_edit,
)
ASKED_TAKERS: Final[tuple[Taker, ...]] = (take_crisis, take_sensitive, take_question)
