from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings

from bot.channels.light_markdown import (
    Block,
    Item,
    Paragraph,
    Run,
    parse_light,
    plain_text,
    to_plain,
)
from bot.messages import plain
from tests.builders import content_of, shipped
from tests.channels.hostile import letters, texts

SHORT, LONG = 700, 50_000  # hostile strings


def paragraph(*runs: Run) -> tuple[Block, ...]:
    return (Paragraph(runs),)


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", ()),
        ("  \n\n \t\n", ()),
        ("one\ntwo", paragraph(Run("one two"))),
        ("one  \ntwo", paragraph(Run("one\ntwo"))),
        ("one\\\ntwo", paragraph(Run("one\ntwo"))),
        ("one\r\n\r\ntwo", (*paragraph(Run("one")), *paragraph(Run("two")))),
        ("a **b** c", paragraph(Run("a "), Run("b", bold=True), Run(" c"))),
        ("**a **b** c** d", paragraph(Run("a b c", bold=True), Run(" d"))),
        ("[a b](https://c.example/d)", paragraph(Run("a b", address="https://c.example/d"))),
        ("[a](http://b.example/c_(d))", paragraph(Run("a", address="http://b.example/c_(d)"))),
        (
            "**[a](https://b.example)**",
            paragraph(Run("a", bold=True, address="https://b.example")),
        ),
        (
            "[a **b**](https://c.example)",
            paragraph(Run("a b", bold=True, address="https://c.example")),
        ),
        (
            "[a](https://b.example)[c](https://b.example)",
            paragraph(
                Run("a", address="https://b.example"), Run("c", address="https://b.example")
            ),
        ),
        ("- a\n- b\n  c", (Item((Run("a"),)), Item((Run("b c"),)))),
        ("a:\n- b", (Paragraph((Run("a:"),)), Item((Run("b"),)))),
        ("3. a\n4) b", (Item((Run("a"),), "3."), Item((Run("b"),), "4)"))),
        (
            "- a\n  - b\n      1. c",
            (Item((Run("a"),)), Item((Run("b"),), depth=1), Item((Run("c"),), "1.", 3)),
        ),
        ("- a\n\nb", (Item((Run("a"),)), Paragraph((Run("b"),)))),
    ],
)
def test_the_dialect_is_read(source: str, blocks: tuple[Block, ...]) -> None:
    assert parse_light(source) == blocks


@pytest.mark.parametrize(
    "source",
    [
        "# a heading",
        "a | b | c",
        "> said",
        "`code` and ``more``",
        "<b>bold</b> <!-- no -->",
        "https://bare.example and <https://auto.example>",
        "![a picture](https://b.example/c.png)",
        "[a](javascript:alert(1)) [a](ftp://b.example) [a](//b.example) [a](data:text/html,x)",
        '[a](https://b.example "a title")',
        "[a][b] [a]",
        "*one star* _one line_ __two lines__ ~~waves~~",
        "&amp; &copy; &#42;",
        "** a ** and **open",
        "- ",
        "-a",
        "1986. was a year",
        "it was\n12. May",
        "---",
    ],
)
def test_what_is_not_of_the_dialect_stays_as_it_was_typed(source: str) -> None:
    assert parse_light(source) == paragraph(Run(" ".join(source.split("\n")).strip()))


def test_a_backslash_takes_the_meaning_of_the_next_character() -> None:
    assert to_plain(r"\*\*a\*\* \[b\]\(https://c.example\) \- \\ \d") == (
        r"**a** [b](https://c.example) - \ \d"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("See [Acas](https://www.acas.org.uk/).", "See Acas (https://www.acas.org.uk/)."),
        ("[https://a.example](https://a.example/)", "https://a.example/"),
        ("[a.example/b](https://www.a.example/b)", "https://www.a.example/b"),
        ("- a\n- **b**\n\nc", "- a\n- b\n\nc"),
        ("a:\n\n1. b\n   - c  \n     d", "a:\n\n1. b\n  - c\n    d"),
    ],
)
def test_plain_text_has_addresses_behind_the_words(source: str, text: str) -> None:
    assert to_plain(source) == text


def check_nothing_is_lost(source: str) -> None:
    blocks = parse_light(source)
    assert letters(plain_text(blocks)) == letters(source)
    for run in (run for block in blocks for run in block.runs):
        assert run.text
        assert run.address is None or urlsplit(run.address).scheme in {"http", "https"}


def check_words_of_a_person_are_never_markup(words: str) -> None:
    typed = " ".join(words.split())
    assert parse_light(plain(words)) == (paragraph(Run(typed)) if typed else ())
    source = (
        "**Head**\n\n- You said: {} and [more](https://a.example), **so**\n- next\n\nEnd ({}), so."
    )
    said = parse_light(source.replace("{}", plain(words)))
    assert plain_text(said) == to_plain(source.replace("{}", "\ue000")).replace("\ue000", typed)
    assert [run.address for block in said for run in block.runs if run.address] == [
        "https://a.example"
    ]
    assert [run.text for block in said for run in block.runs if run.bold] == ["Head", "so"]


CHECKS = (check_nothing_is_lost, check_words_of_a_person_are_never_markup)
Check = Callable[[str], None]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_whatever_is_typed(check: Check) -> None:
    settings(max_examples=SHORT)(given(texts)(check))()


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_whatever_is_typed_in_long(check: Check) -> None:
    settings(max_examples=LONG)(given(texts)(check))()


@pytest.mark.parametrize(
    "source",
    [
        *("[" * 20_000, "**a " * 5_000, "*" * 20_000, "[a](" * 5_000, "- " * 10_000, "_" * 20_000),
        *("[x](https://" * 2_000, "\\" * 20_000, "**a** " * 3_000, "*a_b" * 5_000, "[\\" * 10_000),
        *("- a\n" * 5_000, "\n" * 20_000, "[x](https://a.example/(" * 1_000, "> " * 10_000),
    ],
    ids=lambda source: repr(source[:12]),
)
def test_long_hostile_texts_are_read_without_recursion(source: str) -> None:
    assert letters(to_plain(source)) == letters(source)


def test_no_answer_text_of_ours_loses_a_word_or_its_bold() -> None:
    content = content_of(shipped()["faq.yaml"])
    answers = [entry.answer.en for entry in content.faq.entries]
    assert len(answers) >= 90, "are they where I look?"
    for answer in answers:
        assert letters(to_plain(answer)) == letters(answer)
        assert "**" not in to_plain(answer)
