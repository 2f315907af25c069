"""A phrasing may stay only if nothing is answered worse by it (J4)."""

import pytest

from bot.faq.acceptance import Clash, Golden, clashes
from bot.faq.ranking import Ranking
from bot.faq.reading import Reader
from tests.builders import answered, content_of, declined, guarded, listed_reader, torn

COST = Golden("what do i pay?", ("cost",))
MOON = Golden("moon?", ())


def reader_of(**listed: Ranking) -> Reader:
    return listed_reader(
        content_of(), {key.replace("_", " ") + "?": v for key, v in listed.items()}
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (answered("cost"), answered("cost"), 0),
        (answered("cost"), answered("refund"), 1),
        (torn("cost", "refund"), answered("refund"), 1),
        (declined(), answered("refund"), 1),
        (answered("cost"), torn("refund", "cost"), 1),
        (answered("cost"), guarded("crisis"), 1),
        (declined(), guarded("crisis"), 0),
        (answered("refund"), answered("refund"), 0),
        (answered("refund"), answered("cost"), 0),
    ],
)
def test_a_golden_question_must_not_be_answered_worse(
    before: Ranking, after: Ranking, expected: int
) -> None:
    found = clashes(
        reader_of(what_do_i_pay=before), reader_of(what_do_i_pay=after), "x", "refund", [COST]
    )
    assert len(found) == expected
    assert all(one.question == COST.question for one in found)


def test_what_nothing_may_answer_must_stay_so() -> None:
    found = clashes(reader_of(), reader_of(moon=answered("cost")), "x", "cost", [MOON])
    assert [(one.question, one.is_golden) for one in found] == [("moon?", True)]


def test_a_phrasing_that_another_entry_answers_is_a_collision() -> None:
    reader = reader_of(what_is_the_fee=answered("cost"))
    expected = Clash(question="what is the fee?", taken="cost", confidence=0.9, is_golden=False)
    assert clashes(reader, reader, "what is the fee?", "refund", []) == (expected,)
    assert clashes(reader, reader, "what is the fee?", "cost", []) == ()
