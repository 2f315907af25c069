"""Curses are no part of a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalising import tokens
from bot.language.swearing import without_swearing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("fucking hell how much is it", "how much is it"),
        ("how the fuck do i get engtech", "how do i get engtech"),
        ("wtf is rscitech", "what is rscitech"),
        ("for fuck's sake, what does it COST?!", "what does it cost"),
        ("i just want to know what it costs ffs", "what it costs"),
        ("what does it cost", "what does it cost"),
        ("fuck off", "off"),
        ("Fucking hell!", "fucking hell"),
        ("", ""),
    ],
)
def test_what_is_left_is_the_question(typed: str, kept: str) -> None:
    assert " ".join(without_swearing(tokens(typed))) == kept


@given(
    st.lists(st.sampled_from(["fuck", "the", "hell", "wtf", "fee", "is", "bloody"]), max_size=9)
)
def test_no_words_are_invented_and_never_are_all_of_them_lost(words: list[str]) -> None:
    kept = without_swearing(words)
    assert bool(kept) == bool(words)
    assert len(kept) <= len(words)
    assert set(kept) <= {*words, "what"}
    assert kept.count("fee") == words.count("fee")
