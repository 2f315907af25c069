"""Misspelt words read as words of a vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.common_words import rank_by_word
from bot.language.spelling import Repaired, Speller

COUNTS = {
    "registration": 40,
    "register": 30,
    "cost": 25,
    "card": 20,
    "much": 9,
    "does": 9,
    "fees": 5,
}
SPELLER = Speller(COUNTS, rank_by_word())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("registraton csot", "registration cost"),
        ("ergister", "register"),
        ("registrationcost", "registration cost"),
        ("myregistraton", "my registration"),
        ("regist ration", "registration"),
        ("car", "car"),
        ("cost 4711", "cost 4711"),
        ("qqq", "qqq"),
        ("ab", "ab"),
    ],
)
def test_slips_are_repaired_and_the_rest_is_left(typed: str, read: str) -> None:
    assert " ".join(SPELLER.repair(typed.split()).words) == read


@pytest.mark.parametrize("made_up", ["flirble", "blorp", "zorgle cotts", "dosh"])
def test_what_somebody_made_up_is_no_word_of_ours_when_nothing_else_is_said(made_up: str) -> None:
    counts = {**COUNTS, "liable": 9, "bloke": 9, "courses": 9}
    speller = Speller(counts, rank_by_word())
    assert speller.repair(made_up.split()).words == tuple(made_up.split())


def test_the_same_slips_are_repaired_beside_a_word_that_is_known() -> None:
    speller = Speller({**COUNTS, "liable": 9}, rank_by_word())
    assert speller.repair(["who", "is", "flirble"]).words == ("who", "is", "liable")


def test_only_what_was_changed_is_named() -> None:
    assert SPELLER.repair(["the", "registraton", "cost"]).readings == ("registration",)
    assert SPELLER.repair(["the", "cost"]) == Repaired(("the", "cost"))


def test_common_english_is_never_taken_for_a_word_of_ours() -> None:
    assert SPELLER.repair(["much", "car", "form"]).readings == ()


@given(st.lists(st.text(min_size=1, max_size=60), max_size=12))
def test_no_word_is_lost(words: list[str]) -> None:
    read = SPELLER.repair(words)
    assert bool(read.words) == bool(words)
    assert SPELLER.repair(words) == read


def test_an_empty_vocabulary_repairs_nothing() -> None:
    assert Speller({}, rank_by_word()).repair(["registraton"]).readings == ()
