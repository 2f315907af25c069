"""Replies as Telegram shows them: strict HTML, within every limit, nothing acts by itself (R31, R35)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.light_markdown import parse_light, to_plain
from bot.channels.telegram.rendering import (
    CHOSEN,
    LABEL_SHOWN,
    TEXT_LIMIT,
    measure,
    render,
    ticked,
    to_html,
    without_choice,
)
from bot.channels.terminal_text import printable
from bot.messages import TOKEN_LIMIT, UNNUMBERED, Option, Reply, Token, plain
from tests.builders import content_of, shipped
from tests.channels.hostile import letters, texts
from tests.channels.telegram.html import HtmlError, parse_html, units

ENTRIES = content_of(shipped()["faq.yaml"]).faq.entries
emoji = st.sampled_from(["🙂", "👩‍🔬", "é", "<", "&", "**", "\n\n"])
HOSTILE = (
    "@everyone @bob_the_rep see https://evil.example/x or evil.example, www.evil.example, "
    "mail eve@evil.example, /forget #tag $ACME <b>x</b> [a](https://evil.example) tg://user?id=1"
)


def asking(text: str, *labels: str, lasts: int = 0) -> Reply:
    options = tuple(
        Option(Token(f"t{place}".ljust(TOKEN_LIMIT, "x")), label, place >= len(labels) - lasts)
        for place, label in enumerate(labels)
    )
    return Reply(text=text, options=options)


def shown(reply: Reply) -> str:
    return "\n".join(parse_html(message.html).text for message in render(reply))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_entry_is_valid_html_within_the_limit(entry: object) -> None:
    text = str(entry.answer.en)  # type: ignore[attr-defined]  # an entry of the FAQ
    for message in render(Reply(text=text)):
        parsed = parse_html(message.html)
        assert units(parsed.text) <= TEXT_LIMIT
        assert len(parsed.entities) <= 100
        assert not {kind for kind, _ in parsed.found} & {"mention", "hashtag"}


@settings(max_examples=300)
@given(texts, st.lists(st.text(max_size=90), max_size=6))
def test_any_text_and_labels_are_within_every_limit(text: str, labels: list[str]) -> None:
    messages = render(asking(text, *labels), limit=200)
    for message in messages:
        parsed = parse_html(message.html)
        assert 1 <= units(parsed.text) <= 200 or parsed.text == "…"
        assert len(parsed.entities) <= 100
    buttons = [button for row in messages[-1].rows for button in row]
    assert [button.token for button in buttons] == [o.token for o in asking("", *labels).options]
    assert all(
        button.text.strip() and len(row) <= 8 for row in messages[-1].rows for button in row
    )
    assert not any(message.rows for message in messages[:-1])


@settings(max_examples=200)
@given(st.lists(st.one_of(emoji, st.text(max_size=30)), max_size=60).map("".join))
def test_nothing_is_lost_when_a_reply_is_split(text: str) -> None:
    whole = letters("".join(parse_html(m.html).text for m in render(Reply(text=text), limit=60)))
    said = letters(printable(to_plain(text)))
    links = [run.address for block in parse_light(text) for run in block.runs if run.address]
    assert links or whole == said


def nothing_acts(words: str) -> None:
    for message in render(Reply(text=f"You said: {plain(words)}", options=())):
        parsed = parse_html(message.html)
        assert parsed.entities == ()
        assert parsed.found == ()


WORDS = st.one_of(texts, st.text(), st.sampled_from([HOSTILE]))


@pytest.mark.parametrize(
    "words",
    [
        "here.\x1b<script",
        "ex.\x1bxample",
        "@\x00bob",
        ":\x07//x",
        ":/\x9b/x",
        "/\u202eforget",
        "#\x1b[1mtag",
    ],
    ids=ascii,
)
def test_what_is_not_shown_brings_nothing_together_that_acts(words: str) -> None:
    nothing_acts(words)


@pytest.mark.parametrize("words", ["#_", "@_the_rep", "/_forget", "#_1 @__x"])
def test_signs_before_an_underscore_do_nothing(words: str) -> None:
    nothing_acts(words)


@settings(max_examples=300)
@given(WORDS)
def test_words_of_a_person_never_act(words: str) -> None:
    nothing_acts(words)


@pytest.mark.long
@settings(max_examples=50_000)
@given(WORDS)
def test_fifty_thousand_words_never_act(words: str) -> None:
    nothing_acts(words)


def test_the_search_for_what_acts_finds_it_without_the_guard() -> None:
    found = {kind for kind, _ in parse_html(HOSTILE.replace("<", "&lt;")).found}
    assert found == {"mention", "url", "email", "bot_command", "hashtag", "cashtag"}


@pytest.mark.parametrize("broken", ["<b>x", "x</b>", "a & b", "a < b", "<u", "<script>x</script>"])
def test_the_reader_of_html_is_strict(broken: str) -> None:
    with pytest.raises(HtmlError):
        parse_html(broken)


def test_markup_becomes_what_telegram_knows() -> None:
    blocks = parse_light('**Bold** & [a "link"](https://a.example/?x=1&y=2)\n\n- one\n- two')
    assert to_html(blocks) == (
        '<b>Bold</b> &amp; <a href="https://a.example/?x=1&amp;y=2">a "link"</a>\n\n• one\n• two'
    )


def test_more_than_a_hundred_entities_are_split() -> None:
    text = " and ".join(f"**{number}**" for number in range(250))
    parts = render(Reply(text=text))
    assert len(parts) == 3
    assert sum(len(parse_html(part.html).entities) for part in parts) == 250


def test_astral_characters_count_twice() -> None:
    assert measure(parse_light("🙂" * 10)) == 20
    assert len(render(Reply(text="🙂" * 2049))) == 2


def test_a_long_label_is_said_in_full_above_its_short_button() -> None:
    label = "What are the fees for EngTech or ICTTech, and who has to pay them?"
    (message,) = render(asking("Which?", "Yes", label))
    assert f"2. {label}" in message.html
    assert "1. Yes" not in message.html
    assert all(len(b.text) <= LABEL_SHOWN + 5 for row in message.rows for b in row)


def test_short_labels_stand_side_by_side_and_lasting_ones_apart() -> None:
    (message,) = render(asking("Ok?", "Yes", "No", "Helpful", "Not helpful", lasts=2))
    assert [[button.text for button in row] for row in message.rows] == [
        ["1. Yes", "2. No"],
        ["3. Helpful", "4. Not helpful"],
    ]


def test_options_have_no_numbers_where_a_number_is_an_answer() -> None:
    asked = replace(asking("How many?", "Skip it", "x" * 70), first_number=UNNUMBERED)
    (message,) = render(asked)
    assert [row[0].text[:7] for row in message.rows] == ["Skip it", "xxxxxxx"]
    assert parse_html(message.html).text == f"How many?\n\n\u2022 {'x' * 70}"


@pytest.mark.parametrize("nothing", ["", "  \n ", "\u2060", "\u200d\ufeff"])
def test_a_reply_without_words_is_still_a_message(nothing: str) -> None:
    assert [message.html for message in render(Reply(text=nothing))] == ["…"]


def test_what_was_chosen_stays_and_votes_stay() -> None:
    reply = asking("Which?", "Fees", "Bodies", "Helpful", lasts=1)
    (message,) = render(reply)
    after = without_choice(message.rows, reply.options[1].token)
    assert [button.text for row in after for button in row] == [
        f"{CHOSEN} 2. Bodies",
        "3. Helpful",
    ]
    assert without_choice(message.rows, None) == (message.rows[-1],)


def test_a_vote_can_be_changed_and_closes_nothing() -> None:
    reply = asking("Which?", "Fees", "Helpful", "Not helpful", lasts=2)
    (message,) = render(reply)
    once = ticked(message.rows, reply.options[1].token)
    twice = ticked(once, reply.options[2].token)
    assert [b.text for row in twice for b in row] == [
        "1. Fees",
        "2. Helpful",
        f"{CHOSEN} 3. Not helpful",
    ]
