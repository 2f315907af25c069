"""What is due later: one table of jobs, and how a job moves: due -> leased -> done, failed, or due again.

Only this module changes `status`. A job is done at least once and takes effect once: what takes long
is done outside any transaction, and what is written for it is written together with its end. A job
whose process died is due again when its lease runs out; one that was put off, replaced or cancelled
while it was being done has no effect.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.messages import BranchId, PersonId
from bot.service.clock import micros, moment
from bot.service.ports import AtMost, OneOf, Row, Tx, Where

LEASE: Final = timedelta(seconds=120)
LOCK: Final = "jobs"  # of whoever claims: one process at a time
MAX_TRIES: Final = 6  # then it has failed; with the waits below that is about a quarter of an hour
FIRST_WAIT_S: Final = 15.0  # doubled with each try


class Status(StrEnum):
    """Where a job is."""

    DUE = "due"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done.

    Attributes:
        kind: Which handler does it.
        subject: What it is about; of one kind there is one job about a subject.
        branch: Whose it is.
        due_at: Not before this moment.
        person: Whom it is about; it goes when they are forgotten. None for nobody.
        payload: What the handler needs to know beside.
    """

    kind: str
    subject: str
    branch: BranchId
    due_at: datetime
    person: PersonId | None = None
    payload: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The key of its row."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A job on its way, for whoever does it.

    Attributes:
        owner: Whose lease it is.
        tries: How often it was begun before.
    """

    job: Job
    owner: str
    tries: int


def schedule(tx: Tx, job: Job, now: datetime) -> None:
    """Have a job done; it takes the place of an earlier one about the same, also of one under way."""
    row = _row(job, now)
    if not tx.insert_new("due_job", row):
        tx.update("due_job", {"id": job.id}, {name: row[name] for name in row if name != "id"})


def cancel(tx: Tx, kind: str, subject: str) -> bool:
    """Have a job not done; False where there is none that is still to be done."""
    waiting = OneOf((Status.DUE.value, Status.LEASED.value))
    return tx.delete("due_job", {"id": f"{kind}:{subject}", "status": waiting}) > 0


def claim(
    tx: Tx, owner: str, kinds: tuple[str, ...], now: datetime, limit: int
) -> tuple[Leased, ...]:
    """Lease what is due, the longest due first; no job is leased to two."""
    recover(tx, now)
    where: Where = {
        "status": Status.DUE.value,
        "due_at": AtMost(micros(now)),
        "kind": OneOf(kinds),
    }
    lease: Row = {
        "status": Status.LEASED.value,
        "lease_owner": owner,
        "lease_until": micros(now + LEASE),
    }
    rows = tx.find("due_job", where, order=("due_at",), limit=limit)
    taken = [
        row
        for row in rows
        if tx.update("due_job", {"id": row["id"], "status": Status.DUE.value}, lease)
    ]
    return tuple(Leased(job=_job(row), owner=owner, tries=int(row["tries"] or 0)) for row in taken)


def recover(tx: Tx, now: datetime) -> int:
    """Make due again what was leased too long ago: whoever did it has died. Returns how many."""
    stale: Where = {"status": Status.LEASED.value, "lease_until": AtMost(micros(now))}
    return tx.update("due_job", stale, _FREE)


def recover_all(tx: Tx) -> int:
    """Make due again all that is leased, for the one process that works here. Returns how many."""
    return tx.update("due_job", {"status": Status.LEASED.value}, _FREE)


def end(tx: Tx, leased: Leased, now: datetime) -> bool:
    """Note that a job is done; False where it is no longer this owner's, and has no effect then."""
    done: Row = {"status": Status.DONE.value, "ended_at": micros(now), "lease_owner": None}
    return tx.update("due_job", _mine(leased), {**done, "payload": "{}", "error": None}) > 0


def renew(tx: Tx, leased: Leased, now: datetime) -> None:
    """Keep a job that is still being done; one that is no longer this owner's is left alone."""
    tx.update("due_job", _mine(leased), {"lease_until": micros(now + LEASE)})


def fail(tx: Tx, leased: Leased, error: str, now: datetime) -> bool:
    """Note that a job went wrong: it is tried again later, a few times.

    Returns:
        Whether it has failed for good by this.
    """
    tries = leased.tries + 1
    row: Row = {"tries": tries, "error": error, "lease_owner": None, "lease_until": None}
    if tries >= MAX_TRIES:
        ended: Row = {"status": Status.FAILED.value, "ended_at": micros(now), "payload": "{}"}
        return tx.update("due_job", _mine(leased), {**row, **ended}) > 0
    wait = timedelta(seconds=FIRST_WAIT_S * 2**leased.tries)
    due: Row = {"status": Status.DUE.value, "due_at": micros(now + wait)}
    tx.update("due_job", _mine(leased), {**row, **due})
    return False


def next_due(tx: Tx, kinds: tuple[str, ...]) -> datetime | None:
    """When the next job is due; None where there is none."""
    where: Where = {"status": Status.DUE.value, "kind": OneOf(kinds)}
    rows = tx.find("due_job", where, order=("due_at",), limit=1)
    return moment(int(rows[0]["due_at"] or 0)) if rows else None


_FREE: Final[Row] = {"status": Status.DUE.value, "lease_owner": None, "lease_until": None}


def _mine(leased: Leased) -> Row:
    return {
        "id": leased.job.id,
        "status": Status.LEASED.value,
        "lease_owner": leased.owner,
    }


def _row(job: Job, now: datetime) -> Row:
    return {
        "id": job.id,
        "branch": job.branch,
        "kind": job.kind,
        "subject": job.subject,
        "person": job.person,
        "payload": json.dumps(dict(job.payload), ensure_ascii=False, sort_keys=True),
        "status": Status.DUE.value,
        "due_at": micros(job.due_at),
        "tries": 0,
        "lease_owner": None,
        "lease_until": None,
        "error": None,
        "made_at": micros(now),
        "ended_at": None,
    }


def _job(row: Row) -> Job:
    person = row["person"]
    return Job(
        kind=str(row["kind"]),
        subject=str(row["subject"]),
        branch=BranchId(str(row["branch"])),
        due_at=moment(int(row["due_at"] or 0)),
        person=None if person is None else PersonId(str(person)),
        payload=json.loads(str(row["payload"])),
    )
