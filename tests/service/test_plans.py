"""Plans in the store: shared, handed over, put away, forgotten; nobody else's, and nothing lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.coach.changes import Act, Changed, Done, Drop, change
from bot.coach.diary import Diary
from bot.coach.plan import ItemId, Status
from bot.engine.effects_plans import ChangeItem
from bot.engine.plan_view import CoachNeed
from bot.engine.session import Act as Does
from bot.engine.session import Offer, encode
from bot.errors import StaleSession
from bot.messages import BranchId, Choice, Place, Role, Token
from bot.service import people, plans
from bot.service.invites import NewInvite, make_invite
from bot.service.library import Edition
from bot.service.plan_tables import PLAN_TABLES
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from tests.builders import wording
from tests.service.coaching import PLAN, WORKPLACE, CoachHouse
from tests.service.test_linking import link
from tests.service.test_maps import answer, begin

DONE = wording("button.coach-done")
STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SQLiteStore(folder / "plans.db"),
}


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest, edition: Edition, tmp_path: Path) -> CoachHouse:
    return CoachHouse(edition, STORES[request.param](tmp_path))


def code_of(said: list[str]) -> str:
    found = re.search(r"/join ([a-z2-7]{10})", said[-1])
    assert found
    return found[1]


def plant(house: CoachHouse, who: str, act: Does) -> list[str]:
    """Somebody presses a button that was never shown to them."""
    session = house.session(who).with_offers((Offer(Token("planted"), "Press", act),))
    person = house.person(who)
    house.do(lambda tx: tx.update("session", {"person": person}, {"state": encode(session)}))
    return house._turn(who, Choice(Token("planted")), Place.PRIVATE)


def plan_rows(house: CoachHouse) -> dict[str, list[object]]:
    rows = house.everything()
    return {table.name: list(rows[table.name]) for table in PLAN_TABLES}


def test_what_is_done_stands_in_the_store_and_survives_reading(house: CoachHouse) -> None:
    house.say("ann", "next")
    house.press("ann", DONE)
    plan = house.plan()
    first = plan.items[0]
    assert (first.status, plan.history[-1].by) == (Status.DONE, house.person("ann"))
    assert [row["seq"] for row in house.rows("plan_event")] == list(
        range(1, len(plan.history) + 1)
    )


def test_a_change_that_does_not_follow_is_not_written(house: CoachHouse) -> None:
    plan, ann = house.plan(), house.person("ann")
    now = house.clock.now()
    doing = Act(by=ann, at=now, today=now.date(), diary=Diary())
    item = ItemId("team-up")
    one, two = change(plan, item, Done(), doing), change(plan, item, Drop(), doing)
    assert isinstance(one, Changed)
    assert isinstance(two, Changed)
    branch = people.DEFAULT_BRANCH
    house.do(lambda tx: plans.change(tx, branch, ChangeItem(plan.id, one.event), now))
    before = plan_rows(house)
    with pytest.raises(StaleSession):
        house.do(lambda tx: plans.change(tx, branch, ChangeItem(plan.id, two.event), now))
    ahead = replace(two.event, seq=two.event.seq + 5)
    with pytest.raises(StaleSession):
        house.do(lambda tx: plans.change(tx, branch, ChangeItem(plan.id, ahead), now))
    other = BranchId("other")
    house.do(lambda tx: plans.change(tx, other, ChangeItem(plan.id, ahead), now))
    assert plan_rows(house) == before


def test_a_rep_joins_by_a_code_once_and_after_agreeing(house: CoachHouse) -> None:
    code = code_of(house.say("ann", "share my plan"))
    assert "outbox" not in [t for t, rows in house.everything().items() if code in str(rows)]
    welcome = house.command("cat", "join", code)
    assert WORKPLACE in welcome[-1]
    assert house.person("cat") not in house.plan().owners
    asked = house.press("cat", wording("button.plan-join"))
    assert "Do you agree?" in asked[-1]
    joined = house.press("cat", wording("button.agree"))
    assert WORKPLACE in joined[-1]
    assert house.person("cat") in house.plan().owners
    assert "Team up" in house.press("cat", wording("button.plan-next"))[-1]
    assert house.command("ben", "join", code) == [wording("join.unknown")]
    assert [row["purpose"] for row in house.rows("consent", person=house.person("cat"))] == [
        "action-plan"
    ]


def test_a_code_makes_nobody_a_rep_and_crosses_no_branch(house: CoachHouse) -> None:
    code = code_of(house.say("ann", "share my plan"))
    house.say("otto", "hello")
    assert house.command("otto", "join", code) == [wording("join.not-a-rep")]
    now = house.clock.now()
    house.do(lambda tx: people.add_branch(tx, BranchId("north"), "North", now))
    cat = house.person("cat")
    for table, column in (("person", "id"), ("identity", "person"), ("session", "person")):
        house.do(lambda tx, t=table, c=column: tx.update(t, {c: cat}, {"branch": "north"}))  # type: ignore[misc]  # bound at once
    assert house.command("cat", "join", code) == [wording("join.not-a-rep")]
    assert house.rows("role", person=house.person("otto")) == []
    assert len(house.plan().owners) == 2


def test_whoever_moves_to_another_branch_leaves_the_plans_of_this_one(house: CoachHouse) -> None:
    now, north = house.clock.now(), BranchId("north")
    invite = NewInvite(id="i-1", branch=north, role=Role.REP, code="abcdefghij", made_by="test")
    house.do(lambda tx: people.add_branch(tx, north, "North", now))
    house.do(lambda tx: make_invite(tx, invite, now))
    house.command("ann", "join", "abcdefghij")
    assert house.plan().owners == (house.person("ben"),)
    assert WORKPLACE not in str(house.say("ann", "my plan"))


def test_a_code_that_has_run_out_joins_nobody(house: CoachHouse) -> None:
    code = code_of(house.say("ann", "share my plan"))
    house.command("cat", "join", code)
    house.clock.pass_(days=15)
    house.press("cat", wording("button.plan-join"))
    assert house.press("cat", wording("button.agree"))[-1] == wording("coach.join.gone")
    assert len(house.plan().owners) == 2


@pytest.mark.parametrize(
    "act",
    [
        Does("plan-done", (PLAN, "team-up", "1")),
        Does("plan-archive-yes", (PLAN,)),
        Does("plan-leave-yes", (PLAN,)),
        Does("plan-lead", (PLAN, "1")),
        Does("plan-invite", (PLAN,)),
        Does("plan-show", (PLAN, "team-up")),
        Does("plan-file", (PLAN, "agreement")),
        Does("plan-adopt", (PLAN,)),
        Does("clause-put", (PLAN, "fees", "1", "agreed")),
    ],
    ids=lambda act: act.name,
)
def test_no_button_works_for_who_does_not_share_the_plan(act: Does, edition: Edition) -> None:
    house = CoachHouse(edition)
    before = plan_rows(house)
    said = plant(house, "cat", act)
    house.press("cat", wording("button.agree")) if "Do you agree?" in said[-1] else None
    house.work()
    assert plan_rows(house) == before
    assert WORKPLACE not in str(said)
    ann = house.person("ann")
    house.do(lambda tx: tx.delete("role", {"person": ann}))
    assert plant(house, "ann", act)[-1] == wording("refused.role")
    assert plan_rows(house) == before


def test_whoever_is_forgotten_leaves_the_plan_to_the_others(house: CoachHouse) -> None:
    house.say("ann", "next")
    house.press("ann", DONE)
    house.say("ann", "hand over")
    house.press("ann", "rep 2")
    ann = house.person("ann")
    assert "Plans you share" in str(house.command("ann", "mydata", "yes"))
    house.command("ann", "forget", "yes")
    assert ann not in str(house.everything())
    plan = house.plan()
    assert plan.owners == (house.person("ben"),)
    assert plan.items[0].status is Status.DONE
    assert wording("coach.who.gone") in house.say("ben", "who did what")[-1]


def test_a_plan_of_nobody_can_be_taken_on_by_a_rep_of_the_branch(house: CoachHouse) -> None:
    for who in ("ann", "ben"):
        house.command(who, "forget", "yes")
    assert house.plan().owners == ()
    house.say("cat", "my plan")
    house.press("cat", wording("button.plan-adopt", workplace=WORKPLACE))
    house.press("cat", wording("button.agree"))
    assert house.plan().owners == (house.person("cat"),)


def test_a_plan_that_was_put_away_is_purged_after_its_time(house: CoachHouse) -> None:
    house.say("ann", "archive my plan")
    house.press("ann", wording("button.plan-archive-yes"))
    assert house.rows("coach_rhythm") == []
    assert house.plan().archived_at == house.clock.now()
    house.clock.pass_(days=1090)
    house.purge()
    assert house.rows("plan_event")
    house.clock.pass_(days=10)
    house.purge()
    assert not any(plan_rows(house).values())


def test_taking_the_agreement_back_leaves_every_plan(house: CoachHouse) -> None:
    house.say("ann", "next")
    house.press("ann", DONE)
    ann = house.person("ann")
    house.command("ann", "consent", "action-plan")
    rows = house.everything()
    assert all(ann not in str(rows[table.name]) for table in PLAN_TABLES)
    assert house.plan().owners == (house.person("ben"),)


@pytest.mark.parametrize("gone", ["ann", "ben"])
def test_two_accounts_that_become_one_keep_the_plan_of_either(
    gone: str, house: CoachHouse
) -> None:
    house.command(gone, "plan", "leave")
    house.press(gone, wording("button.plan-leave-yes"))
    for makes, types in (("ann", "ben"), ("ben", "cat")):
        link(house, makes, types)
        one = house.person(types)
        assert house.plan().owners == (one,)
        assert {row["person"] for row in house.rows("coach_rhythm")} == {one}
    house.say("cat", "next")
    house.press("cat", DONE)
    assert house.plan().items[0].status is Status.DONE
    house.command("cat", "plan", "leave")
    house.press("cat", wording("button.plan-leave-yes"))
    assert house.plan().owners == ()


def test_who_led_under_another_account_leads_still(house: CoachHouse) -> None:
    house.clock.pass_(hours=1)
    house.say("ann", "hand over")
    house.press("ann", "rep 2")
    house.command("cat", "join", code_of(house.say("ann", "share my plan")))
    house.press("cat", wording("button.plan-join"))
    house.press("cat", wording("button.agree"))
    link(house, "ben", "cat")
    assert house.plan().owners == (house.person("cat"), house.person("ann"))


def test_leaving_where_nobody_is_known_to_own_the_plan_changes_nothing(house: CoachHouse) -> None:
    house.do(lambda tx: tx.update("plan_sharing", {}, {"person": None, "maker": None}))
    before = house.rows("plan_sharing")
    assert plant(house, "ann", Does("plan-leave-yes", (PLAN,)))[-1] == wording(
        "coach.sharing.left"
    )
    assert house.rows("plan_sharing") == before


def test_a_number_never_comes_to_mean_another_rep(house: CoachHouse) -> None:
    house.clock.pass_(hours=1)
    house.command("cat", "join", code_of(house.say("ann", "share my plan")))
    house.press("cat", wording("button.plan-join"))
    house.press("cat", wording("button.agree"))
    house.say("ann", "hand over")
    to_ben, to_cat = house.option("ann", "rep 2"), house.option("ann", "rep 3")
    house.command("ben", "forget", "yes")
    said = house._turn("ann", Choice(to_ben.token), Place.PRIVATE)
    assert said[-1] == wording("coach.sharing.gone")
    assert house.plan().lead == house.person("ann")
    house._turn("ann", Choice(to_cat.token), Place.PRIVATE)
    assert house.plan().lead == house.person("cat")


def test_two_plans_and_the_one_used_last_is_in_hand(edition: Edition) -> None:
    from tests.conversations.plans import found_plan  # noqa: PLC0415 - only here

    house = CoachHouse(edition)
    house.clock.pass_(hours=1)
    ann = house.known("ann")
    now = house.clock.now()
    house.do(lambda tx: found_plan(tx, house.edition, "Hilltop School", [ann], now))
    assert "Hilltop School" in house.say("ann", "my plan")[-1]
    house.clock.pass_(hours=1)
    label = wording("button.plan-other", workplace=WORKPLACE)
    assert WORKPLACE in house.press("ann", label)[-1]
    house.say("ann", "next")
    house.press("ann", DONE)
    assert house.plan().items[0].status is Status.DONE
    assert house.plan("pl-hilltop").items[0].status is Status.OPEN


def test_of_several_plans_no_more_are_read_than_a_turn_needs(edition: Edition) -> None:
    from tests.conversations.plans import found_plan  # noqa: PLC0415 - only here

    house = CoachHouse(edition)
    ann = house.known("ann")
    for workplace in ("Hilltop School", "Depot"):
        house.clock.pass_(hours=1)
        now = house.clock.now()
        house.do(
            partial(found_plan, edition=house.edition, workplace=workplace, owners=[ann], now=now)
        )
    view = house.do(lambda tx: people.view_of(tx, ann, Place.PRIVATE, ""))

    def whole(need: CoachNeed) -> list[str]:
        coach = house.do(lambda tx: plans.read(tx, view, now, need))
        assert [name for _, name in coach.workplaces] == ["Depot", "Hilltop School", WORKPLACE]
        return [one.plan.workplace for one in coach.shared]

    assert whole(CoachNeed()) == ["Depot"]
    assert whole(CoachNeed(named=frozenset({PLAN, "another"}))) == ["Depot", WORKPLACE]
    assert len(whole(CoachNeed(builds=True))) == 3
    for workplace in (WORKPLACE, "Depot"):
        house.say("ann", "my plan")
        house.clock.pass_(minutes=1)
        house.press("ann", wording("button.plan-other", workplace=workplace))
        house.say("ann", "next")
    options = [one for one in house.session("ann").offers if one.act.name == "plan-move"]
    (option,) = [one for one in options if one.act.arguments[0] == PLAN]
    house._turn("ann", Choice(option.token), Place.PRIVATE)
    house.say("ann", "18 december")
    assert house.plan().history[-1].what == "moved"


@pytest.mark.parametrize("asked", ["new plan", "Make a plan.", "/plan NEW"])
def test_what_nobody_looks_after_is_offered_where_a_plan_is_begun(
    asked: str, edition: Edition
) -> None:
    from tests.conversations.plans import found_plan  # noqa: PLC0415 - only here

    house = CoachHouse(edition)
    cat, now = house.known("cat"), house.clock.now()
    house.do(lambda tx: found_plan(tx, house.edition, "Hilltop School", [cat], now))
    house.command("cat", "plan", "leave")
    house.press("cat", wording("button.plan-leave-yes"))
    ann = house.known("ann")
    view = house.do(lambda tx: people.view_of(tx, ann, Place.PRIVATE, ""))
    assert house.do(lambda tx: plans.read(tx, view, now, CoachNeed())).orphans == ()
    offered = wording("button.plan-adopt", workplace="Hilltop School")
    for who in ("ann", "cat"):  # `option` fails where it was not offered
        house.say(who, asked)
        house.option(who, offered)
    assert "Hilltop School" in house.say("cat", "next")[-1], "who has no plan may begin one"


def build(house: CoachHouse, who: str, workplace: str) -> str:
    """Somebody makes a plan, skipping all but the name of the workplace."""
    said = house.say(who, "new plan")
    house.press(who, wording("button.agree" if "Do you agree?" in said[-1] else "button.begin"))
    house.say(who, workplace)
    for _ in range(7):
        house.press(who, wording("button.skip"))
    return "".join(house.press(who, wording("button.submit")))


def test_a_workplace_has_one_plan_however_its_name_is_written(edition: Edition) -> None:
    house = CoachHouse(edition)
    said = build(house, "ann", "riverside-HOSPITAL.")
    assert wording("coach.plan.is-there", workplace="riverside\\-HOSPITAL\\.") in said
    assert len(house.rows("plan")) == 1


def test_a_plan_is_built_from_the_map_of_who_made_it(edition: Edition) -> None:
    house = CoachHouse(edition)
    for area, count in (("Lab 2", "14"), ("Stores", "3")):
        begin(house, "cat", workplace="Hilltop School", area=area)
        answer(house, "cat", count)
    said = build(house, "cat", "hilltop school")
    assert "Your map already lists 2 areas." in said
    whole = house.say("cat", "the whole plan")[-1]
    assert "Ask the technicians in one area: Lab 2" in whole
    house.say("cat", "ready texts")
    motion = house.press("cat", "Branch motion")[-1]
    assert "our own map has found 17 technicians in 2 areas" in motion
    other = build(house, "ben", "Hilltop School")
    assert "Your map already lists" not in other, "the figures are for who maps the workplace"


def test_a_small_number_of_the_map_leaves_the_team_in_no_text(edition: Edition) -> None:
    house = CoachHouse(edition)
    begin(house, "cat", workplace="Hilltop School", area="Lab 2")
    answer(house, "cat", "4")
    build(house, "cat", "Hilltop School")
    house.say("cat", "ready texts")
    motion = house.press("cat", "Branch motion")[-1]
    assert "we are now mapping where technicians work" in motion
    assert "4 technicians" not in motion


def test_a_rep_of_the_past_sees_no_plan(edition: Edition) -> None:
    house = CoachHouse(edition)
    house.do(lambda tx: tx.delete("role", {"name": Role.REP.value}))
    assert WORKPLACE not in str(house.say("ann", "my plan"))
    assert house.command("ann", "plan") == [wording("refused.role")]
