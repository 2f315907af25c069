"""Where nobody can be reached any more: blocked, deleted, thrown out; and groups that have moved.

A place is given up when its channel says so, and is back as soon as somebody writes from it. Broadcasts
ask `is_lost` before they queue anything, and count those places in their report.
"""

from datetime import datetime

from bot.messages import Address, Place
from bot.service.clock import micros
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Row, Tx, Where


def lose(tx: Tx, address: Address, place: Place, now: datetime) -> None:
    """Nothing sent to this address arrives; known already or not.

    Of a private address only where we know whose it is: who was forgotten stays forgotten.
    """
    owner = tx.get("identity", {"channel": address.channel, "account": address.id})
    if owner is None and place is Place.PRIVATE:
        return
    row: Row = {
        "channel": address.channel,
        "address": address.id,
        "branch": owner["branch"] if owner else DEFAULT_BRANCH,
        "person": owner["person"] if owner else None,
        "since_at": micros(now),
    }
    tx.insert_new("unreachable", row)


def regain(tx: Tx, address: Address) -> None:
    """Somebody wrote from this address, or let the bot in again."""
    tx.delete("unreachable", _of(address))


def is_lost(tx: Tx, address: Address) -> bool:
    """Whether the last thing we heard of an address is that nothing arrives there."""
    return tx.get("unreachable", _of(address)) is not None


def move(tx: Tx, before: Address, after: Address) -> int:
    """A place has another address from now on: what waits for it goes there. Returns how much."""
    tx.delete("unreachable", _of(before))
    waiting: Where = {"channel": before.channel, "address": before.id, "status": "queued"}
    return tx.update("outbox", waiting, {"address": after.id})


def _of(address: Address) -> Where:
    return {"channel": address.channel, "address": address.id}
