"""Any flow, any person: never stuck, never raises, `back` undoes an answer, nothing is forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

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

from bot.flows import runner
from bot.flows.acceptance import fault
from bot.flows.model import Flow, Question
from bot.flows.route import Stop, settle
from bot.flows.run import TRIES_LIMIT, Answer, Answered, Run, Status
from bot.flows.run_text import decode, encode
from bot.flows.runner import Moved, Refused
from bot.flows.standing import pending, progress, suggestion
from bot.language.replies import Missing
from tests.flows.random_flows import flows, right_answers

NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - a person's wall clock
Operation = Callable[[Run], Moved | Refused | Run]


def run_of(outcome: Moved | Refused | Run) -> Run:
    return outcome if isinstance(outcome, Run) else outcome.run


def finish(flow: Flow, run: Run) -> Run:
    """Answer whatever is asked in the plainest way, until it can be submitted."""
    for _ in range(400):
        route = settle(flow, run, NOW).route
        stop = pending(run, route)
        if stop is None:
            done = runner.submit(flow, run, NOW)
            assert isinstance(done, Moved), done
            return done.run
        moved = plain_step(flow, run, stop)
        assert isinstance(moved, Moved), (stop.part, moved)
        run = moved.run
    raise AssertionError("it does not end")


def plain_step(flow: Flow, run: Run, stop: Stop) -> Moved | Refused:
    if not isinstance(stop.part, Question):
        return runner.close_rounds(flow, run, NOW)
    if not stop.is_required:
        return runner.skip(flow, run, NOW)
    codes = tuple(choice.name for choice in stop.choices())
    plain: tuple[Answered, ...] = ("word", 4, 2, "2026-11-21", "OK", *codes, codes, codes[:1])
    for value in plain:
        if value != () and fault(stop, Answer(value=value)) is None:
            return runner.advance(flow, run, Answer(value=value), NOW)
    raise AssertionError(f"nothing can be answered to {stop.part}")


class AnyRun(RuleBasedStateMachine):
    @initialize(flow=flows())
    def begin(self, flow: Flow) -> None:
        self.flow = flow
        self.begun = runner.start(flow, NOW).run
        self.run = self.begun
        self.done: list[Operation] = []

    def do(self, operation: Operation) -> Moved | Refused | Run:
        before = self.run
        outcome = operation(self.run)
        self.run = run_of(outcome)
        self.done.append(operation)
        if isinstance(outcome, Refused):
            status = Status.PAUSED if before.tries == TRIES_LIMIT else before.status
            assert replace(self.run, tries=0, status=status) == replace(
                before, tries=0, status=status
            )
        return outcome

    @property
    def stop(self) -> Stop | None:
        return pending(self.run, settle(self.flow, self.run, NOW).route)

    @precondition(lambda self: self.run.status is Status.RUNNING)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        stop = self.stop
        if stop is None or not isinstance(stop.part, Question):
            return
        before, answer = self.run, data.draw(right_answers(stop))
        outcome = self.do(lambda run: runner.advance(self.flow, run, answer, NOW))
        assert isinstance(outcome, Moved) is (fault(stop, answer) is None)
        if isinstance(outcome, Moved):
            assert outcome.run.answers[stop.key] == answer
            self.back_undoes(before, outcome.run, stop, answer)

    def back_undoes(self, before: Run, after: Run, stop: Stop, answer: Answer) -> None:
        undone = runner.back(self.flow, after, NOW)
        assert isinstance(undone, Moved)
        again = pending(undone.run, undone.route)
        assert again is not None
        assert again.key == stop.key
        assert undone.run.suggested[stop.key] == answer
        assert stop.answer or suggestion(undone.run, again) == answer
        same = {"suggested": {}, "ticked": (), "tries": 0, "history": ()}
        assert replace(undone.run, **same) == replace(before, **same)  # type: ignore[arg-type]  # of a Run

    @rule()
    def skip(self) -> None:
        self.do(lambda run: runner.skip(self.flow, run, NOW))

    @rule()
    def back(self) -> None:
        self.do(lambda run: runner.back(self.flow, run, NOW))

    @rule(code=st.sampled_from(["ash", "birch", "none", "odd"]))
    def tick(self, code: str) -> None:
        self.do(lambda run: runner.tick(self.flow, run, code, NOW))

    @rule()
    def another(self) -> None:
        self.do(lambda run: runner.add_round(self.flow, run, NOW))

    @rule()
    def no_more(self) -> None:
        self.do(lambda run: runner.close_rounds(self.flow, run, NOW))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        stops = settle(self.flow, self.run, NOW).route.stops
        if stops:
            key = data.draw(st.sampled_from(stops)).key
            self.do(lambda run: runner.correct(self.flow, run, key, NOW))

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.run.rounds:
            gate = data.draw(st.sampled_from(sorted(self.run.rounds)))
            one = data.draw(st.integers(1, 3))
            self.do(lambda run: runner.remove_round(self.flow, run, gate, one, NOW))

    @rule()
    def pause(self) -> None:
        self.do(runner.pause)

    @rule()
    def resume(self) -> None:
        self.do(lambda run: runner.resume(self.flow, run, NOW))

    @precondition(lambda self: self.run.status is Status.RUNNING)
    @rule()
    def babble(self) -> None:
        self.do(runner.miss)

    @rule()
    def submit(self) -> None:
        self.do(lambda run: runner.submit(self.flow, run, NOW))

    @rule()
    def reopen(self) -> None:
        self.do(lambda run: runner.reopen(self.flow, run, NOW))

    @invariant()
    def holds_together(self) -> None:
        """A stored run is the same, and only what is on the route counts as answered."""
        run = self.run
        assert decode(encode(run)) == run
        settled = settle(self.flow, run, NOW)
        assert run.status is Status.SUBMITTED or settled.run == run
        keys = [stop.key for stop in settled.route.stops]
        assert len(keys) == len(set(keys))
        assert set(run.answers) <= set(keys)
        assert run.tries <= TRIES_LIMIT
        codes = {answer.missing for answer in run.answers.values()}
        assert not codes & {Missing.NOT_ASKED, Missing.NOT_REACHED}
        far = progress(self.flow, settled.run, settled.route)
        assert 0 < far.number <= far.total or far.total == 0

    def teardown(self) -> None:
        if not hasattr(self, "flow"):
            return
        again = self.begun
        for operation in self.done:
            again = run_of(operation(again))
        assert again == self.run
        if self.run.status is Status.PAUSED:
            self.run = run_of(runner.resume(self.flow, self.run, NOW))
        if self.run.status is Status.RUNNING:
            assert finish(self.flow, self.run).status is Status.SUBMITTED


def walk(count: int) -> None:
    run_state_machine_as_test(
        AnyRun, settings=settings(max_examples=count, stateful_step_count=12)
    )


def test_any_walk_through_any_flow() -> None:
    walk(150)


@pytest.mark.long
def test_any_walk_through_any_of_ten_thousand_flows() -> None:
    walk(10_000)
