"""Channels and groups that broadcasts go to: asked for in the place itself, proven by its channel.

Whoever asks has to be somebody who may post there. Only the channel can say so, which takes a call:
so a job asks it outside any transaction, and what it said is written afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from bot.engine.bulletins import EVERYBODY, SECOND_EYES, TO_PLACE, Bulletin
from bot.engine.commands import ULRS
from bot.engine.effects_broadcasts import AddDestination, AllowRole, DropDestination
from bot.engine.speech import Draft
from bot.messages import Address, BranchId, PersonId, Place, ReplyKind, Role, plain
from bot.planning.recipients import Fate
from bot.service import audit, broadcast_mail, jobs, people, recipients
from bot.service.bulletin_board import PROVEN
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.ports import Row, Tx

KIND: Final = "prove-destination"  # of the job


class Prover(Protocol):
    """A channel that can say who may post where."""

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """Whether an account may post in a place that others read, and so may the bot.

        Args:
            place: Where a call came from.
            account: Who called.

        Returns:
            The address to post to; None where they may not.

        Raises:
            DeliveryError: The channel could not be asked; try again.
        """


def apply(doing: Doing, effect: AddDestination | DropDestination | AllowRole) -> None:
    """Apply one effect in the turn's own transaction."""
    match effect:
        case AddDestination():
            _ask(doing, effect)
        case DropDestination(destination=destination):
            if doing.tx.get("destination", _own(doing, destination)):
                doing.tx.delete("destination_role", {"destination": destination})
                doing.tx.delete("destination", _own(doing, destination))
                _note(doing, "destination.dropped", destination)
        case AllowRole(destination=destination, role=role, is_allowed=is_allowed):
            if doing.tx.get("destination", _own(doing, destination)):
                _allow(doing, destination, role, is_allowed=is_allowed)


def _own(doing: Doing, destination: str) -> Row:
    return {"id": destination, "branch": doing.known.branch}


def _allow(doing: Doing, destination: str, role: Role, *, is_allowed: bool) -> None:
    key: Row = {"destination": destination, "role": role.value}
    if is_allowed:
        doing.tx.insert_new("destination_role", {**key, "branch": doing.known.branch})
    else:
        doing.tx.delete("destination_role", key)
    change = "allowed" if is_allowed else "disallowed"
    _note(doing, f"destination.{change}", f"{destination} {role.value}")


def _note(doing: Doing, what: str, detail: str) -> None:
    who = audit.pseudonym(doing.tx, doing.known.person)
    audit.record(doing.tx, doing.view.fresh, doing.known.branch, who, what, detail, doing.now)


def _ask(doing: Doing, added: AddDestination) -> None:
    """Have the channel asked; nothing is a destination before it has said yes."""
    place = Address(doing.channel, added.handle) if added.handle else doing.address
    if place is None or (doing.view.place is Place.PRIVATE and not added.handle):
        return
    account = doing.tx.get("identity", {"person": doing.known.person, "channel": doing.channel})
    if account is None:
        return
    job = Job(
        kind=KIND,
        subject=added.id,
        branch=doing.known.branch,
        person=doing.known.person,
        due_at=doing.now,
        payload={
            "channel": place.channel,
            "place": place.id,
            "account": str(account["account"]),
            "name": added.name,
        },
    )
    jobs.schedule(doing.tx, job, doing.now)


def may_send(tx: Tx, person: PersonId, broadcast: Row) -> bool:
    """Whether somebody may send a broadcast to whom it is for, as their roles stand now."""
    roles = people.roles_of(tx, person)
    audience = str(broadcast["audience"] or "")
    if not roles & ULRS or not audience.startswith(TO_PLACE):
        return bool(roles & ULRS)
    place = audience.removeprefix(TO_PLACE)
    key: Row = {"id": place, "branch": broadcast["branch"], "status": PROVEN}
    if not tx.find("destination", key, limit=1):
        return False
    allowed = {str(row["role"]) for row in tx.find("destination_role", {"destination": place})}
    return bool(allowed & {role.value for role in roles})


def objection(tx: Tx, broadcast: Row, bulletin: Bulletin, now: datetime) -> str:
    """The key of what speaks against sending a broadcast that is due; empty for nothing.

    Whoever wrote it may have lost the right, and what a second ULR agreed to may be another text.
    """
    author = broadcast["author"]
    if not author or not may_send(tx, PersonId(str(author)), broadcast):
        return "broadcast.withdrawn"
    approved = broadcast["approved"]
    if approved is None:
        return "broadcast.not-agreed" if _is_for_many(tx, broadcast, bulletin, now) else ""
    return "" if approved == bulletin.hash else "broadcast.not-agreed"


def _is_for_many(tx: Tx, broadcast: Row, bulletin: Bulletin, now: datetime) -> bool:
    """Whether a second ULR has to agree, as the audience is now: it may have grown since the yes."""
    audience, branch = bulletin.audience or "", BranchId(str(broadcast["branch"]))
    if audience == EVERYBODY or audience.startswith(TO_PLACE):
        return audience == EVERYBODY
    page, waiting = [""], 0
    while page and waiting < SECOND_EYES:
        page = recipients.members(tx, branch, audience, page[-1], recipients.PAGE)
        tally = recipients.tally_of(tx, page, bulletin, now)
        waiting += tally.of_fate(Fate.WAITING)
    return waiting >= SECOND_EYES


@dataclass(frozen=True, slots=True)
class Proving:
    """Does the jobs that ask a channel.

    Attributes:
        library: The words for whoever asked.
        provers: By channel.
    """

    library: Library
    provers: Mapping[str, Prover]

    async def do(self, job: Job, now: datetime) -> Callable[[Tx], None]:
        """Ask the channel whether they may post there; returns what to write then.

        Raises:
            DeliveryError: It could not be asked; the job is tried again.
        """
        asked = job.payload
        prover = self.provers.get(asked["channel"])
        place = Address(asked["channel"], asked["place"])
        account = Address(asked["channel"], asked["account"])
        proven = await prover.may_post(place, account) if prover else None
        return partial(self._write, job=job, address=proven, now=now)

    def lost(self, job: Job, now: datetime) -> Callable[[Tx], None]:
        """It could not be asked: what to write refuses it."""
        return partial(self._write, job=job, address=None, now=now)

    def _write(self, tx: Tx, job: Job, address: Address | None, now: datetime) -> None:
        key = "destination.refused"
        if address is not None:
            key = "destination.added" if _add(tx, job, address, now) else "destination.known"
        if job.person is not None:
            self._tell(tx, job, job.person, key, now)

    def _tell(self, tx: Tx, job: Job, person: PersonId, key: str, now: datetime) -> None:
        voice = broadcast_mail.voice_of(tx, self.library.edition.content, person)
        text = voice.say(key, name=plain(job.payload["name"]))
        draft = Draft(text=text, kind=ReplyKind.NOTICE, personal=True)
        broadcast_mail.tell(tx, person, draft, f"{job.id}:{micros(now)}", now)


def _add(tx: Tx, job: Job, address: Address, now: datetime) -> bool:
    row: Row = {
        "id": job.subject,
        "branch": job.branch,
        "channel": address.channel,
        "address": address.id,
        "name": job.payload["name"],
        "status": PROVEN,
        "added_by": job.person,
        "at": micros(now),
    }
    if not tx.insert_new("destination", row):
        return False
    for role in sorted(ULRS):
        allowed: Row = {"destination": job.subject, "role": role.value, "branch": job.branch}
        tx.insert_new("destination_role", allowed)
    if job.person is not None:
        who = audit.pseudonym(tx, job.person)
        detail = f"{job.subject} {address.channel}"
        audit.record(tx, job.subject, job.branch, who, "destination.added", detail, now)
    return True
