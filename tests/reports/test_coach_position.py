"""The branch report is given what the coach knows, and no more than may leave the team."""

from bot.coach.agreement import Agreement, Saying, Standing, begin_agreement, set_standing
from bot.coach.changes import Block, Changed, Done, change
from bot.coach.plan import ItemId, Plan
from bot.messages import BranchId
from bot.reports.branch_report import StepPosition
from bot.reports.coach_position import clause_positions, plan_position
from tests.coach.plans import ANN, MAPPED, NOW, TODAY, a_plan, act, content, voice


def changed(plan: Plan, item: str, wanted: Done | Block) -> Plan:
    outcome = change(plan, ItemId(item), wanted, act())
    assert isinstance(outcome, Changed)
    return outcome.plan


def test_only_what_is_done_counts_and_the_next_step_is_named() -> None:
    plan = changed(changed(a_plan(), "team-up", Done()), "count-areas", Block("no-time"))
    found = plan_position(voice(), plan, TODAY)
    totals = [sum(item.step == step for item in plan.items) for step in plan.steps]
    titles = [step.title.en for step in content().steps]
    assert found.steps == tuple(
        StepPosition(title, done, total)
        for title, done, total in zip(titles, (0, 1, 0), totals, strict=True)
    )
    assert found.next_item == "Tell people what the survey found"


def test_where_nothing_is_left_no_next_step_is_named() -> None:
    plan = a_plan()
    for item in plan.items:
        plan = changed(plan, item.id, Done())
    assert plan_position(voice(), plan, TODAY).next_item == ""


def test_the_clauses_come_without_what_was_said() -> None:
    empty = Agreement(branch=BranchId("b"), workplace="North site")
    saying = Saying(by=ANN, at=NOW, today=TODAY, on=TODAY, note="They offered half.")
    agreement = begin_agreement(content(), MAPPED, empty, ANN, NOW)
    raised = set_standing(agreement, "fees", Standing.RAISED, saying)
    assert isinstance(raised, Agreement)
    found = clause_positions(voice(), raised, TODAY)
    assert (found[0].name, found[0].state) == ("A share of the fees", "raised")
    assert len(found) == 6, "there are no apprentices"
    assert "offered" not in str(found)
