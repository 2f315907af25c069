"""The purge: nothing is older than its class allows, over three years of a clock (R46)."""

import random
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.errors import Refused
from bot.knowledge.retention import Retention
from bot.mapping.recording import Note, Stamp, record
from bot.mapping.workplace import Item, Told, WorkMap, Workplace, WorkplaceId
from bot.messages import Address, BranchId, Command, PersonId, Place, Role, Text
from bot.service import maps, purging, reachability
from bot.service.admin import Admin
from bot.service.clock import micros
from bot.service.library import Edition
from bot.service.ports import Row, Tx
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME, TABLES
from bot.storage.memory import MemoryStore
from tests.builders import NOON, content_of, wording
from tests.conversations.plans import found_plan
from tests.service.coaching import CoachHouse
from tests.service.houses import House
from tests.service.test_runs import NAMED, begin, flows
from tests.service.test_waiting_room import keep, said

Values = dict[str, str | int | None]
COST = "How much does registration cost?"
KEPT = [table for table in TABLES if table.kept]
# None of these comes to its end here; the next test, with a row of every table, shows that theirs go.
ELSEWHERE = {"broadcast", "delivery", "due_job", "file", "flood", "miss_group"}
KEPT_LONGER = {"consent"}  # than these three years


def retention(house: House) -> Retention:
    assert house.content.retention is not None
    return house.content.retention


def purge(house: House) -> dict[str, int]:
    now = house.clock.now()
    return dict(purging.purge(house.store, retention(house), now, size=7))


def limit_of(house: House, table: Table) -> int:
    """The age that a row may have, as the store writes times."""
    assert table.kept is not None
    days = retention(house).classes[table.kept[0]].days
    return micros(house.clock.now() - timedelta(days=days))


def too_old(house: House) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for table in KEPT:
        assert table.kept is not None
        column, limit = table.kept[1], limit_of(house, table)
        rows = [r for r in house.rows(table.name) if r[column] is not None]
        found[table.name] = [row for row in rows if int(row[column] or 0) <= limit]
    return {table: rows for table, rows in found.items() if rows}


def ask_a_rep(house: House, who: str) -> None:
    """Somebody asks a person, and the administrator replies."""
    house.say(who, "moon?")
    house.command(who, "human")
    house.press(who, wording("button.ask-rep-last"))
    house.press(who, wording("button.ask-rep-agree"))
    house.command("admin", "questions")
    house.press("admin", wording("button.desk-take", number=1))
    house.say("admin", "It is far away.")
    house.press("admin", wording("button.desk-send"))


def map_something(tx: Tx, house: House, person: PersonId) -> None:
    """A figure, a change and a map in hand."""
    told = Note(path=("Lab 2",), told={Item.TECHNICIANS: Told(low=14, high=14)})
    stamp = Stamp(by=person, at=house.clock.now(), seed="s", source="r")
    done = record(WorkMap(workplace=Workplace(WorkplaceId("w"), "Riverside")), [told], stamp)
    maps.write(tx, BranchId("main"), done, "r", person, house.clock.now())
    used = {"person": person, "workplace": "w", "branch": "main", "since_at": None}
    tx.insert("mapper", {**used, "used_at": micros(house.clock.now())})


def coached(edition: Edition) -> CoachHouse:
    """A plan put away, another with two weeks of reminders, a code for a chat, words that wait."""
    house = CoachHouse(edition)
    house.command("ben", "plan", "archive")
    house.press("ben", wording("button.plan-archive-yes"))
    owners, now = [house.known("ann")], house.clock.now()
    house.do(lambda tx: found_plan(tx, edition, "Harbour Yard", owners, now))
    house.say("ann", "reminders")
    house.press("ann", wording("button.plan-remind"))
    for _ in range(14):
        house.clock.pass_(days=1)
        house.work()
    house.command("cat", "link")
    house.press("cat", wording("button.link-code"))
    keep(house, said("cat", 1))
    return house


def furnished(edition: Edition) -> House:
    """A house with a row of everything that is begun once, and an administrator."""
    before = coached(edition)
    house = House(before.store, clock=before.clock, flows=flows(NAMED))
    house.say("admin", "hello")
    house.grant("admin", Role.ADMIN)
    house.grant("admin", Role.REP)
    begin(house, "admin", "Named things")
    house.say("admin", "a drill")
    house.do(partial(map_something, house=house, person=house.person("admin")))
    group, began = Address("test", "#group"), house.clock.now()
    house.do(lambda tx: reachability.lose(tx, group, Place.GROUP, began))
    return house


def days_of_use(house: House, chance: random.Random) -> None:
    """What people do in some days, more or less."""
    house.clock.pass_(days=9)
    who = f"p{chance.randrange(6)}"
    for utterance in (Text(COST), Text("moon?"), Command("join", "guess")):
        house.hear(who, utterance)
    house.deliver()
    if chance.random() < 0.3:
        house.press(who, wording("vote.yes"))
    if chance.random() < 0.2:
        house.hear("admin", Command("invite", "rep"))
    if chance.random() < 0.3:
        ask_a_rep(house, who)
    if chance.random() < 0.05:
        house.hear(who, Command("forget", "yes"))


def test_three_years_of_nights_leave_nothing_older_than_its_limit(edition: Edition) -> None:
    house = furnished(edition)
    chance, gone = random.Random(3), set[str]()
    seen = {table.name: len(house.rows(table.name)) for table in KEPT}
    for _ in range(3 * 365 // 9):
        days_of_use(house, chance)
        seen = {table: max(most, len(house.rows(table))) for table, most in seen.items()}
        gone |= set(purge(house))
        assert too_old(house) == {}
    assert {table for table, most in seen.items() if not most} <= ELSEWHERE
    assert gone >= {table.name for table in KEPT} - KEPT_LONGER - ELSEWHERE, (
        "every class was due once"
    )


def filled(table: Table, person: PersonId) -> Values:
    """A row with something in every column, of this person where it has one."""
    known = {"person": person, "branch": "main"}
    return {
        key: known.get(key, "x") if kind == "text" else 1 for key, kind in table.columns.items()
    }


def add(house: House, table: Table, row: Values, person: PersonId) -> None:
    """Write a row; what it refers to and is not there is made first, as it is while in use."""
    for column, name in table.references.items():
        parent = TABLE_BY_NAME[name]
        (key,) = parent.key
        if not house.rows(name, **{key: row[column]}):
            made = {**filled(parent, person), **dict.fromkeys(parent.optional), key: row[column]}
            add(house, parent, made, person)
    house.do(lambda tx: tx.insert(table.name, row))


@pytest.mark.parametrize("table", KEPT, ids=lambda table: table.name)
def test_a_row_goes_on_its_day_and_not_before(table: Table) -> None:
    house = House(MemoryStore())
    house.say("ann", COST)
    person = house.person("ann")
    house.do(lambda tx: tx.delete(table.name, {}))
    assert table.kept is not None
    name, column = table.kept
    add(house, table, {**filled(table, person), column: micros(NOON)}, person)
    days = retention(house).classes[name].days
    house.clock.time = NOON + timedelta(days=days) - timedelta(seconds=1)
    assert table.name not in purge(house)
    house.clock.time = NOON + timedelta(days=days)
    assert purge(house)[table.name] == 1
    assert house.rows(table.name) == []


def test_what_waits_to_be_sent_is_never_purged() -> None:
    house = House(MemoryStore())
    house.hear("ann", Text(COST))
    house.clock.pass_(days=365)
    purge(house)
    assert len(house.rows("outbox")) == 1


def test_who_only_asked_is_unknown_again_when_the_talk_is_forgotten() -> None:
    house = House(MemoryStore())
    house.say("ann", COST)
    house.say("bob", COST)
    house.say("bob", "stop")
    house.clock.pass_(days=29)
    purge(house)
    assert len(house.rows("person")) == 2
    house.clock.pass_(days=2)
    assert purge(house)["person"] == 1
    assert [row["account"] for row in house.rows("identity")] == ["bob"]
    assert [row["topic"] for row in house.rows("opt_out")] == ["all"]


def test_a_purge_on_the_command_line_says_what_went() -> None:
    house = House(MemoryStore())
    admin = Admin(house.store, house.content, house.clock)
    assert admin.do("purge", {}) == "Nothing was due."
    house.say("ann", COST)
    house.clock.pass_(days=400)
    said = admin.do("purge", {})
    assert "session" in said
    assert "inbound_key" in said


def test_without_a_retention_file_nothing_may_be_purged() -> None:
    house = House(MemoryStore())
    content = replace(content_of(), retention=None)
    with pytest.raises(Refused, match="nothing says what may be deleted"):
        Admin(house.store, content, house.clock).do("purge", {})


def test_a_class_that_nobody_knows_stops_the_purge_before_anything_went() -> None:
    house = House(MemoryStore())
    house.say("ann", COST)
    house.clock.pass_(days=4000)
    before = house.everything()
    bare = Retention.model_validate({"classes": {"audit": {"days": 1, "why": "x"}}})
    with pytest.raises(KeyError):
        purging.purge(house.store, bare, house.clock.now())
    assert house.everything() == before
