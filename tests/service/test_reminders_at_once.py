"""Reminders of thousands who are due at one moment, over what happens to clocks and machines (R08).

The clock is a fake one and stands still while jobs are done, so it cannot say how late the last one is.
What is measured is how many are done in a second of real time; the long form prints it.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time

import pytest

from bot.coach.agreement import Agreement
from bot.coach.plan import Plan, PlanId
from bot.coach.rhythm import Rhythm
from bot.coach.rows import rhythm_json
from bot.engine.effects_plans import FoundPlan
from bot.engine.plan_view import REMINDERS
from bot.engine.session import Session, encode
from bot.messages import PersonId
from bot.service import jobs, plans
from bot.service.clock import micros
from bot.service.coach_mail import KIND, subject_of
from bot.service.job_runner import JobRunner
from bot.service.jobs import Job
from bot.service.library import Edition, Library
from bot.service.people import Known
from bot.service.ports import Row, Tx
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock
from tests.conversations.plans import found_plan
from tests.service.coaching import LONDON
from tests.service.crowds import BRANCH, gather

CHANNEL = "telegram"
NINE = time(9)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)  # Sundays on which British clocks change
COUNTS = [pytest.param(200), pytest.param(10_000, marks=pytest.mark.long)]


def on(day: date, at: time) -> datetime:
    """A moment of the wall clock in London."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def enrol(tx: Tx, plan: Plan, number: int, began: datetime) -> None:
    """Somebody of the crowd has a plan, a talk behind them, and has said yes to reminders."""
    person = PersonId(f"p-{number:06}")
    (joined,) = plan.sharing
    own = replace(
        plan,
        id=PlanId(f"pl-{number:06}"),
        workplace=f"Works {number}",
        sharing=(replace(joined, key=person, by=person),),
    )
    empty = Agreement(branch=BRANCH, workplace=own.workplace)
    plans.found(tx, FoundPlan(plan=own, agreement=empty, meetings={}), began)
    hours = {"rhythm": rhythm_json(Rhythm())}
    tx.update("coach_rhythm", {"plan": own.id, "person": person}, hours)
    of: Row = {"branch": BRANCH, "person": person}
    yes: Row = {"id": f"r-{number}", "purpose": REMINDERS, "wording_hash": "w"}
    tx.insert("consent", {**of, **yes, "given_at": micros(began), "withdrawn_at": None})
    talk = encode(Session(secret=person))
    tx.insert("session", {**of, "version": 1, "state": talk, "updated_at": micros(began)})
    first = Rhythm().next_opening(began, plans.holidays_near(began.date()))
    assert first is not None
    look = Job(
        kind=KIND,
        subject=subject_of(own.id, person),
        branch=BRANCH,
        person=person,
        due_at=first,
        payload={"plan": own.id},
    )
    jobs.schedule(tx, look, began)


class Crowd:
    """So many reps, each with a plan, who are all reminded at nine."""

    def __init__(self, folder: Path, edition: Edition, count: int, began: datetime) -> None:
        self.count = count
        self.clock = FixedClock(began)
        self.store = SQLiteStore(folder / "crowd.db")
        self.edition = edition
        self._handlers = job_handlers(self.store, Library(edition), self.clock, LONDON)
        self._seen = 0
        self.store.submit(self._gather).result()

    def _gather(self, tx: Tx) -> None:
        began = self.clock.now()
        gather(tx, CHANNEL, self.count + 1, began)
        maker = Known(PersonId(f"p-{self.count:06}"), BRANCH, is_new=False)
        plan = found_plan(tx, self.edition, "Pattern works", [maker], began)
        for number in range(self.count):
            enrol(tx, plan, number, began)

    def work(self, at: datetime) -> int:
        """Do what is due at a moment; returns how many jobs that were."""
        self.clock.time = at
        runner = JobRunner(self.store, self._handlers, self.clock, lambda: None)
        return asyncio.run(runner.work_due())

    def written(self) -> list[str]:
        """To whom was written since the last look, in the outbox as in what is noted as sent."""
        rows = self.store.submit(lambda tx: tx.find("coach_sent", {}, order=("at", "id"))).result()
        queued = self.store.submit(lambda tx: tx.count("outbox", {})).result()
        assert queued == len(rows)
        new = rows[self._seen :]
        self._seen = len(rows)
        return sorted(str(row["person"]) for row in new)

    @property
    def everybody(self) -> list[str]:
        """Each of them once."""
        return [f"p-{number:06}" for number in range(self.count)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("change", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_all_are_reminded_once_over_a_change_an_outage_and_a_clock_put_back(
    change: date, count: int, tmp_path: Path, edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd(tmp_path, edition, count, on(change - timedelta(days=2), time(12)))
    monday = change + timedelta(days=1)
    if change == SPRING:
        monday += timedelta(days=1)  # it is Easter Monday
    nine = on(monday, NINE)

    assert crowd.work(nine - timedelta(seconds=1)) == 0, "not a second early"
    began, worked = perf_counter(), process_time()
    assert crowd.work(nine) == count
    took_s, work_s = perf_counter() - began, process_time() - worked
    assert crowd.written() == crowd.everybody, "nobody twice, nobody left out"
    if count > 1000:
        with capsys.disabled():
            rate = f"{count / took_s:.0f} a second, {work_s:.0f} s of it work"
            print(f"\n{count:,} at one moment: the last after {took_s:.0f} s, {rate}")

    crowd.work(nine - timedelta(hours=1))
    for minutes in (-59, -1, 0, 1, 60):
        crowd.work(nine + timedelta(minutes=minutes))
    assert crowd.written() == [], "a clock put back repeats nothing"

    back = on(monday + timedelta(days=3), time(10))
    crowd.work(back)
    assert crowd.written() == crowd.everybody, "one message after an outage, to each"
    for hours in (1, 5):
        crowd.work(back + timedelta(hours=hours))
    assert crowd.written() == []
    crowd.store.close()
