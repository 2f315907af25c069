"""What a turn may know of the questions to the reps: read from the rows, for one person."""

from datetime import datetime, timedelta
from typing import Final

from bot.engine.commands import REPS
from bot.engine.desk import Desk, Own, Stage, Taken, Waiting
from bot.engine.session import Session
from bot.engine.view import View
from bot.messages import Place
from bot.service.clock import micros, moment
from bot.service.ports import AtLeast, Row, Tx, Where

WAITING: Final = "waiting"  # of a question: nobody has replied yet
ANSWERED: Final = "answered"
THANKED: Final = "thanked"
IN_HAND: Final = timedelta(days=3)  # a rep who took a question has it for so long
READ: Final = 50  # waiting questions read at a time


def read(tx: Tx, view: View, session: Session, now: datetime) -> Desk:
    """The desk of one person; what others wait for only in private, and only for reps."""
    own = tx.find("question", {"person": view.person}, order=("asked_at",))
    day = micros(now - timedelta(days=1))
    desk = Desk(
        last_words=_last_words(tx, session),
        day_count=sum(int(row["asked_at"] or 0) > day for row in own),
        own=tuple(_own(row, own) for row in own),
    )
    if not view.roles & REPS or view.place is not Place.PRIVATE:
        return desk
    return Desk(
        last_words=desk.last_words,
        day_count=desk.day_count,
        own=desk.own,
        waiting=_waiting(tx, view, now),
        taken=_taken(tx, view, now),
    )


def is_in_hand(take: Row | None, now: datetime) -> bool:
    """Whether a rep has a question in hand, and has not let it lie."""
    return take is not None and int(take["at"] or 0) > micros(now - IN_HAND)


def _last_words(tx: Tx, session: Session) -> str:
    """The words of the remembered question that may be passed on, as scrubbing left them."""
    errand = session.errand
    is_about_miss = errand is not None and errand.stage in {Stage.OFFERED, Stage.AGREE}
    miss = errand.about if errand and is_about_miss else session.open_miss
    row = tx.get("miss", {"id": miss}) if miss else None
    return str(row["words"]) if row else ""


def _own(row: Row, rows: list[Row]) -> Own:
    is_waiting = row["status"] == WAITING
    asked_back = any(other["back_of"] == row["id"] for other in rows)
    may_ask_back = not is_waiting and row["back_of"] is None and not asked_back
    return Own(str(row["id"]), is_waiting, row["status"] == ANSWERED, may_ask_back)


def _waiting(tx: Tx, view: View, now: datetime) -> tuple[Waiting, ...]:
    where: Where = {"branch": view.branch, "status": WAITING}
    rows = tx.find("question", where, order=("asked_at",), limit=READ)
    return tuple(
        _asked(row, now)
        for row in rows
        if row["person"] != view.person
        and not is_in_hand(tx.get("take", {"question": row["id"]}), now)
    )


def _taken(tx: Tx, view: View, now: datetime) -> tuple[Taken, ...]:
    since = AtLeast(micros(now - IN_HAND) + 1)
    found: list[Taken] = []
    for take in tx.find("take", {"person": view.person, "at": since}, order=("at",)):
        where: Where = {"id": take["question"], "branch": view.branch, "status": WAITING}
        if row := tx.get("question", where):
            taken = Taken(
                question=_asked(row, now),
                reply=str(take["words"] or ""),
                signed=str(take["signed"] or ""),
            )
            found.append(taken)
    return tuple(found)


def _asked(row: Row, now: datetime) -> Waiting:
    return Waiting(
        id=str(row["id"]),
        words=str(row["words"]),
        name=str(row["name"] or ""),
        days=(now - moment(int(row["asked_at"] or 0))).days,
        is_back=row["back_of"] is not None,
    )
