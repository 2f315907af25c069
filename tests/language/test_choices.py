"""Which option somebody means: by number, place, name, with a slip; two that are near are asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.choices import Picked, Torn, match_choice, match_lead, match_word

LABELS = ["What does it cost?", "Who pays?", "How long does it take?", "None of these"]
PICKS = [
    ("1", 0), ("2.", 1), ("3)", 2), ("#4", 3), ("no. 2", 1), ("no 2", 1), ("number 3", 2),
    ("Option 1", 0), ("nr 2", 1), (" 2 ", 1), ("2!", 1), ("٢", 1), ("first", 0), ("the second", 1),
    ("third one", 2), ("the 4th option", 3), ("last", 3), ("the last one please", 3), ("two", 1),
    ("what does it cost?", 0), ("WHO PAYS", 1), ("  who   pays?! ", 1), ("none of these", 3),
    ("how long dose it take", 2), ("what does it cots", 0), ("who pay's?", 1),
]  # fmt: skip
NONES = [
    "", "   ", "?!", "0", "5", "99", "100", "1 and 2", "1.5", "²", "fifth", "the", "one hundred",
    "who", "cost", "pays", "what does it weigh in the end?", "none", "no", "#", "number", "1" * 500,
]  # fmt: skip


@pytest.mark.parametrize(("text", "index"), PICKS)
def test_an_option_is_picked(text: str, index: int) -> None:
    assert match_choice(text, LABELS) == Picked(index)


@pytest.mark.parametrize("text", NONES)
def test_what_means_no_option_picks_none(text: str) -> None:
    assert match_choice(text, LABELS) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [("none", 3), ("How long", 2), ("what does it cost", None), ("what", None), ("how", None)],
)
def test_an_option_is_picked_by_the_words_it_begins_with(text: str, index: int | None) -> None:
    assert match_lead(text, LABELS) == index


def test_an_option_is_picked_by_a_word_that_only_it_has() -> None:
    labels = ["We have raised it", "We are in talks", "Write what was said", "Talks about talks"]
    assert match_word("raised", labels) == 0
    assert match_word("Raised!", labels) == 0
    assert match_word("talks", labels) is None
    assert match_word("we", labels) is None
    assert match_word("raised the roof", labels) is None


def test_two_options_that_begin_alike_are_not_picked_by_that() -> None:
    labels = ["Service message", "Service stop", "The Campaign message"]
    assert match_lead("service", labels) is None
    assert match_lead("campaign", labels) == 2
    assert match_lead("camp", labels) is None, "a word is named whole"


def test_without_options_nothing_is_picked() -> None:
    assert match_choice("1", []) is None


def test_labels_that_are_as_near_are_all_named_and_none_is_picked() -> None:
    labels = ["Fees for 2024", "Something else", "Fees for 2025"]
    assert match_choice("fees for 2023", labels) == Torn((0, 2))
    assert match_choice("fees for 2024", labels) == Picked(0), "an exact label is never torn"


def test_the_last_of_many_options_is_reached_by_number_and_by_last() -> None:
    labels = [f"Answer {chr(97 + n) * 9}" for n in range(12)]
    assert match_choice("12", labels) == Picked(11)
    assert match_choice("last one", labels) == Picked(11)
    assert match_choice("eighth", labels) == Picked(7)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=12), st.data())
def test_every_option_is_reached_by_its_number(labels: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(labels) - 1))
    assert match_choice(str(index + 1), labels) == Picked(index)


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=10))
def test_whatever_is_typed_the_answer_is_one_of_the_options_or_none(
    text: str, labels: list[str]
) -> None:
    match match_choice(text, labels):
        case Picked(index=index):
            assert 0 <= index < len(labels)
        case Torn(indexes=indexes):
            assert len(indexes) >= 2
            assert set(indexes) <= set(range(len(labels)))
        case None:
            pass
