"""What nearly every turn reads, said beforehand: so a store that lies a way off fetches it in two journeys.

It repeats what the modules of the service ask for. Where it no longer does, turns are right as before and
slower, and a test says so.
"""

from bot.messages import Address, Inbound, Place
from bot.service.audit import INSTALL_KEY
from bot.service.flood import Limits
from bot.service.outbox_order import last_behind
from bot.service.people import DEFAULT_BRANCH, named
from bot.service.ports import Foresight, Scalar, Selection


def of_turn(inbound: Inbound, fresh: str, since: int, limits: Limits) -> Foresight:
    """The reads of the turn of an utterance.

    Args:
        inbound: What somebody said.
        fresh: Chance for the id of whoever speaks, where nobody knows them yet.
        since: As `outbox.Target` has it.
        limits: How much is heard in a minute.
    """
    who, address = inbound.identity, inbound.address
    account = {"channel": who.channel, "account": who.id}
    shared = [_one("flood", id=f"place:{address.channel}:{address.id}")]
    found, *_ = yield [
        _one("identity", **account),
        Selection("inbox", account, ("seq",), 1),
        _one("inbound_key", key=inbound.key),
        _one("unreachable", channel=address.channel, address=address.id),
        *(last_behind(one, since) for one in _addresses(inbound)),
        _one("install", name=INSTALL_KEY),
        *(shared if limits.place and inbound.place is not Place.PRIVATE else ()),
    ]
    person = found[0]["person"] if found else named(fresh)
    branch = found[0]["branch"] if found else DEFAULT_BRANCH
    yield [
        _one("session", person=person),
        Selection("survey", {"branch": branch, "closed_at": None}),
        *([_one("flood", id=f"person:{person}")] if limits.person else ()),
        *(_of_somebody_known(person) if found else ()),
    ]


def _of_somebody_known(person: Scalar) -> list[Selection]:
    return [
        _one("person", id=person),
        Selection("role", {"person": person}),
        Selection("consent", {"person": person, "withdrawn_at": None}),
        Selection("opt_out", {"person": person}),
    ]


def _one(table: str, **where: Scalar) -> Selection:
    return Selection(table, where, limit=1)


def _addresses(inbound: Inbound) -> set[Address]:
    return {inbound.address, inbound.whisper_to or inbound.address}
