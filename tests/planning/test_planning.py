"""When something goes out, to whom, and in which states: over 2026 to 2030, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.recurrence import Recurrence
from bot.planning.lateness import GRACE, Timing, due
from bot.planning.lifecycle import MOVES, Event, Status, after, may
from bot.planning.plans import (
    CLOSES,
    OPENS,
    SUNDAY,
    Hours,
    Moment,
    Now,
    Once,
    Plan,
    decode_plan,
    encode_plan,
    next_moments,
    opening,
)
from bot.planning.reading import Unclear, read_plan
from bot.planning.recipients import WEEKLY, Facts, Fate, Kind, Tally, fate, seconds

LONDON = ZoneInfo("Europe/London")
HOURS = Hours(zone=LONDON)
walls = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31))  # noqa: DTZ001 - on the wall
moments_in_utc = walls.map(lambda at: at.replace(tzinfo=UTC))
RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31",
)
recurrences = st.builds(
    Recurrence,
    st.sampled_from(RULES),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
plans = st.one_of(st.just(Now()), st.builds(Once, walls, st.booleans()), recurrences)


@given(moments_in_utc)
def test_nothing_goes_out_in_quiet_hours_nor_earlier_than_asked(at: datetime) -> None:
    opened = opening(at, HOURS)
    wall = opened.astimezone(LONDON)
    assert opened >= at
    assert opened - at <= timedelta(hours=38)  # from Saturday evening to Monday morning
    assert wall.weekday() != SUNDAY
    assert OPENS <= wall.time() < CLOSES
    assert opening(opened, HOURS) == opened
    assert opening(at, Hours(zone=LONDON, is_urgent=True)) == at


@given(recurrences, moments_in_utc)
def test_a_time_on_the_wall_stays_when_the_clocks_change(
    plan: Recurrence, since: datetime
) -> None:
    coming = next_moments(plan, HOURS, since, 30)
    assert all(one.planned > since for one in coming)
    assert all(first.planned < second.planned for first, second in pairwise(coming))
    for one in coming:
        wall = one.planned.astimezone(LONDON).time()
        assert one.is_moved or wall == plan.time


@given(plans)
def test_a_plan_reads_back_equal(plan: Plan) -> None:
    assert decode_plan(encode_plan(plan)) == plan


def test_a_text_that_is_no_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="no plan"):
        decode_plan('["soon"]')


def fire(plan: Recurrence, ticks: list[datetime], since: datetime) -> list[Moment]:
    """Look at these times, whatever order they are in, and send what is due; returns what went out."""
    sent: list[Moment] = []
    coming = next_moments(plan, HOURS, since, 1)
    pending = coming[0] if coming else None
    for now in ticks:
        if pending is None or pending.at > now:
            continue
        found = due(plan, HOURS, pending, now)
        if found.timing is not Timing.SKIPPED:
            sent.append(found.moment)
        pending = found.following
    return sent


@settings(max_examples=50)
@given(recurrences, moments_in_utc, st.integers(0, 120), st.booleans())
def test_no_time_is_sent_twice_nor_missed_whatever_the_clock_does(
    plan: Recurrence, since: datetime, outage_at: int, steps_back: bool
) -> None:
    hours = [since + timedelta(hours=number) for number in range(24 * 12)]
    ticks = [
        at for at in hours if not outage_at <= (at - since) / timedelta(hours=1) < outage_at + 48
    ]
    if steps_back:
        ticks = [tick for at in ticks for tick in (at, at - timedelta(hours=1))]
    sent = fire(plan, ticks, since)
    planned = [one.planned for one in sent]
    assert len(planned) == len(set(planned))
    assert planned == sorted(planned)
    gap = (since + timedelta(hours=outage_at), since + timedelta(hours=outage_at + 48))
    wanted = [
        one
        for one in next_moments(plan, HOURS, since, 40)
        if one.at <= hours[-1] - timedelta(hours=1)
        and not gap[0] - timedelta(hours=1) <= one.at < gap[1]
    ]
    merged = {one.at for one in sent}  # several nights in one quiet time make one message
    assert {one.at for one in wanted} <= merged
    in_gap = [one for one in sent if gap[0] <= one.at < gap[1] - GRACE]
    assert in_gap == []


@pytest.mark.parametrize(
    ("behind", "timing"),
    [
        (timedelta(minutes=5), Timing.PROMPT),
        (timedelta(minutes=6), Timing.LATE),
        (GRACE, Timing.LATE),
        (GRACE + timedelta(seconds=1), Timing.SKIPPED),
    ],
)
def test_late_is_late_and_too_late_is_skipped(behind: timedelta, timing: Timing) -> None:
    plan = Once(datetime(2026, 3, 29, 9))  # noqa: DTZ001 - on the wall
    hours = Hours(zone=LONDON, is_urgent=True)  # a Sunday
    (first,) = next_moments(plan, hours, datetime(2026, 3, 1, tzinfo=UTC))
    found = due(plan, hours, first, first.at + behind)
    assert (found.timing, found.moment, found.missed) == (timing, first, 0)


NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - on the wall; a Saturday


@pytest.mark.parametrize(
    ("said", "plan"),
    [
        ("now", Now()),
        ("straight away", Now()),
        ("Friday at 9", Once(datetime(2026, 11, 27, 9), is_inferred=True)),  # noqa: DTZ001
        ("tomorrow 17:30", Once(datetime(2026, 11, 22, 17, 30))),  # noqa: DTZ001
        ("9am on Monday", Once(datetime(2026, 11, 23, 9))),  # noqa: DTZ001
        ("5pm", Once(datetime(2026, 11, 21, 17), is_inferred=True)),  # noqa: DTZ001
        ("9am", Once(datetime(2026, 11, 22, 9), is_inferred=True)),  # noqa: DTZ001
    ],
)
def test_a_time_is_read_from_words(said: str, plan: Plan) -> None:
    assert read_plan(said, NOW) == plan


@pytest.mark.parametrize("said", ["every second Tuesday at 9", "last Friday of the month at 12"])
def test_a_time_that_comes_again_is_read_from_words(said: str) -> None:
    assert isinstance(read_plan(said, NOW), Recurrence)


@pytest.mark.parametrize("said", ["tomorrow morning", "Monday afternoon", "regularly"])
def test_what_names_several_times_is_asked_back(said: str) -> None:
    assert isinstance(read_plan(said, NOW), Unclear)


@pytest.mark.parametrize("said", ["banana", "yesterday at 9", ""])
def test_what_names_no_time_to_come_is_none(said: str) -> None:
    assert read_plan(said, NOW) is None


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_no_words_at_all_raise(said: str) -> None:
    read_plan(said, NOW)


def test_a_bank_holiday_is_named() -> None:
    plan = Once(datetime(2026, 12, 25, 9))  # noqa: DTZ001 - on the wall
    (one,) = next_moments(plan, HOURS, datetime(2026, 12, 1, tzinfo=UTC))
    assert one.holiday == "Christmas Day"
    assert time(9) == one.at.astimezone(LONDON).time()


facts = st.builds(
    Facts,
    is_reachable=st.booleans(),
    opt_outs=st.sets(st.sampled_from(["all", "news", "fees"])).map(frozenset),
    has_agreed=st.booleans(),
    takes_part=st.booleans(),
    recent=st.integers(0, WEEKLY + 1),
)


@given(st.lists(facts), st.sampled_from(Kind))
def test_the_figures_add_up_and_nobody_is_written_to_against_their_word(
    people: list[Facts], kind: Kind
) -> None:
    fates = [fate(one, kind, "news") for one in people]
    tally = Tally.of(fates)
    assert tally.total == len(people)
    assert sum(tally.of_fate(one) for one in Fate) == tally.total
    for one, found in zip(people, fates, strict=True):
        if found is Fate.WAITING:
            assert one.is_reachable
            assert not one.opt_outs & {"all", "news"}
            assert one.recent < WEEKLY
            assert one.has_agreed or (kind is Kind.SERVICE and one.takes_part)


def test_channels_do_not_wait_for_each_other() -> None:
    assert seconds({"telegram": 28, "slack": 8, "terminal": 1_000}) == 2
    assert seconds({}) == 0


def test_nothing_leads_out_of_an_end_and_every_other_state_can_be_left() -> None:
    left = {status for status, _ in MOVES}
    ended = {Status.SENT, Status.HALTED, Status.CANCELLED, Status.SKIPPED}
    assert set(Status) - left == ended
    reached = {Status.DRAFT, *MOVES.values()}
    assert reached == set(Status)
    assert may(Status.DRAFT, Event.SCHEDULE)
    assert after(Status.SENT, Event.HALT) is None
