"""Questions that ask alike make one group, whatever words stand around them (J1)."""

from hypothesis import given
from hypothesis import strategies as st

from bot.faq.clustering import group

ALIKE = (
    ("how do i fix a leaking tap", "fix leaking tap", "my tap is leaking how to fix it"),
    ("tell me a recipe for soup", "recipe for soup pls", "soup recipies"),
    ("can i get a loan from the union", "does the union give loans", "union loan"),
    ("what is the weather", "weather today"),
    ("can i register with the dvla", "dvla registration"),
    ("whats the pension age", "when can i get my pension", "pension"),
    ("how much is union membership", "membership fee of the union"),
)
TEXTS = [text for texts in ALIKE for text in texts]
texts = st.lists(st.text(max_size=30) | st.sampled_from(TEXTS), max_size=12)


def test_what_asks_alike_is_one_group_and_what_does_not_is_another() -> None:
    numbers = dict(zip(TEXTS, group(TEXTS), strict=True))
    for texts in ALIKE:
        assert len({numbers[text] for text in texts}) == 1, texts
    assert len(set(numbers.values())) == len(ALIKE)


def test_masks_of_the_scrubber_make_nothing_alike() -> None:
    one, two = group(["[name] [name] [number] parking", "[name] [name] [number] holiday"])
    assert one != two


def test_a_text_joins_the_leader_it_is_like() -> None:
    leaders = ["union loan", "what is the weather"]
    assert group(["weather today", "does the union give loans", "zebra"], leaders) == (1, 0, 2)


def test_no_words_and_no_texts_are_no_trouble() -> None:
    assert group([]) == ()
    assert group(["", "?", ""]) == (0, 1, 0)


@given(texts, texts)
def test_groups_are_numbered_as_they_come_and_equal_texts_are_together(
    leaders: list[str], said: list[str]
) -> None:
    numbers = group(said, leaders)
    assert len(numbers) == len(said)
    assert group(said, leaders) == numbers
    new = [number for number in numbers if number >= len(leaders)]
    assert list(dict.fromkeys(new)) == list(range(len(leaders), len(leaders) + len(set(new))))
    by_text: dict[str, int] = {}
    for text, number in zip(said, numbers, strict=True):
        assert by_text.setdefault(text, number) == number
