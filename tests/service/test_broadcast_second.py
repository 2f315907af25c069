"""A second pair of eyes sees what the author saw, and a yes that comes late counts from then on."""

from datetime import UTC, datetime

import pytest

from bot.messages import Role
from bot.planning.lifecycle import Status
from tests.builders import wording
from tests.service.broadcast_house import ULR, WORDS, BroadcastHouse
from tests.service.test_broadcast_drafts import button, read
from tests.service.test_broadcast_looks import LONG, TwoChannels, twins
from tests.service.test_broadcasts import begins, two_ulrs

MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVERYBODY, EACH_MONDAY = "everybody", "every Monday at 9"


def put_to_vera(when: str, words: str = WORDS) -> BroadcastHouse:
    """A house with a broadcast to everybody that waits for a second ULR."""
    house = two_ulrs()
    house.compose(audience=EVERYBODY, when=when, words=words)
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    return house


@pytest.mark.parametrize("is_typed", [True, False])
def test_a_second_ulr_sees_what_the_author_saw_on_every_channel(is_typed: bool) -> None:
    house = TwoChannels()
    for name in house.benches:
        house.enrol(name)
    house.say("vera", "hello")
    house.grant("vera", Role.ULR)
    seen = house.compose(words=LONG, audience=EVERYBODY)
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    look = wording("button.bc-look")
    shown = house.say("vera", look) if is_typed else house.press("vera", look)
    house.store.close()
    assert set(twins(seen)) == {"telegram", "slack"}
    assert shown[:-1] == seen[:-1], "the message and its twins"
    for line in seen[-1].splitlines():
        if line.startswith("- ") and line != f"- {wording('broadcast.at-once')}":
            assert line in shown[-1]
    assert wording("broadcast.once-agreed", seconds=60) in shown[-1]


def test_people_are_counted_for_a_second_pair_of_eyes_alone() -> None:
    house = put_to_vera(EACH_MONDAY)
    assert read(house, button(house, "button.bc-show")) == []
    wanted = button(house, "button.bc-look", who="vera")
    assert read(house, wanted, who="vera") == ["all"]
    house.press("vera", wording("button.bc-look"))
    assert read(house, button(house, "button.bc-approve", who="vera"), who="vera") == ["all"]


def test_a_yes_to_a_time_that_has_passed_sends_nothing() -> None:
    house = put_to_vera("Monday at 9")
    house.press("vera", wording("button.bc-look"))
    house.clock.time = datetime(2026, 11, 24, 12, tzinfo=UTC)
    said = house.press("vera", wording("button.bc-approve"))
    assert wording("broadcast.time-passed") in said[-1]
    house.pass_time(minutes=5)
    assert (house.broadcast()["status"], house.rows("delivery")) == (Status.AWAITING, [])
    house.press("vera", wording("button.bc-do-change"))
    assert house.broadcast()["status"] == Status.DRAFT
    house.work()
    assert any(
        s.reply.text.startswith(begins("broadcast.was-changed")) for s in house.channel.sent
    )


def test_a_yes_that_comes_late_to_one_that_comes_again_counts_for_the_next_time() -> None:
    house = put_to_vera(EACH_MONDAY)
    house.clock.time = datetime(2026, 11, 24, 12, tzinfo=UTC)
    shown = house.press("vera", wording("button.bc-look"))
    assert "30 November 2026" in shown[-1]
    assert "- Monday 23 November" not in shown[-1]
    house.press("vera", wording("button.bc-approve"))
    house.pass_time(minutes=5)
    assert house.rows("delivery") == []
    house.clock.time = datetime(2026, 11, 30, 9, tzinfo=UTC)
    house.work()
    assert house.told("rep0") == 1
    assert not any("I was not running" in s.reply.text for s in house.channel.sent)


def test_one_that_was_paused_past_its_time_is_changed_and_not_sent() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    house.press(ULR, wording("button.bc-show"))
    house.press(ULR, wording("button.bc-do-pause"))
    house.clock.time = datetime(2026, 11, 24, 12, tzinfo=UTC)
    house.command(ULR, "broadcast")
    house.press(ULR, wording("button.bc-list"))
    assert wording("broadcast.time-passed") in house.press(ULR, "Number 1")[-1]
    assert house.press(ULR, wording("button.bc-do-go-on"))[-1].startswith(
        wording("broadcast.time-passed")
    )
    house.pass_time(minutes=5)
    assert (house.broadcast()["status"], house.rows("delivery")) == (Status.PAUSED, [])


def test_one_that_comes_again_waits_for_somebody_who_may_send_it() -> None:
    house = two_ulrs()
    house.send(when=EACH_MONDAY)
    house.say("vera", "hello")
    author = house.person(ULR)
    house.do(lambda tx: tx.delete("role", {"person": author}))
    house.clock.time = MONDAY_9
    house.work()
    assert (house.broadcast()["status"], house.rows("delivery")) == (Status.PAUSED, [])
    lead = begins("broadcast.withdrawn-again")
    told = [s.address.id for s in house.channel.sent if s.reply.text.startswith(lead)]
    assert sorted(told) == [ULR, "vera"]
    house.press("vera", wording("button.bc-look"))
    house.press("vera", wording("button.bc-do-go-on"))
    assert house.broadcast()["author"] == house.person("vera")
    house.clock.time = datetime(2026, 11, 30, 9, tzinfo=UTC)
    house.work()
    assert house.told("rep0") == 1


def test_nobody_is_asked_where_nobody_could_agree() -> None:
    house = BroadcastHouse()
    said = house.compose(audience=EVERYBODY)
    assert "Nobody else in your branch can agree yet." in said[-1]
    labels = {option.label for option in house.channel.sent[-1].reply.options}
    assert wording("button.bc-ask-second") not in labels
    assert wording("button.bc-confirm") not in labels
    house.say("vera", "hello")
    house.grant("vera", Role.ULR)
    house.command(ULR, "broadcast")
    house.press(ULR, wording("button.bc-go-on"))
    person = house.person("vera")
    house.do(lambda tx: tx.delete("role", {"person": person}))
    said = house.press(ULR, wording("button.bc-ask-second"))
    assert "Nobody else in your branch can agree yet." in said[-1]
    assert house.broadcast()["status"] == Status.DRAFT


def test_one_whose_audience_has_grown_since_the_yes_waits_for_a_second_one() -> None:
    house = BroadcastHouse(people=99)
    house.say("vera", "hello")
    house.grant("vera", Role.ULR)
    house.send(when=EACH_MONDAY)
    house.clock.time = MONDAY_9
    house.work()
    assert house.broadcast()["status"] == Status.SENDING
    house.pass_time(minutes=1)
    house.say("newcomer", "hello")
    house.grant("newcomer", Role.REP)
    house.clock.time = datetime(2026, 11, 30, 9, tzinfo=UTC)
    house.work()
    assert (house.broadcast()["status"], house.told("newcomer")) == (Status.PAUSED, 0)
    house.press("vera", wording("button.bc-look"))
    house.press("vera", wording("button.bc-do-change"))
    house.press("vera", wording("button.bc-preview"))
    house.press("vera", wording("button.bc-ask-second"))
    house.work()
    house.press(ULR, wording("button.bc-look"))
    house.press(ULR, wording("button.bc-approve"))
    house.clock.time = datetime(2026, 12, 7, 9, tzinfo=UTC)
    house.work()
    house.pass_time(minutes=1)
    assert house.told("newcomer") == 1
