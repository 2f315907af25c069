"""Our own action plan says what unionlearn's says, and every action is fit to be done."""

import re
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.knowledge.action_plan import Action, ActionPlan, Block, Condition, Range
from bot.knowledge.content import parse_file

FILE = Path(__file__).parents[2] / "knowledge" / "action_plan.yaml"
PLAN = parse_file(ActionPlan, FILE.read_text(encoding="utf-8"), FILE.name)

# What unionlearn's page asks for, and the actions and clauses that answer it.
UNIONLEARN_ACTIONS = {
    "map them": {"name-areas", "count-areas", "ask-area", "apprentice-scheme"},
    "survey them": {"run-survey"},
    "team up": {"team-up"},
    "branch agenda": {"branch-agenda"},
    "training plan": {"training-plan"},
    "meeting with management": {"management-agenda"},
    "appraisals": {"appraisals"},
    "list of benefits": {"benefits-list"},
}
UNIONLEARN_CLAUSES = (
    "joint-support",
    "fees",
    "under-represented",
    "time-with-rep",
    "standing-item",
    "help-and-training",
    "apprentices",
)


def test_there_are_three_steps_with_actions_in_their_order() -> None:
    assert [step.id for step in PLAN.steps] == ["find", "raise", "agree"]
    order = [step.id for step in PLAN.steps]
    places = [order.index(action.step) for action in PLAN.actions]
    assert places == sorted(places)
    assert len(places) >= 20


def test_all_that_unionlearn_asks_for_is_there() -> None:
    for asked, ids in UNIONLEARN_ACTIONS.items():
        assert ids <= PLAN.action_by_id.keys(), asked
        assert all("plan" in PLAN.action_by_id[action].sources for action in ids), asked


def test_there_are_the_seven_clauses() -> None:
    assert tuple(PLAN.clause_by_id) == UNIONLEARN_CLAUSES
    assert all("plan" in clause.sources for clause in PLAN.clauses)


def test_there_are_five_questions_and_each_can_be_left_open() -> None:
    assert len(PLAN.questions) == 5
    assert all(question.options[-1].id == "not-sure" for question in PLAN.questions)


@pytest.mark.parametrize("action", PLAN.actions, ids=lambda action: action.id)
def test_an_action_can_be_begun_and_ended(action: Action) -> None:
    assert action.minutes <= 10
    assert action.entries, "somebody will have a question"
    assert action.blocks, "something will get in the way"
    assert len(action.first.en) <= 160, "a first small act is one thing"


@pytest.mark.parametrize("block", PLAN.blocks, ids=lambda block: block.id)
def test_whatever_blocks_people_comes_with_an_answer_to_read(block: Block) -> None:
    assert block.entry


def test_the_ready_texts_that_reps_need_are_there() -> None:
    kinds = {text.kind for text in PLAN.texts}
    assert {"motion", "agenda", "letter", "poster", "benefits"} <= kinds


def test_a_number_is_said_only_where_it_is_a_gap() -> None:
    """No ready text carries a figure of its own but years and the sources' own."""
    for text in PLAN.texts:
        for part in text.parts:
            for number in re.findall(r"\d+", part.say.en):
                assert number in {"2015", "2021"}, f"{text.id}: {number}"


@pytest.mark.parametrize(
    ("number", "holds"), [(None, False), (0, False), (1, True), (3, True), (4, False)]
)
def test_a_range_holds_both_its_ends_and_nothing_unknown(number: int | None, holds: bool) -> None:
    assert Range(at_least=1, at_most=3).holds(number) is holds
    assert Range().holds(0)


def test_a_condition_knows_that_it_is_empty() -> None:
    assert Condition().is_empty
    assert not Condition(survey=("open",)).is_empty


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 5", "minutes: 11", "less than or equal to 10"),
        ("    step: find\n", "", "`step` is missing"),
        ("areas: {at_least: 1}", "area: {at_least: 1}", "`area`"),
        ("kind: motion", "kind: motions", "motion"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ContentError) as caught:
        parse_file(ActionPlan, text.replace(old, new, 1), FILE.name)
    problem = caught.value.problems[0]
    assert said in f"{problem.what} {problem.fix}"
    assert problem.line > 100
