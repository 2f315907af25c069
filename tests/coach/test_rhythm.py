"""Nine o'clock stays nine o'clock: every day from 2026 to 2030, over every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.rhythm import Rhythm
from tests.coach.plans import BANK_HOLIDAYS

LONDON = ZoneInfo("Europe/London")
EVERY_DAY = frozenset(range(7))
FIRST = date(2026, 1, 1)
DAYS = (date(2030, 12, 31) - FIRST).days + 1
TIMES = st.times(time(0), time(23, 58)).map(lambda one: one.replace(second=0, microsecond=0))


@settings(max_examples=25, deadline=None)  # each looks at five years of days
@given(TIMES)
def test_hours_begin_once_a_day_at_the_time_they_should(opens: time) -> None:
    rhythm = Rhythm(days=EVERY_DAY, opens=opens, closes=time(23, 59))
    begins = [rhythm.opening(FIRST + timedelta(days=n)) for n in range(DAYS)]
    assert len(begins) == 1826
    assert begins == sorted(set(begins))
    for n, begin in enumerate(begins):
        local = begin.astimezone(LONDON)
        is_left_out = local.date().month == 3 and time(1) <= opens < time(2)
        assert local.date() == FIRST + timedelta(days=n)
        assert local.time() == opens or (is_left_out and local.hour == 2)
        assert rhythm.is_open(begin)
        assert not rhythm.is_open(begin - timedelta(seconds=1))


@given(TIMES, st.integers(0, DAYS * 24 * 60))
def test_the_next_opening_is_ahead_and_none_lies_between(opens: time, minutes: int) -> None:
    rhythm = Rhythm(opens=opens, closes=time(23, 59))
    now = datetime.combine(FIRST, time(), UTC) + timedelta(minutes=minutes)
    found = rhythm.next_opening(now, BANK_HOLIDAYS)
    assert found is not None
    assert found > now
    assert rhythm.is_open(found, BANK_HOLIDAYS)
    day = rhythm.today(now)
    while day < rhythm.today(found):
        is_theirs = day.weekday() < 5 and day not in BANK_HOLIDAYS
        assert not (is_theirs and rhythm.opening(day) > now)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 28), 9),
        (date(2026, 3, 29), 8),
        (date(2026, 10, 24), 8),
        (date(2026, 10, 25), 9),
    ],
)
def test_the_clocks_change_and_the_hour_stays(day: date, utc_hour: int) -> None:
    opening = Rhythm(days=EVERY_DAY).opening(day)
    assert (opening.hour, opening.astimezone(LONDON).hour) == (utc_hour, 9)


def test_an_hour_that_comes_twice_counts_once() -> None:
    rhythm = Rhythm(days=EVERY_DAY, opens=time(1, 30), closes=time(1, 45))
    first = rhythm.opening(date(2026, 10, 25))
    assert (first.hour, first.minute) == (0, 30), "the first time, while it is still summer time"
    assert rhythm.is_open(first)
    assert not rhythm.is_open(first + timedelta(hours=1)), "half past one, once more"


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": frozenset()},
        {"days": frozenset({7})},
        {"digest": 9},
        {"opens": time(20), "closes": time(9)},
        {"after_d": 0},
        {"before_d": -1},
    ],
)
def test_hours_that_never_come_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"days|hours|before"):
        Rhythm(**wrong)  # type: ignore[arg-type]  # one wrong value at a time
