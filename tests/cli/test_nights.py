"""The night's work of a running bot: at the start, and at the quiet hour of its place."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.nights import QUIET, Nights, next_night
from bot.service.deliverer import Deliverer
from bot.storage.memory import MemoryStore
from tests.service.houses import House

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-22T03:00+00:00", "2026-11-22T03:30+00:00"),
        ("2026-11-22T03:30+00:00", "2026-11-23T03:30+00:00"),
        ("2027-03-27T12:00+00:00", "2027-03-28T02:30+00:00"),  # the clocks go forward
        ("2026-10-24T12:00+00:00", "2026-10-25T03:30+00:00"),  # and back
    ],
)
def test_the_night_is_a_quiet_hour_of_the_wall_clock(now: str, night: str) -> None:
    assert next_night(datetime.fromisoformat(now), LONDON) == datetime.fromisoformat(night)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is beside it
def test_there_is_a_night_within_a_day_and_an_hour(now: datetime) -> None:
    night = next_night(now, LONDON)
    assert now < night <= now + timedelta(hours=25)
    assert night.astimezone(LONDON).time() == QUIET


def test_it_works_at_the_start_and_ends_when_told_to() -> None:
    house = House(MemoryStore())
    house.say("ann", "hello")
    house.deliver()
    house.clock.pass_(days=60)
    deliverer = Deliverer(house.store, {}, house.clock)
    nights = Nights(house.store, house.library, deliverer, house.clock, LONDON, lambda _now: None)

    async def one_night() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(nights.run(stop))
        async with asyncio.timeout(30):
            while house.rows("person"):  # noqa: ASYNC110 - what is waited for is another thread
                await asyncio.sleep(0.01)
            stop.set()
            await running

    asyncio.run(one_night())
    assert house.rows("outbox") == []
