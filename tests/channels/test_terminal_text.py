import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.terminal_text import on_one_line, printable
from tests.channels.hostile import pieces


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain £12 naïve", "plain £12 naïve"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07a\x1b]8;;https://x\x1b\\b", "ab"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1bPq#0\x1b\\a\x1bcb\x1b(0c", "abc"),
        ("\x1b[2J\x1b[Ha", "a"),
        ("a\rb\r\nc", "a b c"),
        ("a\tb\x0bc\x0cd\x85e\u2028f", "a b c d e f"),
        ("a\x00b\x07c\x08d\x7fe", "abcde"),
        ("a\nb", "a\nb"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("\u05e9\u200f \U0001f468\u200d\U0001f52c", "\u05e9\u200f \U0001f468\u200d\U0001f52c"),
        ("\ud800x", "\ufffdx"),
        ("\x1b\x1b[m[31mx", "[31mx"),
    ],
)
def test_only_what_no_terminal_obeys_is_left(text: str, shown: str) -> None:
    assert printable(text) == shown


@settings(max_examples=1_000)
@given(st.lists(st.one_of(pieces, st.text(st.characters(), max_size=6)), max_size=12).map("".join))
def test_no_control_character_gets_through(text: str) -> None:
    shown = printable(text)
    assert all(unicodedata.category(sign) not in {"Cc", "Cs"} for sign in shown if sign != "\n")
    assert printable(shown) == shown
    shown.encode()


def test_a_label_is_one_line() -> None:
    assert on_one_line(" a\n\x1b[1mb\tc ") == "a b c"


@pytest.mark.parametrize("piece", ["\x1b]", "\x9d", "\x1b[", "\x1b", "\x9b", "\x90\x1b"])
def test_many_beginnings_without_an_end_are_quick(piece: str) -> None:
    assert "\x1b" not in printable(piece * 20_000)
