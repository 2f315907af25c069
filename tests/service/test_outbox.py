"""How a delivery moves, and that nothing is lost, doubled or out of order on the way (R06)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.messages import Address, BranchId, PersonId, Place, Reply
from bot.service import outbox
from bot.service.clock import moment
from bot.service.outbox import LEASE, MAX_TRIES, WINDOW, Delivery, Target
from bot.service.outbox_order import Status
from bot.service.ports import Row, Tx
from bot.service.reply_text import decode_reply, encode_reply
from tests.builders import reply
from tests.service.houses import CHANNEL, House

OWNER = "owner"
Step = Callable[[Tx, Delivery], None]


def target(who: str = "ann", place: Place = Place.PRIVATE, channel: str = CHANNEL) -> Target:
    return Target(
        branch=BranchId("main"),
        person=PersonId(f"p-{who}"),
        address=Address(channel, who),
        place=place,
    )


def queue(house: House, *texts: str, who: str = "ann", key: str = "") -> None:
    replies = tuple(reply(text) for text in texts)
    now = house.clock.now()
    house.do(lambda tx: outbox.queue(tx, target(who), replies, key or " ".join(texts), now))


def claim(house: House, limit: int = 32, channels: tuple[str, ...] = (CHANNEL,)) -> list[Delivery]:
    now = house.clock.now()
    return list(house.do(lambda tx: outbox.claim(tx, OWNER, channels, now, limit)))


def status(house: House) -> list[tuple[str, str]]:
    rows = house.do(lambda tx: tx.find("outbox", {}, order=("seq",)))
    return [(decode_reply(str(row["body"])).text, str(row["status"])) for row in rows]


def row_of(house: House) -> Row:
    (row,) = house.rows("outbox")
    return row


def texts(deliveries: list[Delivery]) -> list[str]:
    return [delivery.reply.text for delivery in deliveries]


def sent(house: House, delivery: Delivery) -> None:
    house.do(lambda tx: outbox.sent(tx, delivery, OWNER, "receipt", house.clock.now()))


def postpone(house: House, delivery: Delivery, wait_s: float) -> None:
    now = house.clock.now()
    house.do(lambda tx: outbox.again(tx, delivery, OWNER, "Throttled", now, wait_s=wait_s))


def test_a_reply_reads_back_equal() -> None:
    made = Reply(text="**Hi** 🙂\n\n- x", personal=True, first_number=3, language="cy")
    assert decode_reply(encode_reply(made)) == made


def test_one_address_gets_its_deliveries_one_after_the_other(house: House) -> None:
    queue(house, "one", "two", "three")
    for expected in ("one", "two", "three"):
        (delivery,) = claim(house)
        assert delivery.reply.text == expected
        assert claim(house) == [], "not before the first has ended"
        sent(house, delivery)
    assert claim(house) == []


def test_several_addresses_go_together_and_no_more_than_asked_for(house: House) -> None:
    for number in range(5):
        queue(house, f"to {number}", who=f"w{number}")
    assert texts(claim(house, limit=3)) == ["to 0", "to 1", "to 2"]
    assert texts(claim(house, limit=0)) == []
    assert texts(claim(house)) == ["to 3", "to 4"]


def test_a_channel_that_does_not_run_here_waits_and_stops_nobody(house: House) -> None:
    now = house.clock.now()
    for number in range(WINDOW + 5):
        other = target(f"w{number}", channel="elsewhere")
        house.do(lambda tx, o=other, n=number: outbox.queue(tx, o, [reply()], f"x{n}", now))  # type: ignore[misc]  # bound at once
    queue(house, "here")
    assert texts(claim(house)) == ["here"]
    assert house.do(lambda tx: outbox.next_due(tx, (CHANNEL,), house.clock.now())) is None


def test_an_address_with_hundreds_of_rows_in_trouble_stops_nobody(house: House) -> None:
    for number in range(WINDOW + 5):
        queue(house, f"flood {number}", who="flooder")
    queue(house, "hello", who="ann")
    first = claim(house)
    assert texts(first) == ["flood 0", "hello"]
    now = house.clock.now()
    house.do(lambda tx: outbox.again(tx, first[0], OWNER, "Throttled", now, wait_s=3600.0))
    sent(house, first[1])
    queue(house, "again", who="ann")
    assert texts(claim(house)) == ["again"]


def test_what_waits_behind_a_postponed_one_is_not_due_before_it(house: House) -> None:
    """Else the deliverer would look for it a hundred times a second."""
    queue(house, "one", "two")
    (first,) = claim(house)
    now = house.clock.now()
    house.do(lambda tx: outbox.again(tx, first, OWNER, "Throttled", now, wait_s=60.0))
    due = house.do(lambda tx: outbox.next_due(tx, (CHANNEL,), house.clock.now()))
    assert due == now + timedelta(seconds=60)
    assert claim(house) == []


def test_what_is_under_way_is_not_due(house: House) -> None:
    queue(house, "one", "two")
    claim(house)
    assert house.do(lambda tx: outbox.next_due(tx, (CHANNEL,), house.clock.now())) is None


def test_replies_go_before_broadcasts(house: House) -> None:
    queue(house, "broadcast")
    house.do(lambda tx: tx.update("outbox", {}, {"lane": "broadcast"}))
    queue(house, "reply")
    queue(house, "other", who="ben")
    assert texts(claim(house)) == ["reply", "other"]


def test_a_wait_that_was_asked_for_is_no_try(house: House) -> None:
    queue(house, "one")
    for _ in range(3 * MAX_TRIES):
        (delivery,) = claim(house)
        postpone(house, delivery, 5.0)
        assert claim(house) == []
        house.clock.pass_(seconds=5)
    assert row_of(house)["tries"] == 0
    assert row_of(house)["status"] == Status.QUEUED.value


def test_the_back_off_doubles_and_ends_after_eight_tries(house: House) -> None:
    queue(house, "one")
    waits = []
    while row_of(house)["status"] == Status.QUEUED.value:
        (delivery,) = claim(house)
        now = house.clock.now()
        house.do(lambda tx, d=delivery, n=now: outbox.again(tx, d, OWNER, "Oops", n))  # type: ignore[misc]  # bound at once
        row = row_of(house)
        if row["status"] == Status.QUEUED.value:
            due = moment(int(row["due_at"] or 0))
            waits.append((due - now).total_seconds())
            house.clock.time = due
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert (row_of(house)["status"], row_of(house)["tries"], row_of(house)["error"]) == (
        Status.FAILED.value,
        MAX_TRIES,
        "Oops",
    )


def test_a_lease_that_ran_out_goes_out_again(house: House) -> None:
    queue(house, "one")
    (first,) = claim(house)
    assert house.do(lambda tx: outbox.recover(tx, house.clock.now())) == 0
    house.clock.time += LEASE
    assert house.do(lambda tx: outbox.recover(tx, house.clock.now())) == 1
    house.clock.pass_(seconds=1)
    (second,) = claim(house)
    assert (second.id, second.tries) == (first.id, 1)


def test_whoever_lost_the_lease_changes_nothing(house: House) -> None:
    queue(house, "one")
    (delivery,) = claim(house)
    now = house.clock.now()
    house.do(lambda tx: outbox.recover_all(tx, now))
    before = house.everything()
    for step in (
        lambda tx: outbox.sent(tx, delivery, OWNER, "r", now),
        lambda tx: outbox.failed(tx, delivery, OWNER, "e", now),
        lambda tx: outbox.unknown(tx, delivery, OWNER, "e", now),
        lambda tx: outbox.again(tx, delivery, OWNER, "e", now),
    ):
        house.do(step)
    assert house.everything() == before
    house.clock.pass_(seconds=1)
    claim(house)
    before = house.everything()
    house.do(lambda tx: outbox.sent(tx, delivery, "another owner", "r", now))
    assert house.everything() == before


@pytest.mark.parametrize(
    ("policy", "expected"), [("resend", Status.QUEUED), ("hold", Status.UNKNOWN)]
)
def test_an_unknown_outcome_goes_by_its_policy(
    house: House, policy: str, expected: Status
) -> None:
    queue(house, "one")
    house.do(lambda tx: tx.update("outbox", {}, {"policy": policy}))
    (delivery,) = claim(house)
    house.do(lambda tx: outbox.unknown(tx, delivery, OWNER, "OutcomeUnknown", house.clock.now()))
    row = row_of(house)
    assert row["status"] == expected.value
    assert row["lease_owner"] is None
    assert (row["ended_at"] is not None) is (expected is Status.UNKNOWN)


ENDS: tuple[tuple[str, Callable[[Tx, Delivery, datetime], None]], ...] = (
    ("sent", lambda tx, one, now: outbox.sent(tx, one, OWNER, "receipt", now)),
    ("failed", lambda tx, one, now: outbox.failed(tx, one, OWNER, "Unreachable", now)),
)


@pytest.mark.parametrize(("end", "step"), ENDS)
def test_a_row_that_belongs_to_nobody_is_gone_when_it_has_ended(
    house: House, end: str, step: Callable[[Tx, Delivery, datetime], None]
) -> None:
    queue(house, "one")
    house.do(lambda tx: tx.update("outbox", {}, {"person": None}))
    (delivery,) = claim(house)
    assert not delivery.kept
    house.do(lambda tx: step(tx, delivery, house.clock.now()))
    assert house.rows("outbox") == []


@pytest.mark.parametrize(("end", "step"), ENDS)
def test_a_row_of_a_person_stays_with_its_end(
    house: House, end: str, step: Callable[[Tx, Delivery, datetime], None]
) -> None:
    queue(house, "one")
    (delivery,) = claim(house)
    house.do(lambda tx: step(tx, delivery, house.clock.now()))
    row = row_of(house)
    assert (row["status"], row["tries"], row["lease_owner"]) == (end, 1, None)
    assert row["ended_at"] is not None


def test_personal_replies_are_never_queued_for_a_group(house: House) -> None:
    replies = [reply("mine", personal=True), reply("ours"), reply("mine too", personal=True)]
    for place in Place:
        to = target(place.value, place)
        house.do(lambda tx, t=to: outbox.queue(tx, t, replies, t.address.id, house.clock.now()))  # type: ignore[misc]  # bound at once
    queued = [(row["place"], decode_reply(str(row["body"])).text) for row in house.rows("outbox")]
    assert sorted(queued) == [
        ("group", "ours"),
        ("private", "mine"),
        ("private", "mine too"),
        ("private", "ours"),
    ]
