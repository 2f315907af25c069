"""A clock that steps back or ahead: who waits for an answer gets it, and times of day stay times of day."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Address, BranchId, PersonId, Place
from bot.service import jobs, outbox, put_back
from bot.service.clock import micros
from bot.service.deliverer import Deliverer
from bot.service.job_runner import Finish, Handler, JobRunner
from bot.service.jobs import Job
from bot.service.outbox import Target
from bot.service.ports import Row, Store
from bot.storage.memory import MemoryStore
from tests.builders import NOON, reply
from tests.service.houses import CHANNEL, House

HOUR = timedelta(hours=1)
STEPS = st.integers(-200_000, 200_000).map(lambda seconds: timedelta(seconds=seconds))


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def queue(house: House, key: str, who: str = "ann") -> None:
    target = Target(
        branch=BranchId("main"),
        person=PersonId(who),
        address=Address(CHANNEL, who),
        place=Place.PRIVATE,
    )
    now = house.clock.now()
    house.do(lambda tx: outbox.queue(tx, target, [reply(key)], key, now))


def said(house: House) -> list[str]:
    return [one.reply.text for one in house.channel.sent]


def test_a_reply_goes_out_at_once_though_the_clock_was_put_back(house: House) -> None:
    queue(house, "before")
    house.clock.time -= HOUR
    queue(house, "after")
    house.deliver()
    assert said(house) == ["before", "after"]


@settings(max_examples=60)
@given(steps=st.lists(STEPS, min_size=1, max_size=8), people=st.integers(1, 3))
def test_whatever_the_clock_does_every_reply_goes_out_once_and_in_order(
    steps: list[timedelta], people: int
) -> None:
    house = House(MemoryStore())
    for number, step in enumerate(steps):
        for who in range(people):
            queue(house, f"{number} to {who}", f"person {who}")
        house.clock.time += step
        house.deliver()
        wanted = [f"{turn} to {who}" for turn in range(number + 1) for who in range(people)]
        assert sorted(said(house)) == sorted(wanted), "nothing waits for the clock"
    for who in range(people):
        mine = [text for text in said(house) if text.endswith(f"to {who}")]
        assert mine == [f"{number} to {who}" for number in range(len(steps))]


@settings(max_examples=60)
@given(age_s=st.integers(0, 200), wait_s=st.integers(1, 100), back=st.integers(1, 200_000))
def test_what_was_put_off_waits_no_longer_than_it_is_old_and_was_asked_to(
    age_s: int, wait_s: int, back: int
) -> None:
    house = House(MemoryStore())
    queue(house, "one")
    house.clock.pass_(seconds=age_s)
    now = house.clock.now()
    (one,) = house.do(lambda tx: outbox.claim(tx, "me", (CHANNEL,), now, 1))
    house.do(lambda tx: outbox.again(tx, one, "me", "Throttled", now, float(wait_s)))
    house.clock.time -= timedelta(seconds=back)
    at = house.clock.now()
    due_at = house.do(lambda tx: outbox.next_due(tx, (CHANNEL,), at))
    assert due_at is not None
    assert due_at - at <= timedelta(seconds=age_s + wait_s)
    house.clock.time = due_at
    house.deliver()
    assert said(house) == ["one"]


def test_a_broadcast_that_is_wanted_later_keeps_to_the_clock(house: House) -> None:
    target = Target(
        branch=BranchId("main"), person=None, address=Address(CHANNEL, "ann"), place=Place.PRIVATE
    )
    now, later = house.clock.now(), house.clock.now() + HOUR
    key = "bc:b1:0:x"
    house.do(lambda tx: outbox.queue_broadcast(tx, target, reply("news"), key, now, later))
    for at in (now - HOUR, now, later - timedelta(seconds=1)):
        house.clock.time = at
        house.deliver()
        assert said(house) == []
    house.clock.time = later
    house.deliver()
    assert said(house) == ["news"]


def test_a_lease_of_one_who_died_ends_in_a_minute_though_the_clock_was_put_back(
    house: House,
) -> None:
    queue(house, "one")
    now = house.clock.now()
    house.do(lambda tx: outbox.claim(tx, "died", (CHANNEL,), now, 1))
    deliverer = Deliverer(house.store, {CHANNEL: house.channel}, house.clock)
    asyncio.run(deliverer.deliver_due())
    house.clock.time -= 24 * HOUR
    asyncio.run(deliverer.deliver_due())
    assert said(house) == [], "it may still be on its way"
    for _ in range(2):  # its lease runs out; then it is tried again after a second
        house.clock.time += outbox.LEASE
        asyncio.run(deliverer.deliver_due())
    assert said(house) == ["one"]


class Notes:
    """Jobs that were done, by what they are about."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def do(self, job: Job, _now: object) -> Finish:
        self.done.append(job.subject)
        return lambda _tx: None


def schedule(house: House, subject: str, wait: timedelta = timedelta()) -> None:
    now = house.clock.now()
    job = Job(kind="note", subject=subject, branch=BranchId("main"), due_at=now + wait)
    house.do(lambda tx: jobs.schedule(tx, job, now))


def test_a_job_for_now_is_done_now_and_one_for_nine_at_nine(house: House) -> None:
    notes = Notes()
    runner = JobRunner(house.store, {"note": Handler(notes.do)}, house.clock, lambda: None)
    asyncio.run(runner.work_due())
    schedule(house, "a file", timedelta(seconds=1))
    schedule(house, "a reminder", HOUR)
    house.clock.time -= 24 * HOUR
    asyncio.run(runner.work_due())
    assert notes.done == ["a file"]
    house.clock.time = NOON + HOUR - timedelta(seconds=1)
    asyncio.run(runner.work_due())
    assert notes.done == ["a file"]
    house.clock.time += timedelta(seconds=1)
    asyncio.run(runner.work_due())
    assert notes.done == ["a file", "a reminder"]


def test_a_job_of_one_who_died_is_done_in_two_minutes(house: House) -> None:
    notes = Notes()
    schedule(house, "a file")
    now = house.clock.now()
    house.do(lambda tx: jobs.claim(tx, "died", ("note",), now, 1))
    house.clock.time -= 24 * HOUR
    runner = JobRunner(house.store, {"note": Handler(notes.do)}, house.clock, lambda: None)
    asyncio.run(runner.work_due())
    house.clock.time += jobs.LEASE
    asyncio.run(runner.work_due())
    assert notes.done == ["a file"]


def test_a_row_that_was_made_by_this_clock_waits_as_it_says() -> None:
    at = micros(NOON)
    row: Row = {"lane": "reply", "error": "Throttled", "made_at": at, "due_at": at + 5}
    assert put_back.ready_from(row, NOON) == at + 5
    assert put_back.ready_from(row, NOON - HOUR) == at - 3_600_000_000
