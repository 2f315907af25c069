"""Who cannot be reached is known until they write again; who was forgotten stays forgotten (G6, R22)."""

from bot.errors import Rejected, Unreachable
from bot.messages import Address, Command, Place, Text
from bot.service import reachability
from bot.service.ports import Store
from tests.service.houses import CHANNEL, House, RecordingChannel

COST = "How much does registration cost?"
GROUP = Address(CHANNEL, "#group")


def lost(house: House, address: Address) -> bool:
    return house.do(lambda tx: reachability.is_lost(tx, address))


def test_a_person_who_blocked_us_is_lost_until_they_write(store: Store) -> None:
    house = House(store)
    ann = Address(CHANNEL, "ann")
    house.hear("ann", Text(COST))
    assert not lost(house, ann)
    house.deliver(RecordingChannel(script={"ann": [Unreachable()]}))
    assert lost(house, ann)
    assert [row["status"] for row in house.rows("outbox")] == ["failed"]
    house.hear("ann", Text(COST))
    assert not lost(house, ann)


def test_a_reply_that_is_rejected_is_given_up_and_the_person_is_not(store: Store) -> None:
    house = House(store)
    house.hear("ann", Text(COST))
    house.deliver(RecordingChannel(script={"ann": [Rejected()]}))
    (row,) = house.rows("outbox")
    assert (row["status"], row["error"], row["tries"]) == ("failed", "Rejected", 1)
    assert not lost(house, Address(CHANNEL, "ann"))


def test_of_somebody_unknown_nothing_is_kept_and_of_a_group_it_is(store: Store) -> None:
    house = House(store)
    now = house.clock.now()
    nobody = Address(CHANNEL, "nobody")
    house.do(lambda tx: reachability.lose(tx, nobody, Place.PRIVATE, now))
    house.do(lambda tx: reachability.lose(tx, GROUP, Place.GROUP, now))
    house.do(lambda tx: reachability.lose(tx, GROUP, Place.GROUP, now))
    assert not lost(house, nobody)
    assert lost(house, GROUP)


def test_being_forgotten_takes_it_away(store: Store) -> None:
    house = House(store)
    house.hear("ann", Text(COST))
    house.deliver(RecordingChannel(script={"ann": [Unreachable()]}))
    assert len(house.rows("unreachable")) == 1
    house.hear("ann", Command("forget", "yes"))
    assert house.rows("unreachable") == []


def test_what_waits_for_a_group_that_moved_goes_to_its_new_address(store: Store) -> None:
    house = House(store)
    house.hear("ann", Text(COST))
    new = Address(CHANNEL, "-100")
    moved = house.do(lambda tx: reachability.move(tx, Address(CHANNEL, "ann"), new))
    assert moved == 1
    assert [row["address"] for row in house.rows("outbox")] == ["-100"]
