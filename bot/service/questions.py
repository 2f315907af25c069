"""Questions to the reps of a branch: kept with consent, taken by one, answered, told of when nobody is.

Whoever asks and whoever replies never learn each other's account: what goes between them goes through
the outbox, to each one's own private chat.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.engine.agreeing import wording_version
from bot.engine.effects_reps import (
    KeepReply,
    LeaveQuestion,
    NameAsker,
    PutQuestion,
    RepEffect,
    SendReply,
    SignReply,
    TakeQuestion,
    ThankRep,
    WithdrawQuestion,
)
from bot.errors import StaleSession
from bot.knowledge.content import Content
from bot.language.scrubbing import scrub
from bot.service import audit, consents, desks, rep_mail
from bot.service.clock import micros
from bot.service.desks import ANSWERED, THANKED, WAITING
from bot.service.doing import Doing
from bot.service.ports import AtMost, Row, Tx, Where

ASK: Final = "ask-a-rep"  # purposes of consent
SHARE_NAME: Final = "share-name"
SIGN: Final = "sign-replies"
PATIENCE: Final = timedelta(days=7)  # then the person is told that nobody has taken the question


def keep(doing: Doing, effect: RepEffect) -> None:
    """Apply one effect in the turn's own transaction."""
    match effect:
        case PutQuestion():
            _put(doing, effect)
        case NameAsker(question=question, name=name):
            _agree(doing, SHARE_NAME, "ask-rep.name")
            doing.tx.update("question", _own(doing, question), {"name": name})
        case WithdrawQuestion(question=question):
            if doing.tx.delete("question", _own(doing, question)):
                doing.tx.delete("take", {"question": question})
        case ThankRep(question=question):
            answered: Where = {**_own(doing, question), "status": ANSWERED}
            doing.tx.update("question", answered, {"status": THANKED})
            rep_mail.thank(doing, question)
        case TakeQuestion() | LeaveQuestion() | KeepReply() | SignReply() | SendReply():
            _by_rep(doing, effect)
        case _:
            assert_never(effect)


def _by_rep(
    doing: Doing, effect: TakeQuestion | LeaveQuestion | KeepReply | SignReply | SendReply
) -> None:
    match effect:
        case TakeQuestion(question=question):
            _take(doing, question)
        case LeaveQuestion(question=question):
            doing.tx.delete("take", _in_hand(doing, question))
        case KeepReply(question=question, words=words):
            doing.tx.update("take", _in_hand(doing, question), {"words": words})
        case SignReply(question=question, name=name):
            if name:
                _agree(doing, SIGN, "desk.sign")
            doing.tx.update("take", _in_hand(doing, question), {"signed": name or None})
        case SendReply():
            _send(doing, effect)
        case _:
            assert_never(effect)


def without_agreement(doing: Doing, purpose: str) -> None:
    """Somebody takes an agreement back: what was kept only because of it goes at once."""
    tx, person = doing.tx, doing.known.person
    match purpose.strip().lower():
        case "ask-a-rep":
            for row in tx.find("question", {"person": person}):
                tx.delete("take", {"question": row["id"]})
            tx.delete("question", {"person": person})
        case "share-name":
            tx.update("question", {"person": person}, {"name": None})
        case "sign-replies":
            tx.update("take", {"person": person}, {"signed": None})
        case _:
            pass


def tell_untaken(tx: Tx, content: Content, fresh: str, now: datetime, limit: int = 50) -> int:
    """Tell people, once, that nobody has taken their question for a week.

    Args:
        tx: The transaction.
        content: For the words.
        fresh: Unique; a part of the ids of what is sent.
        now: The time.
        limit: At most so many people in one transaction.

    Returns:
        How many were told; call again while that is the limit.
    """
    late: Where = {
        "status": WAITING,
        "told_at": None,
        "asked_at": AtMost(micros(now - PATIENCE)),
    }
    rows = tx.find("question", late, order=("asked_at",), limit=limit)
    for row in rows:
        tx.update("question", {"id": row["id"]}, {"told_at": micros(now)})
        rep_mail.tell_untaken(tx, content, row, fresh, now)
    return len(rows)


def _put(doing: Doing, effect: PutQuestion) -> None:
    _agree(doing, ASK, "ask-rep.consent")
    row: Row = {
        "id": effect.id,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "channel": doing.channel,
        "words": effect.words,
        "name": None,
        "back_of": effect.back_of or None,
        "status": WAITING,
        "asked_at": micros(doing.now),
        "told_at": None,
        "ended_at": None,
    }
    doing.tx.insert("question", row)
    rep_mail.tell_reps(doing, row)


def _take(doing: Doing, question: str) -> None:
    """Take a question; one that another rep let lie is taken over.

    Raises:
        StaleSession: Another rep was faster since this turn began: it has to be done again.
    """
    tx, key = doing.tx, {"question": question}
    before = tx.get("take", key)
    if before is not None and not desks.is_in_hand(before, doing.now):
        tx.delete("take", {**key, "person": before["person"], "at": before["at"]})
    row: Row = {
        **key,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "words": None,
        "signed": None,
        "at": micros(doing.now),
    }
    if not tx.insert_new("take", row):
        raise StaleSession("Another rep has taken the question. Try again.")


def _send(doing: Doing, effect: SendReply) -> None:
    tx = doing.tx
    take = tx.get("take", _in_hand(doing, effect.question))
    question = tx.get("question", {"id": effect.question, "branch": doing.known.branch})
    if take is None or question is None:
        return
    rep_mail.deliver(doing, question, take)
    ended: Row = {"status": ANSWERED, "ended_at": micros(doing.now)}
    tx.update("question", {"id": effect.question}, ended)
    _draft(doing, effect.draft, str(question["words"]), str(take["words"]))
    who = audit.pseudonym(tx, doing.known.person)
    audit.record(tx, doing.view.fresh, doing.known.branch, who, "question.answered", "", doing.now)


def _draft(doing: Doing, draft: str, asked: str, words: str) -> None:
    """What the editors get of it: scrubbed, only the day, and nothing that leads to who asked."""
    known = doing.content.known_words
    day = doing.now.replace(hour=0, minute=0, second=0, microsecond=0)
    row: Row = {
        "id": draft,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "asked": scrub(asked, known),
        "words": "\n".join(scrub(line, known) for line in words.splitlines()),
        "status": "new",
        "at": micros(day),
    }
    doing.tx.insert("reply", row)


def _agree(doing: Doing, purpose: str, key: str) -> None:
    """Keep the agreement to exactly the text that was shown, once."""
    text = doing.content.wording.say(key, doing.view.language)
    version = wording_version(text)
    if (purpose, version) not in doing.view.consents:
        consents.give(doing, purpose, version)


def _own(doing: Doing, question: str) -> Where:
    return {"id": question, "person": doing.known.person, "status": WAITING}


def _in_hand(doing: Doing, question: str) -> Where:
    return {"question": question, "person": doing.known.person}
