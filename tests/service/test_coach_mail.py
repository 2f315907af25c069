"""When the coach writes of its own accord (R08, R47): at a rep's hours, once, and only after a yes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.reminders import WEEK_MOST
from bot.coach.rhythm import Rhythm
from bot.language.bank_holidays import bank_holiday
from bot.messages import Choice, Place, Role
from bot.service import coach_mail, jobs, nightly, plans
from bot.service.clock import micros
from bot.service.coach_mail import KIND, subject_of
from bot.service.library import Edition
from tests.builders import wording
from tests.service.coaching import LONDON, MONDAY, PLAN, WORKPLACE, CoachHouse

YES = wording("button.plan-remind")
CHANGES = [  # the Sundays on which British clocks changed or change, 2026-2030
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2028, 10, 29),
    date(2030, 3, 31),
]


@pytest.fixture
def house(edition: Edition) -> CoachHouse:
    return CoachHouse(edition)


def agree(house: CoachHouse, who: str = "ann") -> None:
    house.say(who, "reminders")
    house.press(who, YES)


def written(house: CoachHouse, who: str = "ann") -> list[str]:
    """What the coach writes to somebody when what is due is done."""
    return [sent.reply.text for sent in house.work() if sent.address.id == who]


def due_at(house: CoachHouse, who: str = "ann") -> datetime:
    row = house.rows("due_job", id=f"{KIND}:{subject_of(PLAN, house.person(who))}")[0]
    return datetime.fromtimestamp(int(row["due_at"] or 0) / 1_000_000, UTC)


def on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def run_until(house: CoachHouse, end: datetime) -> list[tuple[datetime, str]]:
    """Let time pass from one look to the next; returns what was written to Ann, and when."""
    found: list[tuple[datetime, str]] = []
    while (due := due_at(house)) <= end:
        house.clock.time = max(due, house.clock.time)
        found += [(house.clock.time, text) for text in written(house)]
        assert due_at(house) > house.clock.time, "it is looked at again, and later"
    house.clock.time = end
    return found


def test_nothing_is_written_before_a_yes_and_nothing_is_kept(house: CoachHouse) -> None:
    house.clock.pass_(days=30)
    assert written(house) == []
    assert house.rows("due_job") == []
    assert all(row["rhythm"] is None for row in house.rows("coach_rhythm"))
    agree(house)
    assert {row["purpose"] for row in house.rows("consent", person=house.person("ann"))} == {
        "action-plan",
        "coach-reminders",
    }
    assert len(house.rows("due_job")) == 1


@pytest.mark.parametrize(
    "stop",
    [("stop", ""), ("consent", "coach-reminders"), ("forget", "yes"), ("plan", "archive")],
    ids=lambda stop: stop[0],
)
def test_it_ends_at_once(stop: tuple[str, str], house: CoachHouse) -> None:
    agree(house)
    house.command("ann", *stop)
    if stop[0] == "plan":
        house.press("ann", wording("button.plan-archive-yes"))
    for _ in range(20):
        house.clock.pass_(days=1)
        assert house.work() == []


def test_hours_end_with_the_agreement_to_them_and_begin_anew(house: CoachHouse) -> None:
    agree(house)
    house.press("ann", wording("button.plan-reminders"))
    house.press("ann", wording("button.plan-hour", at="18:00"))
    house.command("ann", "consent", "coach-reminders")
    assert all(row["rhythm"] is None for row in house.rows("coach_rhythm"))
    run_night(house)
    assert house.rows("due_job", kind=KIND) == []
    agree(house)
    assert due_at(house).astimezone(LONDON).time() == time(9)


def test_after_stop_is_taken_back_it_goes_on(house: CoachHouse) -> None:
    agree(house)
    house.say("ann", "stop")
    house.clock.pass_(days=1)
    assert written(house) == []
    house.say("ann", "/optin")
    assert [WORKPLACE in text for _, text in run_until(house, MONDAY + timedelta(days=4))]


def test_a_role_that_was_lost_ends_it(house: CoachHouse) -> None:
    agree(house)
    ann = house.person("ann")
    house.do(lambda tx: tx.delete("role", {"person": ann, "name": Role.REP.value}))
    house.clock.pass_(days=4)
    assert written(house) == []


def test_each_co_owner_is_written_to_at_their_own_hours(house: CoachHouse) -> None:
    agree(house, "ann")
    agree(house, "ben")
    house.press("ben", wording("button.plan-reminders"))
    house.press("ben", wording("button.plan-hour", at="18:00"))
    assert due_at(house, "ann").astimezone(LONDON).time() == time(9)
    assert due_at(house, "ben").astimezone(LONDON).time() == time(18)
    house.clock.time = on(date(2026, 11, 25), time(9))
    assert len(house.work()) == 1
    house.clock.time = on(date(2026, 11, 25), time(18))
    assert [sent.address.id for sent in house.work()] == ["ben"]


def test_the_button_below_a_reminder_works_and_wakes_the_coach(house: CoachHouse) -> None:
    agree(house)
    told = run_until(house, MONDAY + timedelta(days=30))
    assert "I will be quiet now" in told[-1][1]
    assert run_until(house, MONDAY + timedelta(days=60)) == []
    option = house.option("ann", wording("button.plan-next"))
    assert "Team up" in house._turn("ann", Choice(option.token), Place.PRIVATE)[-1]
    assert run_until(house, MONDAY + timedelta(days=68))


def test_after_an_outage_one_message_comes(house: CoachHouse) -> None:
    agree(house)
    house.clock.time = on(date(2026, 12, 9), time(10))
    assert len(written(house)) == 1
    assert written(house) == []


def test_a_clock_that_is_set_back_repeats_nothing(house: CoachHouse) -> None:
    agree(house)
    house.clock.time = on(date(2026, 11, 25), time(9))
    assert len(written(house)) == 1
    for _ in range(3):
        house.clock.time -= timedelta(hours=1)
        ann = house.known("ann")
        job = jobs.Job(
            kind=KIND,
            subject=subject_of(PLAN, ann.person),
            branch=ann.branch,
            person=ann.person,
            due_at=house.clock.time,
            payload={"plan": PLAN},
        )
        house.do(lambda tx, job=job: jobs.schedule(tx, job, house.clock.now()))  # type: ignore[misc]  # bound at once
        house.clock.time += timedelta(minutes=61)
        assert written(house) == []


def test_a_job_that_is_done_twice_after_a_crash_writes_once(house: CoachHouse) -> None:
    agree(house)
    house.clock.time = on(date(2026, 11, 25), time(9))
    ann = house.known("ann")
    job = jobs.Job(
        kind=KIND,
        subject=subject_of(PLAN, ann.person),
        branch=ann.branch,
        person=ann.person,
        due_at=house.clock.time,
        payload={"plan": PLAN},
    )
    now, content = house.clock.now(), house.content
    for _ in range(2):
        house.do(lambda tx: coach_mail.look(tx, content, job, now))
    house.deliver()
    assert len(house.rows("coach_sent")) == 1


def test_it_is_kept_in_one_transaction_with_the_end_of_the_job(
    house: CoachHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(house)
    house.clock.time = on(date(2026, 11, 25), time(9))

    def fails(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "schedule", fails)
        assert house.work() == []
    assert house.rows("coach_sent") == []
    house.clock.pass_(minutes=1)
    assert len(written(house)) == 1


def test_reminders_go_on_after_a_job_has_failed_for_good(
    house: CoachHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(house, "ann")
    agree(house, "ben")

    def fails(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(coach_mail, "look", fails)
        house.clock.time = on(date(2026, 11, 25), time(9))
        for _ in range(jobs.MAX_TRIES + 1):
            assert house.work() == []
            house.clock.pass_(minutes=30)
    assert {row["status"] for row in house.rows("due_job", kind=KIND)} == {"failed"}
    run_night(house)
    told = house.work()
    assert {sent.address.id for sent in told} == {"ann", "ben"}
    assert due_at(house) > house.clock.now(), "and it is looked at again"


def test_a_night_leaves_a_look_that_is_due_as_it_is(house: CoachHouse) -> None:
    agree(house)
    before = house.rows("due_job", kind=KIND)
    run_night(house)
    assert house.rows("due_job", kind=KIND) == before
    assert len(before) == 1, "Ben wants no reminders"


def run_night(house: CoachHouse) -> None:
    nightly.run(house.store, house.content, house.clock, house.clock.now())


rhythms = st.builds(
    Rhythm,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.sampled_from([time(0, 30), time(1, 30), time(9), time(17, 45)]),
    closes=st.just(time(21)),
    digest=st.none() | st.integers(0, 6),
    before_d=st.integers(0, 3),
)


def check_times(rhythm: Rhythm, began: date, outage_d: int, edition: Edition) -> None:
    """Five weeks of somebody's reminders, with an outage in the middle."""
    house = CoachHouse(edition, at=on(began, time(12)))
    agree(house)
    ann = house.person("ann")
    house.do(lambda tx: plans.set_rhythm(tx, PLAN, ann, rhythm))
    first = rhythm.next_opening(house.clock.now(), plans.holidays_near(began))
    assert first is not None
    house.do(lambda tx: tx.update("due_job", {}, {"due_at": micros(first)}))
    told = run_until(house, on(began, time(12)) + timedelta(days=14))
    house.clock.pass_(days=outage_d)
    late = written(house)
    assert len(late) <= 1, "one message after an outage"
    back = house.clock.now().astimezone(LONDON)
    told += [(house.clock.now(), text) for text in late]
    told += run_until(house, on(began, time(12)) + timedelta(days=35))
    days = [at.astimezone(LONDON).date() for at, _ in told]
    assert len(set(days)) == len(days), "one a day at most"
    for at, _ in told:
        local = at.astimezone(LONDON)
        assert local.weekday() in rhythm.days
        assert bank_holiday(local.date()) is None
        is_on_time = local == rhythm.opening(local.date()).astimezone(LONDON)
        assert is_on_time or local == back, "at their hours, to the second"
        assert rhythm.is_open(at)
    weeks = [day.isocalendar()[:2] for day in days]
    assert all(weeks.count(week) <= WEEK_MOST for week in weeks)


@settings(max_examples=4, deadline=None)
@given(rhythms, st.sampled_from(CHANGES), st.integers(0, 12), st.sampled_from([0, 2, 5]))
def test_times_are_right_over_both_clock_changes(
    edition: Edition, rhythm: Rhythm, change: date, before_d: int, outage_d: int
) -> None:
    check_times(rhythm, change - timedelta(days=before_d), outage_d, edition)


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(rhythms, st.dates(date(2026, 1, 1), date(2030, 11, 1)), st.integers(0, 9))
def test_times_are_right_from_2026_to_2030(
    edition: Edition, rhythm: Rhythm, began: date, outage_d: int
) -> None:
    check_times(rhythm, began, outage_d, edition)
