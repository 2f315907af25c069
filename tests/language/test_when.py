"""Days: which are echoed, which are asked back and with what, and the names of a branch's own days."""

import json
import subprocess
import sys
from datetime import date

import pytest

from bot.language.bank_holidays import Nation, bank_holiday, is_working_day, next_working_day
from bot.language.days import Bound, Day, Open, Precision, Vague
from bot.language.saying import echo, say_bank_holiday, say_day, say_open
from bot.language.when import read_day
from tests.language.loose import wording

TODAY = date(2026, 11, 18)  # a Wednesday
MEETING = {"Branch meeting": date(2026, 12, 9)}


def test_a_day_with_two_readings_is_asked_back_with_both() -> None:
    both = (date(2026, 11, 20), date(2026, 11, 27))
    assert read_day("next Friday", TODAY) == Vague(Open.NEXT, both)
    assert read_day("next Tues", TODAY) == Day(date(2026, 11, 24)), (
        "the coming one is in the next week"
    )


@pytest.mark.parametrize(
    ("text", "kind", "suggestions"),
    [
        ("31 feb", Open.NO_SUCH_DAY, ["2026-02-28"]),
        ("3/14", Open.NO_SUCH_DAY, ["2026-03-14"]),
        ("Tuesday 14 December", Open.CLASH, ["2026-12-14", "2026-12-15"]),
        ("the 14th or 15th", Open.SEVERAL, ["2026-12-14", "2026-12-15"]),
        ("between 3 and 5 Dec", Open.SEVERAL, ["2026-12-03", "2026-12-05"]),
        ("next month", Open.PART, ["2026-12-01", "2026-12-15", "2026-12-31"]),
        ("this month", Open.PART, ["2026-11-30"]),
        ("next week", Open.PART, ["2026-11-23", "2026-11-25", "2026-11-27"]),
        ("in the summer", Open.PART, ["2027-06-01", "2027-07-01", "2027-08-01"]),
        ("soon", Open.SOON, ["2026-11-25", "2026-12-02", "2026-12-16"]),
    ],
)
def test_what_is_open_is_asked_back_with_days_to_pick(
    text: str, kind: Open, suggestions: list[str]
) -> None:
    assert read_day(text, TODAY) == Vague(kind, tuple(map(date.fromisoformat, suggestions)))


@pytest.mark.parametrize(
    ("text", "is_inferred"),
    [
        ("24 November", False), ("14 March", True), ("14/3/2027", False), ("3/4", True), ("the 30th", True),
        ("end of June", True), ("tomorrow", False), ("Wednesday", True), ("Tuesday", False),
        ("Monday 14 December", False),
    ],
)  # fmt: skip
def test_a_day_that_could_be_another_is_marked(text: str, is_inferred: bool) -> None:
    read = read_day(text, TODAY)
    assert isinstance(read, Day)
    assert read.is_inferred is is_inferred


def test_before_a_day_keeps_the_day_before_it() -> None:
    read = read_day("before the branch meeting on the 14th", TODAY, known=MEETING)
    assert read == Day(date(2026, 12, 14), is_inferred=True, bound=Bound.BEFORE)
    assert isinstance(read, Day)
    assert read.last == date(2026, 12, 13)


def test_a_branchs_own_day_is_known_by_its_name() -> None:
    read = read_day("before the branch meeting", TODAY, known=MEETING)
    assert read == Day(date(2026, 12, 9), is_inferred=True, bound=Bound.BEFORE)
    assert read_day("before the branch meeting", TODAY) is None


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Friday", "2026-11-13", Precision.DAY), ("14 March", "2026-03-14", Precision.DAY),
        ("the 20th", "2026-10-20", Precision.DAY), ("March", "2026-03-01", Precision.MONTH),
        ("December", "2025-12-01", Precision.MONTH), ("2019", "2019-01-01", Precision.YEAR),
        ("easter", "2026-04-05", Precision.DAY), ("last year", "2025-01-01", Precision.YEAR),
    ],
)  # fmt: skip
def test_what_could_go_both_ways_goes_back_where_the_past_is_asked_about(
    text: str, day: str, precision: Precision
) -> None:
    read = read_day(text, TODAY, prefer="past")
    assert isinstance(read, Day)
    assert (read.day.isoformat(), read.precision) == (day, precision)


def test_the_29th_of_february_is_in_the_next_leap_year() -> None:
    assert read_day("29 feb", TODAY) == Day(date(2028, 2, 29), is_inferred=True)


@pytest.mark.parametrize(
    "text",
    ["how many days is it to friday", "every Monday", "what about tuesday", "monday" + " x" * 90],
)
def test_a_question_a_recurrence_or_a_story_is_no_day(text: str) -> None:
    assert read_day(text, TODAY) is None


def test_bank_holidays_are_each_nations_own() -> None:
    st_andrew = date(2026, 11, 30)
    assert bank_holiday(st_andrew) is None
    assert bank_holiday(st_andrew, Nation.SCOTLAND) == "Saint Andrew's Day"
    assert not is_working_day(st_andrew, Nation.SCOTLAND)
    assert bank_holiday(date(2027, 3, 17), Nation.NORTHERN_IRELAND) == "Saint Patrick's Day"
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 29), "Boxing Day is a Saturday"
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 24)


def test_days_are_said_and_asked_back_in_plain_words() -> None:
    sayer = wording()
    assert (
        echo(say_day(Day(date(2026, 11, 24)), sayer), sayer)
        == "I've put **Tuesday 24 November 2026**, ok?"
    )
    assert (
        say_day(Day(date(2026, 12, 14), bound=Bound.BEFORE), sayer)
        == "before Monday 14 December 2026"
    )
    assert "first one from now" in say_open(Vague(Open.NEXT), sayer)
    assert say_bank_holiday(
        date(2026, 12, 28), "Boxing Day (observed)", date(2026, 12, 29), sayer
    ) == (
        "Monday 28 December 2026 is a bank holiday (Boxing Day (observed)). "
        "The next working day is Tuesday 29 December 2026."
    )


def test_every_way_of_being_open_has_its_question() -> None:
    asked = {say_open(Vague(kind), wording()) for kind in Open}
    assert len(asked) == len(Open)


def test_a_bare_stretch_of_time_is_ahead() -> None:
    assert read_day("2 weeks", TODAY) == Day(date(2026, 12, 2), is_inferred=True)


def test_reading_loads_the_slow_libraries_only_when_a_text_needs_them() -> None:
    program = (
        "import sys, json\nfrom datetime import date\n"
        "import bot.language.saying, bot.language.recurrence_reading, bot.language.several_choices\n"
        "from bot.language.when import read_day\n"
        "slow = {'dateparser', 'holidays', 'dateutil', 'text_to_num'}\n"
        "before = sorted(slow & sys.modules.keys())\n"
        "read_day('next Tues', date(2026, 11, 18))\n"
        "print(json.dumps([before, sorted(slow & sys.modules.keys())]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == [[], ["dateutil", "text_to_num"]]
