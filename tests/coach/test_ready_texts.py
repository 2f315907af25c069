"""Ready texts say what is known, leave a line for what is not, and make no number up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.ready_texts import fill
from tests.coach.plans import content

IDS = [text.id for text in content().texts]
NUMBERS = [gap.id for gap in content().gaps if gap.number]
NAMES = [gap.id for gap in content().gaps if not gap.number]
EVERYTHING: dict[str, str | int] = {name: f"the {name}" for name in NAMES}
EVERYTHING.update(dict.fromkeys(NUMBERS, 44))


def test_a_motion_with_the_map_s_numbers() -> None:
    known: dict[str, str | int] = {"technicians": 50, "areas": 4}
    known |= {"workplace": "North site", "branch": "Branch 12"}
    filled = fill(content(), "branch-motion", known)
    assert "our own map has found 50 technicians in 4 areas" in filled.text
    assert "answered our survey" not in filled.text
    assert filled.to_fill == ("name of the employer", "your name")
    assert filled.left_out == (
        "registered", "returns", "survey", "survey_day", "interest_share",
    )  # fmt: skip


def test_a_number_that_may_not_be_shown_takes_its_sentence_with_it() -> None:
    filled = fill(content(), "branch-motion", {"areas": 4})
    assert "we are now mapping where technicians work" in filled.text
    assert "4" not in filled.text


@pytest.mark.parametrize("text_id", IDS)
def test_every_text_can_be_sent_with_nothing_known(text_id: str) -> None:
    filled = fill(content(), text_id, {})
    assert filled.text
    assert "{" not in filled.text
    assert not set(re.findall(r"\d+", filled.text)) - {"2015", "2021"}


@pytest.mark.parametrize("text_id", IDS)
def test_every_text_takes_everything(text_id: str) -> None:
    filled = fill(content(), text_id, EVERYTHING)
    assert "{" not in filled.text
    assert (filled.to_fill, filled.left_out) == ((), ())
    assert "\\_\\_" not in filled.text


@given(st.sampled_from(IDS), st.text(max_size=40))
def test_what_people_wrote_is_shown_and_does_nothing(text_id: str, words: str) -> None:
    filled = fill(content(), text_id, dict.fromkeys(NAMES, words))
    without = fill(content(), text_id, dict.fromkeys(NAMES, "x"))
    assert filled.text.count("**") == without.text.count("**")
    assert filled.text.count("](") == without.text.count("](")
    assert filled.text.count("\n") == without.text.count("\n")


def test_a_value_is_not_read_again_as_a_gap() -> None:
    filled = fill(content(), "employer-letter", {"employer": "{rep}", "rep": "Ann"})
    assert "\\{rep\\}" in filled.text


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill(content(), "nothing", {})
