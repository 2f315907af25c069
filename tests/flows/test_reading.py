"""What a text answers, and what is asked back."""

from datetime import datetime

import pytest

from bot.flows import runner
from bot.flows.acceptance import Refusal
from bot.flows.reading import AskBack, Read, Unfit, read
from bot.flows.route import Stop
from bot.flows.run import Answer, Inferred
from bot.flows.runner import Moved
from bot.flows.standing import pending
from bot.language.replies import Missing
from tests.flows.sample import sample

NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - a wall clock
FLOW = sample()


def stop_after(*answers: str | int) -> Stop:
    moved = runner.start(FLOW, NOW)
    for answer in answers:
        step = runner.advance(FLOW, moved.run, Answer(value=answer), NOW)
        assert isinstance(step, Moved)
        moved = step
    stop = pending(moved.run, moved.route)
    assert stop is not None
    return stop


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Read(Answer(value=12))),
        ("a dozen", Read(Answer(value=12, inferred=Inferred(low=12, high=12)), echoes=True)),
        (
            "10-15",
            Read(Answer(value=12, inferred=Inferred(low=10, high=15)), echoes=True),
        ),
        ("99", Unfit(Answer(value=99), Refusal.AGAINST_CONSTRAINT)),
        ("2.5", Unfit(Answer(value=2.5), Refusal.WRONG_TYPE)),
        ("dunno", Read(Answer(missing=Missing.DONT_KNOW))),
        ("I'd rather not say", Read(Answer(missing=Missing.PREFER_NOT_TO_SAY))),
        ("how much does it cost?", None),
        ("", None),
    ],
)
def test_a_text_at_a_number(text: str, expected: object) -> None:
    found = read(stop_after("energy"), text, NOW.date())
    if isinstance(expected, Read) and isinstance(found, Read) and expected.echoes:
        assert found.echoes
        assert found.answer.value == expected.answer.value
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "code"), [("2", "no"), ("Yes", "yes"), ("nah", "no"), ("I am", "yes"), ("aye", "yes")]
)
def test_a_text_at_a_yes_or_no(text: str, code: str) -> None:
    assert read(stop_after("energy", 3), text, NOW.date()) == Read(Answer(value=code))


def test_several_choices_in_one_text() -> None:
    stop = stop_after("energy", 3, "no")
    assert read(stop, "1 and 2", NOW.date()) == Read(Answer(value=("cost", "time")))
    assert read(stop, "none of them", NOW.date()) == Read(Answer(value=("none",)))
    assert not isinstance(read(stop, "blorp", NOW.date()), Read | AskBack)


def test_a_needed_answer_cannot_be_refused() -> None:
    found = read(stop_after(), "dunno", NOW.date())
    assert found == Unfit(Answer(missing=Missing.DONT_KNOW), Refusal.REQUIRED)
