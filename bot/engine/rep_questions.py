"""The asker's half of asking a person: the offer, the agreement, the words, a name, thanks.

No word of a question is kept before the person agreed to it; until then the session holds at most
which remembered question (a miss) may be passed on, and forgets it with the next turn.
"""

from dataclasses import replace
from typing import Final

from bot.engine.desk import DAY_LIMIT, NAME_LIMIT, OPEN_LIMIT, WORDS_LIMIT, Own, Stage
from bot.engine.effects_reps import NameAsker, PutQuestion, ThankRep, WithdrawQuestion
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.messages import Place, ReplyKind, plain

LAST: Final = "last"
NEW: Final = "new"
BACK: Final = "back"


def human(scene: Scene) -> Said:
    """Whom one can ask; in private also the way to the reps of the branch."""
    if scene.view.place is not Place.PRIVATE:
        return _card(scene, scene.say("card.human"))
    errand = scene.session.errand
    about = scene.session.open_miss or (
        errand.about if errand and errand.stage == Stage.OFFERED else ""
    )
    session = replace(scene.session, errand=Errand(Stage.OFFERED, about))
    said = _card(
        scene, f"{scene.say('card.human')}\n\n{scene.say('ask-rep.offer')}", *offers(scene, about)
    )
    return replace(said, session=session)


def offers(scene: Scene, miss: str | None) -> tuple[Choose, ...]:
    """The options that lead to a rep; none in a shared place.

    Args:
        scene: Where the talk stands.
        miss: The remembered question that may be passed on; empty or None for none.
    """
    if scene.view.place is not Place.PRIVATE:
        return ()
    new = Choose(scene.say("button.ask-rep-new"), Act("ask-rep", (NEW,)))
    last = Choose(scene.say("button.ask-rep-last"), Act("ask-rep", (LAST,)))
    return (last, new) if miss else (new,)


def ask_rep(scene: Scene, which: str, about: str = "") -> Said:
    """Ask whether the words may be kept, unless this person has enough questions waiting."""
    if scene.view.place is not Place.PRIVATE:
        return say(scene, "refused.place")
    if which == BACK and not any(one.id == about and one.may_ask_back for one in _own(scene)):
        return say(scene, "ask-rep.no-more")
    if scene.view.desk.open_count >= OPEN_LIMIT:
        return say(scene, "ask-rep.full", limit=OPEN_LIMIT)
    if scene.view.desk.day_count >= DAY_LIMIT:
        return say(scene, "ask-rep.day", limit=DAY_LIMIT)
    errand = Errand(Stage.AGREE_BACK, about) if which == BACK else _new_errand(scene, which)
    quote = _quote(scene) if which == LAST and errand.about else ""
    draft = Draft(
        text=f"{quote}{scene.say('ask-rep.consent')}",
        choices=(
            Choose(scene.say("button.ask-rep-agree"), Act("ask-agree")),
            Choose(scene.say("button.no"), Act("kept")),
        ),
        kind=ReplyKind.QUESTION,
        personal=True,
    )
    return Said(session=replace(scene.session, errand=errand), drafts=(draft,))


def agree(scene: Scene) -> Said:
    """The words may be kept: those that we have, or the next ones."""
    errand = scene.session.errand
    if errand is None or errand.stage not in {Stage.AGREE, Stage.AGREE_BACK}:
        return say(scene, "button.expired")
    if errand.stage == Stage.AGREE and errand.about and scene.view.desk.last_words:
        return _put(scene, scene.view.desk.last_words)
    if errand.stage == Stage.AGREE_BACK:
        return _wait(scene, "ask-rep.write", Errand(Stage.WRITE_BACK, errand.about))
    return _wait(scene, "ask-rep.write", Errand(Stage.WRITE))


def write(scene: Scene, words: str, back_of: str = "") -> Said:
    """The next words are the question."""
    if len(words) > WORDS_LIMIT:
        return say(scene, "ask-rep.long", limit=f"{WORDS_LIMIT:,}")
    return _put(scene, words, back_of)


def ask_name(scene: Scene, question: str) -> Said:
    """Ask for the name that the rep may know."""
    if not _is_waiting(scene, question):
        return say(scene, "button.expired")
    return _wait(scene, "ask-rep.name", Errand(Stage.NAME, question))


def name(scene: Scene, words: str, question: str) -> Said:
    """The next words are the name."""
    if len(words) > NAME_LIMIT:
        return say(scene, "ask-rep.name-long", limit=NAME_LIMIT)
    said = say(_left(scene), "ask-rep.named")
    return replace(said, effects=(NameAsker(question, words),))


def withdraw(scene: Scene, question: str) -> Said:
    """Take a question back that nobody has answered."""
    if not _is_waiting(scene, question):
        return say(scene, "button.expired")
    said = say(_left(scene), "ask-rep.withdrawn")
    return replace(said, effects=(WithdrawQuestion(question),))


def thank(scene: Scene, question: str) -> Said:
    """Pass a thank-you on."""
    if not any(one.id == question and one.may_thank for one in _own(scene)):
        return say(scene, "button.expired")
    return replace(say(scene, "ask-rep.thanked"), effects=(ThankRep(question),))


def _put(scene: Scene, words: str, back_of: str = "") -> Said:
    """Keep a question, and offer to say who asks and to take it back."""
    question = f"q-{scene.about()}"
    effect = PutQuestion(id=question, words=words, back_of=back_of)
    choices = (
        Choose(scene.say("button.ask-rep-name"), Act("ask-name", (question,))),
        Choose(scene.say("button.ask-rep-withdraw"), Act("ask-withdraw", (question,))),
    )
    said = say(_left(scene), "ask-rep.passed-on", *choices)
    return replace(said, effects=(effect,))


def _new_errand(scene: Scene, which: str) -> Errand:
    """What the agreement is about: the remembered question while we still have it, or a new one."""
    errand = scene.session.errand
    miss = errand.about if errand and errand.stage == Stage.OFFERED else scene.session.open_miss
    has_words = which == LAST and bool(scene.view.desk.last_words)
    return Errand(Stage.AGREE, (miss or "") if has_words else "")


def _quote(scene: Scene) -> str:
    words = plain(scene.view.desk.last_words)
    return f"{scene.say('ask-rep.quote', words=words)}\n\n"


def _own(scene: Scene) -> tuple[Own, ...]:
    return scene.view.desk.own


def _is_waiting(scene: Scene, question: str) -> bool:
    return any(one.id == question and one.is_waiting for one in _own(scene))


def _wait(scene: Scene, key: str, errand: Errand) -> Said:
    """Ask for words: the next ones are for this errand, whatever they are."""
    waiting = replace(scene, session=replace(scene.session, errand=errand))
    return say(waiting, key, Choose(scene.say("button.no"), Act("kept")))


def _left(scene: Scene) -> Scene:
    return replace(scene, session=replace(scene.session, errand=None))


def _card(scene: Scene, text: str, *choices: Choose) -> Said:
    draft = Draft(text=text, choices=choices, kind=ReplyKind.CARD)
    return Said(session=scene.session, drafts=(draft,))
