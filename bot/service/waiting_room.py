"""The room where something that was said waits for its turn: the table `inbox`.

A platform wants to know within seconds whether a message was received, and a turn may have to wait for
longer: behind hundreds of others, or for the lock on its person. Then what was said is kept here, which
takes a moment, and is acknowledged; its turn is taken as soon as it can be, also after a crash. What one
person says meanwhile waits behind it, so that their words keep their order.
"""

from datetime import datetime
from enum import Enum
from typing import Final

import structlog

from bot.messages import Inbound
from bot.service import people
from bot.service.clock import micros
from bot.service.inbound_text import decode_inbound, encode_inbound
from bot.service.ports import AtLeast, Row, Tx, Where

LIMIT: Final = 200  # rows that are read at a time, and people that are named at a time

log = structlog.get_logger(__name__)


def put(tx: Tx, inbound: Inbound, now: datetime) -> None:
    """Keep something that was said, unless its turn was taken or it waits already."""
    if tx.get("inbound_key", {"key": inbound.key}) is not None:
        return
    known = people.recognise(tx, inbound.identity, "")
    last = tx.find("inbox", {}, order=("-seq",), limit=1)
    row: Row = {
        "key": inbound.key,
        "branch": known.branch,
        "channel": inbound.identity.channel,
        "account": inbound.identity.id,
        "person": None if known.is_new else known.person,
        "seq": max(micros(now), *(int(one["seq"] or 0) + 1 for one in last), 0),
        "body": encode_inbound(inbound),
        "at": micros(now),
    }
    tx.insert_new("inbox", row)


class Way(Enum):
    """How an utterance stands here: nothing of theirs waits, it is the first, or others are before it."""

    FREE = "free"
    FIRST = "first"
    BEHIND = "behind"


def way_of(tx: Tx, inbound: Inbound, now: datetime) -> Way:
    """Whether its turn can be taken now: then it waits here no more. Else it waits behind the others."""
    account: Where = {"channel": inbound.identity.channel, "account": inbound.identity.id}
    first = tx.find("inbox", account, order=("seq",), limit=1)
    if first and first[0]["key"] != inbound.key:
        put(tx, inbound, now)
        return Way.BEHIND
    if first:
        tx.delete("inbox", {"key": inbound.key})
    return Way.FIRST if first else Way.FREE


def heads(tx: Tx) -> tuple[Inbound, ...]:
    """The first that waits of each person, oldest first.

    What another version of the program has kept in a form of its own is let go, and the log says so.
    """
    found: dict[tuple[object, object], Inbound] = {}
    after = 0
    while len(found) < LIMIT:  # one person's many words must not hide those of others
        rows = tx.find("inbox", {"seq": AtLeast(after)}, order=("seq",), limit=LIMIT)
        for row in rows:
            account = (row["channel"], row["account"])
            if account in found:
                continue
            if inbound := decode_inbound(str(row["body"])):
                found[account] = inbound
            else:
                log.warning("inbox.not-readable", key=row["key"])
                tx.delete("inbox", {"key": row["key"]})
        if len(rows) < LIMIT:
            break
        after = max(after + 1, int(rows[-1]["seq"] or 0))
    return tuple(found.values())
