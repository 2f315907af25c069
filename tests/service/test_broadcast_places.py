"""Who may send a broadcast where: asked again at every step that leads to it being sent."""

from datetime import UTC, datetime

import pytest

from bot.engine.effects_broadcasts import MoveBroadcast
from bot.messages import Place
from bot.planning.lifecycle import Event, Status, after
from bot.service import broadcasts, destinations, people
from bot.service.doing import Doing
from bot.service.ports import Tx
from tests.builders import wording
from tests.service.broadcast_house import ULR, BroadcastHouse
from tests.service.test_broadcasts import begins, two_ulrs


def to_lab_2(when: str) -> BroadcastHouse:
    """A house with a broadcast to a group up to its preview."""
    house = two_ulrs()
    house.command(ULR, "destination", "add Lab 2", place=Place.GROUP)
    house.work()
    house.compose(audience="the group Lab 2", when=when)
    return house


def close_lab_2(house: BroadcastHouse) -> None:
    """Only officers may send there now."""
    house.do(lambda tx: tx.delete("destination_role", {"role": "ulr"}))


def test_a_place_that_was_closed_meanwhile_is_refused_at_the_second_yes() -> None:
    house = to_lab_2("now")
    close_lab_2(house)
    said = house.press(ULR, wording("button.bc-confirm"))
    assert wording("broadcast.not-there") in said[0]
    assert house.broadcast()["status"] == "draft"


def test_a_place_that_was_closed_meanwhile_gets_nothing_of_what_was_planned() -> None:
    house = to_lab_2("Monday at 9")
    house.press(ULR, wording("button.bc-confirm"))
    close_lab_2(house)
    house.clock.time = datetime(2026, 11, 23, 9, tzinfo=UTC)
    house.work()
    assert (house.broadcast()["status"], house.rows("delivery")) == ("cancelled", [])
    lead = begins("broadcast.withdrawn")
    told = [s.address.id for s in house.channel.sent if s.reply.text.startswith(lead)]
    assert sorted(told) == [ULR, "vera"]


@pytest.mark.parametrize("way", ["go-on", "change"])
def test_who_may_not_post_in_a_place_leads_nothing_there(way: str) -> None:
    house = to_lab_2("Monday at 9")
    house.press(ULR, wording("button.bc-confirm"))
    house.press(ULR, wording("button.bc-show"))
    house.press(ULR, wording("button.bc-do-pause"))
    house.command(ULR, "broadcast")
    house.press(ULR, wording("button.bc-list"))
    house.press(ULR, wording("button.bc-number", number=1))
    close_lab_2(house)
    assert house.press(ULR, wording(f"button.bc-do-{way}")) == [wording("broadcast.not-there")]
    assert house.broadcast()["status"] == "paused"


def test_the_service_too_asks_who_may_send_there() -> None:
    house = to_lab_2("Monday at 9")
    row = house.rows("broadcast")[0]
    known = house.known(ULR)
    assert house.do(lambda tx: destinations.may_send(tx, known.person, row)) is True
    close_lab_2(house)
    assert house.do(lambda tx: destinations.may_send(tx, known.person, row)) is False
    house.do(lambda tx: tx.delete("destination_role", {}))
    house.do(lambda tx: tx.delete("destination", {}))
    assert house.do(lambda tx: destinations.may_send(tx, known.person, row)) is False


def move(house: BroadcastHouse, event: Event) -> None:
    """What a turn decided about the broadcast is written down."""
    known, wanted, now = house.known("vera"), house.broadcast()["id"], house.clock.now()

    def work(tx: Tx) -> None:
        view = people.view_of(tx, known, Place.PRIVATE, house.clock.fresh())
        doing = Doing(
            tx=tx, known=known, view=view, content=house.content, now=now, chance=house.clock.fresh
        )
        broadcasts.apply(doing, MoveBroadcast(broadcast=wanted, event=event))

    house.do(work)


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize(
    ("status", "event"),
    [
        (Status.DRAFT, Event.SCHEDULE),
        (Status.DRAFT, Event.ASK),
        (Status.AWAITING, Event.APPROVE),
        (Status.PAUSED, Event.GO_ON),
        (Status.SCHEDULED, Event.CHANGE),
    ],
)
def test_what_leads_to_a_place_is_asked_again_when_it_is_written_down(
    status: Status, event: Event, is_open: bool
) -> None:
    house = to_lab_2("Monday at 9")
    house.do(lambda tx: tx.update("broadcast", {}, {"status": status.value}))
    if not is_open:
        close_lab_2(house)
    move(house, event)
    assert house.broadcast()["status"] == (after(status, event) if is_open else status)


@pytest.mark.parametrize("event", [Event.PAUSE, Event.CANCEL, Event.HALT])
def test_everybody_who_sends_can_stop_what_goes_to_any_place(event: Event) -> None:
    house = to_lab_2("Monday at 9")
    house.press(ULR, wording("button.bc-confirm"))
    close_lab_2(house)
    move(house, event)
    assert house.broadcast()["status"] == after(Status.SCHEDULED, event)


def test_what_was_planned_by_somebody_who_has_lost_their_role_is_not_sent() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    person = house.person(ULR)
    house.do(lambda tx: tx.delete("role", {"person": person}))
    house.clock.time = datetime(2026, 11, 23, 9, tzinfo=UTC)
    house.work()
    assert (house.broadcast()["status"], house.rows("delivery")) == ("cancelled", [])
