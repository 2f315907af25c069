"""Two chats of one person become one: everything goes over, a no counts for both, none is linked unasked."""

import re

import pytest

from bot.flows.run import Status
from bot.messages import BranchId, Role
from bot.service import consents, invites, people, privacy, surveys
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.service.houses import House
from tests.service.test_privacy import COST, agree, ask_a_rep, doing
from tests.service.test_runs import ANONYMOUS, NAMED, begin, fill_in, flows

UNKNOWN = wording("link.unknown")
FLOWS = flows(NAMED, ANONYMOUS)
# Tables whose key names a person.
BY_PERSON = {
    "coach_rhythm",
    "feedback",
    "mapper",
    "opt_out",
    "person",
    "role",
    "session",
}


@pytest.fixture
def house() -> House:
    return House(MemoryStore(), flows=FLOWS)


def code_of(house: House, who: str) -> str:
    """A code that somebody has made."""
    house.command(who, "link")
    said, *_ = house.press(who, wording("button.link-code"))
    found = re.search(r"\*\*([a-z2-7]{10})\*\*", said)
    assert found, said
    return found[1]


def link(house: House, makes: str, types: str) -> list[str]:
    """Join two chats; returns what is said to the yes, to both."""
    asked, *_ = house.command(types, "link", code_of(house, makes))
    assert asked == wording("link.confirm")
    return house.press(types, wording("button.link-yes"))


def begin_named(house: House, who: str) -> None:
    """Somebody, a rep by then, is in the middle of a flow that keeps answers."""
    house.say(who, COST)
    house.grant(who, Role.REP)
    begin(house, who, "Named things")
    house.say(who, f"thing of {who}")


def busy(house: House) -> House:
    """Two people who left a trace in every table that a chat can fill."""
    for who in ("ann", "ben"):
        house.say(who, COST)
        house.press(who, wording("vote.no"))
        house.say(who, "moon?")
        ask_a_rep(house, who)
        house.command(who, "join", "guess")
        agree(house, who)
        house.command(who, "invite", "rep")
        begin_named(house, who)
        house.command(who, "link")
        house.press(who, wording("button.link-code"))
    return house


def test_everything_of_one_goes_over_to_the_other(house: House) -> None:
    """The completeness test: a new table is covered on the day it is declared."""
    busy(house)
    ann, ben = house.person("ann"), house.person("ben")
    before = house.everything()
    filled = {t.name for t in TABLES if t.personal and before[t.name]}
    assert len(filled) >= 12, filled
    said = link(house, "ann", "ben")
    assert {wording("link.done"), wording("link.told")} <= set(said)
    after = house.everything()
    assert house.person("ann") == house.person("ben") == ben
    left = [name for name, rows in after.items() if ann in repr(rows)]
    assert left == []
    for table in TABLES:
        if table.personal and table.name not in BY_PERSON | {"link_code", "outbox"}:
            assert len(after[table.name]) == len(before[table.name]), table.name
    assert "chats.joined" in {row["what"] for row in after["audit"]}


def test_a_table_whose_key_names_a_person_was_thought_about() -> None:
    """There a row that stands wins, or a rule of its own says what does: add it here knowingly."""
    assert {t.name for t in TABLES if t.personal and t.personal.column in t.key} == BY_PERSON


def test_a_no_counts_for_both(house: House) -> None:
    for who in ("ann", "ben"):
        house.say(who, COST)
    house.command("ann", "stop")
    agree(house, "ann", purpose="map")
    agree(house, "ben", purpose="map")
    agree(house, "ann", purpose="survey")
    house.do(lambda tx: consents.withdraw(doing(house, "ann", tx), "map"))
    link(house, "ann", "ben")
    assert [row["topic"] for row in house.rows("opt_out", person=house.person("ben"))] == ["all"]
    ben = house.person("ben")
    in_force = house.do(lambda tx: people.agreements_of(tx, ben))
    assert {purpose for purpose, _ in in_force} == {"survey"}


def test_what_was_kept_by_an_agreement_that_is_taken_back_goes(house: House) -> None:
    begin_named(house, "ben")
    purpose = str(house.rows("consent")[0]["purpose"])
    house.say("ann", COST)
    agree(house, "ann", purpose=purpose)
    house.do(lambda tx: consents.withdraw(doing(house, "ann", tx), purpose))
    assert house.rows("run")
    link(house, "ann", "ben")
    assert house.rows("run") == []


def test_roles_are_joined_and_the_log_says_so(house: House) -> None:
    for who in ("ann", "ben"):
        house.say(who, COST)
    house.grant("ann", Role.REP, Role.ULR)
    house.grant("ben", Role.REP)
    link(house, "ann", "ben")
    names = {row["name"] for row in house.rows("role", person=house.person("ben"))}
    assert names == {"rep", "ulr"}
    told = [row for row in house.rows("audit") if row["what"] == "role.joined"]
    assert [row["detail"] for row in told] == ["ulr"]


def test_both_in_the_middle_of_something(house: House) -> None:
    begin_named(house, "ann")
    begin_named(house, "ben")
    (mine,), (theirs,) = house.session("ben").runs, house.session("ann").runs
    link(house, "ann", "ben")
    kept = {held.id: held.run.status for held in house.session("ben").runs}
    assert kept == {mine.id: Status.RUNNING, theirs.id: Status.PAUSED}
    assert house.session("ann") == house.session("ben")
    house.command("ann", "cancel")
    assert {held.id for held in house.session("ann").runs} == {theirs.id}
    house.command("ann", "resume")
    assert house.session("ann").runs[0].run.status is Status.RUNNING


def test_who_took_part_in_a_survey_cannot_take_part_again(house: House) -> None:
    fill_in(house, "ann", "mine")
    house.say("ben", COST)
    link(house, "ann", "ben")
    ben = house.known("ben")
    taken = house.do(lambda tx: surveys.taken(tx, ben, FLOWS))
    assert len(taken) == 1
    assert len(house.rows("ticket")) == 1


def test_one_person_does_not_count_as_two_askers(house: House) -> None:
    for who in ("ann", "ben"):
        house.say(who, "moon?")
    assert len({row["asker"] for row in house.rows("miss")}) == 2
    link(house, "ann", "ben")
    assert len({row["asker"] for row in house.rows("miss")}) == 1


def test_a_code_works_once_and_for_a_quarter_of_an_hour(house: House) -> None:
    house.say("eve", COST)
    code = code_of(house, "ann")
    assert code not in repr(house.everything())
    house.command("ben", "link", f"{code[:5].upper()}-{code[5:]}")
    house.press("ben", wording("button.link-yes"))
    assert house.person("ann") == house.person("ben")
    assert house.command("eve", "link", code) == [UNKNOWN]
    late = code_of(house, "ann")
    house.clock.pass_(minutes=15, seconds=1)
    assert house.command("eve", "link", late) == [UNKNOWN]


def test_a_yes_after_the_code_has_run_out_does_nothing(house: House) -> None:
    house.command("ben", "link", code_of(house, "ann"))
    house.clock.pass_(minutes=16)
    assert house.press("ben", wording("button.link-yes")) == [UNKNOWN]
    assert house.person("ann") != house.person("ben")


def test_the_first_yes_wins(house: House) -> None:
    code = code_of(house, "ann")
    for who in ("ben", "eve"):
        house.command(who, "link", code)
    house.press("eve", wording("button.link-yes"))
    assert house.press("ben", wording("button.link-yes")) == [UNKNOWN]
    assert house.person("ann") == house.person("eve") != house.person("ben")


def test_a_new_code_ends_the_one_before(house: House) -> None:
    old = code_of(house, "ann")
    code_of(house, "ann")
    assert house.command("ben", "link", old) == [UNKNOWN]


def test_ones_own_code_is_told_apart_and_costs_no_try(house: House) -> None:
    code = code_of(house, "ann")
    assert house.command("ann", "link", code) == [wording("link.same")]
    assert house.rows("join_try") == []


def test_guessing_is_slowed_down_together_with_invites(house: House) -> None:
    for number in range(invites.PERSON_TRIES - 1):
        assert house.command("eve", "link", f"guess{number}") == [UNKNOWN]
    house.command("eve", "join", "guess")
    code = code_of(house, "ann")
    assert house.command("eve", "link", code) == [wording("link.pause")]
    house.clock.pass_(minutes=16)
    assert house.command("eve", "link", code_of(house, "ann")) == [wording("link.confirm")]


def test_branches_are_never_linked(house: House) -> None:
    north = BranchId("north")
    house.do(lambda tx: people.add_branch(tx, north, "North", house.clock.now()))
    code = code_of(house, "ann")
    house.say("ben", COST)
    ann, ben = house.known("ann"), house.known("ben")
    house.do(lambda tx: invites._move(tx, ben, north))
    assert house.command("ben", "link", code) == [wording("link.elsewhere")]
    house.command("eve", "link", code)
    house.do(lambda tx: invites._move(tx, ann, north))
    assert house.press("eve", wording("button.link-yes")) == [UNKNOWN]


def test_a_chat_can_be_taken_out_again(house: House) -> None:
    busy(house)
    link(house, "ann", "ben")
    house.command("ann", "stop")
    before = house.person("ben")
    house.command("ann", "unlink")
    assert wording("unlink.done") in house.press("ann", wording("button.unlink-yes"))
    assert house.person("ben") == before != house.person("ann")
    assert [row["topic"] for row in house.rows("opt_out", person=house.person("ann"))] == ["all"]
    assert house.rows("role", person=house.person("ann")) == []
    assert house.rows("run", person=house.person("ann")) == []
    assert house.rows("session", person=house.person("ann")) == []
    assert wording("unlink.alone") in house.command("ben", "unlink", "yes")


def test_to_be_forgotten_in_one_chat_is_to_be_forgotten_in_both(house: House) -> None:
    busy(house)
    link(house, "ann", "ben")
    house.command("ann", "forget", "yes")
    person = repr(house.rows("identity"))
    assert "ann" not in person
    assert "ben" not in person
    assert len(house.rows("tombstone")) == 2


def test_one_person_has_one_copy_of_their_data(house: House) -> None:
    busy(house)
    link(house, "ann", "ben")
    ann, ben = house.person("ann"), house.person("ben")
    assert ann == ben
    copy = house.do(lambda tx: privacy.copy_of(tx, ann))
    assert '"account": "ann"' in copy
    assert '"account": "ben"' in copy
