"""A recurrence keeps its time on the wall: over both clock changes, in short months, until its end."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.language.days import Open, Vague
from bot.language.recurrence import Recurrence, next_times, occurs_on
from bot.language.recurrence_reading import read_recurrence
from bot.language.saying import say_moved, say_recurrence
from tests.language.loose import wording

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 18)
TEN = time(10)


def read(text: str) -> Recurrence:
    found = read_recurrence(text, TODAY, TEN)
    assert isinstance(found, Recurrence), found
    return found


def walls(recurrence: Recurrence, after: datetime, count: int) -> list[str]:
    firings = next_times(recurrence, LONDON, after, count)
    return [
        f"{f.at.astimezone(LONDON):%a %d %b %H:%M %Z}{' moved' if f.is_moved else ''}"
        for f in firings
    ]


def test_nine_stays_nine_when_the_clocks_go_forward_and_back() -> None:
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=TU", date(2027, 3, 1), time(9))
    assert walls(weekly, datetime(2027, 3, 22, tzinfo=UTC), 2) == [
        "Tue 23 Mar 09:00 GMT",
        "Tue 30 Mar 09:00 BST",
    ]
    assert walls(weekly, datetime(2027, 10, 25, tzinfo=UTC), 2) == [
        "Tue 26 Oct 09:00 BST",
        "Tue 02 Nov 09:00 GMT",
    ]


def test_a_time_that_does_not_exist_moves_forward_by_the_gap_and_is_said() -> None:
    daily = Recurrence("FREQ=DAILY", date(2027, 3, 1), time(1, 30))
    after = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert walls(daily, after, 2) == ["Sun 28 Mar 02:30 BST moved", "Mon 29 Mar 01:30 BST"]
    moved = next_times(daily, LONDON, after, 1)[0]
    assert say_moved(daily, moved, moved.at.astimezone(LONDON).time(), wording()) == (
        "The clocks go forward on Sunday 28 March 2027, so 01:30 does not exist that day. "
        "It is 02:30 instead."
    )


def test_a_time_that_comes_twice_fires_once_and_the_first_time() -> None:
    daily = Recurrence("FREQ=DAILY", date(2026, 10, 1), time(1, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [
        f.at for f in next_times(daily, LONDON, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    ] == [
        first,
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]
    assert next_times(daily, LONDON, first, 1)[0].at == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_the_next_time_is_after_and_not_at_the_moment_asked_about() -> None:
    daily = Recurrence("FREQ=DAILY", TODAY, time(9))
    nine = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert next_times(daily, LONDON, nine, 1)[0].at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert next_times(daily, LONDON, datetime(2026, 11, 20, 8, 59, tzinfo=UTC), 1)[0].at == nine


def test_every_second_tuesday_begins_with_the_coming_one() -> None:
    found = read("every second Tuesday at 9")
    assert found.start == date(2026, 11, 24)
    assert [occurs_on(found, date(2026, 11, 24)), occurs_on(found, date(2026, 12, 1))] == [
        True,
        False,
    ]


def test_the_31st_is_the_last_day_of_shorter_months() -> None:
    found = read("the 31st of every month")
    after = datetime(2027, 1, 1, tzinfo=UTC)
    assert [w[4:10] for w in walls(found, after, 4)] == ["31 Jan", "28 Feb", "31 Mar", "30 Apr"]
    assert found.is_inferred


def test_it_ends_on_its_last_day_or_after_its_count() -> None:
    until = read("every day until Friday")
    assert len(next_times(until, LONDON, datetime(2026, 11, 18, tzinfo=UTC), 9)) == 3
    assert (
        len(
            next_times(read("every monday 6 times"), LONDON, datetime(2026, 11, 18, tzinfo=UTC), 9)
        )
        == 6
    )


def test_a_recurrence_far_in_the_past_still_comes() -> None:
    old = Recurrence("FREQ=DAILY", date(2016, 1, 1), time(9))
    assert len(next_times(old, LONDON, datetime(2026, 11, 18, tzinfo=UTC), 5)) == 5


@pytest.mark.parametrize(
    ("text", "is_inferred"),
    [
        ("every Monday at 17:30", False),
        ("every Monday", True),
        ("every Monday at 9", True),
        ("every monday at 9am", False),
    ],
)
def test_what_was_not_said_is_marked(text: str, is_inferred: bool) -> None:
    assert read(text).is_inferred is is_inferred


@pytest.mark.parametrize(
    "text", ["every monday until soon", "weekly", "every month", "twice a week", "hourly"]
)
def test_what_leaves_the_day_open_is_asked_back(text: str) -> None:
    assert isinstance(read_recurrence(text, TODAY, TEN), Vague)


@pytest.mark.parametrize(
    "text",
    [
        "every monday at 25:00",
        "every minute",
        "mondays except bank holidays",
        "when is every monday",
    ],
)
def test_a_text_that_is_read_only_in_part_is_not_read(text: str) -> None:
    assert read_recurrence(text, TODAY, TEN) is None


def test_an_end_before_the_first_time_is_no_recurrence() -> None:
    assert read_recurrence("every monday until 19 november 2026", TODAY, TEN) == Vague(
        Open.NO_SUCH_DAY
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "every second Tuesday at 9",
            "every 2 weeks on Tuesday at 09:00, starting Tuesday 24 November 2026",
        ),
        (
            "last Friday of the month",
            "the last Friday of every month at 10:00, starting Friday 27 November 2026",
        ),
        ("weekdays at 8", "every weekday at 08:00, starting Wednesday 18 November 2026"),
        (
            "mon, wed and thursdays",
            "every Monday, Wednesday and Thursday at 10:00, starting Wednesday 18 November 2026",
        ),
        (
            "every quarter on the 31st",
            "the 31st or the last day of every 3 months at 10:00, starting Monday 30 November 2026",
        ),
        ("every year on 1 March", "every year on 1 March at 10:00, starting Monday 1 March 2027"),
    ],
)
def test_it_is_said_back_in_words(text: str, said: str) -> None:
    assert say_recurrence(read(text), wording()) == said


def test_a_set_of_rules_is_refused() -> None:
    with pytest.raises(TypeError):
        occurs_on(Recurrence("RRULE:FREQ=DAILY\nEXDATE:20261118T000000", TODAY, TEN), TODAY)
