"""Broadcasts that are taken back: in the minute after a yes, on their way, and by a button in a flood."""

from collections.abc import Sequence

import pytest

from bot.messages import Text
from bot.service import outbox
from bot.service.conversation import Conversation
from bot.service.flood import Limits
from bot.service.outbox import Delivery
from bot.service.ports import Row
from tests.builders import wording
from tests.service.broadcast_house import ULR, ZONE, BroadcastHouse
from tests.service.houses import CHANNEL
from tests.service.test_broadcasts import REPS, SENT, begins, two_ulrs

OWNER = "owner"


def agreed() -> BroadcastHouse:
    """A house in which a second ULR has just agreed to a broadcast to everybody."""
    house = two_ulrs()
    house.compose(audience="everybody")
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    house.press("vera", wording("button.bc-look"))
    house.press("vera", wording("button.bc-approve"))
    house.work()
    return house


@pytest.mark.parametrize("who", [ULR, "vera"])
def test_what_a_second_ulr_agreed_to_can_be_undone_by_both_for_a_minute(who: str) -> None:
    house = agreed()
    house.pass_time(seconds=50)
    assert house.rows("delivery") == []
    house.press(who, wording("button.bc-undo"))
    house.pass_time(minutes=5)
    assert (house.rows("delivery"), house.broadcast()["status"]) == ([], "draft")


def test_after_that_minute_it_is_sent() -> None:
    house = agreed()
    house.pass_time(seconds=61)
    assert [house.told(who) for who in REPS] == [1, 1, 1]


@pytest.mark.parametrize(
    "change", [{"texts": '{"en": "Other words."}'}, {"approved": "another"}, {"approved": None}]
)
def test_what_nobody_else_has_agreed_to_is_not_sent_to_everybody(change: Row) -> None:
    house = agreed()
    house.do(lambda tx: tx.update("broadcast", {}, change))
    house.pass_time(minutes=5)
    assert (house.rows("delivery"), house.broadcast()["status"]) == ([], "cancelled")
    lead = begins("broadcast.not-agreed")
    told = [s.address.id for s in house.channel.sent if s.reply.text.startswith(lead)]
    assert sorted(told) == [ULR, "vera"]


def on_its_way() -> tuple[BroadcastHouse, Sequence[Delivery]]:
    """A house whose broadcast is being handed to the channel at this moment."""
    house = BroadcastHouse()
    house.send()
    house.only_jobs()
    now = house.clock.now()
    claimed = house.do(lambda tx: outbox.claim(tx, OWNER, (CHANNEL,), now, 9))
    assert len(claimed) == len(REPS)
    return house, claimed


def throttle(house: BroadcastHouse, claimed: Sequence[Delivery]) -> None:
    """The channel takes none of it now, but would later."""
    now = house.clock.now()
    for one in claimed:
        house.do(lambda tx, one=one: outbox.again(tx, one, OWNER, "Throttled", now, 30))  # type: ignore[misc]  # bound at once


def test_what_comes_back_after_a_halt_does_not_go_out_again() -> None:
    house, claimed = on_its_way()
    house.hear(ULR, Text("/halt"))
    throttle(house, claimed)
    house.pass_time(minutes=5)
    assert house.fates() == dict.fromkeys(REPS, "halted")
    assert [house.told(who) for who in REPS] == [0, 0, 0]


def test_what_comes_back_after_a_no_does_not_go_out_again() -> None:
    house, claimed = on_its_way()
    house.hear("rep0", Text("/stop news"))
    house.hear("rep1", Text("stop"))
    throttle(house, claimed)
    house.pass_time(minutes=5)
    assert house.fates() == SENT | {"rep0": "opted-out", "rep1": "opted-out"}
    assert [house.told(who) for who in REPS] == [0, 0, 1]


def test_a_button_that_says_no_is_heard_in_a_flood_each_once() -> None:
    house = BroadcastHouse()
    house.send()
    house.work()
    limits = Limits(person=1)
    house.conversation = Conversation(house.store, house.library, house.clock, ZONE, limits=limits)
    for _ in range(2):
        house.say("rep0", "hello")
    assert house.say("rep0", "hello") == []
    house.press("rep0", wording("button.bc-stop"))
    assert [row["topic"] for row in house.rows("opt_out")] == ["news"]
    assert house.press("rep0", wording("button.bc-stop")) == []
    house.press("rep0", wording("button.stop-all"))
    assert {row["topic"] for row in house.rows("opt_out")} == {"news", "all"}
    assert house.press("rep0", wording("button.undo-stop")) == []
