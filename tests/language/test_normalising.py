"""What a person typed, made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalising import TOKEN_LIMIT, WORD_LIMIT, content_words, normalise, tokens


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Hello,   WORLD!", "hello world"),
        ("I don't know", "i do not know"),
        ("i dont know", "i do not know"),
        ("what\u2019s it cost", "what is it cost"),
        ("the bank's card", "the bank card"),
        ("can't", "can not"),
        ("they've gone, we'll see", "they have gone we will see"),
        ("pls tell me wot u do", "please tell me what you do"),
        ("caf\u00e9", "cafe"),
        ("caf\u0065\u0301", "cafe"),
        ("re\u200bgis\u200dter", "register"),
        ("\u202eregister\u202c", "register"),
        ("a\x00b\tc", "a b c"),
        ("fees\U0001f600fees", "fees fees"),
        ("e-mail", "e mail"),
        ("ICT_Tech", "ict tech"),
        ("\u00a360", "60"),
        ("!?\U0001f600", ""),
        ("", ""),
    ],
)
def test_texts_that_say_the_same_become_the_same(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_a_long_text_is_cut() -> None:
    assert len(tokens("word " * 2000)) == TOKEN_LIMIT
    assert tokens("x" * 5000) == ("x" * WORD_LIMIT,)


def test_words_of_no_content_are_left_out() -> None:
    words = tokens("how much is the fee for the 3 of us")
    assert content_words(words) == ("fee",)


@given(st.text(max_size=20_000))
def test_any_text_can_be_read(text: str) -> None:
    words = tokens(text)
    assert len(words) <= TOKEN_LIMIT
    assert all(word and not word.isspace() for word in words)
    assert normalise(text) == " ".join(words)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Zs"]), max_size=200))
def test_reading_twice_changes_nothing_but_spellings(text: str) -> None:
    once = normalise(text)
    assert normalise(normalise(once)) == normalise(once)
