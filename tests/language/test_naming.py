"""A place can have any name, but "yes" is an answer to something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.naming import is_name


@pytest.mark.parametrize(
    "text",
    ["yes", "No", "ok", "OK!", "yeah", "nope", "next", "done.", "thanks", "help me", "hello", "hm?",
     "?", "...", "👍", "", "   ", "what is an area?", "I don't understand"],
)  # fmt: skip
def test_what_speaks_to_the_bot_names_no_place(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    "text",
    ["Lab 2", "Nights", "12", "No. 4 shed", "Yes Tor depot", "IT", "Next Steps nursery", "Go Ahead buses",
     "Site A > Lab 2 > Nights", "Okehampton", "Ynys Môn", "Test bay", "Z"],
)  # fmt: skip
def test_a_name_is_a_name(text: str) -> None:
    assert is_name(text)


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert is_name(text) in {True, False}
