"""How a delivery moves: queued -> leased -> sent, failed, unknown, or queued again.

Only this module changes `status`. A reply is a row first and a message later: it is written in the
turn's transaction, then leased, sent and receipted. To one address deliveries go one after the other,
in the order in which they were written. After a crash a leased delivery may or may not have arrived:
with the policy `resend` it goes out again (at most one repeat), with `hold` it becomes `unknown`.
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal

from bot.messages import Address, BranchId, PersonId, Place, Reply, ReplyKind
from bot.service import deliveries
from bot.service.clock import micros, moment
from bot.service.outbox_order import ON_ITS_WAY, Status, next_place
from bot.service.pacing import Pace, ready_at, space_out
from bot.service.ports import AtLeast, AtMost, OneOf, Row, Tx, Where
from bot.service.put_back import ready_from
from bot.service.reply_text import decode_reply, encode_reply

LEASE: Final = timedelta(seconds=60)
MAX_TRIES: Final = 8  # then it has failed; with the back-off below that is about four minutes
FIRST_WAIT_S: Final = 1.0  # doubled with each try
LONGEST_WAIT_S: Final = 120.0
LOOK_AGAIN: Final = timedelta(seconds=1)  # at what is held back
FIRST_WINDOW: Final = 40  # waiting rows read at first; mostly all that can go out
WINDOW: Final = 200  # waiting rows read at a time after those
LOCK: Final = "outbox"  # of whoever claims: one process at a time, so no address is given twice
URGENT: Final = "urgent"  # the card in a crisis: it waits behind nothing, not even its own address
REPLIES: Final = "reply"
BULK: Final = deliveries.LANE
LANES: Final = (URGENT, REPLIES, BULK)  # the first goes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the replies of a turn go.

    Attributes:
        person: None: nothing of it is kept after it was sent.
        whisper_to: Where whispers go; None where they go like all others.
        lane: One of `LANES`.
        since: Microseconds of the time when what is behind it here was read ahead; None where it was not.
    """

    branch: BranchId
    person: PersonId | None
    address: Address
    place: Place
    whisper_to: Address | None = None
    lane: str = REPLIES
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A leased outbox row on its way to one address."""

    id: str
    address: Address
    place: Place
    reply: Reply
    tries: int
    kept: bool
    is_bulk: bool


def queue(tx: Tx, target: Target, replies: Sequence[Reply], key: str, now: datetime) -> None:
    """Write replies down, to be sent after the commit, in this order.

    Nothing personal is ever written for a shared place: such a reply is left out here, last of all
    guards; the engine has said already that it belongs into a private talk.
    """
    at = micros(now)
    first = next_place(tx, _addresses(target), at, target.since)
    for place_in_turn, reply in enumerate(replies):
        if reply.personal and target.place is not Place.PRIVATE:
            continue
        delivery_id = f"{key}#{place_in_turn}"
        tx.insert("outbox", _row(target, reply, delivery_id, first + place_in_turn, at))


def queue_broadcast(
    tx: Tx, target: Target, reply: Reply, delivery: str, now: datetime, due_at: datetime
) -> None:
    """Write one message of a broadcast down: behind every reply, and sent at most once.

    Args:
        tx: The transaction.
        target: Where to.
        reply: What it says.
        delivery: The id of its row of `delivery`, and of its row here.
        now: The time.
        due_at: Not before this.
    """
    at = micros(now)
    place = next_place(tx, _addresses(target), at, target.since)
    row = _row(target, reply, delivery, place, at)
    bulk: Row = {"lane": BULK, "policy": "hold", "due_at": micros(due_at)}
    tx.insert("outbox", {**row, **bulk})


def _addresses(target: Target) -> set[Address]:
    return {target.address, target.whisper_to or target.address}


def _row(target: Target, reply: Reply, delivery_id: str, seq: int, at: int) -> Row:
    """A row as it begins; what is not there yet is left out."""
    apart = target.whisper_to if reply.kind is ReplyKind.WHISPER else None
    address = apart or target.address
    return {
        "id": delivery_id,
        "branch": target.branch,
        "person": target.person,
        "seq": seq,
        "channel": address.channel,
        "address": address.id,
        "place": target.place.value,
        "lane": target.lane,
        "policy": "resend",
        "body": encode_reply(reply),
        "status": Status.QUEUED.value,
        "tries": 0,
        "due_at": at,
        "made_at": at,
    }


def claim(
    tx: Tx,
    owner: str,
    channels: Iterable[str],
    now: datetime,
    limit: int,
    bulk: int | None = None,
) -> tuple[Delivery, ...]:
    """Lease what is due: at most one delivery per address, the oldest, and none past a waiting one.

    Args:
        tx: The transaction.
        owner: Who leases.
        channels: Where to.
        now: The time.
        limit: So many at most.
        bulk: So many of a broadcast at most, since what is on its way already goes before a reply;
            None for no such bound.
    """
    lease: Row = {
        "status": Status.LEASED.value,
        "lease_owner": owner,
        "lease_until": micros(now + LEASE),
    }
    watch = deliveries.Watch(tx, now)
    heads = _heads(tx, channels, LANES if bulk != 0 else LANES[:-1])
    due = (
        row for row in heads if ready_from(row, now) <= micros(now) and not _is_held(watch, row)
    )
    pace = Pace(tx, now)
    fitting = _fitting(due, limit, limit if bulk is None else bulk)
    claimed = tuple(pace.within(fitting, _is_bulk))
    pace.save()
    if claimed:
        tx.update("outbox", {"id": OneOf(tuple(str(row["id"]) for row in claimed))}, lease)
    return tuple(_delivery(row) for row in claimed)


def _fitting(rows: Iterator[Row], limit: int, bulk: int) -> Iterator[Row]:
    """As many as there is room for; the bulk stands last."""
    for row in islice(rows, limit):
        if row["lane"] == BULK:
            bulk -= 1
        if bulk < 0:
            return
        yield row


def _heads(tx: Tx, channels: Iterable[str], lanes: Sequence[str] = LANES) -> Iterator[Row]:
    """The first waiting row of every address that has none under way, in the order of sending.

    It reads on past an address that has many rows waiting, so that one never stops the others.
    """
    busy = {_address(row) for row in tx.find("outbox", {"status": Status.LEASED.value})}
    for row in _waiting(tx, OneOf(tuple(channels)), lanes):
        address = _address(row)
        if address not in busy:
            busy.add(address)
            yield row


def _waiting(tx: Tx, channels: OneOf, lanes: Sequence[str]) -> Iterator[Row]:
    for lane in lanes:
        where: Where = {"status": Status.QUEUED.value, "lane": lane, "channel": channels}
        seq, seen, is_more, window = 0, set[object](), True, FIRST_WINDOW
        while is_more:  # several rows may have one place: two processes gave it away at once
            size, window = window + len(seen), WINDOW
            rows = tx.find("outbox", {**where, "seq": AtLeast(seq)}, order=("seq",), limit=size)
            yield from (row for row in rows if row["id"] not in seen)
            is_more = len(rows) == size
            seq = int(rows[-1]["seq"] or 0) if rows else 0
            seen = {row["id"] for row in rows if row["seq"] == seq}


def _is_bulk(row: Row) -> bool:
    return row["lane"] == BULK


def _is_held(watch: deliveries.Watch, row: Row) -> bool:
    return _is_bulk(row) and watch.is_held(str(row["id"]))


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
        is_bulk=_is_bulk(row),
    )


def sent(tx: Tx, delivery: Delivery, owner: str, receipt: str, now: datetime) -> None:
    """The channel took it."""
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

    What was called off while it was on its way does not go out again.

    Args:
        tx: The transaction.
        delivery: What did not go out.
        owner: Who holds the lease.
        error: A name for what went wrong, such as `Throttled`.
        now: The time.
        wait_s: Seconds the channel asked for, which is no try; else the back-off, doubled each time.
    """
    if delivery.is_bulk and (fate := deliveries.unwanted(tx, delivery.id)):
        if tx.delete("outbox", _mine(delivery, owner)):
            deliveries.give_up(tx, delivery.id, fate)
        return
    tries = delivery.tries + (wait_s is None)  # waiting as asked is no try
    if tries >= MAX_TRIES:
        failed(tx, delivery, owner, error, now)
        return
    if wait_s is None:
        wait_s = min(FIRST_WAIT_S * 2 ** (tries - 1), LONGEST_WAIT_S)
    due_at = now + timedelta(seconds=wait_s)
    changes: Row = {
        "status": Status.QUEUED.value,
        "tries": tries,
        "due_at": micros(due_at),
        "lease_owner": None,
        "lease_until": None,
        "error": error,
    }
    tx.update("outbox", _mine(delivery, owner), changes)


def recover(tx: Tx, now: datetime, under_way: Collection[str] = ()) -> int:
    """Take back leases that ran out, each by its policy; returns how many.

    Args:
        tx: The transaction.
        now: The time.
        under_way: What whoever asks is sending itself: a clock that was put forward takes back nothing
            of that, else it would go out twice.
    """
    late: Where = {"status": Status.LEASED.value, "lease_until": AtMost(micros(now))}
    rows = [row for row in tx.find("outbox", late) if row["id"] not in under_way]
    return _take_back(tx, rows, now)


def recover_own(tx: Tx, owner: str, now: datetime) -> int:
    """Take back every lease of one worker, which has nothing under way; returns how many."""
    mine: Where = {"status": Status.LEASED.value, "lease_owner": owner}
    return _take_back(tx, tx.find("outbox", mine), now)


def recover_all(tx: Tx, now: datetime) -> int:
    """Take back every lease: at start, where this process is the only one that delivers."""
    return _take_back(tx, tx.find("outbox", {"status": Status.LEASED.value}), now)


def abandon_all(tx: Tx, now: datetime) -> int:
    """After a backup was put back: nobody knows what of it went out since, so nothing goes out again."""
    ended: Row = {"status": Status.UNKNOWN.value, "ended_at": micros(now), "error": "Restored"}
    gone = tx.delete("outbox", {"status": ON_ITS_WAY, "person": None})
    return gone + tx.update("outbox", {"status": ON_ITS_WAY}, ended)


def _take_back(tx: Tx, rows: Sequence[Row], now: datetime) -> int:
    for row in rows:
        delivery, owner = _delivery(row), str(row["lease_owner"])
        unknown(tx, delivery, owner, "LeaseRanOut", now)
    return len(rows)


def next_due(tx: Tx, channels: Iterable[str], now: datetime) -> datetime | None:
    """When the next delivery can go out; None with nothing waiting for these channels.

    A row behind another of its address waits for that one, whenever it is due itself.
    """
    due: dict[tuple[str, bool], int] = {}
    watch = deliveries.Watch(tx, now)
    for row in _heads(tx, channels):
        kind = (str(row["channel"]), _is_bulk(row))
        held_until = micros(now + LOOK_AGAIN) if _is_held(watch, row) else 0
        due[kind] = min(due.get(kind, sys.maxsize), max(ready_from(row, now), held_until))
    ready = [
        ready_at(tx, channel, moment(at), now) if is_bulk else moment(at)
        for (channel, is_bulk), at in due.items()
    ]
    return min(ready, default=None)


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
    """End a delivery. A row that belongs to nobody is not kept, whatever became of it."""
    if delivery.is_bulk and tx.count("outbox", _mine(delivery, owner)):
        deliveries.settled(tx, delivery.id, status.value, error)
        if delivery.place is not Place.PRIVATE:
            space_out(tx, delivery.address, BULK, now)
    if not delivery.kept:
        if tx.delete("outbox", _mine(delivery, owner)) and delivery.reply.attachment:
            tx.delete("file", {"id": delivery.reply.attachment.file})
        return
    changes: Row = {
        "status": status.value,
        "receipt": receipt,
        "error": error,
        "lease_owner": None,
        "lease_until": None,
        "tries": delivery.tries + 1,
        "ended_at": micros(now),
    }
    tx.amend("outbox", _mine(delivery, owner), changes)
