"""A clock that was put back: what was ready goes out all the same, and no lease lasts for hours.

A machine that was restored, or whose clock is set right, says an hour that has been already. What a row
says by then lies ahead. Whoever waits for an answer must not wait for the clock; whatever was wanted at
a time of day keeps to the clock, as everybody's watch does.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.service import deliveries
from bot.service.clock import micros
from bot.service.ports import AtLeast, OneOf, Row, Tx, Where

PROMPT: Final = timedelta(seconds=2)  # a job due within this of being made was wanted at once
LEASED: Final[Where] = {"status": "leased"}


def ready_from(row: Row, now: datetime) -> int:
    """From when a row of the outbox may go out, as the store writes a moment.

    What was written down ahead of the clock was written before the clock was put back, so its wait
    counts no more; unless it was wanted later.
    """
    due_at, made_at, at = int(row["due_at"] or 0), int(row["made_at"] or 0), micros(now)
    is_wanted_later = row["lane"] == deliveries.LANE and row["error"] is None and due_at > made_at
    return min(due_at, at) if made_at > at and not is_wanted_later else due_at


def hasten_jobs(tx: Tx, now: datetime) -> int:
    """Make due what was to be done at once and lies ahead of the clock now; returns how many."""
    at = micros(now)
    to_do = OneOf(("due", "leased"))  # whoever leased it may have died
    ahead: Where = {"status": to_do, "due_at": AtLeast(at + 1), "made_at": AtLeast(at + 1)}
    hastened = 0
    for row in tx.find("due_job", ahead):
        wait = int(row["due_at"] or 0) - int(row["made_at"] or 0)
        if wait <= PROMPT // timedelta(microseconds=1):
            hastened += tx.update("due_job", {"id": row["id"]}, {"due_at": at, "made_at": at})
    return hastened


def shorten_leases(tx: Tx, table: str, lease: timedelta, now: datetime) -> int:
    """Have no lease end later than one that is taken now; returns how many that were.

    Args:
        tx: The transaction.
        table: `outbox` or `due_job`.
        lease: How long a lease of this table lasts.
        now: The time.
    """
    until = micros(now + lease)
    too_long: Where = {**LEASED, "lease_until": AtLeast(until + 1)}
    return tx.update(table, too_long, {"lease_until": until})


class LastLook:
    """Notices that a clock was put back: it says less than at the last look, or there was none yet."""

    def __init__(self) -> None:
        self._at: datetime | None = None

    def is_put_back(self, now: datetime) -> bool:
        """Whether it may have been put back since the last look, which this one follows."""
        last, self._at = self._at, now
        return last is None or now < last
