"""One renderer: within every budget, nothing lost, and nothing a person typed becomes markup (H3, H6, L8)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.light_markdown import parse_light, to_plain
from bot.channels.slack import budgets
from bot.channels.slack.home import Home, home_view
from bot.channels.slack.incoming import Press
from bot.channels.slack.marking import TICK, marked
from bot.channels.slack.mrkdwn import GAP, escape, in_slack, mrkdwn, quiet
from bot.channels.slack.rendering import BUTTONS, PER_MESSAGE, Message, render
from bot.channels.terminal_text import printable
from bot.messages import TOKEN_LIMIT, UNNUMBERED, Option, Reply, ReplyKind, Token, plain
from tests.builders import content_of
from tests.channels.hostile import letters, texts
from tests.channels.slack.mrkdwn_reader import read
from tests.channels.slack.rules import faults_of

HOSTILE = (
    "<!channel> <!here> <!everyone> <@U0001> <#C0001> <!subteam^S1> <https://e.example|x> &lt;@U1&gt;",
    "*bold* _italics_ ~struck~ `code` ```block``` :wave: > quote",
    "&amp; &#60;@U1&#62; <mailto:a@b.example|a> @channel #general https://e.example",
    "\u200b<\u200b@U1> \u202e<!channel>",
)
labels = st.one_of(st.text(max_size=120), texts)


def reply(text: str, *labels: str, first: int = 1, kind: ReplyKind = ReplyKind.NOTICE) -> Reply:
    options = tuple(
        Option(Token(f"{place}".rjust(TOKEN_LIMIT, "t")), label)
        for place, label in enumerate(labels)
    )
    return Reply(text=text, options=options, first_number=first, kind=kind)


def shown(message: Message) -> str:
    """What can be read of the blocks."""
    parts: list[str] = []
    for block in message.blocks:
        if block["type"] == "section":
            parts.append(read(block["text"]["text"]).text)
        for element in block.get("elements", []):
            options = element.get("options", [element])
            parts += [option["text"]["text"] for option in options]
    return "\n".join(parts)


def elements(message: Message) -> list[dict[str, Any]]:
    return [one for block in message.blocks for one in block.get("elements", [])]


def test_a_reply_is_sections_then_buttons() -> None:
    (message,) = render(reply("**Hello**\n\n- one\n- two", "Yes", "No"), "Choose")
    assert [block["type"] for block in message.blocks] == ["section", "section", "actions"]
    assert message.blocks[0]["text"]["text"] == "*Hello*"
    assert message.blocks[1]["text"]["text"] == "\u2022 one\n\u2022 two"
    assert [one["text"]["text"] for one in elements(message)] == ["1. Yes", "2. No"]
    assert message.text == "Hello\n\n- one\n- two\n\n1. Yes\n2. No"


def test_options_have_no_numbers_where_a_number_is_an_answer() -> None:
    (message,) = render(reply("How many?", "Skip it", "Stop", first=UNNUMBERED), "Choose")
    assert [one["text"]["text"] for one in elements(message)] == ["Skip it", "Stop"]
    assert message.text == "How many?\n\nSkip it\nStop"


def test_a_list_stays_with_the_paragraph_that_leads_to_it() -> None:
    (message,) = render(reply("Bring:\n\n- a pen\n\nThen go."), "Choose")
    assert [block["text"]["text"] for block in message.blocks] == [
        "Bring:\n\n\u2022 a pen",
        "Then go.",
    ]


def test_bold_inside_a_word_is_seen() -> None:
    assert mrkdwn(parse_light("a**b**c **d**")) == f"a{GAP}*b*{GAP}c *d*"


def test_commands_are_named_as_slack_wants_them_typed() -> None:
    (message,) = render(reply("Type **/audience** or **help**, or **/usr**."), "Choose")
    assert message.blocks[0]["text"]["text"] == "Type */pathways audience* or *help*, or */usr*."
    assert "/pathways audience" in message.text


def test_a_link_keeps_its_words_and_its_address() -> None:
    text = mrkdwn(
        parse_light("[a > b](https://e.example/x?a=1&b=2) and **[c](https://e.example)**")
    )
    seen = read(text)
    assert seen.links == ["https://e.example/x?a=1&b=2", "https://e.example"]
    assert seen.text == "a > b and *c*"


def test_long_lists_are_a_menu_and_longer_ones_several() -> None:
    many = [f"Choice {number}" for number in range(120)]
    messages = render(reply("Which?", *many), "Choose")
    menus = [one for message in messages for one in elements(message)]
    assert [len(menu["options"]) for menu in menus] == [PER_MESSAGE, PER_MESSAGE, 20]
    assert all(menu["placeholder"]["text"] == "Choose" for menu in menus)
    tokens = [option["value"] for menu in menus for option in menu["options"]]
    assert tokens == [option.token for option in reply("", *many).options]
    assert len(elements(render(reply("Which?", *many[:BUTTONS]), "Choose")[0])) == BUTTONS


def test_a_label_too_long_for_its_button_is_read_in_full_above_it() -> None:
    long = "word " * 30 + "end"
    (message,) = render(reply("Which?", "Short", long, first=4), "Choose")
    assert f"5. {long}" in shown(message)
    assert elements(message)[1]["text"]["text"].endswith("\u2026")
    assert message.text.count(long) == 1


def test_nothing_to_show_is_no_message() -> None:
    assert render(reply("\x00 \u202e"), "Choose") == ()


@settings(max_examples=400)
@given(texts, st.lists(labels, max_size=14), st.sampled_from(ReplyKind))
def test_every_message_keeps_to_every_budget(text: str, said: list[str], kind: ReplyKind) -> None:
    wanted = reply(text, *said, kind=kind)
    for message in render(wanted, "Choose"):
        assert budgets.overruns(message.blocks) == ()
        assert faults_of(message.blocks) == []
        assert message.text.strip()
    tokens = [
        option["value"]
        for message in render(wanted, "Choose")
        for one in elements(message)
        for option in one.get("options", [one])
    ]
    assert tokens == [option.token for option in wanted.options]


@settings(max_examples=60)
@given(st.integers(1, 260), st.integers(0, 200), st.text("ab <&*\n", max_size=4000))
def test_budgets_hold_for_much_too_much(count: int, length: int, text: str) -> None:
    for message in render(reply(text * 5, *["x" * length] * count), "Choose"):
        assert budgets.overruns(message.blocks) == ()
        assert faults_of(message.blocks) == []


@settings(max_examples=300)
@given(texts)
def test_twin_and_blocks_say_the_same(text: str) -> None:
    wanted = letters(printable(to_plain(text)))
    messages = render(reply(text, "Yes"), "Choose")
    twins = "".join(read(message.text).text for message in messages)
    assert letters(twins) == wanted + letters("1. Yes")
    without = "".join(shown(message) for message in messages)
    addresses = [run.address for block in parse_light(text) for run in block.runs if run.address]
    if not addresses:
        assert letters(without) == wanted + letters("1. Yes")


def hostile(words: str) -> None:
    """Words of a person: no mention, no link, no look; only the characters."""
    for message in render(reply(f"You said: {plain(words)}, right?", words[:200]), "Choose"):
        for block in message.blocks:
            if block["type"] == "section":
                seen = read(block["text"]["text"])
                assert (seen.mentions, seen.links, seen.bold, seen.other) == ([], [], [], [])
        seen = read(message.text)
        assert (seen.mentions, seen.links) == ([], [])
    seen = read(quiet(words))
    assert (seen.mentions, seen.links, seen.bold, seen.other) == ([], [], [], [])
    assert seen.text.replace(GAP, "") == printable(words).replace(GAP, "")


@pytest.mark.parametrize("words", HOSTILE)
def test_known_attacks_are_only_characters(words: str) -> None:
    hostile(words)


SIGNS = st.text("<>!@#&;|*_~`:^\\ \n\u200bUCa1", max_size=30)


@settings(max_examples=1_000)
@given(st.one_of(texts, SIGNS))
def test_no_words_become_a_mention_a_link_or_a_look(words: str) -> None:
    hostile(words)


@pytest.mark.long
@settings(max_examples=50_000)
@given(st.one_of(texts, SIGNS))
def test_fifty_thousand_words_become_nothing(words: str) -> None:
    hostile(words)


def pressed(kind: ReplyKind, number: int) -> tuple[dict[str, Any], ...]:
    (message,) = render(reply("Which?", "Yes", "No <@U1>", kind=kind), "Choose")
    one = elements(message)[number]
    press = Press(
        channel="D1",
        ts="1.1",
        action=one["action_id"],
        block=str(message.blocks[-1]["block_id"]),
        picked=one["text"]["text"],
        blocks=tuple(dict(block) for block in message.blocks),
    )
    return tuple(dict(block) for block in marked(press, "You chose: {choice}"))


def test_a_question_shows_what_was_chosen_and_cannot_be_answered_twice() -> None:
    blocks = pressed(ReplyKind.QUESTION, 1)
    assert [block["type"] for block in blocks] == ["section", "context"]
    assert read(blocks[-1]["elements"][0]["text"]).bold == ["2. No <@U1>"]
    assert faults_of(blocks) == []


def test_buttons_that_lead_on_stay_and_the_pressed_one_wears_a_tick() -> None:
    blocks = pressed(ReplyKind.ANSWER, 0)
    labels = [one["text"]["text"] for one in blocks[-1]["elements"]]
    assert labels == [f"{TICK}1. Yes", "2. No <@U1>"]
    assert faults_of(blocks) == []


def test_the_budgets_find_what_is_over() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}}
    actions = {"type": "actions", "block_id": "b", "elements": [button, button]}
    found = " ".join(budgets.overruns([section, actions, actions, {"type": "image"}] * 13))
    for name in (
        "blocks: 52",
        "two blocks",
        "section: 3001",
        "button: 76",
        "two actions",
        "image",
        "all text",
    ):
        assert name in found
    assert escape("<&>") == "&lt;&amp;&gt;"
    assert in_slack(parse_light("**/topics**")[0]).runs[0].text == "/pathways topics"


def test_the_home_tab_keeps_to_every_budget_however_much_is_under_way() -> None:
    long = "\n\n".join(f"**Run {number}** " + "word " * 90 for number in range(10))
    content = content_of()
    view = home_view(content.wording, Home(runs=long, plan=long), "slack://app?team=T1&id=A1")
    assert budgets.overruns(view["blocks"], budgets.VIEW_BLOCKS) == ()
    said = json.dumps(view)
    assert all(f"*Run {number}*" in said for number in range(10))
