"""A number with its unit is one of the spans on offer; a bare number is the number of an option."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.bands import match_band

LABELS = ["I am an apprentice", "Under 5 years", "5 to 15 years", "Over 15 years"]


@pytest.mark.parametrize(
    ("text", "index"),
    [("16 years", 3), ("about 20 yrs", 3), ("twenty years", 3), ("15 years", 2), ("5 years", 2),
     ("I've done it 4 years", 1), ("over 15 years", 3), ("less than 5 years", 1), ("10yrs", 2),
     ("16", None), ("16 months", None), ("I am 50 years old", None), ("5 years or 20 years", None),
     ("how much is it after 3 years?", None), ("", None)],
)  # fmt: skip
def test_a_number_of_years_is_a_span(text: str, index: int | None) -> None:
    assert match_band(text, LABELS) == index


def test_labels_that_are_no_spans_are_never_picked() -> None:
    assert match_band("5 years", ["What it costs", "3 things"]) is None


@given(st.integers(min_value=0, max_value=99))
def test_every_number_of_years_is_in_one_span(years: int) -> None:
    assert match_band(f"{years} years", LABELS) == (1 if years < 5 else 2 if years <= 15 else 3)
