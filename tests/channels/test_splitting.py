import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.light_markdown import Block, Item, Run, parse_light, plain_text
from bot.channels.splitting import Part, plain_length, split, split_blocks
from bot.messages import Option, Reply, Token
from tests.channels.hostile import letters, texts


def cut(source: str, limit: int) -> list[str]:
    return [plain_text(blocks) for blocks in split_blocks(parse_light(source), limit)]


def test_a_short_text_is_one_part() -> None:
    assert cut("one\n\ntwo", 8) == ["one\n\ntwo"]


def test_nothing_at_all_is_one_empty_part() -> None:
    assert split(Reply(text=""), 10) == (Part(blocks=()),)


def test_it_cuts_between_paragraphs_first() -> None:
    text = "One is. It is short.\n\nTwo is longer than the first one."
    assert cut(text, 45) == ["One is. It is short.", "Two is longer than the first one."]


def test_it_cuts_between_lines_before_sentences() -> None:
    assert cut("A b. C d. E f  \nG. H i.", 18) == ["A b. C d. E f", "G. H i."]


def test_it_cuts_between_the_items_of_a_list() -> None:
    assert cut("- one. Two\n- three. Four", 20) == ["- one. Two", "- three. Four"]


def test_it_cuts_between_sentences_before_words() -> None:
    assert cut('He said "no." And then he went home again.', 20) == [
        'He said "no."',
        "And then he went",
        "home again.",
    ]


def test_it_cuts_between_words_where_a_sentence_ends_too_early() -> None:
    assert cut("Yes. Registration takes a while these days", 20) == [
        "Yes. Registration",
        "takes a while these",
        "days",
    ]


def test_a_word_that_is_too_long_alone_is_cut() -> None:
    assert cut("a bcdefghijklm n", 5) == ["a", "bcdef", "ghijk", "lm n"]


def test_a_number_of_a_list_is_said_once() -> None:
    assert cut("12. one two three", 10) == ["12. one", "  two", "  three"]


def test_bold_goes_on_and_a_link_stays_whole() -> None:
    first, second = split_blocks(parse_light("a **b c** [d e](https://f.example)"), 10)[:2]
    assert first[0].runs == (Run("a "), Run("b c", bold=True))
    assert second[0].runs == (Run("d e"),)  # with its address it never fits: now it is text
    parts = split_blocks(parse_light("aa **b c** [d e](https://f.example)"), 24)
    assert parts[1][0].runs == (Run("d e", address="https://f.example"),)


def test_the_options_are_on_the_last_part_with_their_numbers() -> None:
    options = (Option(Token("t"), "One"), Option(Token("u"), "Two"))
    parts = split(Reply(text="one two", options=options, first_number=4), 4)
    assert [part.options for part in parts] == [(), options]
    assert parts[-1].first_number == 4


def test_a_channel_may_count_in_its_own_way() -> None:
    def twice(blocks: tuple[Block, ...]) -> int:
        return 2 * plain_length(blocks)

    assert len(split(Reply(text="one two"), 8, twice)) == 2


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="one character"):
        split_blocks((), 0)


@settings(max_examples=500)
@given(texts, st.integers(1, 60))
def test_no_part_is_over_the_limit_and_no_letter_is_lost_or_doubled(
    source: str, limit: int
) -> None:
    whole = plain_text(parse_light(source))
    parts = cut(source, limit)
    assert all(len(part) <= limit for part in parts)
    assert letters("".join(parts)) == letters(whole)


@settings(max_examples=500)
@given(texts, st.integers(48, 120))
def test_no_word_is_cut_where_it_fits(source: str, limit: int) -> None:
    whole = plain_text(parse_light(source)).split()
    if max(map(len, whole), default=0) > limit - 10:  # 10: the indent of the deepest list
        return
    if "](http" in source:  # glued to a word it may be cut off from it
        return
    parts = cut(source, limit)
    assert [word for part in parts for word in part.split()] == whole


def test_long_texts_are_cut_in_linear_time() -> None:
    text = "\n\n".join(
        f"Sentence {number} is here. And **another** one." for number in range(3_000)
    )
    parts = cut(text, 4_096)
    assert [word for part in parts for word in part.split()] == text.replace("*", "").split()
    assert len(parts) < 40


def test_an_item_that_goes_on_is_known_as_one() -> None:
    parts = split_blocks(parse_light("- one two three"), 9)
    assert [block.marker for part in parts for block in part if isinstance(block, Item)] == [
        "-",
        "",
    ]
