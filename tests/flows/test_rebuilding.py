"""A run that was handed in can be built again from what it left: the same answers, the same rounds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows import runner
from bot.flows.loading import load_flow
from bot.flows.model import Flow, Question
from bot.flows.record import rebuilt, rows
from bot.flows.route import settle
from bot.flows.run import Answer, Run, Status
from bot.flows.runner import Moved
from bot.flows.standing import pending
from tests.flows.random_flows import flows
from tests.flows.test_walks import NOW, finish

NESTED = """
id: nested
version: "1"
title: Nested
questions:
  - type: begin_repeat
    name: sites
    label: Site
    another: Another site?
    least: 0
    most: 4
    questions:
      - {type: text, name: site, label: Site?}
      - type: begin_repeat
        name: labs
        label: Lab
        another: Another lab?
        least: 0
        most: 4
        questions: [{type: integer, name: heads, label: How many?}]
"""


def nested() -> Flow:
    flow = load_flow(NESTED, "nested.yaml").flow
    assert flow is not None
    return flow


def assert_the_same(flow: Flow, run: Run) -> None:
    left = rows(flow, run, settle(flow, run, NOW).route)
    again = rebuilt(flow, left, run.revision)
    assert (again.answers, again.revision) == (run.answers, run.revision)
    assert rows(flow, again, settle(flow, again, NOW).route) == left
    opened = runner.reopen(flow, again, NOW)
    assert isinstance(opened, Moved)
    assert pending(opened.run, opened.route) is None, (
        "everything is answered, so the review is next"
    )


@settings(max_examples=60, deadline=None)
@given(flow=flows())
def test_any_flow_handed_in_is_built_again_from_its_rows(flow: Flow) -> None:
    assert_the_same(flow, finish(flow, runner.start(flow, NOW).run))


@settings(max_examples=40, deadline=None)
@given(more=st.lists(st.booleans(), max_size=14))
def test_rounds_in_rounds_are_built_again_too(more: list[bool]) -> None:
    flow = nested()
    run, wants = runner.start(flow, NOW).run, iter(more)
    for number in range(60):
        route = settle(flow, run, NOW).route
        stop = pending(run, route)
        if stop is None:
            break
        if isinstance(stop.part, Question):
            value = number if stop.part.name == "heads" else f"site {number}"
            outcome = runner.advance(flow, run, Answer(value=value), NOW)
        elif next(wants, False):
            outcome = runner.add_round(flow, run, NOW)
        else:
            outcome = runner.close_rounds(flow, run, NOW)
        run = outcome.run
    done = runner.submit(flow, run, NOW).run
    assert done.status is Status.SUBMITTED
    assert_the_same(flow, done)
