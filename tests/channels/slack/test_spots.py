"""Addresses name a place in Slack, and only ours do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.spots import NAME, Spot, spot_of
from bot.messages import Address

ids = st.text("ABCDEFU0123456789_-", min_size=1, max_size=12)
stamps = st.one_of(st.just(""), st.text("0123456789.", min_size=1, max_size=12))


@given(ids, ids, st.one_of(st.just(""), ids), stamps, st.sampled_from(["", "begins", "alone"]))
def test_an_address_gives_its_spot_back(
    team: str, user: str, channel: str, thread: str, how: str
) -> None:
    begins, alone = how == "begins" and bool(channel), how == "alone" and bool(channel)
    spot = Spot(team=team, user=user, channel=channel, thread=thread, begins=begins, alone=alone)
    assert spot_of(spot.address()) == spot
    assert spot.is_direct == (channel == "")


def test_a_persons_address_is_their_account() -> None:
    assert Spot(team="T1", user="U1").address() == Address(NAME, "T1:U1")
    assert Spot(team="T1", user="", channel="C1").address().id == "T1:/C1/"
    assert spot_of(Address(NAME, "T1:/C1/")) == Spot(team="T1", user="", channel="C1")


@pytest.mark.parametrize("address", ["", "T1", "T1:", ":U1", "T1:U1/C1", "T1:U1/C1/1/2", "T1://1"])
def test_what_is_no_address_of_ours_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        spot_of(Address(NAME, address))
