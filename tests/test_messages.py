"""The types of what is said, and `plain`, which takes every meaning out of a person's characters."""

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice, Command, Edited, Option, Reply, Text, Token, Unreadable, plain

MARKUP = "\\`*_{}[]()<>#+-.!|~&:@"


@given(st.text(max_size=100))
def test_plain_keeps_every_word_and_no_line_break(words: str) -> None:
    made = plain(words)
    assert "\n" not in made
    unescaped, escaped = [], False
    for character in made:
        if character == "\\" and not escaped:
            escaped = True
            continue
        unescaped.append(character)
        escaped = False
    assert "".join(unescaped) == " ".join(words.split())


@given(st.text(MARKUP + "ab ", max_size=50))
def test_plain_escapes_every_character_that_means_something(words: str) -> None:
    made = plain(words)
    for place, character in enumerate(made):
        if character in MARKUP and character != "\\":
            assert made[place - 1] == "\\"


def test_plain_of_plain_words_is_the_words() -> None:
    assert plain("  how   much is it ") == "how much is it"
    assert plain("") == ""


def test_messages_are_values() -> None:
    pairs = [
        (Text("a"), Text("a")),
        (Choice(Token("t")), Choice(Token("t"))),
        (Command("help"), Command("help", "")),
        (Edited("a"), Edited("a")),
        (Unreadable("photo"), Unreadable("photo")),
        (Option(Token("t"), "L"), Option(Token("t"), "L")),
        (Reply(text="a"), Reply(text="a", options=(), first_number=1, personal=False)),
    ]
    for one, other in pairs:
        assert one == other
        assert hash(one) == hash(other)
