"""How far people got: where a survey loses them.

These numbers come from unfinished returns too, so they are no part of a release. They are told in steps of
the largest limit, rounded down, and what was answered or skipped only as the release shows it. So nothing
here narrows what the release hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bot.language.replies import Missing
from bot.results.counting import MISSING
from bot.results.published import Release
from bot.results.shapes import Question, Return, State

SECONDS_STEP: Final = 5  # a median is told in steps of so many seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One question of the funnel.

    Attributes:
        name: Of the question.
        reached: How many got so far, at least.
        quit: How many of those went no further, in the same steps.
        answered: Complete returns with an answer; None where the release does not tell.
        skipped: Complete returns without one; None where the release does not tell.
        median_s: Seconds that half of them needed at most; None where too few were measured.
    """

    name: str
    reached: int
    quit: int
    answered: int | None
    skipped: int | None
    median_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """A survey's way from the first question to the last.

    Attributes:
        step: All numbers of people are rounded down to it.
        started: How many began, at least.
        completed: How many sent in a complete return, at least.
        stages: One per question, in order.
    """

    step: int
    started: int
    completed: int
    stages: tuple[Stage, ...]


def funnel(release: Release, returns: Sequence[Return], step: int) -> Funnel:
    """The funnel of a closed survey. Test returns are left out.

    Args:
        release: Of this survey.
        returns: All that came in, of any state.
        step: The largest limit of the release.
    """
    counted = [given for given in returns if given.state is not State.TEST]
    questions = release.codebook.questions
    places = [_furthest(given, questions) for given in counted]
    reached = [_down(sum(far >= i for far in places), step) for i in range(len(questions) + 1)]
    complete = _down(sum(given.state is State.COMPLETE for given in counted), step)
    reached[-1] = complete
    stages = tuple(
        _stage(question, release, counted, step, (reached[i], reached[i + 1]))
        for i, question in enumerate(questions)
    )
    return Funnel(step=step, started=_down(len(counted), step), completed=complete, stages=stages)


def _stage(
    question: Question,
    release: Release,
    returns: Sequence[Return],
    step: int,
    reached: tuple[int, int],
) -> Stage:
    seconds = [
        given.seconds_by_question[question.name]
        for given in returns
        if question.name in given.seconds_by_question
    ]
    answered, skipped = _as_released(question, release)
    return Stage(
        name=question.name,
        reached=reached[0],
        quit=reached[0] - reached[1],
        answered=answered,
        skipped=skipped,
        median_s=_round(median(seconds)) if len(seconds) >= step else None,
    )


def _furthest(given: Return, questions: Sequence[Question]) -> int:
    """The place of the last question that was reached; past the end where the return is complete."""
    if given.state is State.COMPLETE:
        return len(questions)
    for place in range(len(questions) - 1, -1, -1):
        if given.answer(questions[place]) not in {Missing.NOT_REACHED, Missing.NOT_ASKED}:
            return place
    return 0


def _as_released(question: Question, release: Release) -> tuple[int | None, int | None]:
    """Answered and skipped, where the release shows those without an answer as a group of their own."""
    if release.returns is None:
        return None, None
    table = release.table(question.name)
    silent = [part for part in table.slices if set(part.codes) <= set(MISSING)]
    if not silent:
        return None, None
    return table.base, sum(part.count for part in silent)


def _down(count: int, step: int) -> int:
    return count // step * step


def _round(seconds: float) -> int:
    return max(SECONDS_STEP, round(seconds / SECONDS_STEP) * SECONDS_STEP)
