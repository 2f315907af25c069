"""Too much at once: told once, then silence until it ebbs, and nothing lost without a word (T20)."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Address, Choice, Command, Inbound, Place, ReplyKind, Text, Token
from bot.service.conversation import Conversation
from bot.service.flood import WINDOW, Limits
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from tests.builders import FixedClock, wording
from tests.service.houses import CHANNEL, GROUP, House

COST = "How much does registration cost?"
CRISIS = "i want to end it all"
PERSON, PLACE = 6, 10
LIMITS = Limits(person=PERSON, place=PLACE)
TOLD = wording("flood.person")


def limited(store: Store, clock: FixedClock | None = None) -> House:
    house = House(store, clock=clock)
    house.conversation = Conversation(store, house.library, house.clock, limits=LIMITS)
    return house


@pytest.fixture
def flooded(store: Store) -> House:
    """Ann has written as much as is heard, and one more, to which she was told."""
    house = limited(store)
    for _ in range(PERSON):
        assert "It costs" in house.say("ann", COST)[0]
    assert house.say("ann", COST) == [TOLD]
    return house


def test_it_is_said_once_and_then_nothing_until_it_ebbs(flooded: House) -> None:
    assert flooded.say("ann", COST) == []
    flooded.clock.pass_(seconds=29)
    assert flooded.say("ann", COST) == []
    flooded.clock.pass_(seconds=60)
    unread, answer, *_ = flooded.say("ann", COST)
    assert unread == wording("flood.unread", count=3)
    assert "It costs" in answer
    assert "It costs" in flooded.say("ann", COST)[0], "that was said, and is over"


def test_where_only_the_message_that_we_told_of_was_left_out_nothing_more_is_said(
    flooded: House,
) -> None:
    flooded.clock.pass_(seconds=31)
    assert "It costs" in flooded.say("ann", COST)[0]


def test_nobody_else_notices(flooded: House) -> None:
    assert "It costs" in flooded.say("ben", COST)[0]


def test_a_cry_for_help_is_heard_however_much_was_said_before(flooded: House) -> None:
    for _ in range(3):
        (card,) = flooded.say("ann", CRISIS)
        assert "Please talk to somebody now" in card
        assert flooded.say("ann", COST) == []


def test_the_card_in_a_crisis_waits_behind_no_other_reply(store: Store) -> None:
    house = limited(store)
    for _ in range(4):
        house.hear("ann", Text(COST))
    house.hear("ann", Text(CRISIS))
    house.deliver()
    assert "Please talk to somebody now" in house.channel.sent[0].reply.text
    assert len(house.channel.sent) == 5


def test_stop_is_heard_once_since_a_no_holds_at_once(flooded: House) -> None:
    assert flooded.say("ann", "stop")
    assert flooded.rows("opt_out", topic="all")
    assert flooded.command("ann", "stop") == []


def test_what_is_not_heard_changes_no_session_and_comes_only_once(flooded: House) -> None:
    before = flooded.session("ann")
    assert flooded.hear("ann", Text(COST), key="test:late")
    assert not flooded.hear("ann", Text(COST), key="test:late")
    assert flooded.session("ann") == before
    (row,) = flooded.rows("flood")
    assert row["unread"] == 2


def test_it_holds_over_a_restart(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "house.db")
    house = limited(store)
    for _ in range(PERSON + 1):
        house.say("ann", COST)
    store.close()
    store = SQLiteStore(tmp_path / "house.db")
    again = limited(store, FixedClock(house.clock.time, seed=1))
    assert again.say("ann", COST) == []
    store.close()


def test_a_shared_place_has_a_limit_of_its_own_and_one_person_cannot_use_it_up(
    store: Store,
) -> None:
    house = limited(store)
    for _ in range(PLACE):
        house.say("ann", COST, Place.GROUP)
    assert "It costs" in house.say("ben", COST, Place.GROUP)[0]
    said = [house.say(who, COST, Place.GROUP)[:1] for who in ("ben", "eve", "joe", "sue", "tim")]
    assert said.count([wording("flood.place")]) == 1
    assert said[-1] == []
    assert "It costs" in house.say("sue", COST)[0], "in private she is heard"


def test_a_clock_that_was_put_back_makes_nobody_wait_for_hours(flooded: House) -> None:
    flooded.clock.pass_(hours=-2)
    flooded.say("ann", COST)
    flooded.clock.pass_(seconds=61)
    assert len(flooded.say("ann", COST)) > 1


def test_without_limits_everything_is_heard(house: House) -> None:
    for _ in range(50):
        assert house.say("ann", COST)
    assert house.rows("flood") == []


def test_forgetting_takes_the_count_with_it(flooded: House) -> None:
    flooded.clock.pass_(minutes=2)
    flooded.command("ann", "forget", "yes")
    assert flooded.rows("flood") == []


@settings(max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_nobody_is_heard_more_often_than_the_limit_nor_kept_silent_for_ever(
    pauses: Sequence[int],
) -> None:
    house = limited(MemoryStore())
    heard: list[int] = []
    at = 0
    for pause in pauses:
        at += pause
        house.clock.pass_(seconds=pause)
        before = house.rows("flood", unread=0)
        if any("It costs" in text for text in house.say("ann", COST)):
            heard.append(at)
        elif pause > WINDOW.total_seconds() / 2:
            assert before, "half a minute of silence is enough"
    for start in heard:
        lately = [one for one in heard if start <= one < start + WINDOW.total_seconds()]
        assert len(lately) <= 2 * PERSON, "a full bucket, and what ran out of it meanwhile"


def press(house: House, *, can_whisper: bool) -> None:
    group = Address(CHANNEL, GROUP)
    inbound = Inbound(
        key=f"test:press-{can_whisper}",
        identity=Address(CHANNEL, "ben"),
        address=group,
        place=Place.GROUP,
        utterance=Choice(Token("not of ben")),
        whisper_to=Address(CHANNEL, "ben-alone") if can_whisper else None,
    )
    assert house.conversation.hear(inbound).result(30)


@pytest.mark.parametrize("can_whisper", [True, False])
def test_a_press_of_anothers_button_is_answered_to_that_person_where_that_can_be(
    house: House, can_whisper: bool
) -> None:
    press(house, can_whisper=can_whisper)
    house.deliver()
    (sent,) = house.channel.sent
    assert sent.reply.kind is ReplyKind.WHISPER
    assert sent.reply.text == wording("button.not-yours")
    assert sent.address.id == ("ben-alone" if can_whisper else GROUP)


def test_what_a_press_is_told_fits_the_narrowest_channel() -> None:
    assert len(wording("button.not-yours")) <= 200


def test_in_private_an_old_button_is_answered_as_before(house: House) -> None:
    house.hear("ben", Command("help"))
    house.hear("ben", Choice(Token("old")))
    house.deliver()
    assert house.channel.sent[-1].reply.kind is ReplyKind.NOTICE
