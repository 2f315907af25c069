"""The registry of tables is complete: nothing on people is kept that it does not know of."""

import re
from collections.abc import Iterator

import pytest
import yaml

from bot.messages import Command, Place, Role, Unreadable
from bot.service.table import Table
from bot.service.tables import TABLE_BY_NAME, TABLES
from bot.storage.memory import MemoryStore
from tests.builders import RETENTION, ROOT, wording
from tests.service.houses import House

NAMES_A_PERSON = re.compile(r"^(person|used_by|account)$")
PSEUDONYMS = {"who", "asker", "made_by", "granted_by"}  # keyed hashes: they lead to nobody
NO_BRANCH = {"install", "branch", "flow_text", "pace"}


def test_the_tables_are_where_i_look() -> None:
    assert len(TABLES) >= 17
    assert len(TABLE_BY_NAME) == len(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_sound(table: Table) -> None:
    assert table.key
    named = {
        *table.key,
        *table.optional,
        *table.references,
        *(column for columns in (*table.unique, *table.indexes) for column in columns),
    }
    assert named <= set(table.columns)
    assert not set(table.key) & table.optional
    assert set(table.references.values()) <= set(TABLE_BY_NAME)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_that_leads_to_a_person_says_so(table: Table) -> None:
    leads = {
        column
        for column in table.columns
        if NAMES_A_PERSON.match(column) or table.references.get(column) == "person"
    }
    if leads:
        assert table.personal is not None
    if table.personal:
        assert table.personal.column in table.columns
        assert set(table.personal.hidden) <= set(table.columns)
        assert table.personal.shown_as[0].isupper()
        blank = table.personal.on_forget == "blank"
        assert not blank or table.personal.column in table.optional


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_a_branch(table: Table) -> None:
    assert ("branch" in table.columns) is (table.name not in NO_BRANCH)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_how_long_a_table_is_kept_is_written_down(table: Table) -> None:
    if table.kept_with is not None:
        name, column = table.kept_with
        assert name in yaml.safe_load(RETENTION)["classes"]
        assert table.references[column] == "survey"
    if table.kept is None:
        return
    name, column = table.kept
    assert name in yaml.safe_load(RETENTION)["classes"]
    assert table.columns[column] == "integer"


def test_every_class_of_the_retention_file_is_some_tables() -> None:
    kept = {table.kept[0] for table in TABLES if table.kept}
    kept |= {table.kept_with[0] for table in TABLES if table.kept_with}
    assert set(yaml.safe_load(RETENTION)["classes"]) == kept


def test_children_stand_after_their_parents() -> None:
    """`/forget` deletes from the end."""
    order = [table.name for table in TABLES]
    for table in TABLES:
        for parent in table.references.values():
            assert order.index(parent) < order.index(table.name)


def lived_in() -> House:
    """A house in which one person did everything that leaves a trace."""
    house = House(MemoryStore())
    house.say("canary-account", "How much does registration cost?")
    house.grant("canary-account", Role.ADMIN)
    house.press("canary-account", wording("vote.no"))
    house.say("canary-account", "moon?")
    house.say("canary-account", "What is registration?")
    for name, argument in (
        ("stop", ""),
        ("audience", "rep"),
        ("join", "wrong"),
        ("invite", "rep"),
        ("mydata", "yes"),
        ("why", ""),
    ):
        house.command("canary-account", name, argument)
    house.hear("canary-account", Unreadable("photo"))
    house.hear("canary-account", Command("status"), Place.GROUP)
    return house


def values_of(house: House) -> Iterator[tuple[str, str, str]]:
    for name, rows in house.everything().items():
        for row in rows:
            for column, value in row.items():
                yield name, column, str(value)


def test_whatever_leads_to_a_person_stands_in_a_table_that_says_so() -> None:
    """The other way round: look at every value of every row for the person and the account."""
    house = lived_in()
    person = house.person("canary-account")
    found = {
        (table, column)
        for table, column, value in values_of(house)
        if person in value or "canary-account" in value
    }
    assert len(found) >= 9
    for table, column in found:
        assert TABLE_BY_NAME[table].personal is not None, f"{table}.{column} leads to a person"
        assert column not in PSEUDONYMS


def test_a_pseudonym_is_not_the_person() -> None:
    house = lived_in()
    person = house.person("canary-account")
    seen = [v for _, column, v in values_of(house) if column in PSEUDONYMS and v != "test"]
    assert len(seen) >= 2
    assert person not in seen
    assert not any(person.removeprefix("p-")[:8] in value for value in seen)


def test_the_page_on_privacy_names_all_that_is_kept_of_people() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    (listed,) = (line for line in page.splitlines() if line.startswith("* All that `/mydata`"))
    named = set(listed.partition("tables): ")[2].removesuffix(".").split("; "))
    shown = {table.personal.shown_as for table in TABLES if table.personal is not None}
    assert len(shown) > 20
    assert named == shown
