"""Two reps press and type at one plan, through the real doors: legal, whole, and nothing overrun."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.coach.changes import NEXT
from bot.coach.history import replay, still_standing
from bot.coach.next_step import next_item, overall
from bot.coach.plan import Plan
from bot.messages import Choice, Place, Text
from bot.service.library import Edition
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from bot.wiring import load_edition
from tests.builders import wording
from tests.service.coaching import CoachHouse
from tests.service.houses import CHANNEL

REPS = st.sampled_from(["ann", "ben"])
WORDS = st.sampled_from(
    [
        "done",
        "not for us",
        "later",
        "tomorrow",
        "move it to 14 december",
        "move to friday week",
        "stuck",
        "undo",
        "note: ring them",
        "open it again",
        "cancel",
        "soon",
        "1",
        "5",
        "add to my plan: tell the others",
    ]
)
LOOKS = st.sampled_from(["next", "my plan", "the whole plan", "who did what", "agreement"])


@cache
def edition() -> Edition:
    return load_edition(None)


class TwoReps(RuleBasedStateMachine):
    """Ann and Ben, each at their own phone; buttons of old messages are pressed too."""

    folder: TemporaryDirectory[str] | None = None

    def store(self) -> Store:
        return MemoryStore()

    @initialize()
    def begin(self) -> None:
        self.house = CoachHouse(edition(), self.store())
        self.before: Plan = self.house.plan()
        self.began_with = {item.id for item in self.before.items}

    @rule(who=REPS, words=LOOKS)
    def look(self, who: str, words: str) -> None:
        assert self.house.say(who, words)

    @rule(who=REPS, words=WORDS)
    def say(self, who: str, words: str) -> None:
        assert self.house._turn(who, Text(words), Place.PRIVATE)

    @rule(who=REPS, place=st.integers(0, 60))
    def press(self, who: str, place: int) -> None:
        """Any button that was ever shown to them, but for leaving and putting away."""
        kept = {wording("button.plan-leave-yes"), wording("button.plan-archive-yes")}
        shown = [
            option
            for sent in self.house.channel.sent
            if sent.address.id == who
            for option in sent.reply.options
            if option.label not in kept
        ]
        if shown:
            pressed = Choice(shown[-1 - place % len(shown)].token)
            assert self.house._turn(who, pressed, Place.PRIVATE)

    @rule(hours=st.sampled_from([1, 23, 25, 24 * 8]))
    def wait(self, hours: int) -> None:
        self.house.clock.time += timedelta(hours=hours)
        self.house.work()

    @rule(who=REPS)
    def hear_twice(self, who: str) -> None:
        """The platform hands one message over twice: the second changes nothing."""
        key = f"{CHANNEL}:twice-{self.house.clock.fresh()}"
        self.house.hear(who, Text("done"), key=key)
        rows = self.house.everything()
        assert not self.house.hear(who, Text("done"), key=key)
        assert self.house.everything() == rows

    @invariant()
    def what_was_done_is_only_added_to(self) -> None:
        plan = self.house.plan()
        assert plan.history[: len(self.before.history)] == self.before.history
        for event in plan.history[len(self.before.history) :]:
            if event.before and event.after and event.undoes is None:
                is_legal = event.after.status in NEXT[event.before.status]
                assert is_legal or event.after.status is event.before.status
        self.before = plan

    @invariant()
    def nothing_is_lost_and_the_counts_add_up(self) -> None:
        plan = self.house.plan()
        assert self.began_with <= {item.id for item in plan.items}
        assert replay(still_standing(plan.history)) == replay(plan.history)
        whole = overall(plan)
        assert whole.total == len(plan.items)
        today = self.house.clock.now().date()
        assert (next_item(plan, today) is None) == whole.is_finished

    @invariant()
    def both_share_it_to_the_end(self) -> None:
        assert len(self.house.plan().owners) == 2


class TwoRepsOnAFile(TwoReps):
    """The same on a SQLite file."""

    def store(self) -> Store:
        self.folder = TemporaryDirectory()
        return SQLiteStore(Path(self.folder.name) / "plans.db")

    def teardown(self) -> None:
        if self.folder:
            self.house.store.close()
            self.folder.cleanup()


TestTwoReps = TwoReps.TestCase
TestTwoReps.settings = settings(max_examples=5, stateful_step_count=15, deadline=None)


@pytest.mark.long
@pytest.mark.parametrize("machine", [TwoReps, TwoRepsOnAFile])
def test_two_reps_for_a_long_time(machine: type[TwoReps]) -> None:
    run_state_machine_as_test(
        machine, settings=settings(max_examples=60, stateful_step_count=50, deadline=None)
    )
