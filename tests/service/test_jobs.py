"""What is due is done at least once and takes effect once, whatever dies on the way (R06-R08)."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.messages import BranchId
from bot.service import jobs
from bot.service.job_runner import Finish, Handler, JobRunner
from bot.service.jobs import FIRST_WAIT_S, LEASE, MAX_TRIES, Job, Leased
from bot.service.ports import Tx
from tests.service.houses import House

KIND = "note"
Do = Callable[[Job, datetime], Finish]


def job(house: House, subject: str = "a", wait_s: float = 0, **payload: str) -> Job:
    due_at = house.clock.now() + timedelta(seconds=wait_s)
    return Job(kind=KIND, subject=subject, branch=BranchId("main"), due_at=due_at, payload=payload)


def schedule(house: House, *wanted: Job) -> None:
    for one in wanted:
        house.do(lambda tx, one=one: jobs.schedule(tx, one, house.clock.now()))  # type: ignore[misc]  # bound at once


def claim(house: House, owner: str = "me", limit: int = 9) -> list[Leased]:
    now = house.clock.now()
    return list(house.do(lambda tx: jobs.claim(tx, owner, (KIND,), now, limit)))


def status(house: House) -> dict[str, str]:
    return {str(row["subject"]): str(row["status"]) for row in house.rows("due_job")}


def work(house: House, do: Do, lost: Callable[[Job, datetime], Finish] | None = None) -> int:
    return asyncio.run(runner(house, {KIND: Handler(do, lost)}).work_due())


def runner(house: House, handlers: Mapping[str, Handler]) -> JobRunner:
    return JobRunner(house.store, handlers, house.clock, lambda: None, tick_s=0.02)


class Notes:
    """Writes down, in the job's own transaction, what was done."""

    def __init__(self, fails: int = 0) -> None:
        self.begun = 0
        self.fails = fails

    def do(self, job: Job, now: datetime) -> Finish:
        self.begun += 1
        if self.begun <= self.fails:
            raise OSError("no printer")
        return lambda tx: self._note(tx, job, now)

    def _note(self, tx: Tx, job: Job, now: datetime) -> None:
        tx.insert(
            "install", {"name": f"{job.subject} {now.isoformat()}", "value": str(job.payload)}
        )


def notes(house: House) -> list[str]:
    return sorted(
        str(row["name"]).split()[0] for row in house.rows("install") if " " in str(row["name"])
    )


def test_what_is_due_is_done_and_the_rest_waits(house: House) -> None:
    schedule(house, job(house, "now"), job(house, "later", wait_s=60))
    assert work(house, Notes().do) == 1
    assert (notes(house), status(house)) == (["now"], {"now": "done", "later": "due"})


def test_a_job_is_leased_to_one_only(house: House) -> None:
    schedule(house, job(house, "a"), job(house, "b"))
    assert [one.job.subject for one in claim(house, limit=1)] == ["a"]
    assert [one.job.subject for one in claim(house, "you")] == ["b"]
    assert claim(house, "third") == []


def test_whoever_died_with_a_job_leaves_it_to_the_next(house: House) -> None:
    schedule(house, job(house))
    (lost,) = claim(house, "dead")
    house.clock.time += LEASE
    (taken,) = claim(house, "alive")
    now = house.clock.now()
    assert not house.do(lambda tx: jobs.end(tx, lost, now))
    assert house.do(lambda tx: jobs.end(tx, taken, now))


def test_a_process_that_works_alone_takes_everything_back_at_once(house: House) -> None:
    schedule(house, job(house))
    claim(house, "dead")
    assert asyncio.run(runner(house, {}).recover()) == 1
    assert status(house) == {"a": "due"}


def test_a_later_job_about_the_same_takes_the_place_of_the_earlier(house: House) -> None:
    schedule(house, job(house, words="old"))
    (lost,) = claim(house)
    schedule(house, job(house, words="new"))
    assert not house.do(lambda tx: jobs.end(tx, lost, house.clock.now()))
    (leased,) = claim(house)
    assert leased.job.payload == {"words": "new"}


def test_a_cancelled_job_has_no_effect_even_when_it_is_under_way(house: House) -> None:
    schedule(house, job(house))

    def do(one: Job, now: datetime) -> Finish:
        assert house.do(lambda tx: jobs.cancel(tx, KIND, one.subject))
        return Notes().do(one, now)

    assert work(house, do) == 1
    assert (notes(house), status(house)) == ([], {})
    assert not house.do(lambda tx: jobs.cancel(tx, KIND, "a"))


def test_what_went_wrong_is_tried_again_later_and_takes_effect_once(house: House) -> None:
    schedule(house, job(house))
    handler = Notes(fails=2)
    for wait_s in (FIRST_WAIT_S, FIRST_WAIT_S * 2):
        assert work(house, handler.do) == 1
        assert work(house, handler.do) == 0
        house.clock.time += timedelta(seconds=wait_s)
    assert work(house, handler.do) == 1
    assert (notes(house), status(house)) == (["a"], {"a": "done"})


def test_what_goes_wrong_every_time_has_failed_in_the_end(house: House) -> None:
    schedule(house, job(house))
    handler = Notes(fails=99)
    while status(house) == {"a": "due"}:
        work(house, handler.do)
        house.clock.time += timedelta(hours=1)
    assert (handler.begun, status(house)) == (MAX_TRIES, {"a": "failed"})
    assert house.rows("due_job")[0]["error"] == "OSError"


def until_it_has_failed(house: House, handler: Notes, lost: Do) -> None:
    """Work until nothing is due any more, which takes a while."""
    schedule(house, job(house, words="what it was for"))
    while status(house) == {"a": "due"}:
        work(house, handler.do, lost)
        house.clock.time += timedelta(hours=1)


def test_whoever_waits_for_a_job_that_has_failed_is_told_once(house: House) -> None:
    until_it_has_failed(house, Notes(fails=99), Notes().do)
    assert (notes(house), status(house)) == (["a"], {"a": "failed"})
    assert any("what it was for" in str(row["value"]) for row in house.rows("install"))


def test_nobody_is_told_of_a_job_that_was_done_in_the_end(house: House) -> None:
    told = Notes()
    until_it_has_failed(house, Notes(fails=MAX_TRIES - 1), told.do)
    assert (told.begun, status(house)) == (0, {"a": "done"})


def test_a_job_has_failed_even_where_nobody_can_be_told(house: House) -> None:
    until_it_has_failed(house, Notes(fails=99), Notes(fails=99).do)
    assert (notes(house), status(house)) == ([], {"a": "failed"})


def test_a_failed_job_may_schedule_the_next_one_of_its_kind(house: House) -> None:
    def again(one: Job, now: datetime) -> Finish:
        later = job(house, one.subject, wait_s=3600)
        return lambda tx: jobs.schedule(tx, later, now)

    schedule(house, job(house))
    for _ in range(MAX_TRIES):
        house.clock.time += timedelta(minutes=5)
        assert work(house, Notes(fails=99).do, again) == 1
    assert status(house) == {"a": "due"}
    assert house.rows("due_job")[0]["tries"] == 0


def test_a_slow_job_stops_no_other_and_stays_with_whoever_does_it(house: House) -> None:
    quick_is_done = threading.Event()
    begun: list[str] = []

    def do(one: Job, now: datetime) -> Finish:
        begun.append(one.subject)
        if one.subject == "quick":
            quick_is_done.set()
        else:
            house.clock.time += LEASE * 2
            schedule(house, job(house, "quick"))
            assert quick_is_done.wait(5)
        return Notes().do(one, now)

    schedule(house, job(house, "slow"))
    assert work(house, do) == 2
    assert begun == ["slow", "quick"]
    assert status(house) == {"slow": "done", "quick": "done"}


def test_a_job_may_schedule_the_next_one_of_its_kind(house: House) -> None:
    def again(one: Job, now: datetime) -> Finish:
        later = job(house, one.subject, wait_s=3600)
        return lambda tx: jobs.schedule(tx, later, now)

    schedule(house, job(house))
    assert work(house, again) == 1
    assert status(house) == {"a": "due"}
    house.clock.time += timedelta(hours=1)
    assert work(house, again) == 1


def test_what_a_job_writes_goes_with_its_end_or_not_at_all(house: House) -> None:
    def half(one: Job, now: datetime) -> Finish:
        def write(tx: Tx) -> None:
            Notes()._note(tx, one, now)
            raise OSError("died between two lines")

        return write

    schedule(house, job(house))
    assert work(house, half) == 1
    assert (notes(house), status(house)) == ([], {"a": "due"})


def test_the_runner_goes_on_until_it_is_told_to_stop(house: House) -> None:
    async def scene() -> None:
        stop, did = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def do(one: Job, now: datetime) -> Finish:
            loop.call_soon_threadsafe(did.set)
            return Notes().do(one, now)

        running = runner(house, {KIND: Handler(do)})
        task = asyncio.create_task(running.run(stop))
        schedule(house, job(house))
        running.wake()
        await asyncio.wait_for(did.wait(), 30)
        stop.set()
        await asyncio.wait_for(task, 30)

    asyncio.run(scene())
    assert notes(house) == ["a"]
