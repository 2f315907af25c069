import asyncio
import io
import sys

import pytest

from bot.channels.splitting import Part
from bot.channels.terminal import EXPIRED, LINE_LIMIT, NAME, TerminalChannel, to_utterance
from bot.channels.terminal_screen import (
    PlainScreen,
    RichScreen,
    open_screen,
    shows_hyperlinks,
)
from bot.channels.terminal_text import is_dumb
from bot.errors import OutcomeUnknown, Throttled
from bot.messages import (
    Address,
    Choice,
    Command,
    Option,
    Place,
    Reply,
    Text,
    Token,
    Utterance,
)

ANN = Address(NAME, "ann")
COLOURFUL = {"TERM": "xterm-256color"}


class Terminal(io.StringIO):
    """A stream that says of itself that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def channel_on(stream: io.StringIO) -> TerminalChannel:
    return TerminalChannel(PlainScreen(stream), {ANN})


def send(channel: TerminalChannel, reply: Reply, key: str, to: Address = ANN) -> str:
    return asyncio.run(channel.send(to, Place.PRIVATE, reply, key))


def question(*labels: str, first: int = 1) -> Reply:
    options = tuple(Option(Token(f"t-{label}"), label) for label in labels)
    return Reply(text="Which?", options=options, first_number=first)


@pytest.mark.parametrize(
    ("line", "utterance"),
    [
        ("how much is it?", Text("how much is it?")),
        ("", Text("")),
        ("  2 ", Text("  2 ")),
        ("/topics", Command("topics")),
        ("/Audience  rep ", Command("audience", "rep")),
        ("/open ab-12", Command("start", "ab-12")),
        ("/open", Command("start")),
        ("/press 2", Choice(Token("t-B"))),
        (" /PRESS  1 ", Choice(Token("t-A"))),
        ("/press 9", Choice(EXPIRED)),
        ("/press two", Command("press", "two")),
        ("/", Text("/")),
        ("/ topics", Text("/ topics")),
        ("a /topics", Text("a /topics")),
        ("\x00\x1b[2J\u202e\U0001f600", Text("\x00\x1b[2J\u202e\U0001f600")),
        ("x" * 5_000, Text("x" * 5_000)),
        ("x" * 50_000, Text("x" * LINE_LIMIT)),
    ],
)
def test_a_line_is_read_as_an_utterance(line: str, utterance: Utterance) -> None:
    channel = channel_on(io.StringIO())
    send(channel, question("A", "B"), "terminal:k#0")
    assert channel.to_utterance(line) == utterance


def test_without_options_a_press_is_of_an_expired_button() -> None:
    assert to_utterance("/press 1") == Choice(EXPIRED)


def test_options_of_one_turn_are_on_the_table_together() -> None:
    channel = channel_on(io.StringIO())
    send(channel, question("A"), "terminal:k#0")
    send(channel, question("B", first=2), "terminal:k#1")
    assert {number: option.label for number, option in channel.offers.items()} == {1: "A", 2: "B"}


def test_a_turn_with_options_clears_the_table_and_one_without_does_not() -> None:
    channel = channel_on(io.StringIO())
    send(channel, question("A", "B"), "terminal:k#0")
    send(channel, Reply(text="Done."), "terminal:l#0")
    assert list(channel.offers) == [1, 2]
    send(channel, question("C"), "terminal:m#0")
    assert [option.label for option in channel.offers.values()] == ["C"]


def test_what_was_shown_is_handed_over_once() -> None:
    channel = channel_on(io.StringIO())
    send(channel, question("A"), "k#0")
    assert channel.take_shown() == (question("A"),)
    assert channel.take_shown() == ()


def test_replies_to_somebody_else_wait_until_they_sit_here() -> None:
    stream = io.StringIO()
    channel = channel_on(stream)
    with pytest.raises(Throttled):
        send(channel, Reply(text="For Bob."), "k#0", Address(NAME, "bob"))
    assert stream.getvalue() == ""
    assert channel.take_shown() == ()


def test_a_closed_screen_leaves_the_outcome_open() -> None:
    stream = io.StringIO()
    channel = channel_on(stream)
    stream.close()
    with pytest.raises(OutcomeUnknown):
        send(channel, Reply(text="Anybody?"), "k#0")
    assert channel.is_gone
    assert channel.take_shown() == ()


def test_messages_on_a_stream_stand_apart() -> None:
    stream = io.StringIO()
    screen = PlainScreen(stream)
    for reply in ("One.", "Two."):
        send(TerminalChannel(screen, {ANN}), Reply(text=reply), "k#0")
    screen.note("a \x1b[1mnote")
    with screen.busy("never seen"):
        assert stream.getvalue() == "One.\n\nTwo.\n\n(a note)\n"


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        (COLOURFUL, RichScreen),
        ({**COLOURFUL, "NO_COLOR": ""}, RichScreen),
        ({**COLOURFUL, "NO_COLOR": "1"}, PlainScreen),
        ({"TERM": "dumb"}, PlainScreen),
        ({}, PlainScreen),
    ],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    environment: dict[str, str], kind: type
) -> None:
    assert isinstance(open_screen(Terminal(), environment), kind)


def test_a_stream_that_is_no_terminal_gets_none() -> None:
    assert isinstance(open_screen(io.StringIO(), COLOURFUL), PlainScreen)


def test_a_terminal_without_colours_gets_no_escape_code() -> None:
    stream = Terminal()
    screen = open_screen(stream, {**COLOURFUL, "NO_COLOR": "1"})
    send(TerminalChannel(screen, {ANN}), question("A"), "k#0")
    assert stream.getvalue() == "\nWhich?\n\n  1. A\n"


def test_a_terminal_in_colour_shows_notes_and_the_bot() -> None:
    stream = Terminal()
    screen = open_screen(stream, COLOURFUL)
    screen.note("A note.")
    screen.show(Part(blocks=()))
    before = sys.stdout, sys.stderr
    with screen.busy("Busy."):
        assert (sys.stdout, sys.stderr) == before
    assert "Busy." in stream.getvalue()
    assert "A note." in stream.getvalue()
    assert "\x1b[" in stream.getvalue()


@pytest.mark.parametrize(
    ("environment", "shows"),
    [
        ({}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "7200", "TMUX": "/run/x,1,0"}, False),
    ],
)
def test_only_terminals_that_are_known_for_it_hide_addresses(
    environment: dict[str, str], *, shows: bool
) -> None:
    assert shows_hyperlinks(environment) is shows


@pytest.mark.parametrize(("term", "dumb"), [("dumb", True), ("unknown", True), ("xterm", False)])
def test_a_dumb_terminal_says_so(term: str, *, dumb: bool) -> None:
    assert is_dumb({"TERM": term}) is dumb
