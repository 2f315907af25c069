"""A question and what becomes of it: the five outcomes."""

from typing import Final

from bot.engine import browsing, cards, rep_questions
from bot.engine.answers import answer, candidates, title, votes
from bot.engine.effects import RememberMiss
from bot.engine.followup import follow_up
from bot.engine.session import Act, Last
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.faq.ranking import Part, Ranking
from bot.language.scrubbing import scrub
from bot.messages import Outcome, ReplyKind
from bot.records import replace

MENU_AFTER: Final = 2  # declines in a row, then the topics are shown
PERSON_AFTER: Final = 3  # declines in a row, then a person is offered


def ask(scene: Scene, ranking: Ranking) -> Said:
    """Take words as a question, and answer, ask back, decline, or chat.

    A message with two questions gets two headed answers, in its order.
    """
    said = _one(scene, ranking.first, ranking)
    for number, part in enumerate(ranking.parts[1:], start=1):
        after = _one(replace(scene, session=said.session, part=number), part, ranking)
        said = replace(
            after,
            # a pick could not say which of the questions it is for
            session=replace(after.session, open_miss=None),
            drafts=(*said.drafts, *after.drafts),
            effects=(*said.effects, *after.effects),
        )
    return said


def _one(scene: Scene, part: Part, ranking: Ranking) -> Said:
    match part.outcome:
        case Outcome.ANSWER:
            return answer(scene, scene.content.entry_by_id[part.offered[0]], part)
        case Outcome.SIGNPOST:
            return cards.signpost(scene, part.topic)
        case Outcome.SMALLTALK:
            return follow_up(scene, part) or cards.smalltalk(scene, part.topic)
        case Outcome.DISAMBIGUATE:
            return follow_up(scene, part) or _disambiguate(scene, part)
        case Outcome.DECLINE:
            return follow_up(scene, part) or _decline(scene, part, asks=ranking.is_question)


def _disambiguate(scene: Scene, part: Part) -> Said:
    offered = [scene.content.entry_by_id[entry] for entry in part.offered]
    turn = str(scene.session.turn)
    choices = [Choose(title(scene, entry), Act("pick", (entry.id, turn))) for entry in offered]
    miss = _miss(scene, part)
    session = replace(scene.session, last=_last(scene, part), misses=0, open_miss=miss.id)
    none = Choose(scene.say("disambiguate.none"), Act("none", (turn,)))
    draft = Draft(
        text=scene.say("disambiguate.ask"), choices=(*choices, none), kind=ReplyKind.QUESTION
    )
    return Said(session=session, drafts=(draft,), effects=(miss,))


def _decline(scene: Scene, part: Part, *, asks: bool) -> Said:
    said = decline(scene, part, key="decline.question" if asks else "decline.words")
    miss = _miss(scene, part)
    session = replace(said.session, open_miss=miss.id)
    return replace(said, session=session, effects=(miss, *said.effects))


def decline(scene: Scene, part: Part | None, key: str) -> Said:
    """Say plainly that we do not know: then topics, and at the third time a person."""
    misses = scene.session.misses + 1
    last = _last(scene, part)
    session = replace(scene.session, misses=misses, last=last)
    if misses >= PERSON_AFTER:
        draft = Draft(
            text=f"{scene.say('decline.third')}\n\n{scene.say('card.human')}",
            choices=(
                *rep_questions.offers(scene, scene.miss_id() if part else None),
                _topics(scene),
                *votes(scene, last.about, None),
            ),
            kind=ReplyKind.CARD,
        )
        return Said(session=session, drafts=(draft,))
    if misses == MENU_AFTER and scene.content.faq.sections:
        said = browsing.sections(replace(scene, session=session))
        return said.before(
            Draft(text=scene.say("decline.second"), choices=votes(scene, last.about, None))
        )
    choices = (
        _topics(scene),
        Choose(scene.say("button.human"), Act("command", ("human",))),
        *votes(scene, last.about, None),
    )
    return Said(session=session, drafts=(Draft(text=scene.say(key), choices=choices),))


def _topics(scene: Scene) -> Choose:
    return Choose(scene.say("button.topics"), Act("sections"))


def _last(scene: Scene, part: Part | None) -> Last:
    return Last(
        about=scene.about(),
        at_turn=scene.session.turn,
        outcome=part.outcome if part else Outcome.DECLINE,
        candidates=candidates(part),
    )


def _miss(scene: Scene, part: Part) -> RememberMiss:
    return RememberMiss(
        id=scene.miss_id(),
        words=scrub(part.words, scene.content.known_words),
        outcome=part.outcome,
        candidates=candidates(part),
    )
