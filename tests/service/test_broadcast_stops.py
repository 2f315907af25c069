"""Broadcasts that are taken back: in the minute after a yes, on their way, and by a button in a flood."""

import pytest

from tests.builders import wording
from tests.service.broadcast_house import ULR, BroadcastHouse
from tests.service.test_broadcasts import REPS, two_ulrs


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
