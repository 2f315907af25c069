"""What a turn may know of broadcasts: read from the rows, for somebody who may send."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.engine.broadcast_needs import audiences_needed
from bot.engine.bulletins import Board, Bulletin, Destination
from bot.engine.session import Session
from bot.engine.view import View
from bot.messages import Role, Utterance
from bot.planning.lifecycle import Status
from bot.service import areas, broadcast_mail, deliveries, people, recipients
from bot.service.bulletin_rows import bulletin_of
from bot.service.clock import micros
from bot.service.ports import AtLeast, OneOf, Row, Tx, Where

READ: Final = 20  # broadcasts read that are done, newest first; and of one person's drafts
OPEN: Final = 100  # broadcasts read that are planned or under way
SINCE: Final = timedelta(days=60)  # older ones that have ended are shown no more
_OPEN: Final = OneOf(
    tuple(one.value for one in (Status.SENDING, Status.SCHEDULED, Status.PAUSED, Status.AWAITING))
)
_ENDED: Final = OneOf(
    tuple(one.value for one in (Status.SENT, Status.HALTED, Status.CANCELLED, Status.SKIPPED))
)
PROVEN: Final = "proven"  # of a destination: its channel confirmed it


def read(tx: Tx, view: View, session: Session, utterance: Utterance, now: datetime) -> Board:
    """The board of one person; people are read of the audiences that this turn may be about."""
    board = Board(
        drafts=_drafts(tx, view),
        others=_others(tx, view, now),
        destinations=destinations(tx, view),
        areas=areas.joined(tx, view.branch),
        colleagues=_colleagues(tx, view),
    )
    offered = recipients.audiences(view.flows, board.areas)
    wanted = audiences_needed(session, utterance, board, view.roles, offered)
    return replace(board, people=recipients.facts_by_audience(tx, view.branch, wanted, now))


def _colleagues(tx: Tx, view: View) -> int:
    """Everybody else who may agree to a text, and can be asked to."""
    others = broadcast_mail.senders(tx, view.branch, view.person)
    return sum(people.private_address(tx, one) is not None for one in others)


def _drafts(tx: Tx, view: View) -> tuple[Bulletin, ...]:
    mine: Where = {"author": view.person, "status": Status.DRAFT.value}
    rows = tx.find("broadcast", mine, order=("-changed_at",), limit=READ)
    return tuple(bulletin_of(row, view.zone, person=view.person) for row in rows)


def _others(tx: Tx, view: View, now: datetime) -> tuple[Bulletin, ...]:
    """All that is still to come, however long ago it was planned; then what ended lately."""
    of: Where = {"branch": view.branch}
    order, since = ("-changed_at",), AtLeast(micros(now - SINCE))
    open_ones = tx.find("broadcast", {**of, "status": _OPEN}, order=order, limit=OPEN)
    ended = {**of, "status": _ENDED, "changed_at": since}
    rows = (*open_ones, *tx.find("broadcast", ended, order=order, limit=READ))
    return tuple(_with_tally(tx, view, row) for row in rows)


def _with_tally(tx: Tx, view: View, row: Row) -> Bulletin:
    planned_at = row["planned_at"]
    if planned_at is None:
        return bulletin_of(row, view.zone, person=view.person)
    tally = deliveries.tally(tx, str(row["id"]), int(planned_at))
    return bulletin_of(row, view.zone, tally, view.person)


def destinations(tx: Tx, view: View) -> tuple[Destination, ...]:
    """Every place of the branch, in the order in which they were added."""
    rows = tx.find("destination", {"branch": view.branch}, order=("at",))
    return tuple(_destination(tx, row) for row in rows)


def _destination(tx: Tx, row: Row) -> Destination:
    roles = tx.find("destination_role", {"destination": row["id"]})
    return Destination(
        id=str(row["id"]),
        name=str(row["name"]),
        channel=str(row["channel"]),
        is_proven=row["status"] == PROVEN,
        roles=frozenset(Role(str(one["role"])) for one in roles),
    )
