"""Texts as one run of bytes: each is found by its text, and by its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.common_words import rank_by_word, share_of_text
from bot.language.name_list import NameList

NAMES = st.text(st.characters(exclude_characters="\n"), max_size=30)


@given(st.lists(NAMES, unique=True, max_size=200).filter(lambda names: names != [""]), NAMES)
def test_every_text_is_found_and_no_other(names: list[str], other: str) -> None:
    found = NameList.of(names)
    assert list(found) == names
    assert len(found) == len(names)
    assert [found.number(name) for name in names] == list(range(len(names)))
    assert (found.number(other) is None) == (other not in names)
    assert not found.holds_twice()


@given(st.lists(NAMES, min_size=2, max_size=50), st.data())
def test_a_text_that_stands_twice_is_noticed(names: list[str], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(names))
    assert NameList.of([*names, again]).holds_twice()


def test_it_is_a_sequence() -> None:
    names = NameList.of(["eng", "tech", "é"])
    assert (names[0], names[-1], names[1:]) == ("eng", "é", ("tech", "é"))
    assert names.number("\ud800") is None
    with pytest.raises(IndexError):
        names[3]


def test_more_texts_than_are_worked_out_at_once() -> None:
    names = [f"word {at}" for at in range(5000)]
    found = NameList.of(names)
    assert [found.number(name) for name in names] == list(range(5000))


def test_the_common_words_have_their_ranks() -> None:
    ranks = rank_by_word()
    assert ranks["the"] == 1
    assert [ranks[word] for word in list(ranks)[:5]] == [1, 2, 3, 4, 5]
    assert "qwrtzx" not in ranks
    assert ranks.get("qwrtzx", 9) == 9
    with pytest.raises(KeyError):
        ranks["qwrtzx"]
    assert share_of_text("the") > share_of_text("of") > share_of_text("qwrtzx")
