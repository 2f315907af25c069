"""What holds for every reader of loose answers, whatever is typed."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.language.bank_holidays import Nation, is_working_day, next_working_day
from bot.language.calendar_words import months, weekdays
from bot.language.clock_times import Clock, read_time
from bot.language.days import Bound, Day, Precision, Vague
from bot.language.quantities import Quantity, read_quantity
from bot.language.recurrence import WORKDAYS, Recurrence, first_day, next_times
from bot.language.recurrence_reading import read_recurrence
from bot.language.replies import Missing, read_missing, read_yes_no
from bot.language.saying import say_day, say_quantity, say_recurrence, say_time
from bot.language.several_choices import Several, Unsure, match_choices
from bot.language.when import read_day
from bot.language.word_lists import word_list
from tests.language.loose import texts, wording

SAYER = wording()
LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
TEN = time(10)
TIMES = re.compile(
    r"(?:to|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|"
    r"(?:christmas|xmas|easter|spring|summer|autumn|winter|soon|later|whenever|when|eventually|someday|"
    r"yesterday|weekend|after|before|now|last|next|this|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|hundred|thousand|first|second|third|half|couple|few|several|due|some|day|good|bank|new)s?"
)
TIMELESS = [word for word in word_list("common_words")[:5000] if not TIMES.fullmatch(word)]


@given(texts("quantity"), st.none() | st.integers(0, 10**6))
def test_a_quantity_is_read_or_not_and_never_backwards(text: str, whole: int | None) -> None:
    read = read_quantity(text, whole=whole)
    if read and read.high is not None:
        assert read.low <= read.high
        assert not (read.is_about and read.low != read.high), (
            "a range says itself that it is rough"
        )


@given(texts("day"), DAYS, st.sampled_from(("future", "past")))
@example("the 31 feb 0000", date(2026, 1, 1), "future")
@example("in 9999 years", date(2026, 1, 1), "future")
@example("end of march 0000", date(2026, 1, 1), "future")
@example("102 year", date(2000, 1, 1), "future")
@example("last easter", date(1990, 1, 1), "past")
def test_a_day_is_read_or_asked_back_or_neither(text: str, today: date, prefer: str) -> None:
    read = read_day(text, today, prefer="past" if prefer == "past" else "future")
    if isinstance(read, Day):
        assert abs(read.day.year - today.year) <= 101
        assert read.precision is Precision.DAY or read.day < today, (
            "only the past may be less exact"
        )
    if isinstance(read, Vague):
        assert list(read.suggestions) == sorted(set(read.suggestions))


@given(st.lists(st.sampled_from(TIMELESS), max_size=8).map(" ".join), DAYS)
def test_without_a_word_or_digit_of_time_there_is_no_day(text: str, today: date) -> None:
    assert len(TIMELESS) > 4000
    assert read_day(text, today) is None


@given(texts("time", "recurrence"), DAYS)
@example("every 31 feb", date(2026, 1, 1))
@example("every 0 weeks on monday", date(2026, 1, 1))
@example("every monday until 1 jan 1990", date(2026, 1, 1))
def test_a_recurrence_that_is_read_comes_at_least_once(text: str, today: date) -> None:
    read_time(text)
    read = read_recurrence(text, today, TEN)
    if isinstance(read, Recurrence):
        assert read.start >= today or "start" in text or "from" in text
        eve = datetime.combine(read.start - timedelta(days=1), time(), UTC)
        assert next_times(read, UTC, eve, 1)[0].at.date() == read.start


@given(texts("yes_no", "missing"))
def test_a_reply_is_yes_or_no_or_missing_and_never_two(text: str) -> None:
    assert read_yes_no(text) is None or read_missing(text) is None
    assert read_missing(text) not in {Missing.NOT_ASKED, Missing.NOT_REACHED}


LABELS = st.lists(
    st.text(max_size=30) | st.sampled_from(("Cost", "Time", "1-3", "None of these")), max_size=9
)


@given(texts("choices"), LABELS, st.lists(st.lists(st.text(max_size=9), max_size=3), max_size=12))
def test_choices_are_on_the_table_and_in_order(
    text: str, labels: list[str], synonyms: list[list[str]]
) -> None:
    match match_choices(text, labels, synonyms):
        case Several(indexes=indexes):
            assert list(indexes) == sorted(set(indexes))
            assert set(indexes) <= set(range(len(labels)))
        case Unsure(indexes=indexes, doubts=doubts):
            assert doubts
            assert {*indexes, *(at for d in doubts for at in d.indexes)} <= set(range(len(labels)))
        case None:
            pass


INTEGERS = st.integers(-(10**11), 10**11)
DECIMALS = st.decimals(-(10**6), 10**6, places=2).map(lambda d: d.normalize())
NUMBERS = st.one_of(INTEGERS, DECIMALS.map(lambda d: int(d) if d == int(d) else d))


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    match draw(st.integers(0, 3)):
        case 0:
            return Quantity(low, low)
        case 1:
            return Quantity(low, low, is_about=True)
        case 2:
            return Quantity(low, None)
        case _:
            assume(low != high)
            return Quantity(low, high)


@given(quantities())
@example(Quantity(Decimal("1.234"), Decimal("1.234")))
def test_a_quantity_said_reads_the_same(quantity: Quantity) -> None:
    read = read_quantity(say_quantity(quantity, SAYER))
    assert read is not None
    assert replace(read, is_inferred=False) == quantity


@given(DAYS, st.integers(-3000, 3000), st.sampled_from(Bound))
@example(date(2000, 1, 1), 7, Bound.ON)
def test_a_day_said_reads_the_same(today: date, away: int, bound: Bound) -> None:
    day = Day(today + timedelta(days=away), bound=bound)
    assert read_day(say_day(day, SAYER), today) == day


@given(DAYS, st.integers(1, 90), st.sampled_from((Precision.MONTH, Precision.YEAR)))
def test_a_month_or_year_said_reads_the_same(
    today: date, years: int, precision: Precision
) -> None:
    month = today.month if precision is Precision.MONTH else 1
    day = Day(date(today.year - years, month, 1), is_inferred=True, precision=precision)
    assert read_day(say_day(day, SAYER), today, prefer="past") == day


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_a_time_said_reads_the_same(at: time) -> None:
    read = read_time(say_time(at))
    assert isinstance(read, Clock)
    assert read.time == at


RULES = st.one_of(
    st.sampled_from(("FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", f"FREQ=WEEKLY;BYDAY={WORKDAYS}")),
    st.builds(
        lambda every, days: f"FREQ=WEEKLY{every};BYDAY={','.join(sorted(days, key=WEEK.index))}",
        st.sampled_from(("", ";INTERVAL=2", ";INTERVAL=5")),
        st.sets(st.sampled_from(WEEK := ("MO", "TU", "WE", "TH", "FR", "SA", "SU")), min_size=1),
    ),
    st.builds(
        lambda every, day: f"FREQ=MONTHLY{every};{day}",
        st.sampled_from(("", ";INTERVAL=2", ";INTERVAL=3")),
        st.one_of(
            st.builds(
                lambda at, day: f"BYDAY={at}{day}",
                st.sampled_from((-1, 1, 2, 3, 4, 5)),
                st.sampled_from(WEEK),
            ),
            st.integers(1, 28).map("BYMONTHDAY={}".format),
            st.sampled_from(
                (
                    "BYMONTHDAY=-1",
                    f"BYDAY={WORKDAYS};BYSETPOS=1",
                    "BYMONTHDAY=28,29,30;BYSETPOS=-1",
                    "BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
                )
            ),
        ),
    ),
    st.builds(
        "FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), st.integers(1, 28)
    ),
)


@given(RULES, st.sampled_from(("", "COUNT=6", "UNTIL")), DAYS, st.times())
@example("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "", date(2000, 1, 1), time())
def test_a_recurrence_said_reads_the_same(rule: str, end: str, today: date, at: time) -> None:
    if end:
        last = today + timedelta(days=4000)
        rule += f";UNTIL={last:%Y%m%d}" if end == "UNTIL" else f";{end}"
    start = first_day(rule, today)
    assert start is not None
    recurrence = Recurrence(rule, start, at.replace(second=0, microsecond=0, fold=0))
    read = read_recurrence(say_recurrence(recurrence, SAYER), today, TEN)
    assert isinstance(read, Recurrence), say_recurrence(recurrence, SAYER)
    assert replace(read, is_inferred=False) == recurrence


@given(RULES, DAYS, st.times(), st.integers(1, 40))
def test_a_recurrence_keeps_its_time_on_the_wall(
    rule: str, today: date, at: time, count: int
) -> None:
    start = first_day(rule, today)
    assert start is not None
    wanted = at.replace(second=0, microsecond=0, fold=0)
    eve = datetime.combine(start - timedelta(days=1), time(), UTC)
    firings = next_times(Recurrence(rule, start, wanted), LONDON, eve, count)
    assert len(firings) == count
    assert [f.at for f in firings] == sorted({f.at for f in firings}), (
        "never twice, never out of order"
    )
    for firing in firings:
        wall = firing.at.astimezone(LONDON)
        assert (wall.time() != wanted) is firing.is_moved
        assert wall.fold == 0, "of a time that comes twice, the first"


@given(DAYS, st.sampled_from(Nation))
@settings(max_examples=50)
def test_the_next_working_day_is_one_and_near(day: date, nation: Nation) -> None:
    found = next_working_day(day, nation)
    assert is_working_day(found, nation)
    assert timedelta() <= found - day <= timedelta(days=6)
    assert not any(
        is_working_day(day + timedelta(days=n), nation) for n in range((found - day).days)
    )


@pytest.mark.parametrize("name", [*months(), *weekdays()])
def test_every_name_of_the_calendar_is_read(name: str) -> None:
    assert (
        read_day(f"on 3 {name}" if name in months() else f"on {name}", date(2026, 11, 18))
        is not None
    )


ANCHORS = st.sampled_from(
    ("today", "tomorrow", *(name[:cut] for name in weekdays() for cut in (3, len(name))))
)
LINKS = st.sampled_from((" ", " on ", " from ", " after ", " come ", ", "))
STEPS = st.sampled_from((("week", 7), ("weeks", 7), ("fortnight", 14), ("wk", 7)))


@given(DAYS, ANCHORS, LINKS, STEPS, st.sampled_from(("", "a ", "the ", "1 ", "2 ", "three ")))
def test_so_many_weeks_from_a_named_day_are_that_many_in_every_wording(
    today: date, anchor: str, link: str, step: tuple[str, int], many: str
) -> None:
    count = {"2 ": 2, "three ": 3}.get(many, 1)
    start = read_day(anchor, today)
    assert isinstance(start, Day)
    wanted = start.day + timedelta(days=count * step[1])
    said = [f"{many}{step[0]}{link}{anchor}"]
    if not many and step[0] != "weeks":
        said.append(f"{anchor} {step[0]}")  # "friday week"
    for text in said:
        read = read_day(text.upper() if count == 2 else text, today)
        assert isinstance(read, Day), text
        assert read.last == wanted, text
