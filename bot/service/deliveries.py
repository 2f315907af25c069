"""What became of each recipient of a broadcast; the outbox says it here, row by row."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.messages import PersonId
from bot.planning.lifecycle import Status
from bot.planning.recipients import ALL, Fate, Tally
from bot.service.clock import micros
from bot.service.ports import AtMost, OneOf, Row, Tx, Where

LANE: Final = "broadcast"  # of the outbox
PREFIX: Final = "bc:"  # begins the ids of deliveries
UNWATCHED: Final = timedelta(seconds=30)  # its job looks every second; later, nobody looks
_ENDS: Final[Mapping[str, Fate]] = {
    "sent": Fate.SENT,
    "failed": Fate.FAILED,
    "unknown": Fate.UNKNOWN,
}


def settled(tx: Tx, delivery: str, status: str, error: str | None) -> None:
    """An outbox row of a broadcast has come to its end."""
    is_blocked = status == "failed" and error == "Unreachable"
    fate = Fate.BLOCKED if is_blocked else _ENDS[status]
    tx.update("delivery", _waiting(delivery), {"fate": fate.value})


def _waiting(delivery: str) -> Where:
    return {"id": delivery, "fate": Fate.WAITING.value}


def tally(tx: Tx, broadcast: str, planned_at: int) -> Tally:
    """Everybody that one time of a broadcast was meant for, by what became of them."""
    of: Where = {"broadcast": broadcast, "planned_at": planned_at}
    found = {fate: tx.count("delivery", {**of, "fate": fate.value}) for fate in Fate}
    return Tally({fate: count for fate, count in found.items() if count})


def call_off(tx: Tx, where: Where, fate: Fate) -> int:
    """Take back what waits and has not been taken up for sending; returns how many that was."""
    count = 0
    for row in tx.find("delivery", {**where, "fate": Fate.WAITING.value}):
        if tx.delete("outbox", {"id": row["id"], "status": "queued"}):
            count += tx.update("delivery", {"id": row["id"]}, {"fate": fate.value})
    return count


class Watch:
    """Says which broadcasts nobody has looked after for a while, as after an outage.

    What waits of them waits until somebody has: it may be too late by now, or the middle of the night.

    Args:
        tx: To read the jobs.
        now: The time.
    """

    def __init__(self, tx: Tx, now: datetime) -> None:
        self._tx = tx
        self._since = micros(now - UNWATCHED)
        self._known: dict[str, bool] = {}

    def is_held(self, delivery: str) -> bool:
        """Whether a delivery is held back."""
        broadcast = delivery.removeprefix(PREFIX).rsplit(":", 2)[0]
        if broadcast not in self._known:
            self._known[broadcast] = self._is_overdue(f"broadcast:{broadcast}")
        return self._known[broadcast]

    def _is_overdue(self, job: str) -> bool:
        row = self._tx.get("due_job", {"id": job})
        if row is None or row["status"] not in {"due", "leased"}:
            return False
        return int(row["due_at"] or 0) < self._since


def take_back_overdue(tx: Tx, where: Where, before: datetime) -> None:
    """Take back what should have been sent by now, as if it had never been written down."""
    overdue: Where = {"status": "queued", "due_at": AtMost(micros(before))}
    for row in tx.find("delivery", {**where, "fate": Fate.WAITING.value}):
        if tx.delete("outbox", {**overdue, "id": row["id"]}):
            tx.delete("delivery", {"id": row["id"]})


def unwanted(tx: Tx, delivery: str) -> Fate | None:
    """Why a message that came back must not go out again; None where nothing speaks against it."""
    row = tx.get("delivery", {"id": delivery})
    about = tx.get("broadcast", {"id": row["broadcast"]}) if row else None
    if row is None or about is None or about["status"] == Status.HALTED.value:
        return Fate.HALTED
    no = {"person": row["person"], "topic": OneOf((ALL, str(about["topic"])))}
    is_no = row["person"] is not None and tx.count("opt_out", no) > 0
    return Fate.OPTED_OUT if is_no else None


def give_up(tx: Tx, delivery: str, fate: Fate) -> None:
    """It was taken back while it was on its way, and did not arrive."""
    tx.update("delivery", _waiting(delivery), {"fate": fate.value})


def opted_out(tx: Tx, person: PersonId, topic: str) -> int:
    """Somebody said no: what waits for them is taken back at once."""
    count = 0
    for row in tx.find("delivery", {"person": person, "fate": Fate.WAITING.value}):
        about = tx.get("broadcast", {"id": row["broadcast"]})
        if topic == ALL or (about is not None and about["topic"] == topic):
            count += call_off(tx, {"id": row["id"]}, Fate.OPTED_OUT)
    return count


def let_through(tx: Tx, person: PersonId, now: datetime) -> None:
    """A gap in what somebody was doing: what waited for it goes out now."""
    waits: Where = {"person": person, "lane": LANE, "status": "queued"}
    tx.update("outbox", waits, {"due_at": micros(now)})


def lost(tx: Tx, rows: list[Row]) -> int:
    """Settle deliveries whose outbox row is gone, because the person was deleted."""
    count = 0
    for row in rows:
        if tx.get("outbox", {"id": row["id"]}) is None:
            count += tx.update("delivery", _waiting(str(row["id"])), {"fate": Fate.BLOCKED.value})
    return count
