"""Two reps play with one plan: whatever they do, in whatever order, the plan stays a plan."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.coach.changes import (
    NEXT,
    Block,
    Change,
    Changed,
    Done,
    Drop,
    MoveTo,
    Note,
    PutBefore,
    PutOff,
    Reopen,
    add_own,
    change,
    undo_last,
)
from bot.coach.facts import Facts
from bot.coach.history import Overtaken, replay, still_standing
from bot.coach.next_step import Readiness, next_item, overall, progress
from bot.coach.plan import Item, ItemId, Plan, Status
from bot.coach.rows import plan_from_rows, plan_rows
from bot.messages import PersonId
from tests.coach.plans import ANN, BEN, NOW, a_plan, act, shared

PEOPLE = st.sampled_from([ANN, BEN])
PLACES = st.integers(0, 30)
DAYS = st.integers(-3, 40)
CHANGES = st.sampled_from(["done", "drop", "reopen", "block", "put-off", "move", "note", "order"])


class TwoReps(RuleBasedStateMachine):
    """Ann and Ben, each with what they last saw."""

    plan: Plan
    now: datetime

    @initialize()
    def begin(self) -> None:
        self.plan = shared(a_plan(Facts()))
        self.now = NOW
        self.begun_with = {item.id for item in self.plan.items}
        self.seen: dict[PersonId, Plan] = {ANN: self.plan, BEN: self.plan}
        self.own = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def wanted(self, kind: str, days: int, other: ItemId) -> Change:
        day = self.today + timedelta(days=days)
        wanted: dict[str, Change] = {
            "done": Done(),
            "drop": Drop(),
            "reopen": Reopen(),
            "block": Block(f"block-{days}"),
            "put-off": PutOff(day),
            "move": MoveTo(day),
            "note": Note(f"note {days}"),
            "order": PutBefore(other),
        }
        return wanted[kind]

    @rule(by=PEOPLE, kind=CHANGES, place=PLACES, other=PLACES, days=DAYS)
    def press(self, by: PersonId, kind: str, place: int, other: int, days: int) -> None:
        """Somebody presses a button below what they last saw of the plan."""
        view = self.seen[by]
        item = view.items[place % len(view.items)]
        near = view.items[other % len(view.items)]
        before = self.plan
        stands = before.item(item.id)
        doing = replace(act(by, self.now), seen=view.version(item.id))
        outcome = change(before, item.id, self.wanted(kind, days, near.id), doing)
        if isinstance(outcome, Changed):
            assert stands is not None
            after = outcome.event.after
            assert after is not None
            is_apart = kind == "note" and item.note == stands.note
            is_seen = view.version(item.id) == before.version(item.id)
            assert is_seen or is_apart, "nobody was overrun"
            assert after.status is stands.status or after.status in NEXT[stands.status]
            self.plan = outcome.plan
            self.check_that_undo_inverts(before, by)
        elif isinstance(outcome, Overtaken):
            assert view.version(item.id) != before.version(item.id)

    def check_that_undo_inverts(self, before: Plan, by: PersonId) -> None:
        undone = undo_last(self.plan, act(by, self.now))
        assert isinstance(undone, Changed)
        assert undone.plan.items == before.items

    @rule(by=PEOPLE)
    def look(self, by: PersonId) -> None:
        self.seen[by] = self.plan

    @rule(by=PEOPLE)
    def undo(self, by: PersonId) -> None:
        before = self.plan
        outcome = undo_last(before, act(by, self.now))
        if isinstance(outcome, Changed):
            undone = before.history[(outcome.event.undoes or 0) - 1]
            assert undone.by == by
            assert outcome.plan.history[:-1] == before.history
            self.plan = outcome.plan

    @precondition(lambda self: self.own < 5)
    @rule(by=PEOPLE, days=st.none() | st.integers(0, 30))
    def add(self, by: PersonId, days: int | None) -> None:
        self.own += 1
        due = None if days is None else self.today + timedelta(days=days)
        item = Item(id=ItemId(f"own-{self.own}"), step="raise", title="Own", due=due, place=0)
        outcome = add_own(self.plan, item, act(by, self.now))
        assert isinstance(outcome, Changed)
        self.plan = outcome.plan

    @rule(hours=st.sampled_from([1, 23, 24, 25, 24 * 9]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def the_history_replays_to_the_same_plan(self) -> None:
        rows = plan_rows(self.plan)
        read = plan_from_rows(rows.plan, tuple(reversed(rows.events)), rows.sharing)
        assert read == self.plan
        assert {item.id: item for item in read.items} == dict(replay(self.plan.history))

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.begun_with <= {item.id for item in self.plan.items}
        numbers = [event.seq for event in self.plan.history]
        assert numbers == list(range(1, len(numbers) + 1))
        standing = replay(still_standing(self.plan.history))
        assert standing == replay(self.plan.history), "undone is as if it had never been"

    @invariant()
    def the_counts_add_up(self) -> None:
        whole = overall(self.plan)
        assert whole.total == len(self.plan.items)
        by_step = progress(self.plan).values()
        for name in ("done", "open", "later", "blocked", "dropped"):
            assert getattr(whole, name) == sum(getattr(one, name) for one in by_step)
        assert whole.done == Counter(item.status for item in self.plan.items)[Status.DONE]

    @invariant()
    def there_is_exactly_one_next_step_until_all_is_closed(self) -> None:
        found = next_item(self.plan, self.today)
        assert (found is None) == overall(self.plan).is_finished
        if found is not None:
            assert found.item in self.plan.items
            assert not found.item.is_closed
            if found.readiness is Readiness.READY:
                assert found.item.is_awake(self.today)


TestTwoReps = TwoReps.TestCase
TestTwoReps.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)


@pytest.mark.long
def test_two_reps_for_a_long_time() -> None:
    run_state_machine_as_test(
        TwoReps, settings=settings(max_examples=300, stateful_step_count=60, deadline=None)
    )
