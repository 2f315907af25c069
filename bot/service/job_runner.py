"""The loop that does what is due. What a job writes is written once, together with its end."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import structlog

from bot.errors import StoreError, Tried, places
from bot.service import jobs, put_back
from bot.service.jobs import Job, Leased
from bot.service.ports import Clock, Store, Tx
from bot.service.side_by_side import side_by_side

T = TypeVar("T")
AT_ONCE: Final = 16  # jobs on their way together
Finish = Callable[[Tx], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    Attributes:
        do: The call does what takes long, on a thread and outside any transaction, and may run again
            after a crash; what it returns is written in one transaction with the job's end, and so
            once. One that has to ask a channel is a coroutine function, and waits on the event loop.
        lost: Called where a job has failed for good; what it returns is written with that. None where
            nobody waits for it.
    """

    do: Callable[[Job, datetime], Finish | Awaitable[Finish]]
    lost: Callable[[Job, datetime], Finish] | None = None


class JobRunner:
    """Does what is due.

    Args:
        store: Holds the jobs.
        handlers: By kind; jobs of other kinds are left to other processes.
        clock: Time, and a name for this worker.
        done: Called after a job took effect: there may be something to send.
        tick_s: Seconds at most between two looks: another process may have scheduled something.
    """

    def __init__(
        self,
        store: Store,
        handlers: Mapping[str, Handler],
        clock: Clock,
        done: Callable[[], None],
        tick_s: float = 1.0,
    ) -> None:
        self._store = store
        self._handlers = handlers
        self._kinds = tuple(handlers)
        self._clock = clock
        self._done = done
        self._tick_s = tick_s
        self._owner = clock.fresh()
        self._wake = asyncio.Event()
        self._last_look = put_back.LastLook()

    def wake(self) -> None:
        """Something was scheduled: look now. To be called from the event loop's thread."""
        self._wake.set()

    async def recover(self) -> int:
        """At start, where no other process does jobs: take back what an earlier one had leased."""
        return await self._work(jobs.recover_all)

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due until it is told to stop. Whatever goes wrong, it goes on."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self.work_due(stop)
                    wait_s = await self._wait_s()
                except StoreError as error:
                    log.warning("jobs.failed", error=type(error).__name__)
                    self._last_look = put_back.LastLook()  # nobody knows what that one has done
                    wait_s = self._tick_s
                await self._rest(stopping, wait_s)
        finally:
            stopping.cancel()

    async def work_due(self, stop: asyncio.Event | None = None) -> int:
        """Do everything that is due now, and what becomes due by it; returns how many were begun.

        Jobs do not wait for each other: while one is slow, the others are looked after.

        Args:
            stop: Once it is set nothing more is begun; None for never.

        Raises:
            StoreError: The store does not answer.
        """

        async def claim(running: Collection[Leased]) -> tuple[Leased, ...]:
            is_stopping = stop is not None and stop.is_set()
            return () if is_stopping else await self._claim(running)

        return await side_by_side(claim, self._do, self._wake, self._tick_s)

    async def _claim(self, running: Collection[Leased]) -> tuple[Leased, ...]:
        """Lease as much as there is room for; what is running here stays ours."""
        now, limit = self._clock.now(), AT_ONCE - len(running)
        is_put_back = self._last_look.is_put_back(now)

        def work(tx: Tx) -> tuple[Leased, ...]:
            if is_put_back:
                put_back.hasten_jobs(tx, now)
                put_back.shorten_leases(tx, "due_job", jobs.LEASE, now)
            for leased in running:
                jobs.renew(tx, leased, now)
            return jobs.claim(tx, self._owner, self._kinds, now, limit)

        return await self._work(work, (jobs.LOCK,))

    async def _do(self, leased: Leased) -> None:
        job, now = leased.job, self._clock.now()
        with Tried() as tried:
            done = await asyncio.to_thread(self._handlers[job.kind].do, job, now)
            finish = await done if isinstance(done, Awaitable) else done
            await self._work(lambda tx: self._finish(tx, leased, finish, now))
        if (error := tried.error) is None:
            self._done()
            return
        name = type(error).__name__
        log.warning("job.failed", kind=job.kind, error=name, where=places(error))
        await self._fail(leased, name, now)

    async def _fail(self, leased: Leased, error: str, now: datetime) -> None:
        """Have it tried again; the last time, say so to whoever waits for it."""
        lost = self._handlers[leased.job.kind].lost
        if lost is None or leased.tries + 1 < jobs.MAX_TRIES:
            await self._work(lambda tx: jobs.fail(tx, leased, error, now), ())
            return
        with Tried() as tried:
            finish = lost(leased.job, now)
            await self._work(lambda tx: self._lose(tx, leased, error, finish, now))
        if (again := tried.error) is None:
            self._done()
            return
        name = type(again).__name__
        log.warning("job.not-told", kind=leased.job.kind, error=name, where=places(again))
        await self._work(lambda tx: jobs.fail(tx, leased, error, now), ())  # in any case

    @staticmethod
    def _lose(tx: Tx, leased: Leased, error: str, finish: Finish, now: datetime) -> None:
        if jobs.fail(tx, leased, error, now):
            finish(tx)

    @staticmethod
    def _finish(tx: Tx, leased: Leased, finish: Finish, now: datetime) -> None:
        if jobs.end(tx, leased, now):
            finish(tx)

    async def _wait_s(self) -> float:
        due_at = await self._work(lambda tx: jobs.next_due(tx, self._kinds), ())
        if due_at is None:
            return self._tick_s
        wait_s = (due_at - self._clock.now()).total_seconds()
        return min(max(wait_s, 0.01), self._tick_s)

    async def _rest(self, stopping: "asyncio.Task[bool]", wait_s: float) -> None:
        woken = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait(
                [woken, stopping], timeout=wait_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            woken.cancel()
            self._wake.clear()

    async def _work(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> T:
        return await asyncio.wrap_future(self._store.submit(work, locks))
