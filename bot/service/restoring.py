"""Setting a store right after a backup was put back: nothing in it is done a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.messages import BranchId
from bot.planning.lifecycle import Event, Status, after
from bot.planning.recipients import Fate
from bot.service import audit, broadcasts, coach_mail, digests, jobs, outbox, privacy
from bot.service.broadcast_sending import RESTORED
from bot.service.clock import micros, moment
from bot.service.jobs import Job
from bot.service.ports import AtMost, OneOf, Row, Tx, Where

_STOPS: Final = (Status.SENDING.value, Status.SCHEDULED.value)
_WAITS: Final = (jobs.Status.DUE.value, jobs.Status.LEASED.value)

_DATED: Final = (  # what every day of a bot leaves something in
    ("inbound_key", "at"),
    ("audit", "at"),
    ("person", "created_at"),
    ("tombstone", "at"),
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What the database that is replaced says: whose it is, and who was forgotten there.

    Attributes:
        install: What its marks are made with.
        stones: Rows of its table `tombstone`.
    """

    install: str
    stones: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was set right.

    Attributes:
        forgotten: People that the backup had brought back, and who were forgotten again.
        unsent: Messages that waited when the backup was made; they may have gone out since.
    """

    forgotten: int
    unsent: int


def last_known(tx: Tx) -> datetime | None:
    """When the newest thing in a store happened; None where nothing ever did."""
    newest = [
        int(row[column] or 0)
        for table, column in _DATED
        for row in tx.find(table, {}, order=(f"-{column}",), limit=1)
    ]
    return moment(max(newest)) if newest else None


def is_of_one_install(tx: Tx, forgotten: Forgotten) -> bool:
    """Whether marks mean anything in a store that was put back: another install makes other ones."""
    own = tx.get("install", {"name": audit.INSTALL_KEY})
    return own is not None and own["value"] == forgotten.install


def settle(tx: Tx, tombstones: Sequence[Row], now: datetime) -> Settled:
    """Forget again who was forgotten since, and send nothing a second time.

    Args:
        tx: On the store that was put back.
        tombstones: Rows of the table `tombstone` that were written since the backup.
        now: The time.
    """
    for stone in tombstones:
        if not tx.insert_new("tombstone", stone):
            mark = {"identity_hash": stone["identity_hash"]}
            known = tx.get("tombstone", mark) or {}
            latest = max(int(stone["at"] or 0), int(known.get("at") or 0))
            tx.update("tombstone", mark, {"at": latest})
    forgotten = privacy.apply_tombstones(tx, now)
    _settle_broadcasts(tx, now)
    _settle_mail(tx, now)
    return Settled(forgotten=forgotten, unsent=outbox.abandon_all(tx, now))


def _settle_broadcasts(tx: Tx, now: datetime) -> None:
    """What was under way stops, what was due is not sent; their jobs say so to whoever wrote them."""
    waiting: Row = {"fate": Fate.WAITING.value}
    tx.update("delivery", waiting, {"fate": Fate.UNKNOWN.value})
    for row in tx.find("broadcast", {"status": OneOf(_STOPS)}):
        stopped = after(Status(str(row["status"])), Event.HALT)
        if row["status"] == Status.SENDING.value and stopped is not None:
            changes: Row = {"status": stopped.value, "changed_at": micros(now)}
            tx.update("broadcast", {"id": row["id"]}, changes)
        job = Job(
            kind=broadcasts.KIND,
            subject=str(row["id"]),
            branch=BranchId(str(row["branch"])),
            due_at=now,
            payload={RESTORED: str(micros(now))},
        )
        jobs.schedule(tx, job, now)


def _settle_mail(tx: Tx, now: datetime) -> None:
    """What is written every week, or at somebody's own hours, comes the next time and not now."""
    due: Where = {"status": OneOf(_WAITS), "due_at": AtMost(micros(now))}
    tx.update("due_job", {**due, "kind": digests.KIND}, {"payload": "{}"})
    later: Row = {"due_at": micros(now + coach_mail.LOOK_AGAIN)}
    tx.update("due_job", {**due, "kind": coach_mail.KIND}, later)
