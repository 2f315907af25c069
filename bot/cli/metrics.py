"""What `/metrics` says: how the store, the outbox and the jobs are doing, and nothing about people.

No label holds an id, an account, a branch or a word that somebody wrote.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import Future
from time import perf_counter
from typing import Final, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.errors import StoreError
from bot.service import jobs
from bot.service.clock import micros, moment
from bot.service.outbox_order import Status
from bot.service.ports import Clock, Row, Store, Tx, foreseen_as

T = TypeVar("T")
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
QUEUED: Final = Status.QUEUED.value
DUE: Final = jobs.Status.DUE.value


class Metrics:
    """Counts for one process.

    Args:
        clock: The time, for how long something has waited.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.wait = self._histogram("store_wait", "until a piece of work on the store began")
        self.commit = self._histogram(
            "store_commit", "from the end of a piece of work to its commit"
        )
        self._outbox = self._gauge("outbox_messages", "Messages in the outbox.", "status")
        self._jobs = self._gauge("jobs", "Jobs in the table of what is due.", "status")
        self._oldest = self._gauge(
            "oldest_waiting_seconds", "How long the oldest is overdue.", "what"
        )
        self._up = self._gauge("store_up", "1 where the store answers.")

    async def page(self, store: Store) -> bytes:
        """The page as Prometheus reads it; also where the store does not answer."""
        try:
            await asyncio.wrap_future(store.submit(self._look, ()))
        except StoreError:
            self._up.set(0)
        else:
            self._up.set(1)
        return generate_latest(self._registry)

    def _look(self, tx: Tx) -> None:
        for status in Status:
            self._outbox.labels(status.value).set(tx.count("outbox", {"status": status.value}))
        for state in jobs.Status:
            self._jobs.labels(state.value).set(tx.count("due_job", {"status": state.value}))
        waiting = tx.find("outbox", {"status": QUEUED}, order=("seq",), limit=1)
        due = tx.find("due_job", {"status": DUE}, order=("due_at",), limit=1)
        self._oldest.labels("outbox").set(self._overdue(waiting))
        self._oldest.labels("jobs").set(self._overdue(due))

    def _overdue(self, rows: list[Row]) -> float:
        now = self._clock.now()
        due_at = int(rows[0]["due_at"] or 0) if rows else micros(now)
        return max((now - moment(due_at)).total_seconds(), 0.0)

    def _histogram(self, name: str, text: str) -> Histogram:
        return Histogram(
            f"pathways_{name}_seconds",
            f"Seconds {text}.",
            registry=self._registry,
            buckets=BUCKETS,
        )

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"pathways_{name}", text, labels, registry=self._registry)


class MeasuredStore:
    """The port `Store` over another one, with a look at the watch.

    Args:
        store: Does the work.
        metrics: Where the times go.
    """

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """See `Store.submit_ahead`: not measured, since it does not wait as turns do."""
        return self._store.submit_ahead(work)

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """See `Store.submit`."""
        submitted = ended = perf_counter()

        def timed(tx: Tx) -> T:
            nonlocal ended
            self._metrics.wait.observe(perf_counter() - submitted)
            result = work(tx)
            ended = perf_counter()
            return result

        future = self._store.submit(foreseen_as(work, timed), locks)
        future.add_done_callback(lambda _: self._metrics.commit.observe(perf_counter() - ended))
        return future

    def checkpoint(self) -> "Future[None]":
        """See `Store.checkpoint`."""
        return self._store.checkpoint()

    def close(self) -> None:
        """See `Store.close`."""
        self._store.close()
