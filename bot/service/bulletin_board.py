"""What a turn may know of broadcasts: read from the rows, for somebody who may send."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.engine.bulletins import Board, Bulletin, Destination
from bot.engine.view import View
from bot.messages import Role
from bot.planning.lifecycle import Status
from bot.planning.recipients import Facts
from bot.service import deliveries, recipients
from bot.service.bulletin_rows import bulletin_of
from bot.service.clock import micros
from bot.service.ports import AtLeast, OneOf, Row, Tx, Where

READ: Final = 20  # broadcasts read at a time, newest first
SINCE: Final = timedelta(days=60)  # older ones that have ended are shown no more
PROVEN: Final = "proven"  # of a destination: its channel confirmed it


def read(tx: Tx, view: View, now: datetime) -> Board:
    """The board of one person; everybody's addresses only while they are writing something."""
    drafting: Where = {"author": view.person, "status": Status.DRAFT.value}
    rows = tx.find("broadcast", drafting, order=("-changed_at",), limit=1)
    draft = bulletin_of(rows[0], view.zone, person=view.person) if rows else None
    people: Mapping[str, tuple[Facts, ...]] = recipients.everybody(
        tx, view.branch, view.flows, now
    )
    return Board(
        draft=draft,
        others=_others(tx, view, now),
        destinations=destinations(tx, view),
        people=people,
    )


def _others(tx: Tx, view: View, now: datetime) -> tuple[Bulletin, ...]:
    rest = OneOf(tuple(one.value for one in Status if one is not Status.DRAFT))
    since = AtLeast(micros(now - SINCE))
    where: Where = {"branch": view.branch, "status": rest, "changed_at": since}
    rows = tx.find("broadcast", where, order=("-changed_at",), limit=READ)
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
