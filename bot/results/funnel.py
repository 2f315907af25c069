"""How far people got: where a survey loses them.

It is made of sums alone: how many began, came to a question, went on from it, and how long that took. They
come from unfinished returns too, so they are no part of a release. They are told in steps of the largest
limit, rounded down, and what was answered or skipped only as the release shows it. So nothing here narrows
what the release hides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.results.counting import MISSING
from bot.results.published import Release
from bot.results.shapes import Question

STARTED: Final = "started"
COMPLETED: Final = "completed"
REACHED: Final = "reached"  # how many came to a question, each once
LEFT: Final = "left"  # how many of these went on from it
SPANS: Final = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)  # seconds; longer is a pause
Counts = Mapping[tuple[str, str], int]
"""How many, by question (empty for the whole survey) and what happened there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One question of the funnel.

    Attributes:
        name: Of the question.
        reached: How many came to it, at least.
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
        completed: How many handed in, at least.
        stages: One per question of the release, in order.
    """

    step: int
    started: int
    completed: int
    stages: tuple[Stage, ...]


def span_of(seconds: float) -> str | None:
    """What a time is counted as: the span it falls in; None for one that was a pause."""
    span = next((one for one in SPANS if seconds <= one), None)
    return None if span is None else f"s{span}"


def funnel(release: Release, counts: Counts, step: int) -> Funnel:
    """The funnel of a closed survey.

    Args:
        release: Of this survey.
        counts: The sums of everybody's steps.
        step: The largest limit of the release.
    """
    return Funnel(
        step=step,
        started=_down(counts.get(("", STARTED), 0), step),
        completed=_down(counts.get(("", COMPLETED), 0), step),
        stages=tuple(
            _stage(question, release, counts, step) for question in release.codebook.questions
        ),
    )


def _stage(question: Question, release: Release, counts: Counts, step: int) -> Stage:
    reached = _down(counts.get((question.name, REACHED), 0), step)
    left = _down(counts.get((question.name, LEFT), 0), step)
    answered, skipped = _as_released(question, release)
    return Stage(
        name=question.name,
        reached=reached,
        quit=max(0, reached - left),
        answered=answered,
        skipped=skipped,
        median_s=_median(question.name, counts, step),
    )


def _median(name: str, counts: Counts, step: int) -> int | None:
    """The span in which the middle one of all times falls."""
    by_span = [(span, counts.get((name, f"s{span}"), 0)) for span in SPANS]
    total = sum(count for _, count in by_span)
    if total < step:
        return None
    seen = 0
    for span, count in by_span:
        seen += count
        if 2 * seen >= total:
            return span
    return None


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
