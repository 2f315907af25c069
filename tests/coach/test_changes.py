"""How an item moves, what two people see of each other, and what undoing takes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coach.changes import (
    ITEM_LIMIT,
    NEXT,
    NOTE_LIMIT,
    Block,
    Change,
    Changed,
    Done,
    Drop,
    MoveTo,
    Note,
    Outcome,
    PutBefore,
    PutOff,
    Refusal,
    Refused,
    Reopen,
    Unchanged,
    add_own,
    change,
    undo_last,
)
from bot.coach.history import NothingToUndo, Overtaken
from bot.coach.plan import Item, ItemId, Plan, Status
from tests.coach.plans import ANN, BEN, EVE, NOW, TODAY, a_plan, act, shared

TEAM = ItemId("team-up")
TOMORROW = TODAY + timedelta(days=1)
MAKERS: dict[Status, Change] = {
    Status.DONE: Done(),
    Status.DROPPED: Drop(),
    Status.BLOCKED: Block("no-time"),
    Status.LATER: PutOff(TOMORROW),
    Status.OPEN: Reopen(),
}


def made(outcome: Outcome) -> Plan:
    assert isinstance(outcome, Changed), outcome
    return outcome.plan


def item_of(plan: Plan, item_id: ItemId = TEAM) -> Item:
    item = plan.item(item_id)
    assert item is not None
    return item


@pytest.mark.parametrize("old", Status)
@pytest.mark.parametrize("new", Status)
def test_only_what_the_law_allows_can_happen(old: Status, new: Status) -> None:
    plan = a_plan()
    if old is not Status.OPEN:
        plan = made(change(plan, TEAM, MAKERS[old], act()))
    outcome = change(plan, TEAM, MAKERS[new], act())
    if old is new:
        assert isinstance(outcome, Unchanged)
    elif new in NEXT[old]:
        assert item_of(made(outcome)).status is new
    else:
        assert outcome == Refused(Refusal.NOT_FROM_HERE)


def test_remind_me_later_leaves_its_day_and_moving_takes_it_off_the_overdue() -> None:
    plan = a_plan()
    due = item_of(plan).due
    assert due
    late = NOW + timedelta(days=30)
    put_off = made(change(plan, TEAM, PutOff(late.date() + timedelta(days=5)), act(at=late)))
    assert item_of(put_off).due == due
    assert item_of(put_off).is_overdue(late.date())
    moved = made(change(put_off, TEAM, MoveTo(late.date() + timedelta(days=5)), act(at=late)))
    assert not item_of(moved).is_overdue(late.date())
    assert item_of(moved).status is Status.OPEN


def test_a_day_on_a_bank_holiday_is_moved_on_and_remembered() -> None:
    plan = made(change(a_plan(), TEAM, MoveTo(date(2026, 12, 25)), act()))
    item = item_of(plan)
    assert (item.due, item.wished, item.holiday) == (
        date(2026, 12, 29),
        date(2026, 12, 25),
        "Christmas Day",
    )


def test_a_moved_item_takes_the_place_its_day_gives_it() -> None:
    plan = made(change(a_plan(), TEAM, MoveTo(date(2027, 6, 1)), act()))
    assert plan.items[-1].id == TEAM
    plan = made(change(plan, TEAM, MoveTo(TODAY), act()))
    assert plan.items[0].id == TEAM


def test_a_blocked_item_that_is_moved_stays_blocked() -> None:
    plan = made(change(a_plan(), TEAM, Block("no-time"), act()))
    plan = made(change(plan, TEAM, MoveTo(TODAY + timedelta(days=60)), act()))
    assert item_of(plan).status is Status.BLOCKED


def test_an_item_can_be_put_before_another_or_last() -> None:
    plan = a_plan()
    first, last = plan.items[0].id, plan.items[-1].id
    plan = made(change(plan, last, PutBefore(first), act()))
    assert [item.id for item in plan.items][:2] == [last, first]
    plan = made(change(plan, last, PutBefore(None), act()))
    assert plan.items[-1].id == last


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (PutOff(TODAY), Refusal.PAST),
        (MoveTo(TODAY - timedelta(days=1)), Refusal.PAST),
        (Block("  "), Refusal.EMPTY),
        (Note("x" * (NOTE_LIMIT + 1)), Refusal.TOO_LONG),
        (PutBefore(ItemId("nothing")), Refusal.GONE),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(wanted: Change, why: Refusal) -> None:
    assert change(a_plan(), TEAM, wanted, act()) == Refused(why)


def test_an_item_that_is_not_there_is_refused() -> None:
    assert change(a_plan(), ItemId("x"), Done(), act()) == Refused(Refusal.GONE)


def test_a_stranger_changes_nothing() -> None:
    assert change(a_plan(), TEAM, Done(), act(EVE)) == Refused(Refusal.NOT_OWNER)
    assert undo_last(a_plan(), act(EVE)) == Refused(Refusal.NOT_OWNER)


def test_a_plan_put_away_is_read_and_not_changed() -> None:
    plan = replace(a_plan(), archived_at=NOW)
    assert change(plan, TEAM, Done(), act()) == Refused(Refusal.ARCHIVED)


def test_two_reps_who_change_one_item_lose_nothing() -> None:
    plan = shared(a_plan())
    seen = plan.version(TEAM)
    plan = made(change(plan, TEAM, MoveTo(TODAY + timedelta(days=21)), act(BEN, seen=seen)))
    outcome = change(plan, TEAM, Drop(), act(ANN, seen=seen))
    assert isinstance(outcome, Overtaken)
    assert (outcome.event.by, outcome.event.what) == (BEN, "moved")
    again = change(plan, TEAM, Drop(), act(ANN, seen=plan.version(TEAM)))
    assert item_of(made(again)).status is Status.DROPPED


def test_two_reps_who_want_the_same_are_both_right() -> None:
    plan = shared(a_plan())
    seen = plan.version(TEAM)
    plan = made(change(plan, TEAM, Done(), act(BEN, seen=seen)))
    assert isinstance(change(plan, TEAM, Done(), act(ANN, seen=seen)), Unchanged)


def test_a_rep_adds_something_of_their_own() -> None:
    own = Item(
        id=ItemId("own-1"), step="raise", title=" Ring  the officer ", due=TOMORROW, place=0
    )
    plan = made(add_own(a_plan(), own, act()))
    assert item_of(plan, own.id).title == "Ring the officer"
    assert plan.items[0].id == own.id


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Item(id=TEAM, step="raise", title="x", place=0), Refusal.NOT_FROM_HERE),
        (Item(id=ItemId("a"), step="win", title="x", place=0), Refusal.NO_STEP),
        (Item(id=ItemId("a"), step="find", title="x" * 200, place=0), Refusal.TOO_LONG),
        (
            Item(id=ItemId("a"), step="find", title="x", due=date(2020, 1, 1), place=0),
            Refusal.PAST,
        ),
    ],
)
def test_what_cannot_be_added_is_refused(item: Item, why: Refusal) -> None:
    assert add_own(a_plan(), item, act()) == Refused(why)


def test_a_plan_does_not_grow_without_end() -> None:
    plan = a_plan()
    for n in range(ITEM_LIMIT - len(plan.items)):
        own = Item(id=ItemId(f"own-{n}"), step="find", title="x", place=0)
        plan = made(add_own(plan, own, act()))
    one_more = Item(id=ItemId("more"), step="find", title="x", place=0)
    assert add_own(plan, one_more, act()) == Refused(Refusal.TOO_MANY)


def test_undo_takes_back_one_after_the_other() -> None:
    before = a_plan()
    plan = made(change(before, TEAM, Block("no-time"), act()))
    plan = made(change(plan, TEAM, Done(), act()))
    for expected in (Status.BLOCKED, Status.OPEN):
        found = undo_last(plan, act())
        assert isinstance(found, Changed)
        plan = found.plan
        assert item_of(plan).status is expected
    assert plan.items == before.items
    assert isinstance(undo_last(plan, act()), NothingToUndo)
    assert len(plan.history) == len(before.history) + 4, "nothing is lost of it"


def test_undo_of_something_added_takes_it_out_and_keeps_the_history() -> None:
    own = Item(id=ItemId("own-1"), step="find", title="Ask", place=0)
    plan = made(add_own(a_plan(), own, act()))
    found = undo_last(plan, act())
    assert isinstance(found, Changed)
    assert found.plan.item(own.id) is None
    assert found.plan.history[-1].before == plan.item(own.id)


@pytest.mark.parametrize(("hours", "is_possible"), [(24, True), (25, False), (-1, False)])
def test_undo_works_for_24_hours(hours: int, is_possible: bool) -> None:
    plan = made(change(a_plan(), TEAM, Done(), act()))
    found = undo_last(plan, act(at=NOW + timedelta(hours=hours)))
    assert isinstance(found, Changed) is is_possible


def test_one_undoes_only_what_one_did_and_nobody_has_touched_since() -> None:
    plan = made(change(shared(a_plan()), TEAM, Block("no-time"), act(ANN)))
    assert isinstance(undo_last(plan, act(BEN)), NothingToUndo)
    plan = made(change(plan, TEAM, Done(), act(BEN)))
    found = undo_last(plan, act(ANN))
    assert isinstance(found, Overtaken)
    assert found.event.by == BEN


def test_an_item_that_cannot_be_cannot_be_made() -> None:
    item = a_plan().items[0]
    with pytest.raises(ValueError, match="wake"):
        replace(item, status=Status.LATER)
    with pytest.raises(ValueError, match="block"):
        replace(item, block="no-time")
    with pytest.raises(ValueError, match="title"):
        replace(item, action="")


def test_a_note_is_in_the_way_of_no_more_than_another_note() -> None:
    plan = shared(a_plan())
    seen = plan.version(TEAM)
    plan = made(change(plan, TEAM, Done(), act(BEN, seen=seen)))
    noted = made(change(plan, TEAM, Note("Ring Lab 2."), act(ANN, seen=seen)))
    assert (item_of(noted).status, item_of(noted).note) == (Status.DONE, "Ring Lab 2.")
    assert isinstance(change(noted, TEAM, Note("Ring Lab 3."), act(BEN, seen=seen)), Overtaken)
    late = change(noted, TEAM, Note("x" * (NOTE_LIMIT + 1)), act(BEN, seen=seen))
    assert late == Refused(Refusal.TOO_LONG), "or more than a note would stand on a button"
    unknown = change(noted, TEAM, Note("Ring Lab 4."), act(BEN, seen=noted.version(TEAM) + 7))
    assert isinstance(unknown, Overtaken)
