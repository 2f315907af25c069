import io
import re

import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

from bot.channels.splitting import Part, split
from bot.channels.terminal_rendering import COLUMN, MARGIN, Look, plain_part
from bot.channels.terminal_screen import RichScreen
from bot.messages import Option, Reply, Token
from tests.channels.hostile import letters, texts

LINKING = Look(hyperlinks=True)
PLAIN_LOOK = Look()
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LINKS = re.compile(r"\x1b\]8;([^\x1b]*)\x1b\\")


def part(text: str, *labels: str, first: int = 1) -> Part:
    options = tuple(Option(Token(label), label) for label in labels)
    return split(Reply(text=text, options=options, first_number=first), 10**9)[0]


def in_colour(shown: Part, look: Look = PLAIN_LOOK, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
    )
    RichScreen(console, look).show(shown)
    return stream.getvalue()


def bare(shown: str) -> str:
    return LINKS.sub("", COLOURS.sub("", shown))


def lines(shown: str) -> list[str]:
    return [line.rstrip() for line in bare(shown).split("\n")]


def test_a_reply_is_a_column_with_a_margin_and_numbered_options_below() -> None:
    shown = lines(in_colour(part("One.\n\nThey are:\n\n- a\n- b", "Yes", "No", first=9)))
    assert shown == [
        "",
        "  One.",
        "",
        "  They are:",
        "  - a",
        "  - b",
        "",
        "   9  Yes",
        "  10  No",
        "",
    ]


def test_an_item_hangs_below_its_first_word() -> None:
    shown = lines(in_colour(part("- one two three\n  - four fives six"), width=14))
    assert shown == ["", "  - one two", "    three", "    - four", "      fives", "      six", ""]


@pytest.mark.parametrize("width", [20, 80, 140, 300])
def test_no_line_is_wider_than_the_column_or_the_terminal(width: int) -> None:
    text = (
        "Registration takes a while, and it costs money. " * 8
        + "[x](https://a.example/"
        + "y" * 200
        + ")"
    )
    shown = lines(
        in_colour(part(text, "A label that goes on for quite a while, " * 4), width=width)
    )
    assert max(map(cell_len, shown)) <= min(width, COLUMN + MARGIN)
    assert width < COLUMN or max(map(cell_len, shown)) > COLUMN - 10


def test_bold_is_bold() -> None:
    assert "\x1b[1mvery\x1b[0m good" in in_colour(part("**very** good"))


def test_an_address_stands_behind_the_words_where_links_are_not_known_to_work() -> None:
    shown = in_colour(part("See [Acas](https://a.example) or [b.example](https://b.example)."))
    assert lines(shown)[1] == "  See Acas (https://a.example) or https://b.example."
    assert not LINKS.search(shown)


def test_words_are_links_where_links_work() -> None:
    shown = in_colour(part("See [Acas](https://a.example)."), LINKING)
    assert lines(shown)[1] == "  See Acas."
    assert [found.partition(";")[2] for found in LINKS.findall(shown)] == ["https://a.example", ""]


def test_sources_are_dimmed_and_warnings_behind_them_are_not() -> None:
    look = Look(source_marks=("Source:", "Sources:"))
    source = "It is so.\n\nSources:\n\n- A page\n\nNot checked.\n\n**Take care:** it is old."
    shown = in_colour(part(source), look).split("\n")
    dim = [COLOURS.sub("", line).strip() for line in shown if "\x1b[2m" in line]
    assert dim == ["Sources:", "- A page", "Not checked."]


def test_numbers_stand_out() -> None:
    assert "\x1b[1;36m 1\x1b[0m" in in_colour(part("a", "b"))


def test_the_plain_twin_has_no_codes() -> None:
    shown = plain_part(part("**One** [two](https://a.example).\n\n- a", "Yes\nplease", first=3))
    assert shown == "One two (https://a.example).\n\n- a\n\n  3. Yes please\n"


def test_the_plain_twin_can_be_wrapped_and_items_hang() -> None:
    shown = plain_part(
        part("One two three four five.\n\n- six seven eight nine", "ten eleven twelve thirteen"),
        20,
    )
    assert shown == (
        "One two three four\nfive.\n\n- six seven eight\n  nine\n\n  1. ten eleven\n     twelve thirteen\n"
    )


@settings(max_examples=400)
@given(texts, texts)
def test_both_twins_say_the_same_and_obey_nobody(text: str, label: str) -> None:
    shown = part(text, label)
    rich, plain = in_colour(shown), plain_part(shown)
    assert letters(bare(rich)) == letters(plain)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", bare(rich) + plain)


@settings(max_examples=300)
@given(texts)
def test_no_text_can_forge_a_colour_or_a_link(text: str) -> None:
    rich = in_colour(part(text), LINKING)
    codes = {code for found in COLOURS.findall(rich) for code in found[2:-1].split(";")}
    assert codes <= {"0", "1", "2", "4", "36", ""}
    for found in LINKS.findall(rich):
        address = found.partition(";")[2]
        assert not address or address in text
