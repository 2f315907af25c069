"""What reminder is due: at the rep's own hours, few of them, none twice, and then quiet."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.changes import Block, Changed, Done, MoveTo, PutOff, change
from bot.coach.digest import make_digest
from bot.coach.facts import Facts
from bot.coach.plan import ItemId, Plan
from bot.coach.reminders import (
    IGNORED_MOST,
    WEEK_MOST,
    CoachMessage,
    Cue,
    Kind,
    Record,
    Sent,
    due_mentions,
    due_message,
    next_look,
)
from bot.coach.rhythm import Rhythm
from bot.coach.voice_messages import message_text
from tests.coach.plans import ANN, BANK_HOLIDAYS, BEN, NOW, TODAY, a_plan, act, voice

LONDON = ZoneInfo("Europe/London")
NEVER_DIGEST = Rhythm(digest=None)
NAMES = ItemId("name-areas")


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def sent(message: CoachMessage, now: datetime) -> Sent:
    return Sent(kind=message.kind, day=message.day, at=now, mentions=message.mentions)


def played(
    plan: Plan,
    ticks: list[datetime],
    rhythm: Rhythm = NEVER_DIGEST,
    heard: tuple[datetime, ...] = (),
    begin: Record | None = None,
) -> list[tuple[datetime, CoachMessage]]:
    """Every message that goes out when somebody looks at these times."""
    record = begin or Record()
    found: list[tuple[datetime, CoachMessage]] = []
    for now in ticks:
        last = max((one for one in heard if one <= now), default=record.heard_at)
        record = replace(record, heard_at=last)
        message = due_message(plan, ANN, rhythm, record, now, BANK_HOLIDAYS)
        if message:
            record = replace(record, sent=(*record.sent, sent(message, now)))
            found.append((now, message))
    return found


def every_day(first: date, days: int, hour: int = 10) -> list[datetime]:
    return [at(first + timedelta(days=n), hour) for n in range(days)]


def a_plan_of_one(due: date) -> Plan:
    """A plan in which only `name-areas` is still open, due on a day."""
    plan = a_plan(Facts())
    for item in plan.items:
        wanted = MoveTo(due) if item.id == NAMES else Done()
        outcome = change(plan, item.id, wanted, act())
        plan = outcome.plan if isinstance(outcome, Changed) else plan
    return plan


def test_an_item_is_brought_up_before_on_and_after_its_day_and_then_left() -> None:
    due = date(2026, 12, 3)  # a Thursday
    answered = tuple(every_day(TODAY, 40, 12))
    found = played(a_plan_of_one(due), every_day(TODAY, 40), heard=answered)
    assert [(now.date(), message.mentions[0].cue) for now, message in found] == [
        (date(2026, 12, 1), Cue.BEFORE),
        (due, Cue.ON),
        (date(2026, 12, 7), Cue.AFTER),  # three days later is a Sunday
    ]


def test_a_day_before_that_is_not_theirs_becomes_the_last_one_that_is() -> None:
    found = played(a_plan_of_one(date(2026, 12, 7)), every_day(TODAY, 14))  # a Monday
    assert found[0][0].date() == date(2026, 12, 4)
    assert found[0][1].mentions[0].cue is Cue.BEFORE


def test_an_item_that_is_moved_is_news_again() -> None:
    due = date(2026, 12, 3)
    plan = a_plan_of_one(due)
    first = played(plan, [at(due)])
    moved = change(plan, NAMES, MoveTo(date(2026, 12, 10)), act())
    assert isinstance(moved, Changed)
    record = Record(sent=tuple(sent(message, now) for now, message in first), heard_at=at(due, 11))
    again = played(moved.plan, every_day(due, 9), begin=record)
    assert [message.mentions[0].day for _, message in again] == [date(2026, 12, 10)] * 2


def test_what_was_put_off_wakes_on_its_day_and_not_before() -> None:
    due = date(2026, 12, 3)
    outcome = change(a_plan_of_one(due), NAMES, PutOff(date(2026, 12, 9)), act())
    assert isinstance(outcome, Changed)
    found = played(outcome.plan, every_day(TODAY, 40))
    assert [(now.date(), message.mentions[0].cue) for now, message in found] == [
        (date(2026, 12, 9), Cue.WAKE)
    ]


def test_what_is_stuck_is_not_nagged_about() -> None:
    outcome = change(a_plan_of_one(date(2026, 12, 3)), NAMES, Block("no-time"), act())
    assert isinstance(outcome, Changed)
    assert not played(outcome.plan, every_day(TODAY, 40))


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        (at(date(2026, 12, 3), 8, 59), False),
        (at(date(2026, 12, 3), 9, 0), True),
        (at(date(2026, 12, 3), 19, 59), True),
        (at(date(2026, 12, 3), 20, 0), False),
        (at(date(2026, 12, 5), 12), False),  # a Saturday
        (at(date(2026, 12, 25), 12), False),  # Christmas Day, a Friday
    ],
)
def test_messages_come_only_at_their_hours(now: datetime, *, comes: bool) -> None:
    assert bool(played(a_plan_of_one(date(2026, 12, 3)), [now])) is comes


def test_everything_due_comes_as_one_message() -> None:
    plan = a_plan(Facts())
    last_day = max(item.due for item in plan.items if item.due)
    found = played(plan, [at(last_day + timedelta(days=30))])
    assert len(found) == 1
    assert len(found[0][1].mentions) == len(plan.items)


def test_after_an_outage_one_message_comes() -> None:
    found = played(a_plan_of_one(date(2026, 12, 1)), every_day(date(2026, 12, 10), 5))
    assert len(found) == 1
    assert found[0][1].mentions[0].cue is Cue.AFTER


def test_a_clock_set_back_repeats_nothing() -> None:
    due = date(2026, 12, 3)
    ticks = [at(due, 10), at(due, 9), at(due, 10), at(due - timedelta(days=1), 23), at(due, 11)]
    assert len(played(a_plan_of_one(due), ticks)) == 1


def test_no_more_than_three_a_week_and_one_of_them_is_the_digest() -> None:
    plan = a_plan(Facts())
    answered = tuple(every_day(TODAY, 120, 12))
    found = played(plan, every_day(TODAY, 120), Rhythm(digest=4), heard=answered)
    weeks: dict[tuple[int, int], list[Kind]] = {}
    for now, message in found:
        weeks.setdefault(now.date().isocalendar()[:2], []).append(message.kind)
    assert len(weeks) > 10
    assert max(map(len, weeks.values())) <= WEEK_MOST
    *whole_weeks, _ = weeks.values()
    assert all(kinds.count(Kind.DIGEST) == 1 for kinds in whole_weeks)
    assert all(kinds.count(Kind.REMINDER) <= WEEK_MOST - 1 for kinds in weeks.values())


def test_a_digest_that_fell_into_a_holiday_comes_on_the_next_day() -> None:
    plan = a_plan(Facts())
    christmas = [date(2026, 12, 28), date(2026, 12, 29)]  # Monday is Boxing Day's
    found = played(plan, [at(day) for day in christmas], Rhythm(digest=0))
    assert [(now.date(), one.kind) for now, one in found] == [(christmas[1], Kind.DIGEST)]


@pytest.mark.parametrize(
    ("wished", "comes"),
    [(4, date(2026, 12, 24)), (6, date(2026, 12, 24)), (2, date(2026, 12, 23))],
)
def test_a_digest_day_that_is_not_theirs_is_the_one_before(wished: int, comes: date) -> None:
    days = every_day(date(2026, 12, 21), 7)  # Christmas Day is the Friday
    found = played(a_plan_of_one(date(2027, 3, 1)), days, Rhythm(digest=wished))
    assert [(now.date(), one.kind) for now, one in found] == [(comes, Kind.DIGEST)]


def test_a_new_plan_is_not_summed_up_the_next_morning() -> None:
    plan = a_plan(Facts())
    assert not played(plan, [at(TODAY)], Rhythm(digest=0))
    assert played(plan, [at(TODAY + timedelta(days=7))], Rhythm(digest=0))


def test_after_three_without_an_answer_it_says_farewell_once_and_is_quiet() -> None:
    plan = a_plan(Facts())
    found = played(plan, every_day(TODAY, 200), Rhythm(digest=0))
    kinds = [message.kind for _, message in found]
    assert len(kinds) == IGNORED_MOST + 1
    assert kinds[-1] is Kind.FAREWELL
    assert Kind.FAREWELL not in kinds[:-1]


def test_doing_anything_wakes_it() -> None:
    plan = a_plan(Facts())
    heard = at(TODAY + timedelta(days=100), 12)
    found = played(plan, every_day(TODAY, 200), Rhythm(digest=0), heard=(heard,))
    assert len(found) == 2 * (IGNORED_MOST + 1)


def test_nobody_is_written_to_who_does_not_own_it_or_when_all_is_done() -> None:
    plan = a_plan_of_one(date(2026, 12, 3))
    now = at(date(2026, 12, 3))
    assert due_message(plan, ANN, NEVER_DIGEST, Record(), now) is not None
    assert due_message(plan, BEN, NEVER_DIGEST, Record(), now) is None
    assert due_message(replace(plan, archived_at=NOW), ANN, NEVER_DIGEST, Record(), now) is None
    done = change(plan, NAMES, Done(), act())
    assert isinstance(done, Changed)
    assert due_message(done.plan, ANN, NEVER_DIGEST, Record(), now) is None


def test_a_message_that_is_not_sent_is_found_again_with_the_same_key() -> None:
    plan = a_plan_of_one(date(2026, 12, 3))
    one = due_message(plan, ANN, NEVER_DIGEST, Record(), at(date(2026, 12, 3), 9))
    other = due_message(plan, ANN, NEVER_DIGEST, Record(), at(date(2026, 12, 3), 15))
    assert one == other


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 60 * 24 * 60), max_size=80),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 6),
    st.lists(st.integers(0, 60 * 24 * 60), max_size=4),
)
def test_whenever_somebody_looks_the_promises_hold(
    minutes: list[int], days: set[int], digest: int, heard: list[int]
) -> None:
    """Ticks in any order, clocks set back among them: three a week, one a day, none said twice."""
    rhythm = Rhythm(days=frozenset(days), digest=digest)
    begin = at(TODAY, 0)
    times = [begin + timedelta(minutes=n) for n in minutes]
    answers = tuple(begin + timedelta(minutes=n) for n in heard)
    found = played(a_plan(Facts()), times, rhythm, heard=answers)
    sent_on = [message.day for _, message in found]
    assert len(set(sent_on)) == len(sent_on)
    assert sent_on == sorted(sent_on)
    weeks = [day.isocalendar()[:2] for day in sent_on]
    assert all(weeks.count(week) <= WEEK_MOST for week in weeks)
    said = [mention for _, message in found for mention in message.mentions]
    assert len(set(said)) == len(said)
    for now, _ in found:
        local = now.astimezone(LONDON)
        assert local.weekday() in days
        assert time(9) <= local.time() < time(20)
        assert local.date() not in BANK_HOLIDAYS


def test_every_message_reads_as_a_person_would_send_it() -> None:
    plan = a_plan(Facts())
    found = played(plan, every_day(TODAY, 200), Rhythm(digest=0))
    texts = [message_text(voice(), plan, one, make_digest(plan, NOW, one.day)) for _, one in found]
    assert texts[0].startswith("From your plan for North site.")
    assert "**List the places where technicians work** is due on Thursday 26 November." in texts[0]
    assert "Overdue:" in texts[-2]
    assert "type **my plan**" in texts[-1].replace("Type", "type")
    assert not any("{" in text for text in texts)


def test_the_next_look_is_when_their_hours_begin() -> None:
    assert next_look(Rhythm(), at(TODAY, 10)) == at(TODAY + timedelta(days=1), 9)
    assert next_look(Rhythm(days=frozenset({0})), at(TODAY, 8)) == at(TODAY, 9)


def test_mentions_come_in_the_order_of_the_plan() -> None:
    plan = a_plan(Facts())
    order = [item.id for item in plan.items]
    mentions = due_mentions(plan, Rhythm(), Record(), TODAY + timedelta(days=200))
    assert [one.item for one in mentions] == order
