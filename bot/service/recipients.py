"""Whom an audience means, and what speaks for or against writing to each of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.engine.bulletins import EVERYBODY, ROLES, TO_AREA, TO_ROLE, UNFINISHED, Bulletin
from bot.flows.model import Flows
from bot.messages import Address, BranchId
from bot.planning.recipients import CONSENT, TOLD, WEEK, Facts, Kind, Tally, fate
from bot.service import areas
from bot.service.clock import micros
from bot.service.ports import AtLeast, OneOf, Tx, Where

PAGE: Final = 400  # people looked at together
AFTER: Final = "!"  # sorts before every character of an id: what comes next after this one


def audiences(flows: Flows, area_ids: Iterable[str] = ()) -> tuple[str, ...]:
    """Every audience of people that can be offered. Of anonymous surveys nobody knows who began.

    Args:
        flows: What there is to begin.
        area_ids: Those that somebody said they work in.
    """
    parts = (f"{TO_AREA}{one}" for one in area_ids)
    begun = (
        f"{UNFINISHED}{flow.id}" for flow in flows.current if flow.purpose and not flow.anonymous
    )
    return (EVERYBODY, *(f"{TO_ROLE}{role.value}" for role in ROLES), *begun, *parts)


def members(tx: Tx, branch: BranchId, audience: str, after: str, limit: int) -> list[str]:
    """The next people of an audience by their ids, at most so many; each of them once."""
    if audience == EVERYBODY:
        since: Where = {"branch": branch, "id": _next_to(after)}
        return [str(row["id"]) for row in tx.find("person", since, limit=limit)]
    if audience.startswith(TO_ROLE):
        where: Where = {"branch": branch, "name": audience.removeprefix(TO_ROLE)}
        return _people(tx, "role", where, after, limit)
    if audience.startswith(TO_AREA):
        inside = areas.purposes(tx, branch, audience.removeprefix(TO_AREA))
        given: Where = {"branch": branch, "purpose": inside, "withdrawn_at": None}
        return _people(tx, "consent", given, after, limit)
    flow = audience.removeprefix(UNFINISHED)
    return _people(tx, "run", {"branch": branch, "flow": flow, "submitted_at": None}, after, limit)


def _people(tx: Tx, table: str, where: Where, after: str, limit: int) -> list[str]:
    """The next people of rows, of which one person may have several."""
    found: list[str] = []
    while len(found) < limit:
        last = found[-1] if found else after
        since: Where = {**where, "person": _next_to(last)}
        rows = tx.find(table, since, order=("person",), limit=limit)
        found += dict.fromkeys(str(row["person"]) for row in rows)
        if len(rows) < limit:
            break
    return found[:limit]


def within(audience: str, facts: Facts) -> Facts:
    """What is known of somebody as one of an audience: those of an area agreed to be written to."""
    return replace(facts, has_agreed=True) if audience.startswith(TO_AREA) else facts


def _next_to(after: str) -> AtLeast:
    return AtLeast(f"{after}{AFTER}" if after else "")


def facts_by_audience(
    tx: Tx, branch: BranchId, audiences: Sequence[str], now: datetime
) -> Mapping[str, tuple[Facts, ...]]:
    """Some audiences with what is known of everybody in them: for a preview, with its exclusions."""
    facts: dict[str, Facts] = {}
    found: dict[str, tuple[Facts, ...]] = {}
    for audience in audiences:
        people, page = list[str](), [""]
        while page:
            page = members(tx, branch, audience, page[-1], PAGE)
            people += page
            if unknown := [one for one in page if one not in facts]:
                facts |= facts_of(tx, unknown, now)
        found[audience] = tuple(within(audience, facts[one]) for one in people)
    return found


def tally_of(tx: Tx, people: Sequence[str], bulletin: Bulletin, now: datetime) -> Tally:
    """What would become of some people of a broadcast's audience now."""
    audience, kind = bulletin.audience or "", bulletin.kind or Kind.CAMPAIGN
    facts = facts_of(tx, people, now)
    return Tally.of(fate(within(audience, facts[one]), kind, bulletin.topic) for one in people)


def facts_of(tx: Tx, people: Sequence[str], now: datetime) -> dict[str, Facts]:
    """What is known of some people, in a few reads for all of them together."""
    of: Where = {"person": OneOf(tuple(people))}
    told = OneOf(tuple(one.value for one in TOLD))
    week: Where = {**of, "at": AtLeast(micros(now - WEEK)), "fate": told}
    recent = Counter(str(row["person"]) for row in tx.find("delivery", week))
    agreed = {
        str(row["person"])
        for row in tx.find("consent", {**of, "purpose": CONSENT, "withdrawn_at": None})
    }
    parts = {str(row["person"]) for table in ("role", "run") for row in tx.find(table, of)}
    opt_outs: dict[str, set[str]] = {}
    for row in tx.find("opt_out", of):
        opt_outs.setdefault(str(row["person"]), set()).add(str(row["topic"]))
    homes = addresses_of(tx, people)
    return {
        one: Facts(
            is_reachable=one in homes,
            channel=homes[one].channel if one in homes else "",
            opt_outs=frozenset(opt_outs.get(one, ())),
            has_agreed=one in agreed,
            takes_part=one in parts,
            recent=recent[one],
        )
        for one in people
    }


def addresses_of(tx: Tx, people: Sequence[str]) -> dict[str, Address]:
    """Where each of some people is written to: one address, however many channels they are on."""
    of: Where = {"person": OneOf(tuple(people))}
    given_up = {(str(row["channel"]), str(row["address"])) for row in tx.find("unreachable", of)}
    found: dict[str, Address] = {}
    for row in tx.find("identity", of, order=("created_at",)):
        home = (str(row["channel"]), str(row["account"]))
        if home not in given_up:
            found.setdefault(str(row["person"]), Address(*home))
    return found
