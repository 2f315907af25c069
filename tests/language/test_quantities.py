"""Numbers: what is echoed, what is a share of what, and what is no answer."""

from decimal import Decimal

import pytest

from bot.language.quantities import Quantity, read_quantity
from bot.language.saying import echo, say_quantity
from tests.language.loose import wording


@pytest.mark.parametrize(
    "text", ["12", "twelve", "1,200", "£1,200", "1.5", "none", "nobody", "٤٢", "exactly 31"]
)
def test_a_plain_number_needs_no_echo(text: str) -> None:
    read = read_quantity(text)
    assert read is not None
    assert read.is_exact


@pytest.mark.parametrize(
    "text", ["a dozen", "25k", "a handful", "just me", "1.200", "1 200", "half of the 30"]
)
def test_what_was_inferred_is_echoed(text: str) -> None:
    read = read_quantity(text)
    assert read is not None
    assert read.is_inferred
    assert not read.is_exact


def test_the_echo_says_the_number() -> None:
    dozen = read_quantity("a dozen")
    assert dozen is not None
    assert echo(say_quantity(dozen, wording()), wording()) == "I've put **12**, ok?"


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (Quantity(1200, 1200), "1,200"),
        (Quantity(40, 40, is_about=True), "about 40"),
        (Quantity(10, 15), "10 to 15"),
        (Quantity(5, None), "at least 5"),
        (Quantity(Decimal("1.5"), Decimal("1.5")), "1.5"),
    ],
)
def test_a_quantity_is_said_as_people_say_it(quantity: Quantity, said: str) -> None:
    assert say_quantity(quantity, wording()) == said


@pytest.mark.parametrize(
    ("text", "whole", "read"),
    [
        ("half", 30, Quantity(15, 15, is_inferred=True)),
        ("two thirds", 30, Quantity(20, 20, is_inferred=True)),
        ("two thirds", 31, Quantity(21, 21, is_about=True, is_inferred=True)),
        ("half", 5, Quantity(3, 3, is_about=True, is_inferred=True)),
        ("10%", 40, Quantity(4, 4, is_inferred=True)),
        ("half of the 30", None, Quantity(15, 15, is_inferred=True)),
        ("half of the 30", 99, Quantity(15, 15, is_inferred=True)),
        ("half", None, None),
        ("10%", None, None),
        ("5 out of 4", 40, Quantity(5, 5)),
    ],
)
def test_a_share_is_of_what_was_said_or_asked_about(
    text: str, whole: int | None, read: Quantity | None
) -> None:
    assert read_quantity(text, whole=whole) == read


@pytest.mark.parametrize(
    "text",
    [
        "in 2019 we had a lot", "I have 2 questions, how much is it?", "dozens", "hundreds", "5²",
        "1,5", "1e5", "3 men and 2 women", "twenty twenty", "no", "no thanks", "nothing", "9" * 13, "not 40",
        "15-10", "+44 20 7946 0000",
    ],
)  # fmt: skip
def test_what_is_no_one_number_is_not_read(text: str) -> None:
    assert read_quantity(text) is None


def test_only_the_first_200_characters_count() -> None:
    assert read_quantity(" " * 200 + "12") is None
    assert read_quantity("12" + " " * 5000) == Quantity(12, 12)
