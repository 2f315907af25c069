"""What every store promises about pieces of work: whole or not at all, in order, once."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future

import pytest

from bot.errors import Inconsistent, StoreError
from bot.service.ports import Store, Tx
from tests.contracts.stores import (
    WAIT_S,
    add,
    both,
    branch,
    do,
    failed,
    inserting,
    person,
    refused,
    rows_of,
)

Work = Callable[[Tx], object]


class Oops(Exception):
    pass


def names(store: Store) -> list[object]:
    return [row["id"] for row in rows_of(store, "branch")]


def raising(error: BaseException) -> Work:
    def work(tx: Tx) -> None:
        raise error

    return work


def together(store: Store, *works: Work) -> "list[Future[object]]":
    """Futures of work that waited at the same time: SQLite commits it as one."""
    futures = do(store, lambda _: [store.submit(work) for work in works])
    for future in futures:
        future.exception(WAIT_S)
    return futures


class TestAPieceOfWork:
    @pytest.mark.parametrize("value", [None, 0, False, "text", [1], StoreError("as a value")])
    def test_what_it_returns_is_the_result(self, store: Store, value: object) -> None:
        assert do(store, lambda _: value) is value

    @pytest.mark.parametrize(
        "error", [Oops(), StoreError("mine"), CancelledError(), KeyboardInterrupt(), SystemExit(3)]
    )
    def test_what_it_raises_is_raised_and_nothing_was_written(
        self, store: Store, error: BaseException
    ) -> None:
        future = store.submit(both(inserting("branch", branch("b")), raising(error)))
        with pytest.raises(type(error)) as caught:
            future.result(WAIT_S)
        assert caught.value is error
        assert names(store) == []

    def test_it_sees_what_it_wrote(self, store: Store) -> None:
        def work(tx: Tx) -> list[int]:
            tx.insert("branch", branch("b"))
            counts = [tx.count("branch", {})]
            tx.update("branch", {"id": "b"}, {"name": "Sea"})
            counts.append(tx.count("branch", {"name": "Sea"}))
            tx.delete("branch", {})
            return [*counts, tx.count("branch", {})]

        assert do(store, work) == [1, 1, 0]

    def test_it_sees_what_work_before_it_wrote(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        assert do(store, lambda tx: tx.count("branch", {})) == 1

    def test_nothing_of_several_tables_stays(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        first = both(inserting("person", person("p")), lambda tx: tx.delete("person", {}))
        second = both(inserting("person", person("q")), inserting("branch", branch("b")))
        refused(store, both(both(first, second), lambda _: None))
        assert rows_of(store, "person") == []
        assert names(store) == ["b"]

    def test_a_refusal_that_it_swallows_still_ends_it(self, store: Store) -> None:
        def work(tx: Tx) -> str:
            tx.insert("branch", branch("b"))
            with pytest.raises(StoreError) as first:
                tx.insert("branch", branch("b"))
            with pytest.raises(StoreError) as second:
                tx.count("branch", {})
            seen.extend([first.value, second.value])
            return "all well"

        seen: list[StoreError] = []
        assert refused(store, work) is seen[0] is seen[1]
        assert names(store) == []

    def test_its_own_error_goes_before_a_refusal_that_it_swallowed(self, store: Store) -> None:
        def work(tx: Tx) -> None:
            with pytest.raises(StoreError):
                tx.count("nobody", {})
            raise oops

        oops = Oops()
        assert store.submit(work).exception(WAIT_S) is oops

    @pytest.mark.parametrize("end", [lambda _: None, raising(Oops())])
    def test_its_transaction_ends_with_it(self, store: Store, end: Work) -> None:
        kept: list[Tx] = []
        store.submit(both(kept.append, end)).exception(WAIT_S)
        calls: list[Callable[[], object]] = [
            lambda: kept[0].insert("branch", branch("b")),
            lambda: kept[0].insert_new("branch", branch("b")),
            lambda: kept[0].get("branch", {}),
            lambda: kept[0].find("branch", {}),
            lambda: kept[0].update("branch", {}, {}),
            lambda: kept[0].delete("branch", {}),
            lambda: kept[0].count("branch", {}),
        ]
        for call in calls:
            with pytest.raises(StoreError):
                call()
        assert names(store) == []


class TestManyPieces:
    def test_only_the_one_that_raises_is_rolled_back(self, store: Store) -> None:
        good = [inserting("branch", branch(f"b{i}")) for i in range(6)]
        oops = Oops()
        bad = both(inserting("branch", branch("b9")), raising(oops))
        futures = together(store, *good[:3], bad, *good[3:])
        assert [future.exception() for future in futures] == [None] * 3 + [oops] + [None] * 3
        assert names(store) == [f"b{i}" for i in range(6)]

    def test_only_the_one_that_is_refused_is_rolled_back(self, store: Store) -> None:
        again = both(inserting("branch", branch("b2")), inserting("branch", branch("b1")))
        works = [inserting("branch", branch(id)) for id in ("b1", "b2")]
        futures = together(store, works[0], again, works[1])
        assert [type(future.exception()) for future in futures] == [
            type(None),
            Inconsistent,
            type(None),
        ]
        assert names(store) == ["b1", "b2"]

    def test_they_run_in_the_order_they_came(self, store: Store) -> None:
        ran: list[int] = []

        def work(number: int) -> Work:
            return lambda _: ran.append(number)

        together(store, *map(work, range(300)))
        assert ran == list(range(300))

    def test_threads_lose_nothing(self, store: Store) -> None:
        add(store, "branch", branch("b", created_at=0))

        def count_up(tx: Tx) -> None:
            row = tx.get("branch", {"id": "b"})
            assert row is not None
            assert isinstance(row["created_at"], int)
            tx.update("branch", {"id": "b"}, {"created_at": row["created_at"] + 1})

        def many() -> None:
            for future in [store.submit(count_up) for _ in range(50)]:
                future.result(WAIT_S)

        threads = [threading.Thread(target=many) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
        assert rows_of(store, "branch") == [branch("b", created_at=400)]

    def test_work_that_work_submits_runs_after_it(self, store: Store) -> None:
        ran: list[str] = []

        def inner(tx: Tx) -> int:
            ran.append("inner")
            return tx.count("branch", {})

        def outer(tx: Tx) -> "Future[int]":
            future = store.submit(inner)
            tx.insert("branch", branch("b"))
            ran.append("outer")
            return future

        assert do(store, outer).result(WAIT_S) == 1
        assert ran == ["outer", "inner"]

    def test_work_that_failing_work_submitted_runs_all_the_same(self, store: Store) -> None:
        submitted: list[Future[None]] = []

        def outer(_: Tx) -> None:
            submitted.append(store.submit(inserting("branch", branch("b"))))
            raise Oops

        assert isinstance(store.submit(outer).exception(WAIT_S), Oops)
        assert submitted[0].result(WAIT_S) is None
        assert names(store) == ["b"]


class TestFutures:
    def test_cancelled_work_never_runs(self, store: Store) -> None:
        def outer(_: Tx) -> "tuple[bool, Future[None]]":
            future = store.submit(inserting("branch", branch("b")))
            return future.cancel(), future

        was_cancelled, future = do(store, outer)
        assert was_cancelled
        assert future.cancelled()
        assert names(store) == []

    def test_work_cannot_be_cancelled_while_it_runs(self, store: Store) -> None:
        futures: list[Future[object]] = []
        inner: Work = lambda _: futures[0].cancel()  # noqa: E731 - a name to read by
        do(store, lambda _: futures.append(store.submit(inner)))
        assert futures[0].result(WAIT_S) is False

    @pytest.mark.filterwarnings("default")
    @pytest.mark.parametrize("error", [Oops(), SystemExit(1), KeyboardInterrupt()])
    def test_a_callback_that_raises_harms_nobody(self, store: Store, error: BaseException) -> None:
        def call_back(future: "Future[object]") -> None:
            called.append(future.exception())
            raise error

        def outer(_: Tx) -> None:
            for work in (inserting("branch", branch("b")), raising(oops)):
                store.submit(work).add_done_callback(call_back)
            store.submit(inserting("branch", branch("c")))

        called: list[BaseException | None] = []
        oops = Oops()
        do(store, outer)
        assert names(store) == ["b", "c"]
        assert called == [None, oops]

    def test_a_callback_may_submit(self, store: Store) -> None:
        done = threading.Event()

        def call_back(_: "Future[None]") -> None:
            last = store.submit(lambda tx: found.append(tx.count("branch", {})))
            last.add_done_callback(lambda _: done.set())

        found: list[int] = []
        store.submit(inserting("branch", branch("b"))).add_done_callback(call_back)
        assert done.wait(WAIT_S)
        assert found == [1]

    def test_an_event_loop_can_wait_for_it(self, store: Store) -> None:
        async def turns() -> list[object]:
            futures = (store.submit(lambda tx: tx.count("branch", {})) for _ in range(100))
            return await asyncio.gather(*map(asyncio.wrap_future, futures))

        assert asyncio.run(turns()) == [0] * 100


class TestTheEnd:
    def test_what_was_queued_is_finished(self, store: Store) -> None:
        futures = [store.submit(inserting("branch", branch(f"b{i}"))) for i in range(100)]
        store.close()
        assert [future.exception(WAIT_S) for future in futures] == [None] * 100

    def test_later_work_is_refused(self, store: Store) -> None:
        store.close()
        assert "closed" in str(failed(store, lambda _: None))
        assert isinstance(store.checkpoint().exception(WAIT_S), StoreError)

    def test_it_can_be_closed_twice_and_by_many(self, store: Store) -> None:
        threads = [threading.Thread(target=store.close) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
        store.close()
        assert not any(thread.is_alive() for thread in threads)

    def test_work_may_close_it(self, store: Store) -> None:
        first = store.submit(lambda _: store.close())
        assert first.exception(WAIT_S) is None
        failed(store, lambda _: None)

    def test_a_checkpoint_comes_after_work_and_changes_nothing(self, store: Store) -> None:
        first = store.submit(inserting("branch", branch("b")))
        checked = store.checkpoint()
        second = store.submit(inserting("branch", branch("c")))
        assert checked.result(WAIT_S) is None
        assert first.done()
        assert second.result(WAIT_S) is None
        assert names(store) == ["b", "c"]
