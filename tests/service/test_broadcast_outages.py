"""Broadcasts when nobody was there to send them: late, in the night, and after a backup was put back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.service import nightly, restoring
from tests.builders import FixedClock, wording
from tests.service.broadcast_house import ULR, BroadcastHouse
from tests.service.test_broadcasts import REPS, SENT, begins, report_of
from tests.service.test_runs import NAMED, begin, flows

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST_GAPS = ("waiting", "misses", "top", "stale", "begun", "finished", "stuck", "sent")
SKIPPED = dict.fromkeys(REPS, "skipped")


def in_the_middle(at: datetime = NINE, when: str = "Monday at 9") -> BroadcastHouse:
    """A house whose broadcast is written down for everybody, and has reached nobody yet."""
    house = BroadcastHouse()
    house.send(when=when)
    house.clock.time = at
    house.only_jobs()
    assert house.broadcast()["status"] == "sending"
    return house


@pytest.mark.parametrize(
    ("late", "fate"),
    [
        (timedelta(minutes=4), "sent"),
        (timedelta(hours=1, minutes=59), "sent"),
        (timedelta(hours=2, minutes=1), "skipped"),
        (timedelta(hours=17), "skipped"),
    ],
)
def test_an_outage_in_the_middle_makes_the_rest_late_or_calls_it_off(
    late: timedelta, fate: str
) -> None:
    house = in_the_middle()
    house.clock.time += late
    house.deliver()  # before anybody has looked after it
    assert set(house.fates().values()) == {"waiting"}
    house.work()
    house.pass_time(seconds=2)
    assert house.fates() == dict.fromkeys(REPS, fate)
    assert house.broadcast()["status"] == "sent"
    marked = [s for s in house.channel.sent if wording("broadcast.late") in s.reply.text]
    assert len(marked) == (3 if fate == "sent" and late > timedelta(minutes=5) else 0)
    assert wording(f"fate.{fate}", count=3) in report_of(house)


def test_what_is_not_out_when_the_quiet_hours_begin_is_called_off() -> None:
    evening = datetime(2026, 11, 23, 19, 59, 59, tzinfo=UTC)
    house = in_the_middle(evening, "Monday at 19:59")
    house.clock.time += timedelta(seconds=2)
    house.work()
    house.pass_time(seconds=2)
    assert house.fates() == SKIPPED
    assert house.told("rep0") == 0


def test_what_would_be_late_in_the_evening_does_not_go_out_in_the_night() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 19:30")
    house.clock.time = datetime(2026, 11, 23, 21, 15, tzinfo=UTC)
    house.work()
    house.pass_time(days=1)
    assert house.broadcast()["status"] == "skipped"
    assert [house.told(who) for who in REPS] == [0, 0, 0]


def test_a_yes_in_the_last_second_of_the_day_waits_for_the_morning() -> None:
    house = BroadcastHouse(clock=FixedClock(datetime(2026, 11, 23, 19, 59, 59, tzinfo=UTC)))
    house.send()
    house.pass_time(seconds=2)
    assert house.rows("delivery") == []
    house.clock.time = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    house.work()
    assert house.fates() == SENT


def test_nobody_in_the_middle_of_a_survey_is_kept_waiting_into_the_night() -> None:
    clock = FixedClock(datetime(2026, 11, 23, 19, 55, tzinfo=UTC))
    house = BroadcastHouse(flows=flows(NAMED), clock=clock)
    begin(house, "rep0", "Named things")
    house.send()
    house.work()
    assert house.fates() == SENT
    assert house.told("rep0") == 1


def put_back(house: BroadcastHouse) -> None:
    """What a restore does to a store, as it was in the backup."""
    now = house.clock.now()
    house.do(lambda tx: restoring.settle(tx, (), now))
    house.work()
    house.pass_time(seconds=2)


def leads(house: BroadcastHouse, key: str) -> int:
    """How often its author was told this."""
    texts = [s.reply.text for s in house.channel.sent if s.address.id == ULR]
    return sum(text.startswith(begins(key)) for text in texts)


def test_what_was_being_sent_stops_when_a_backup_is_put_back() -> None:
    house = in_the_middle()
    house.clock.time += timedelta(hours=5)
    put_back(house)
    house.pass_time(days=1)
    assert house.fates() == dict.fromkeys(REPS, "unknown")
    assert house.broadcast()["status"] == "halted"
    assert [house.told(who) for who in REPS] == [0, 0, 0]
    assert leads(house, "broadcast.report-restored") == 1


def test_who_had_no_row_in_a_backup_may_have_been_written_to_since() -> None:
    house = in_the_middle()
    house.do(lambda tx: tx.delete("outbox", {"lane": "broadcast"}))
    house.do(lambda tx: tx.delete("delivery", {}))
    house.do(lambda tx: tx.update("broadcast", {}, {"cursor": ""}))
    put_back(house)
    assert house.fates() == dict.fromkeys(REPS, "unknown")
    assert wording("fate.unknown", count=3) in house.channel.sent[-1].reply.text


def test_what_was_due_before_a_backup_was_put_back_is_not_sent_again() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    house.clock.time = NINE + timedelta(minutes=10)
    put_back(house)
    assert (house.broadcast()["status"], house.rows("delivery")) == ("skipped", [])
    assert leads(house, "broadcast.restored") == 1


def test_after_a_backup_a_recurring_one_goes_on_with_its_next_time() -> None:
    house = BroadcastHouse()
    house.send(when="weekdays at 9")
    house.clock.time = NINE + timedelta(minutes=10)
    put_back(house)
    assert (house.broadcast()["status"], house.rows("delivery")) == ("scheduled", [])
    house.pass_time(days=1)
    assert house.fates() == SENT
    assert house.told("rep0") == 1


def test_what_is_still_to_come_goes_out_as_planned_after_a_backup() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    put_back(house)
    house.clock.time = NINE
    house.work()
    assert house.fates() == SENT


def test_the_week_in_figures_comes_once_a_week_after_a_backup_too() -> None:
    house = BroadcastHouse()
    nightly.run(house.store, house.content, house.clock, house.clock.now())
    house.work()
    house.clock.time = NINE + timedelta(minutes=10)
    put_back(house)
    title = wording("digest", **dict.fromkeys(DIGEST_GAPS, "")).splitlines()[0]
    digests = [s for s in house.channel.sent if s.reply.text.startswith(title)]
    assert digests == []
    house.pass_time(days=7)
    digests = [s for s in house.channel.sent if s.reply.text.startswith(title)]
    assert len(digests) == 1
