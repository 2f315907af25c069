"""How a delivery moves: queued -> leased -> sent, failed, unknown, or queued again.

Only this module changes `status`. A reply is a row first and a message later: it is written in the
turn's transaction, then leased, sent and receipted. To one address deliveries go one after the other,
in the order in which they were written. After a crash a leased delivery may or may not have arrived:
with the policy `resend` it goes out again (at most one repeat), with `hold` it becomes `unknown`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from bot.messages import Address, BranchId, PersonId, Place, Reply
from bot.service.clock import micros, moment
from bot.service.ports import AtMost, Row, Tx, Where
from bot.service.reply_text import decode_reply, encode_reply

LEASE: Final = timedelta(seconds=60)
MAX_TRIES: Final = 8  # then it has failed; with the back-off below that is about four minutes
FIRST_WAIT_S: Final = 1.0  # doubled with each try
LONGEST_WAIT_S: Final = 120.0
WINDOW: Final = 200  # waiting rows looked at in one claim


class Status(StrEnum):
    """Where a delivery is."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the replies of a turn go; `person` None: nothing of it is kept after it was sent."""

    branch: BranchId
    person: PersonId | None
    address: Address
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A leased outbox row on its way to one address."""

    id: str
    address: Address
    place: Place
    reply: Reply
    tries: int
    kept: bool


def queue(tx: Tx, target: Target, replies: Sequence[Reply], key: str, now: datetime) -> None:
    """Write replies down, to be sent after the commit, in this order.

    Nothing personal is ever written for a shared place: such a reply is left out here, last of all
    guards; the engine has said already that it belongs into a private talk.
    """
    for place_in_turn, reply in enumerate(replies):
        if reply.personal and target.place is not Place.PRIVATE:
            continue
        tx.insert("outbox", _row(target, reply, f"{key}#{place_in_turn}", place_in_turn, now))


def _row(target: Target, reply: Reply, delivery_id: str, place_in_turn: int, now: datetime) -> Row:
    return {
        "id": delivery_id,
        "branch": target.branch,
        "person": target.person,
        "seq": micros(now) + place_in_turn,
        "channel": target.address.channel,
        "address": target.address.id,
        "place": target.place.value,
        "lane": "reply",
        "policy": "resend",
        "body": encode_reply(reply),
        "status": Status.QUEUED.value,
        "tries": 0,
        "due_at": micros(now),
        "lease_owner": None,
        "lease_until": None,
        "receipt": None,
        "error": None,
        "made_at": micros(now),
        "ended_at": None,
    }


def claim(
    tx: Tx, owner: str, channels: Iterable[str], now: datetime, limit: int = 32
) -> tuple[Delivery, ...]:
    """Lease what is due: at most one delivery per address, the oldest, and none past a waiting one."""
    names = frozenset(channels)
    busy = {_address(row) for row in tx.find("outbox", {"status": Status.LEASED.value})}
    waiting = tx.find(
        "outbox", {"status": Status.QUEUED.value}, order=("-lane", "seq"), limit=WINDOW
    )
    claimed: list[Delivery] = []
    for row in waiting:
        address = _address(row)
        if row["channel"] not in names or address in busy:
            continue
        busy.add(address)
        if int(row["due_at"] or 0) > micros(now) or len(claimed) == limit:
            continue
        lease: Row = {
            "status": Status.LEASED.value,
            "lease_owner": owner,
            "lease_until": micros(now + LEASE),
        }
        tx.update("outbox", {"id": row["id"]}, lease)
        claimed.append(_delivery(row))
    return tuple(claimed)


def _address(row: Row) -> Address:
    return Address(str(row["channel"]), str(row["address"]))


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=str(row["id"]),
        address=_address(row),
        place=Place(str(row["place"])),
        reply=decode_reply(str(row["body"])),
        tries=int(row["tries"] or 0),
        kept=row["person"] is not None,
    )


def sent(tx: Tx, delivery: Delivery, owner: str, receipt: str, now: datetime) -> None:
    """The channel took it. A row that belongs to nobody is not kept."""
    if not delivery.kept:
        tx.delete("outbox", _mine(delivery, owner))
        return
    _end(tx, delivery, owner, Status.SENT, now, receipt=receipt)


def failed(tx: Tx, delivery: Delivery, owner: str, error: str, now: datetime) -> None:
    """It can never arrive."""
    _end(tx, delivery, owner, Status.FAILED, now, error=error)


def unknown(tx: Tx, delivery: Delivery, owner: str, error: str, now: datetime) -> None:
    """It may have arrived: try again where a repeat is the lesser evil, else say that we do not know."""
    row = tx.get("outbox", _mine(delivery, owner))
    if row is None:
        return
    if row["policy"] == "hold":
        _end(tx, delivery, owner, Status.UNKNOWN, now, error=error)
    else:
        again(tx, delivery, owner, error, now)


def again(
    tx: Tx, delivery: Delivery, owner: str, error: str, now: datetime, wait_s: float | None = None
) -> None:
    """Queue it once more, later; after too many tries it has failed.

    Args:
        tx: The transaction.
        delivery: What did not go out.
        owner: Who holds the lease.
        error: A name for what went wrong, such as `Throttled`.
        now: The time.
        wait_s: Seconds the channel asked for; else the back-off, doubled with each try.
    """
    tries = delivery.tries + 1
    if tries >= MAX_TRIES and wait_s is None:
        failed(tx, delivery, owner, error, now)
        return
    backoff = min(FIRST_WAIT_S * 2 ** (tries - 1), LONGEST_WAIT_S)
    due_at = now + timedelta(seconds=wait_s if wait_s is not None else backoff)
    changes: Row = {
        "status": Status.QUEUED.value,
        "tries": tries,
        "due_at": micros(due_at),
        "lease_owner": None,
        "lease_until": None,
        "error": error,
    }
    tx.update("outbox", _mine(delivery, owner), changes)


def recover(tx: Tx, now: datetime) -> int:
    """Take back leases that ran out, each by its policy; returns how many."""
    late: Where = {"status": Status.LEASED.value, "lease_until": AtMost(micros(now))}
    return _take_back(tx, tx.find("outbox", late), now)


def recover_all(tx: Tx, now: datetime) -> int:
    """Take back every lease: at start, where this process is the only one that delivers."""
    return _take_back(tx, tx.find("outbox", {"status": Status.LEASED.value}), now)


def _take_back(tx: Tx, rows: Sequence[Row], now: datetime) -> int:
    for row in rows:
        delivery, owner = _delivery(row), str(row["lease_owner"])
        unknown(tx, delivery, owner, "LeaseRanOut", now)
    return len(rows)


def next_due(tx: Tx) -> datetime | None:
    """When the next waiting delivery is due; None with nothing waiting."""
    first = tx.find("outbox", {"status": Status.QUEUED.value}, order=("due_at",), limit=1)
    if not first:
        return None
    return moment(int(first[0]["due_at"] or 0))


def _mine(delivery: Delivery, owner: str) -> Where:
    return {"id": delivery.id, "status": Status.LEASED.value, "lease_owner": owner}


def _end(  # noqa: PLR0913 - the last line of a row's life
    tx: Tx,
    delivery: Delivery,
    owner: str,
    status: Literal[Status.SENT, Status.FAILED, Status.UNKNOWN],
    now: datetime,
    *,
    receipt: str | None = None,
    error: str | None = None,
) -> None:
    changes: Row = {
        "status": status.value,
        "receipt": receipt,
        "error": error,
        "lease_owner": None,
        "lease_until": None,
        "tries": delivery.tries + 1,
        "ended_at": micros(now),
    }
    tx.update("outbox", _mine(delivery, owner), changes)
