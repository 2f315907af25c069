"""Codes: 50 bits, only a hash, once, for a while; and guessing is slowed to nothing (R41, T17, T18)."""

import math
import random
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from bot.messages import BranchId, PersonId, Role
from bot.service import invites, people
from bot.service.admin import Admin
from bot.service.invites import NewInvite
from bot.service.people import Known
from bot.service.ports import Store, Tx
from bot.storage.memory import MemoryStore
from tests.builders import FixedClock, wording
from tests.service.houses import House

UNKNOWN, PAUSE = wording("join.unknown"), wording("join.pause")
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def with_admin(house: House) -> House:
    house.say("admin", "hello")
    house.grant("admin", Role.ADMIN)
    return house


def code_for(house: House, role: str = "rep") -> str:
    (said,) = house.command("admin", "invite", role)
    found = re.search(rf"\*\*([{ALPHABET}]+)\*\*", said)
    assert found, said
    return found[1]


def welcome(role: str) -> str:
    return wording("join.welcome", role=wording(f"role.{role}"))


def roles_of(house: House, who: str) -> set[str]:
    return {str(row["name"]) for row in house.rows("role", person=house.person(who))}


def test_a_code_has_fifty_bits() -> None:
    assert invites.CODE_LENGTH * math.log2(len(ALPHABET)) >= 50
    clock = FixedClock()
    assert {letter for _ in range(200) for letter in clock.fresh()} == set(ALPHABET)


def test_a_code_grants_its_role_once(house: House) -> None:
    code = code_for(with_admin(house))
    assert len(code) == invites.CODE_LENGTH
    assert house.command("ann", "join", code) == [welcome("rep")]
    assert roles_of(house, "ann") == {"rep"}
    assert house.command("ben", "join", code) == [UNKNOWN]
    assert roles_of(house, "ben") == set()


WAYS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "with spaces": lambda code: f" {code[:3]} {code[3:]} ",
    "with a hyphen": lambda code: f"{code[:5]}-{code[5:]}",
    "in capitals": str.upper,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_code_may_be_typed_with_spaces_hyphens_and_capitals(house: House, way: str) -> None:
    code = code_for(with_admin(house))
    assert house.command("ann", "join", WAYS[way](code)) == [welcome("rep")]


def test_the_code_stands_nowhere_in_the_store_once_it_was_sent(house: House) -> None:
    """Only its hash does: not in an id, not in the audit log, not in the outbox."""
    code = code_for(with_admin(house))
    stored = repr(house.everything())
    assert code not in stored
    assert code[:8] not in stored
    assert [row["code_hash"] for row in house.rows("invite")] != [code]


def test_the_code_of_the_command_line_stands_nowhere_either(house: House) -> None:
    text = Admin(house.store, house.content, house.clock).do(
        "invite", {"role": "ulr", "branch": "main"}
    )
    code = text.split()[0]
    assert len(code) == invites.CODE_LENGTH
    assert code[:8] not in repr(house.everything())
    assert house.command("ann", "join", code) == [welcome("ulr")]


def test_unknown_used_and_expired_codes_get_the_same_words(house: House) -> None:
    used, expired = code_for(with_admin(house)), code_for(house)
    house.command("ann", "join", used)
    house.clock.pass_(days=invites.LIFETIME.days, seconds=1)
    said = {tuple(house.command("ben", "join", code)) for code in (used, expired, "aaaaaaaaaa")}
    assert said == {(UNKNOWN,)}


def test_a_code_works_until_its_last_moment(house: House) -> None:
    code = code_for(with_admin(house))
    house.clock.time += invites.LIFETIME
    assert house.command("ann", "join", code) == [welcome("rep")]


def test_five_tries_in_a_quarter_of_an_hour_then_a_pause(house: House) -> None:
    code = code_for(with_admin(house))
    for _ in range(invites.PERSON_TRIES):
        assert house.command("ann", "join", "guess") == [UNKNOWN]
        house.clock.pass_(minutes=1)
    assert house.command("ann", "join", code) == [PAUSE], "the right code must wait too"
    assert house.command("ben", "join", "guess") == [UNKNOWN], "others go on"
    house.clock.pass_(minutes=11)
    assert house.command("ann", "join", code) == [welcome("rep")]


def test_a_pause_holds_over_a_restart(house: House) -> None:
    for _ in range(invites.PERSON_TRIES):
        house.command("ann", "join", "guess")
    again = House(house.store, clock=house.clock)
    assert again.command("ann", "start", "guess") == [PAUSE]


def test_a_hundred_tries_an_hour_of_all_together_then_a_pause(house: House) -> None:
    for number in range(invites.ALL_TRIES):
        assert house.command(f"bot-{number // 5}", "join", "guess") == [UNKNOWN]
    assert house.command("ann", "join", "guess") == [PAUSE]
    house.clock.pass_(hours=1, seconds=1)
    assert house.command("ann", "join", "guess") == [UNKNOWN]


def test_guessing_for_a_year_is_slowed_to_nothing() -> None:
    """An attacker with as many accounts as they like, at the cap, who finds nothing (T17)."""
    house = with_admin(House(MemoryStore()))
    live = {code_for(house) for _ in range(50)}
    chance, hours, accounts = random.Random(7), 5, 150

    def attack(tx: Tx) -> set[Role | None]:
        won: set[Role | None] = set()
        for number in range(accounts):
            guess = "".join(chance.choices(ALPHABET, k=invites.CODE_LENGTH))
            eve = Known(PersonId(f"p-eve-{number}"), BranchId("main"), is_new=False)
            now = house.clock.now()
            won.add(invites.use_code(tx, eve, guess, house.clock.fresh(), now)[1])
        return won

    for _ in range(hours):
        assert house.do(attack) == {None}
        house.clock.pass_(hours=1, seconds=1)
    assert len(house.rows("join_try")) == hours * invites.ALL_TRIES
    a_year = 365 * 24 * invites.ALL_TRIES
    assert a_year * len(live) / 2**50 < 1e-7


def test_a_code_of_another_branch_takes_the_person_there_and_leaves_roles_behind(
    house: House,
) -> None:
    with_admin(house)
    house.do(lambda tx: people.add_branch(tx, BranchId("leeds"), "Leeds", house.clock.now()))
    house.say("ann", "How much does registration cost?")
    house.press("ann", wording("vote.yes"))
    house.grant("ann", Role.REP)
    house.command("ann", "stop")
    code = (
        Admin(house.store, house.content, house.clock)
        .do("invite", {"role": "ulr", "branch": "leeds"})
        .split()[0]
    )
    house.command("ann", "join", code)
    person = house.person("ann")
    assert roles_of(house, "ann") == {"ulr"}
    for table, column in (
        ("person", "id"), ("identity", "person"), ("session", "person"),
        ("role", "person"), ("feedback", "person"), ("opt_out", "person"),
    ):  # fmt: skip
        rows = house.rows(table, **{column: person})
        assert rows, table
        assert {row["branch"] for row in rows} == {"leeds"}, table
    assert {row["branch"] for row in house.rows("identity", account="admin")} == {"main"}


def test_every_code_and_every_grant_is_in_the_audit_log_without_a_name(house: House) -> None:
    code = code_for(with_admin(house))
    house.command("ann", "join", code)
    rows = house.rows("audit")
    assert sorted(str(row["what"]) for row in rows) == ["invite.made", "role.granted"]
    for row in rows:
        assert row["detail"] == "rep"
        for who in ("ann", "admin"):
            assert house.person(who) not in repr(row)
            assert who not in str(row["who"])


def test_a_used_code_says_who_used_it_until_they_are_forgotten(house: House) -> None:
    code = code_for(with_admin(house))
    house.command("ann", "join", code)
    assert house.rows("invite")[0]["used_by"] == house.person("ann")
    house.command("ann", "forget", "yes")
    (row,) = house.rows("invite")
    assert row["used_by"] is None
    assert row["used_at"] is not None
    assert house.command("ben", "join", code) == [UNKNOWN]


def test_nobody_gets_round_the_pause_by_being_forgotten(store: Store) -> None:
    house = House(store)
    for _ in range(invites.ALL_TRIES // invites.PERSON_TRIES):
        for _ in range(invites.PERSON_TRIES):
            house.command("eve", "join", "guess")
        house.command("eve", "forget", "yes")
    assert house.command("ann", "join", "guess") == [PAUSE]


def test_an_invite_is_kept_with_its_end(house: House) -> None:
    now = house.clock.now()
    invite = NewInvite(
        id="i", branch=BranchId("main"), role=Role.ULR, code="c" * 10, made_by="console"
    )
    until = house.do(lambda tx: invites.make_invite(tx, invite, now))
    assert until - now == invites.LIFETIME == timedelta(days=14)
