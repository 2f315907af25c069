"""What editors learn from: questions without an answer, picks, votes, entries due for a check."""

from datetime import datetime
from typing import assert_never

from bot.engine.effects import LabelMiss, OpenReview, RememberMiss, Vote
from bot.service import audit
from bot.service.clock import micros
from bot.service.people import Known
from bot.service.ports import Row, Scalar, Tx

NONE_OF_THESE = "none"  # the mark of a miss whose offered entries were all refused


def keep(
    tx: Tx, known: Known, effect: RememberMiss | LabelMiss | Vote | OpenReview, now: datetime
) -> None:
    """Keep one lesson.

    A miss has no person and only a day, and its asker is a keyed hash that changes each month: enough
    to count two people as two, too little to follow one.
    """
    match effect:
        case RememberMiss():
            _remember(tx, known, effect, now)
        case LabelMiss(id=miss, chosen=chosen):
            tx.update("miss", {"id": miss}, {"chosen": chosen or NONE_OF_THESE})
        case Vote():
            _vote(tx, known, effect, now)
        case OpenReview(entry=entry, review_by=review_by):
            _review(tx, known, str(entry), review_by, now)
        case _:
            assert_never(effect)


def _remember(tx: Tx, known: Known, miss: RememberMiss, now: datetime) -> None:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    row: Row = {
        "id": miss.id,
        "branch": known.branch,
        "words": miss.words,
        "outcome": miss.outcome.value,
        "candidates": " ".join(f"{entry}:{score}" for entry, score in miss.candidates),
        "chosen": None,
        "asker": audit.pseudonym(tx, known.person, salt=f"{now:%Y-%m}"),
        "status": "new",
        "at": micros(day),
    }
    tx.insert("miss", row)


def _vote(tx: Tx, known: Known, vote: Vote, now: datetime) -> None:
    where: dict[str, Scalar] = {"person": known.person, "about": vote.about}
    said: Row = {"helpful": int(vote.helpful), "why": vote.why, "at": micros(now)}
    if tx.update("feedback", where, said) == 0:
        tx.insert("feedback", {**where, "branch": known.branch, "entry": vote.entry, **said})


def _review(tx: Tx, known: Known, entry: str, review_by: str, now: datetime) -> None:
    where: dict[str, Scalar] = {"entry": entry, "branch": known.branch}
    first: Row = {**where, "review_by": review_by, "shown": 1, "at": micros(now)}
    if tx.insert_new("review", first):
        return
    while row := tx.get("review", where):  # as often as another process counts in between
        shown = int(row["shown"] or 0)
        changes: Row = {"shown": shown + 1, "review_by": review_by, "at": micros(now)}
        if tx.update("review", {**where, "shown": shown}, changes):
            return
