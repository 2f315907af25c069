import asyncio
import io
from contextlib import ExitStack

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.channels.terminal import NAME
from bot.channels.terminal_screen import PlainScreen
from bot.cli import chat_texts
from bot.cli.chat_desk import Desk
from bot.cli.chat_opening import Opened
from bot.cli.chat_prompt import ARGUMENTS, LOCAL, ChatCompleter
from bot.engine.commands import COMMANDS
from bot.errors import StoreBusy
from bot.knowledge.shapes import LANGUAGES
from bot.messages import Address, BranchId, Place, Reply, Role
from bot.service import outbox
from bot.service.outbox import Target
from bot.service.ports import Tx
from tests.builders import FixedClock, wording
from tests.cli.rooms import Room, furnished


def test_a_line_is_heard_and_answered() -> None:
    room = Room()
    room.open()
    shown = room.type("How much does registration cost?")
    assert shown.startswith("How much does registration cost?\n\nIt costs less than you think.")
    assert "  1. What is registration?" in shown


def test_every_reply_is_receipted_in_the_outbox() -> None:
    room = Room()
    room.open()
    room.type("/help", "/status")
    assert [row["status"] for row in room.rows("outbox")] == ["sent", "sent"]


def test_a_number_and_a_press_do_the_same() -> None:
    typed, pressed = Room(), Room()
    for room in (typed, pressed):
        room.open()
        room.type("How much does registration cost?")
    assert typed.type("1") == pressed.type("/press 1")


def test_an_old_button_says_so() -> None:
    room = Room()
    room.open()
    assert room.type("/press 7") == wording("button.expired").replace("**", "")


def test_somebody_new_is_welcomed_once() -> None:
    store = furnished()
    assert "I am Pathways" in Room(store).open(welcome=True)
    assert Room(store).open(welcome=True) == ""


def test_nobody_is_welcomed_at_the_end_of_a_pipe_or_in_a_group() -> None:
    assert Room().open(welcome=False) == ""
    assert Room(place=Place.GROUP).open(welcome=True) == ""


def test_another_name_is_another_person() -> None:
    store = furnished()
    ann, bob = Room(store, "ann"), Room(store, "bob")
    ann.open()
    bob.open()
    ann.type("/audience rep")
    assert "A workplace rep" in ann.type("/status")
    assert "not chosen yet" in bob.type("/status")
    assert len(ann.rows("person")) == 2


def test_a_role_is_granted_in_this_store_and_audited() -> None:
    room = Room()
    room.open(Role.EDITOR, Role.REP, Role.MEMBER)
    assert room.talk.standing.roles == {Role.MEMBER, Role.REP, Role.EDITOR}
    assert [row["detail"] for row in room.rows("audit")] == ["editor", "rep"]
    assert {row["who"] for row in room.rows("audit")} == {"console"}
    assert room.type("/why") == wording("why.nothing")


def test_a_role_stays_and_is_not_granted_twice() -> None:
    store = furnished()
    Room(store).open(Role.EDITOR)
    again = Room(store)
    again.open(Role.EDITOR)
    assert again.talk.standing.roles == {Role.MEMBER, Role.EDITOR}
    assert len(again.rows("audit")) == 1


def test_a_role_opens_no_door_by_itself() -> None:
    room = Room()
    room.open(Role.REP)
    assert room.type("/why") == wording("refused.role")


def test_in_a_group_only_calls_and_commands_are_heard() -> None:
    room = Room(place=Place.GROUP)
    room.open()
    ignored = f"({chat_texts.NOT_CALLED})"
    assert room.type("How much does registration cost?") == ignored
    assert room.type("2") == ignored
    assert "It costs less" in room.type("@Pathways, How much does registration cost?")
    assert "A check from outside." in room.type("@pathways 1")
    assert room.type("/press 99") == wording("button.not-yours")
    assert room.type("/mydata") == wording("refused.place")
    assert room.type("@pathways") == wording("empty").replace("**", "")


def left_behind(address: str, text: str) -> Room:
    """A room in whose store an earlier chat left a reply, leased and never receipted."""
    room = Room()
    clock = FixedClock()
    target = Target(
        branch=BranchId("main"), person=None, address=Address(NAME, address), place=Place.PRIVATE
    )

    def leave(tx: Tx) -> None:
        replies = (Reply(text=f"{text} 1"), Reply(text=f"{text} 2"))
        outbox.queue(tx, target, replies, "terminal:old", clock.now())
        assert outbox.claim(tx, "a killed one", {NAME}, clock.now(), 1)

    room.store.submit(leave).result()
    return room


def test_what_an_earlier_chat_left_is_shown_first_and_said_so() -> None:
    room = left_behind("ann", "Left")
    assert room.open() == f"({chat_texts.LEFT_OVER})\n\nLeft 1\n\nLeft 2"
    assert room.open() == ""
    assert room.type("/repeat") == wording("repeat.nothing")


def test_what_was_left_for_somebody_else_waits_for_them() -> None:
    room = left_behind("bob", "For Bob")
    assert room.open() == ""
    assert "Bob" not in room.type("/help", "/status")
    bob = Room(room.store, "bob")
    assert bob.open().endswith("For Bob 1\n\nFor Bob 2")


def test_a_turn_that_fails_gets_a_sentence_and_the_talk_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = Room()
    room.open()
    monkeypatch.setattr("bot.engine.orders.ORDERS", {})
    assert room.type("/help") == wording("error.generic")
    monkeypatch.undo()
    assert room.type("/status")


def test_a_store_that_cannot_commit_says_so() -> None:
    room = Room()
    room.open()
    room.store.close()
    assert room.type("/help") == wording("error.try-again")


def test_a_screen_that_has_gone_ends_the_talk_and_the_reply_waits() -> None:
    room = Room()
    room.open()
    room.stream.close()
    with pytest.raises(BrokenPipeError):
        room.type("/help")
    again = Room(room.store, stream=io.StringIO())
    assert chat_texts.LEFT_OVER in again.open()


@pytest.mark.parametrize(
    "line", ["", "\x00\x1b[2J", "\U0001f600", "\u202e\u05e9", "x" * 5_000, "/" * 99]
)
def test_odd_lines_are_answered(line: str) -> None:
    room = Room()
    room.open()
    shown = room.type(line)
    assert shown
    assert "\x1b" not in shown


def desk_of(room: Room) -> Desk:
    opened = Opened(talk=room.talk, screen=PlainScreen(room.stream), closing=ExitStack())
    desk = Desk(lambda: opened)
    desk.start()
    desk.wait()
    return desk


def completions(desk: Desk, text: str) -> list[str]:
    found = ChatCompleter(desk).get_completions(Document(text), CompleteEvent())
    return [one.text for one in found]


def test_commands_are_completed_as_far_as_they_may_be_used() -> None:
    room = Room()
    room.open()
    desk = desk_of(room)
    everything = completions(desk, "/")
    assert everything == sorted(everything)
    assert {"/help", "/open", "/press", "/forget"} <= set(everything)
    assert not {"/why", "/invite"} & set(everything)
    room.open(Role.ADMIN)
    assert len(completions(desk, "/")) == len(COMMANDS) + len(LOCAL)
    assert completions(desk, "/au") == ["/audience"]
    assert completions(desk, "/audience E") == ["employer"]
    assert completions(desk, "/why x") == []


def test_options_on_the_table_are_completed_by_number_and_label() -> None:
    room = Room()
    room.open()
    desk = desk_of(room)
    assert completions(desk, "He") == []
    room.type("How much does registration cost?")
    assert completions(desk, "he") == ["Helpful"]
    assert completions(desk, "1") == ["What is registration?"]
    assert completions(desk, "/press ") == ["1", "2", "3", "4", "5"]


def test_before_the_talk_is_open_the_desk_knows_only_what_everybody_may() -> None:
    desk = Desk(lambda: desk_of(Room()).wait())
    assert not desk.is_ready
    assert desk.opened is None
    assert desk.error is None
    assert desk.standing.roles == {Role.MEMBER}
    assert not desk.has_greeting
    assert "/help" in completions(desk, "/")
    desk.close()


def test_a_desk_hands_on_why_a_talk_cannot_be_opened() -> None:
    def fail() -> Opened:
        raise StoreBusy("Somebody else is here.")

    desk = Desk(fail)
    called: list[bool] = []
    desk.when_ready(lambda: called.append(True))
    desk.start()
    with pytest.raises(StoreBusy):
        desk.wait()
    assert isinstance(desk.error, StoreBusy)
    assert desk.opened is None
    desk.when_ready(lambda: called.append(True))
    assert called == [True, True]


def test_a_desk_greets_once() -> None:
    room = Room()
    room.open()
    desk = desk_of(room)
    assert desk.has_greeting
    before = len(room.stream.getvalue())
    asyncio.run(desk.greet())
    assert "I am Pathways" in room.stream.getvalue()[before:]
    shown = room.stream.getvalue()
    asyncio.run(desk.greet())
    assert room.stream.getvalue() == shown
    assert not desk.has_greeting


def test_who_typed_before_the_welcome_is_not_welcomed_any_more() -> None:
    room = Room()
    room.open()
    desk = desk_of(room)
    asyncio.run(desk.greet(welcome=False))
    assert not desk.has_greeting
    asyncio.run(desk.greet())
    assert room.stream.getvalue() == ""


def test_the_languages_that_are_completed_are_those_there_are() -> None:
    assert ARGUMENTS["language"] == LANGUAGES
