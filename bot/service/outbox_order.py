"""The places of deliveries: to one address they go one after the other, as they were written."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from bot.messages import Address
from bot.service.ports import AtLeast, OneOf, Selection, Tx, Where, select


class Status(StrEnum):
    """Where a delivery is."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


ON_ITS_WAY: Final = OneOf((Status.QUEUED.value, Status.LEASED.value))


def last_behind(address: Address, since: int) -> Selection:
    """What waits for an address with the last place, at this time or behind it."""
    where: Where = {
        "status": ON_ITS_WAY,
        "seq": AtLeast(since),
        "channel": address.channel,
        "address": address.id,
    }
    return Selection("outbox", where, ("-seq",), 1)


def next_place(tx: Tx, addresses: Iterable[Address], at: int, since: int | None) -> int:
    """A place behind what waits, also where the clock stands still or was put back.

    Mostly nothing has a place in the future, so nothing is found however much waits.

    Args:
        tx: The transaction.
        addresses: Where to.
        at: Microseconds of the time.
        since: The same when it was read ahead what waits for these addresses: then the place is only
            behind that, since no order between addresses is promised. None: behind all that waits.
    """
    if since is None:
        where: Where = {"status": ON_ITS_WAY, "seq": AtLeast(at)}
        last = tx.find("outbox", where, order=("-seq",), limit=1)
    else:
        since = min(at, since)
        last = [row for one in addresses for row in select(tx, last_behind(one, since))]
    return max(at, 0, *(int(row["seq"] or 0) + 1 for row in last))
