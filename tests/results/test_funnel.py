"""Where a survey loses people, told without telling who."""

from bot.language.replies import Missing
from bot.results.funnel import funnel
from bot.results.shapes import Codebook, Return, State
from tests.results.surveys import one, released

FIRST, SECOND, THIRD = (one(name, "yes", "no") for name in ("first", "second", "third"))
BOOK = Codebook(title="Survey", version="1", questions=(FIRST, SECOND, THIRD))


def sent(state: State, *answers: str | Missing, seconds: float = 0) -> Return:
    names = [question.name for question in BOOK.questions]
    return Return(
        answers=dict(zip(names, answers, strict=False)),
        state=state,
        version="1",
        seconds_by_question={"first": seconds} if seconds else {},
    )


def test_people_are_told_in_steps_and_tests_are_left_out() -> None:
    returns = [sent(State.COMPLETE, "yes", "no", "yes", seconds=12) for _ in range(21)]
    returns += [sent(State.PARTIAL, "yes", seconds=31) for _ in range(11)]
    returns += [sent(State.PARTIAL) for _ in range(3)]
    returns += [sent(State.TEST, "no", "no", "no") for _ in range(40)]
    found = funnel(released(BOOK, returns), returns, 5)
    assert (found.started, found.completed) == (35, 20)
    assert [(stage.reached, stage.quit) for stage in found.stages] == [(35, 15), (20, 0), (20, 0)]
    assert [stage.median_s for stage in found.stages] == [10, None, None]


def test_answered_and_skipped_are_told_only_as_the_release_tells_them() -> None:
    returns = [sent(State.COMPLETE, "yes", "no", "yes") for _ in range(9)]
    returns += [sent(State.COMPLETE, "no", Missing.SKIPPED, "no") for _ in range(8)]
    returns += [sent(State.COMPLETE, "no", "yes", Missing.SKIPPED) for _ in range(2)]
    stages = funnel(released(BOOK, returns), returns, 5).stages
    assert [(stage.answered, stage.skipped) for stage in stages] == [
        (None, None),
        (11, 8),
        (None, None),
    ]


def test_a_survey_without_returns_has_an_empty_funnel() -> None:
    found = funnel(released(BOOK, []), [], 5)
    assert (found.started, found.completed) == (0, 0)
    assert {(stage.reached, stage.quit, stage.answered) for stage in found.stages} == {
        (0, 0, None)
    }
