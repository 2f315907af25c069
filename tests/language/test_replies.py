"""Yes, no and the ways of not answering are told apart; their codes are stored and must not change."""

import pytest

from bot.language.replies import Missing, read_missing, read_yes_no
from bot.language.saying import say_missing
from bot.language.word_lists import word_list
from tests.language.loose import wording


@pytest.mark.parametrize(
    "text", ["no idea", "no clue", "no comment", "not sure", "not applicable", "no answer"]
)
def test_a_missing_answer_that_begins_with_no_is_not_no(text: str) -> None:
    assert read_missing(text) is not None
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    "text", ["yes no", "yeah nah", "yes?", "it depends", "maybe", "yes, but what does it cost", ""]
)
def test_a_reply_that_is_both_or_neither_is_not_read(text: str) -> None:
    assert read_yes_no(text) is None


def test_the_stored_codes_are_these_five() -> None:
    assert [code.value for code in Missing] == [
        "dont-know",
        "prefer-not-to-say",
        "skipped",
        "not-asked",
        "not-reached",
    ]


def test_every_code_is_said_in_other_words() -> None:
    assert len({say_missing(code, wording()) for code in Missing}) == len(Missing)


@pytest.mark.parametrize(("name", "meaning"), [("replies_yes", True), ("replies_no", False)])
def test_every_line_of_the_lists_says_what_its_list_says(name: str, meaning: bool) -> None:
    lines = word_list(name)
    assert len(lines) > 40
    assert [line for line in lines if read_yes_no(line) is not meaning] == []


@pytest.mark.parametrize("code", [Missing.SKIPPED, Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY])
def test_every_line_of_a_code_is_read_as_it(code: Missing) -> None:
    lines = word_list(f"replies_{code.name.lower()}")
    assert len(lines) > 20
    assert [line for line in lines if read_missing(line) is not code] == []


def test_a_slip_in_a_sentence_does_no_harm() -> None:
    assert read_missing("prefer not to sya") is Missing.PREFER_NOT_TO_SAY
    assert read_missing("i dont kno") is Missing.DONT_KNOW
