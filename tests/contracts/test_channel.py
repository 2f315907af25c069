"""What every channel promises, whatever the medium; unchanged for each that is added."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.light_markdown import to_plain
from bot.channels.terminal_text import printable
from bot.errors import OutcomeUnknown
from bot.messages import (
    TOKEN_LIMIT,
    Choice,
    Option,
    Place,
    Reply,
    ReplyKind,
    Text,
    Token,
    plain,
)
from tests.builders import content_of, shipped
from tests.channels.hostile import letters, texts
from tests.contracts.channels import MAKERS, Bench

LABELS = ("Yes", "No, leave it", "What are the fees for EngTech or ICTTech?", "x" * 75)
Maker = Callable[[], Bench]


@pytest.fixture(params=MAKERS, ids=str)
def maker(request: pytest.FixtureRequest) -> Maker:
    return MAKERS[request.param]


@pytest.fixture
def bench(maker: Maker) -> Bench:
    return maker()


def send(bench: Bench, reply: Reply, key: str = "channel:1#0") -> str:
    return asyncio.run(bench.channel.send(bench.address, Place.PRIVATE, reply, key))


def asking(text: str = "Which?", first: int = 1) -> Reply:
    options = tuple(
        Option(Token(f"{place}".rjust(TOKEN_LIMIT, "t")), label)
        for place, label in enumerate(LABELS)
    )
    return Reply(text=text, options=options, first_number=first, kind=ReplyKind.QUESTION)


def seen(bench: Bench) -> str:
    return "\n".join(shown.text for shown in bench.messages())


def long_answers() -> list[str]:
    entries = content_of(shipped()["faq.yaml"]).faq.entries
    return sorted((entry.answer.en for entry in entries), key=len)[-5:]


def test_a_reply_is_shown_and_has_a_receipt(bench: Bench) -> None:
    assert send(bench, Reply(text="**Hello** there."))
    assert seen(bench).strip() == "Hello there."


def test_no_message_is_over_the_limit(bench: Bench) -> None:
    for place, answer in enumerate(long_answers()):
        send(bench, asking(answer), f"channel:{place}#0")
    limit = bench.channel.capabilities.text_limit
    assert bench.messages()
    assert all(shown.size <= limit for shown in bench.messages())


def test_a_long_reply_loses_nothing_and_repeats_nothing(bench: Bench) -> None:
    for place, answer in enumerate(long_answers()):
        before = len(bench.messages())
        send(bench, Reply(text=answer), f"channel:{place}#0")
        parts = bench.messages()[before:]
        assert letters("".join(shown.text for shown in parts)) == letters(to_plain(answer))


def test_the_options_come_with_the_last_message(bench: Bench) -> None:
    send(bench, asking(long_answers()[-1]))
    *earlier, last = bench.messages()
    for label in LABELS:
        assert letters(label) in letters(last.text)
        assert all(letters(label) not in letters(shown.text) for shown in earlier)


def test_every_option_is_reached_by_its_button(bench: Bench) -> None:
    reply = asking(first=3)
    send(bench, reply)
    pressed = [bench.pressed(number) for number in range(3, 3 + len(LABELS))]
    assert pressed == [Choice(option.token) for option in reply.options]


def test_every_option_can_be_typed_by_its_number_and_its_label(bench: Bench) -> None:
    send(bench, asking(first=3))
    for place, label in enumerate(LABELS):
        number = str(3 + place)
        assert letters(number + label) in letters(seen(bench))
        assert bench.typed(number) == Text(number)
        assert bench.typed(label) == Text(label)


@settings(max_examples=150)
@given(texts)
@pytest.mark.parametrize("name", MAKERS)
def test_words_of_a_person_are_shown_as_they_are(name: str, words: str) -> None:
    bench = MAKERS[name]()
    send(bench, Reply(text=f"You said: {plain(words)}, right?"))
    assert letters(seen(bench)) == letters(printable(f"You said: {words}, right?"))
    assert not any(shown.has_markup for shown in bench.messages())


@settings(max_examples=150)
@given(texts, st.text(max_size=30))
@pytest.mark.parametrize("name", MAKERS)
def test_the_text_twin_says_all_of_it(name: str, text: str, label: str) -> None:
    bench = MAKERS[name]()
    send(bench, Reply(text=text, options=(Option(Token("t"), label),)))
    assert letters(seen(bench)) == letters(printable(to_plain(text))) + "1" + letters(
        printable(label)
    )


def test_troubles_of_the_medium_are_told_by_their_names(maker: Maker) -> None:
    troubles = maker().troubles
    assert troubles
    for trouble in troubles:
        bench = maker()
        address = bench.troubles[trouble]()
        with pytest.raises(trouble):
            asyncio.run(bench.channel.send(address, Place.PRIVATE, Reply(text="a"), "channel:1#0"))


def test_what_was_not_shown_cannot_be_pressed(bench: Bench) -> None:
    send(bench, asking(), "channel:1#0")
    bench.troubles[OutcomeUnknown]()
    reply = Reply(text="a", options=(Option(Token("new"), "New"),))
    with pytest.raises(OutcomeUnknown):
        send(bench, reply, "channel:2#0")
    assert bench.pressed(1) == Choice(asking().options[0].token)
