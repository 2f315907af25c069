"""Where the plan and the agreement stand, as the one-page branch report shows them (feature K3)."""

from dataclasses import replace
from datetime import date

from bot.coach.agreement import Agreement, position
from bot.coach.next_step import next_item, progress
from bot.coach.plan import Plan
from bot.coach.voice import Voice
from bot.reports.branch_report import BranchReport, ClausePosition, PlanPosition, StepPosition
from bot.reports.light_text import plain_words


def with_position(
    report: BranchReport, voice: Voice, plan: tuple[Plan, Agreement], today: date
) -> BranchReport:
    """A report with where a plan and its agreement stand today; it is made today, then."""
    return replace(
        report,
        made_on=today,
        plan=plan_position(voice, plan[0], today),
        agreement=clause_positions(voice, plan[1], today),
    )


def plan_position(voice: Voice, plan: Plan, today: date) -> PlanPosition:
    """How far each step is, and the next thing to do; what is blocked or dropped is not done."""
    titles = {step.id: step.title.text(voice.language) for step in voice.content.steps}
    steps = tuple(
        StepPosition(titles.get(step, step), count.done, count.total)
        for step, count in progress(plan).items()
    )
    found = next_item(plan, today)
    return PlanPosition(steps, plain_words(voice.title(found.item)) if found else "")


def clause_positions(
    voice: Voice, agreement: Agreement, today: date
) -> tuple[ClausePosition, ...]:
    """How each clause that is wanted stands; no note, for the page leaves the team."""
    clauses = voice.content.clause_by_id
    return tuple(
        ClausePosition(
            clauses[line.clause].title.text(voice.language)
            if line.clause in clauses
            else line.clause,
            voice.say(f"coach.clause.{line.standing}"),
        )
        for line in position(agreement, today).lines
        if line.wanted
    )
