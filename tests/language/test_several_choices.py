"""Several options in one text: each is found, none is guessed."""

import pytest

from bot.language.choices import Picked, Torn, match_choice
from bot.language.several_choices import Doubt, Several, Unsure, match_choices

LABELS = [
    "Lab",
    "Workshop",
    "Night shift and weekends",
    "1-3 years",
    "Health and safety, training",
    "None of these",
]


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("night shift and weekends and lab", (0, 2)),
        ("health and safety, training", (4,)),
        ("lab, health and safety, training", (0, 4)),
        ("1-3 years", (3,)),
        ("1\u20133", (0, 1, 2)),
        ("2, 2, 2", (1,)),
        ("everything except the lab", (1, 2, 3, 4)),
        ("last", (5,)),
        ("the first and the second", (0, 1)),
    ],
)  # fmt: skip
def test_names_that_hold_an_and_or_a_number_stay_whole(
    text: str, indexes: tuple[int, ...]
) -> None:
    assert match_choices(text, LABELS) == Several(indexes)


def test_either_of_two_is_reported_and_none_is_picked() -> None:
    assert match_choices("1 or 3", LABELS) == Unsure((), (Doubt("1 or 3", (0, 2)),))


def test_what_is_clear_is_kept_beside_what_is_not() -> None:
    assert match_choices("1, bananas and 9", LABELS) == Unsure(
        (0,), (Doubt("bananas"), Doubt("9"))
    )


def test_none_of_these_beside_another_is_asked_back() -> None:
    assert match_choices("none of these, 1", LABELS) == Unsure(
        (), (Doubt("none of these, 1", (0, 5)),)
    )


def test_without_such_an_option_none_means_an_empty_answer() -> None:
    assert match_choices("none of them", ["Lab", "Workshop"]) == Several(())
    assert match_choices("all of them", ["Lab", "Workshop"]) == Several((0, 1))
    assert match_choices("both", ["Lab", "Workshop"]) == Several((0, 1))
    assert match_choices("both", ["Lab", "Workshop", "Office"]) is None


@pytest.mark.parametrize(
    "text", ["bananas", "", "7", "0", "first 9", "3-1", "1 to 9", "what do you mean"]
)
def test_a_text_that_means_none_of_them_is_not_read(text: str) -> None:
    assert match_choices(text, LABELS) is None


def test_a_synonym_names_its_option() -> None:
    synonyms = [["chemistry", "bench"], ["bench"]]
    assert match_choice("chemistry", LABELS, synonyms) == Picked(0)
    assert match_choice("bench", LABELS, synonyms) == Torn((0, 1)), "it is a name of both"
    assert match_choice("chemisrty", LABELS, synonyms) == Picked(0)
    assert match_choices("chemistry and 4", LABELS, synonyms) == Several((0, 3))
    assert match_choices("bench", LABELS, synonyms) == Unsure((), (Doubt("bench", (0, 1)),))


def test_labels_as_near_to_a_text_are_asked_back() -> None:
    labels = ["Fees for 2024", "Fees for 2025"]
    assert match_choices("fees for 2023", labels) == Unsure((), (Doubt("fees for 2023", (0, 1)),))
