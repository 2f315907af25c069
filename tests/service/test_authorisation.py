"""Every command by every role, in a private place and in a group, and whose rows it touches (R32, R33)."""

from collections.abc import Mapping
from functools import cache

import pytest

from bot.engine.commands import COMMANDS, CommandSpec
from bot.engine.session import Act, Offer, encode
from bot.messages import Choice, Command, Place, Role, Text, Token
from bot.service.ports import Row
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.service.houses import House

ARGUMENTS = {
    "audience": "rep",
    "language": "cy",
    "mydata": "yes",
    "forget": "yes",
    "invite": "rep",
}
OWN = {"session", "person", "opt_out", "consent", "join_try", "identity", "role", "feedback"}
OWN |= {"due_job"}  # a file that was asked for
OF_BRANCH: Mapping[str, set[str]] = {  # what a command of the branch writes
    "invite": {"invite", "audit", "audit_link"},
    "broadcast": set(),
    "halt": set(),
    "destination": set(),
    "questions": set(),
    "surveys": set(),
    "results": set(),
    "map": set(),
    "misses": set(),
    "plan": set(),
    "next": set(),
    "agreement": set(),
    "calendar": set(),
}
EVERY_TURN = {"session", "inbound_key", "outbox"}
CASES = [(spec, role, place) for spec in COMMANDS for role in Role for place in Place]
Rows = Mapping[str, list[Row]]


@cache
def _busy_house() -> House:
    """Two people with something in every table that a person can fill, and a code to use."""
    house = House(MemoryStore())
    house.say("admin", "hello")
    house.grant("admin", Role.ADMIN)
    for who in ("ann", "ben"):
        house.say(who, "How much does registration cost?")
        house.press(who, wording("vote.yes"))
        house.say(who, "moon?")
        house.command(who, "stop")
        house.command(who, "join", "wrong")
    return house


def busy_house() -> House:
    """A house of one's own like that."""
    return _busy_house().copy()


def of_others(house: House, rows: Rows, who: str) -> dict[str, list[Row]]:
    """The rows that are about other people, or about nobody."""
    person = house.person(who)
    kept: dict[str, list[Row]] = {}
    for table in TABLES:
        column = table.personal.column if table.personal else None
        kept[table.name] = [
            row for row in rows[table.name] if column is None or row[column] != person
        ]
    return kept


def changed(before: Rows, after: Rows) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def is_allowed(spec: CommandSpec, role: Role, place: Place) -> bool:
    return bool(spec.roles & {role, Role.MEMBER}) and (
        spec.where == "anywhere" or place is Place.PRIVATE
    )


@pytest.mark.parametrize(("spec", "role", "place"), CASES)
def test_a_command_touches_what_it_declares_and_nothing_of_others(
    spec: CommandSpec, role: Role, place: Place
) -> None:
    house = busy_house()
    house.grant("ann", role)
    before = house.everything()
    others = of_others(house, before, "ann")
    argument = ARGUMENTS.get(spec.name, "")
    house.hear("ann", Command(spec.name, argument), place)
    after = house.everything()
    touched = changed(before, after)
    if not is_allowed(spec, role, place):
        assert touched == EVERY_TURN
        return
    if spec.name == "forget":
        assert after["identity"] == others["identity"]
        assert of_rest(after) == of_rest(others)
        assert len(after["join_try"]) == len(before["join_try"])
        return
    match spec.objects:
        case "none":
            assert touched == EVERY_TURN
        case "own":
            assert touched <= EVERY_TURN | OWN
        case "branch":
            assert touched == EVERY_TURN | OF_BRANCH[spec.name]
    unchanged = {"inbound_key", "outbox", "invite", "audit", "audit_link"}
    now = of_others(house, after, "ann")
    for table in set(now) - unchanged:
        assert now[table] == others[table], f"{spec.name} changed {table} of somebody else"


def of_rest(rows: Rows) -> Rows:
    """What a deletion must leave as it was: everything of others."""
    new = {"inbound_key", "outbox", "audit", "audit_link", "tombstone", "join_try"}
    return {table: found for table, found in rows.items() if table not in new}


@pytest.mark.parametrize(("spec", "role", "place"), CASES)
def test_a_button_and_a_typed_command_do_no_more_than_the_command(
    spec: CommandSpec, role: Role, place: Place
) -> None:
    ends = []
    argument = ARGUMENTS.get(spec.name, "")
    for way in ("command", "button", "typed"):
        house = busy_house()
        house.grant("ann", role)
        match way:
            case "command":
                house.hear("ann", Command(spec.name, argument), place, key="k")
            case "typed":
                house.hear("ann", Text(f"/{spec.name} {argument}"), place, key="k")
            case _:
                plant(house, "ann", Act("command", (spec.name, argument)))
                house.hear("ann", Choice(Token("planted")), place, key="k")
        rows = house.everything()
        del rows["session"]  # the planted button stays in it
        ends.append({table: found for table, found in rows.items() if table != "outbox"})
    assert ends[0] == ends[2]
    assert ends[0] == ends[1]


def plant(house: House, who: str, act: Act) -> None:
    """Put a button into somebody's session, as if it had been offered."""
    session = house.session(who).with_offers((Offer(Token("planted"), "Press", act),))
    person = house.person(who)
    house.do(lambda tx: tx.update("session", {"person": person}, {"state": encode(session)}))


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_nothing_personal_is_ever_queued_for_a_group(spec: CommandSpec) -> None:
    house = busy_house()
    house.grant("ann", Role.ADMIN)
    for argument in ("", ARGUMENTS.get(spec.name, "yes")):
        house.hear("ann", Command(spec.name, argument), Place.GROUP)
    queued = house.rows("outbox", place="group")
    assert len(queued) >= 2
    assert not any('"personal":true' in str(row["body"]) for row in queued)
    person = house.person("ann") if spec.name != "forget" else "p-"
    assert not any(person in str(row["body"]) for row in queued)


def test_a_code_of_an_officer_cannot_make_an_officer() -> None:
    house = busy_house()
    house.grant("ann", Role.OFFICER)
    for role in ("officer", "admin"):
        assert house.command("ann", "invite", role) == [wording("refused.role")]
    assert house.rows("invite") == []
    house.command("admin", "invite", "admin")
    assert [row["role"] for row in house.rows("invite")] == ["admin"]
