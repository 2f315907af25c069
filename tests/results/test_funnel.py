"""Where a survey loses people, told without telling who."""

from collections.abc import Mapping

import pytest

from bot.language.replies import Missing
from bot.results.funnel import COMPLETED, LEFT, REACHED, SPANS, STARTED, funnel, span_of
from bot.results.keeping import funnel_text, parse_funnel
from bot.results.shapes import Codebook, Return, State
from tests.results.surveys import one, released

FIRST, SECOND, THIRD = (one(name, "yes", "no") for name in ("first", "second", "third"))
BOOK = Codebook(title="Survey", version="1", questions=(FIRST, SECOND, THIRD))
COUNTS: Mapping[tuple[str, str], int] = {
    ("", STARTED): 37,
    ("", COMPLETED): 21,
    ("first", REACHED): 37,
    ("first", LEFT): 24,
    ("second", REACHED): 24,
    ("second", LEFT): 21,
    ("third", REACHED): 9,
    ("third", LEFT): 9,
    ("first", "s10"): 12,
    ("first", "s30"): 11,
    ("second", "s5"): 4,
}


def sent(*answers: str | Missing) -> Return:
    names = [question.name for question in BOOK.questions]
    return Return(
        answers=dict(zip(names, answers, strict=False)), state=State.COMPLETE, version="1"
    )


def test_people_are_told_in_steps_rounded_down() -> None:
    returns = [sent("yes", "no", "yes") for _ in range(21)]
    found = funnel(released(BOOK, returns), COUNTS, 5)
    assert (found.started, found.completed) == (35, 20)
    assert [(stage.reached, stage.quit) for stage in found.stages] == [(35, 15), (20, 0), (5, 0)]


def test_the_middle_time_is_told_where_enough_were_measured() -> None:
    stages = funnel(released(BOOK, []), COUNTS, 5).stages
    assert [stage.median_s for stage in stages] == [10, None, None]


def test_answered_and_skipped_are_told_only_as_the_release_tells_them() -> None:
    returns = [sent("yes", "no", "yes") for _ in range(9)]
    returns += [sent("no", Missing.SKIPPED, "no") for _ in range(8)]
    returns += [sent("no", "yes", Missing.SKIPPED) for _ in range(2)]
    stages = funnel(released(BOOK, returns), COUNTS, 5).stages
    assert [(stage.answered, stage.skipped) for stage in stages] == [
        (None, None),
        (11, 8),
        (None, None),
    ]


def test_a_survey_without_counts_has_an_empty_funnel() -> None:
    found = funnel(released(BOOK, []), {}, 5)
    assert (found.started, found.completed) == (0, 0)
    assert {(stage.reached, stage.quit, stage.answered) for stage in found.stages} == {
        (0, 0, None)
    }


@pytest.mark.parametrize(("seconds", "span"), [(0, "s5"), (5, "s5"), (6, "s10"), (600, "s600")])
def test_a_time_is_counted_in_its_span(seconds: float, span: str) -> None:
    assert span_of(seconds) == span
    assert span_of(SPANS[-1] + 1) is None, "that was a pause"


def test_a_funnel_reads_back_equal() -> None:
    found = funnel(released(BOOK, []), COUNTS, 10)
    assert parse_funnel(funnel_text(found)) == found
