"""Two people who are one: all that is kept of the second goes over to the first, in one transaction.

Whoever says yes to the join stays, with the talk of their chat; what the other had under way is put
aside among their paused runs. It walks the registry in `tables.py`: rows are moved to the person who
stays, and where the key names the person a row that stands already wins. Tables where that would not
do have a rule of their own, in `RULES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from bot.engine.effects_links import (
    CountLinkTry,
    JoinChats,
    LinkEffect,
    MakeLinkCode,
    PartChats,
)
from bot.engine.held import Held
from bot.engine.session import Session, decode, encode
from bot.flows import runner
from bot.flows.run import Run
from bot.messages import Address, PersonId, Place, Reply
from bot.service import agreements, audit, invites, link_codes, outbox, people, surveys
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.outbox import Target
from bot.service.ports import Row, Scalar
from bot.service.table import Table
from bot.service.tables import TABLES


@dataclass(frozen=True, slots=True)
class _Pair:
    """Who stays, and whose rows go over to them."""

    stays: PersonId
    goes: PersonId


def apply(doing: Doing, effect: LinkEffect) -> Reply | None:
    """Do what a turn decided about somebody's chats; returns what there is to say about it."""
    match effect:
        case MakeLinkCode(code=code):
            link_codes.make(doing.tx, doing.known, effect, doing.now)
            minutes = int(link_codes.LIFETIME.total_seconds() // 60)
            return doing.say("link.code", code=code, minutes=minutes)
        case CountLinkTry():
            invites.count_try(doing.tx, doing.known, doing.view.fresh, doing.now)
            return None
        case JoinChats(link=link):
            return _join(doing, link)
        case PartChats():
            return _part(doing)
        case _:
            assert_never(effect)


def _join(doing: Doing, link: str) -> Reply:
    goes = link_codes.use(doing.tx, doing.known, link, doing.now)
    if goes is None:
        return doing.say("link.unknown")
    pair = _Pair(stays=doing.known.person, goes=goes)
    refused = _taken_back(doing, pair)
    others = _chats(doing, goes)
    for table in reversed(TABLES):  # children stand after their parents
        if table.personal is not None:
            RULES.get(table.name, _move)(doing, table, pair)
    surveys.move_tickets(doing.tx, doing.known.branch, pair.goes, pair.stays)
    _move_misses(doing, pair)
    for purpose in sorted(refused):
        agreements.take_back(doing, purpose)
    _note(doing, "chats.joined")
    for number, address in enumerate(others):
        _tell(doing, address, f"joined-{number}")
    return doing.say("link.done")


def _move(doing: Doing, table: Table, pair: _Pair) -> None:
    """The rows of the one who goes are the other's; one that would stand twice is let go.

    A person's id may stand inside other texts of their row too, such as the subject of a job.
    """
    tx, personal = doing.tx, table.personal
    if personal is None:
        return
    for row in tx.find(table.name, {personal.column: pair.goes}):
        moved = {name: _renamed(value, pair) for name, value in row.items()}
        key = {name: row[name] for name in table.key}
        if all(moved[name] == key[name] for name in key):
            tx.update(table.name, key, moved)
        else:
            tx.delete(table.name, key)
            tx.insert_new(table.name, moved)
    for column in personal.also:
        tx.update(table.name, {column: pair.goes}, {column: pair.stays})


def _renamed(value: Scalar, pair: _Pair) -> Scalar:
    return value.replace(pair.goes, pair.stays) if isinstance(value, str) else value


def _move_roles(doing: Doing, table: Table, pair: _Pair) -> None:
    """Both chats may do what either could; that it came about like this stands in the audit log."""
    before = people.roles_of(doing.tx, pair.stays)
    gained = sorted(people.roles_of(doing.tx, pair.goes) - before)
    _move(doing, table, pair)
    for role in gained:
        _note(doing, "role.joined", role.value)


def _move_session(doing: Doing, _table: Table, pair: _Pair) -> None:
    """The talk of the one who stays goes on; what the other had under way waits among the paused."""
    tx = doing.tx
    left, kept = (tx.get("session", {"person": one}) for one in (pair.goes, pair.stays))
    tx.delete("session", {"person": pair.goes})
    theirs = decode(str(left["state"])) if left else None
    mine = decode(str(kept["state"])) if kept else None
    if kept is None or mine is None or theirs is None:
        return
    changes: Row = {
        "state": encode(_with_runs(mine, theirs)),
        "version": int(kept["version"] or 0) + 1,
    }
    tx.update("session", {"person": pair.stays}, changes)


def _with_runs(mine: Session, theirs: Session) -> Session:
    return replace(mine, runs=(*mine.runs, *map(_put_aside, theirs.runs)))


def _put_aside(held: Held) -> Held:
    paused = runner.pause(held.run)
    return replace(held, run=paused) if isinstance(paused, Run) else held


def _merge_person(doing: Doing, _table: Table, pair: _Pair) -> None:
    tx = doing.tx
    left = tx.get("person", {"id": pair.goes}) or {}
    kept = tx.get("person", {"id": pair.stays}) or {}
    tx.delete("person", {"id": pair.goes})
    tx.update(
        "person", {"id": pair.stays}, {"audience": kept.get("audience") or left.get("audience")}
    )


Rule = Callable[[Doing, Table, _Pair], None]
RULES: Final[Mapping[str, Rule]] = {
    "person": _merge_person,
    "role": _move_roles,
    "session": _move_session,
}


def _taken_back(doing: Doing, pair: _Pair) -> frozenset[str]:
    """Purposes that one of the two took their agreement back for, and the other did not: a no counts."""
    yes, no = set[str](), set[str]()
    for person in (pair.stays, pair.goes):
        rows = doing.tx.find("consent", {"person": person})
        given = {str(row["purpose"]) for row in rows if row["withdrawn_at"] is None}
        yes |= given
        no |= {str(row["purpose"]) for row in rows} - given
    return frozenset(yes & no)


def _move_misses(doing: Doing, pair: _Pair) -> None:
    """So that one person does not count as two among those who asked this month."""
    month = f"{doing.now:%Y-%m}"
    mine, theirs = (audit.pseudonym(doing.tx, one, salt=month) for one in (pair.stays, pair.goes))
    doing.tx.update("miss", {"asker": theirs}, {"asker": mine})


def _chats(doing: Doing, person: PersonId) -> list[Address]:
    rows = doing.tx.find("identity", {"person": person}, order=("created_at",))
    return [Address(str(row["channel"]), str(row["account"])) for row in rows]


def _tell(doing: Doing, address: Address, what: str) -> None:
    """Say it in the other chat too: whoever did not want it has to hear of it."""
    known = doing.known
    target = Target(branch=known.branch, person=known.person, address=address, place=Place.PRIVATE)
    key = f"{doing.view.fresh}:{what}"
    outbox.queue(doing.tx, target, (doing.say("link.told"),), key, doing.now)


def _part(doing: Doing) -> Reply:
    """This chat is somebody new from now on; a no to broadcasts goes along, a role does not."""
    tx, known, account = doing.tx, doing.known, doing.account
    if account is None or len(_chats(doing, known.person)) < 2:
        return doing.say("unlink.alone")
    fresh = PersonId(f"p-{audit.pseudonym(tx, PersonId(doing.view.fresh), 'part')}")
    before = tx.get("person", {"id": known.person}) or {}
    tx.insert("person", {**before, "id": fresh, "created_at": micros(doing.now)})
    tx.update("identity", {"channel": account.channel, "account": account.id}, {"person": fresh})
    for row in tx.find("opt_out", {"person": known.person}):
        tx.insert("opt_out", {**row, "person": fresh})
    _note(doing, "chats.parted")
    return doing.say("unlink.done")


def _note(doing: Doing, what: str, detail: str = "") -> None:
    who = audit.pseudonym(doing.tx, doing.known.person)
    line = f"{doing.view.fresh}-{detail}" if detail else doing.view.fresh
    audit.record(doing.tx, line, doing.known.branch, who, what, detail, doing.now)
