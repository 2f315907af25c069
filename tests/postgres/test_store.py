"""What PostgreSQL needs beyond the contract: locks between processes, clashes, lost connections."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bot.errors import SchemaTooNew, StoreBusy, StoreError
from bot.service.ports import Tx
from bot.storage import postgres_connection, postgres_lane
from bot.storage.postgres import LANES, PostgresStore
from bot.storage.postgres_connection import NETWORK, bounded
from bot.storage.postgres_errors import shown
from tests.contracts.stores import WAIT_S, add, branch, do, failed, inserting, miss, rows_of
from tests.postgres.server import emptied, new_database, own_database, url_of

TERMINATE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def url() -> str:
    return emptied()


@pytest.fixture
def stores(url: str) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(closing(PostgresStore(url))),
            stack.enter_context(closing(PostgresStore(url))),
        )


class Held:
    """Work that has begun, and ends when it is let go."""

    def __init__(self, store: PostgresStore, locks: tuple[str, ...] | None) -> None:
        self.has_begun, self._may_end = threading.Event(), threading.Event()
        self.runs = 0
        self.future = store.submit(self._work, locks)
        assert self.has_begun.wait(WAIT_S)

    def _work(self, tx: Tx) -> int:
        self.runs += 1
        tx.count("branch", {})
        self.has_begun.set()
        assert self._may_end.wait(WAIT_S)
        return tx.count("branch", {})

    def let_go(self) -> int:
        self._may_end.set()
        return self.future.result(WAIT_S)


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


class TestLocks:
    def test_one_name_keeps_two_processes_apart(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        held = Held(stores[0], ("ann",))
        same = stores[1].submit(inserting("branch", branch("same")), ("ann",))
        other = stores[1].submit(inserting("branch", branch("other")), ("bob",))
        assert other.result(WAIT_S) is None, "another name goes ahead, though it came later"
        assert not same.done()
        assert held.let_go() == 1
        assert same.result(WAIT_S) is None

    @pytest.mark.parametrize(
        ("first", "second"), [(None, ("ann",)), (("ann",), None), (None, None), (None, ())]
    )
    def test_work_without_names_is_alone(
        self,
        stores: tuple[PostgresStore, PostgresStore],
        first: tuple[str, ...] | None,
        second: tuple[str, ...] | None,
    ) -> None:
        held = Held(stores[0], first)
        later = stores[1].submit(inserting("branch", branch("b")), second)
        assert held.let_go() == 0, "nothing was written meanwhile"
        assert later.result(WAIT_S) is None

    def test_what_came_later_does_not_overtake(self, url: str) -> None:
        ran: list[int] = []
        with closing(PostgresStore(url)) as other, closing(PostgresStore(url, lanes=1)) as store:
            held = Held(other, ("ann",))
            both = store.submit(lambda _: ran.append(1), ("ann", "bob"))
            after = store.submit(lambda _: ran.append(2), ("bob",))
            store.submit(lambda _: None, ("cat",)).result(WAIT_S)
            assert not after.done()
            held.let_go()
            both.result(WAIT_S)
            after.result(WAIT_S)
        assert ran == [1, 2]

    def test_whoever_waits_too_long_is_told(
        self, stores: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_lane, "PATIENCE_S", 0.02)
        held = Held(stores[0], ("ann",))
        late = stores[1].submit(lambda _: None, ("ann",))
        assert isinstance(late.exception(WAIT_S), StoreBusy)
        held.let_go()


class TestBeingAlone:
    def test_work_that_must_be_runs_again_and_is(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        runs: list[str] = []

        def work(tx: Tx) -> int:
            runs.append("begun")
            tx.insert("branch", branch("b"))
            tx.alone()
            runs.append("alone")
            return tx.count("branch", {})

        held = Held(stores[0], ("ann",))
        future = stores[1].submit(work, ("bob",))
        stores[1].submit(lambda _: None, ("cat",)).add_done_callback(lambda _: None)
        assert held.let_go() == 0
        assert future.result(WAIT_S) == 1
        assert runs == ["begun", "begun", "alone"]

    def test_it_is_enough_to_have_asked(self, stores: tuple[PostgresStore, PostgresStore]) -> None:
        """Also where the work goes on as if nothing had been raised."""
        runs: list[int] = []

        def work(tx: Tx) -> str:
            runs.append(1)
            try:
                tx.alone()
            except BaseException:  # noqa: BLE001 - what is tried here
                return "in company"
            return "alone"

        assert stores[0].submit(work, ()).result(WAIT_S) == "alone"
        assert len(runs) == 2

    def test_the_next_of_the_same_name_waits_for_it(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        ran: list[str] = []

        def first(tx: Tx) -> None:
            tx.alone()
            ran.append("first")

        def both(_: Tx) -> "list[Future[None]]":
            second: Callable[[Tx], None] = lambda _: ran.append("second")  # noqa: E731 - a name to read by
            return [stores[0].submit(work, ("ann",)) for work in (first, second)]

        for future in do(stores[0], both):
            future.result(WAIT_S)
        assert ran == ["first", "second"]


class TestClashes:
    def test_two_that_wait_for_each_other_both_end_well(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        add(stores[0], "miss", miss("m1"), miss("m2"))
        meeting = threading.Barrier(2)

        def change(order: tuple[str, str]) -> Callable[[Tx], None]:
            runs: list[int] = []

            def work(tx: Tx) -> None:
                runs.append(1)
                for number, id in enumerate(order):
                    row = tx.get("miss", {"id": id})
                    assert row is not None
                    tx.update("miss", {"id": id}, {"at": int(row["at"] or 0) + 1})
                    if number == 0 and len(runs) == 1:
                        meeting.wait(WAIT_S)

            return work

        ways = (("m1", "m2"), ("m2", "m1"))
        futures = [
            store.submit(change(order), ()) for store, order in zip(stores, ways, strict=True)
        ]
        for future in futures:
            assert future.exception(WAIT_S) is None
        assert {row["at"] for row in rows_of(stores[0], "miss")} == {3}

    def test_a_condition_lets_one_of_two_through(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        add(stores[0], "miss", miss("m"))
        meeting = threading.Barrier(2)

        def work(tx: Tx) -> int:
            assert tx.get("miss", {"id": "m", "status": "new"})
            meeting.wait(WAIT_S)
            return tx.update("miss", {"id": "m", "status": "new"}, {"status": "seen"})

        futures = [store.submit(work, ()) for store in stores]
        assert sorted(future.result(WAIT_S) for future in futures) == [0, 1]


class TestLostConnections:
    def test_an_idle_one_is_made_anew(self, url: str) -> None:
        with closing(PostgresStore(url)) as store:
            execute(url, TERMINATE)
            add(store, "branch", branch("b"))
            assert rows_of(store, "branch") == [branch("b")]

    def test_work_under_way_is_done_again(self, url: str) -> None:
        runs: list[int] = []

        def work(tx: Tx) -> None:
            runs.append(1)
            tx.insert("branch", branch("b"))
            if len(runs) == 1:
                execute(url, TERMINATE)
            tx.insert("branch", branch("c"))

        with closing(PostgresStore(url)) as store:
            do(store, work)
            assert [row["id"] for row in rows_of(store, "branch")] == ["b", "c"]
        assert len(runs) == 2

    def test_what_may_be_committed_is_not_done_again(self, url: str) -> None:
        """A trigger ends the connection in the middle of the commit."""
        runs: list[int] = []
        ending = new_database("ending")
        PostgresStore(ending).close()
        execute(
            ending,
            """CREATE FUNCTION go() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER going AFTER INSERT ON miss DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION go()""",
        )

        def work(tx: Tx) -> None:
            runs.append(1)
            tx.insert("miss", miss("m"))

        with closing(PostgresStore(ending)) as store:
            error = failed(store, work)
            assert "cannot be reached" in str(error)
            assert do(store, lambda tx: tx.count("miss", {})) == 0
        assert len(runs) == 1

    def test_without_a_server_people_are_told_and_later_it_goes_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_lane, "OUTAGE_S", 0.05)
        away = new_database("away")
        with closing(PostgresStore(away)) as store:
            execute(url_of("postgres"), "ALTER DATABASE away ALLOW_CONNECTIONS false")
            execute(
                url_of("postgres"),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'",
            )
            assert "cannot be reached" in str(failed(store, inserting("branch", branch("b"))))
            execute(url_of("postgres"), "ALTER DATABASE away ALLOW_CONNECTIONS true")
            add(store, "branch", branch("b"))
            assert rows_of(store, "branch") == [branch("b")]

    def test_a_lane_connects_in_a_thread_of_its_own(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever submits may be the event loop, which waits for no server."""
        connect, threads = psycopg.connect, []

        def noted(*words: Any, **more: Any) -> Any:
            threads.append(threading.current_thread().name)
            return connect(*words, **more)

        with closing(PostgresStore(url)) as store:
            monkeypatch.setattr(psycopg, "connect", noted)
            works = [
                store.submit(lambda tx: tx.count("branch", {}), (f"n{i}",)) for i in range(20)
            ]
            works.append(store.submit_ahead(lambda tx: tx.count("branch", {})))
            assert [work.result(WAIT_S) for work in works] == [0] * 21
        assert threads == ["store-writer"] * LANES

    def test_a_lane_whose_server_is_away_tells_those_who_wait_and_goes_on_later(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_lane, "OUTAGE_S", 0.0)
        connect, is_away = psycopg.connect, [True]

        def perhaps(*words: Any, **more: Any) -> Any:
            if is_away:
                raise psycopg.OperationalError("nobody is there")
            return connect(*words, **more)

        with closing(PostgresStore(url)) as store:
            monkeypatch.setattr(psycopg, "connect", perhaps)
            told = store.submit_ahead(inserting("branch", branch("b"))).exception(WAIT_S)
            assert "cannot be reached" in str(told)
            is_away.clear()
            assert store.submit_ahead(inserting("branch", branch("b"))).result(WAIT_S) is None

    def test_what_goes_ahead_waits_for_nobody_not_even_for_work_that_is_alone(
        self, stores: tuple[PostgresStore, PostgresStore]
    ) -> None:
        one, other = stores
        held = Held(one, None)
        for number, store in enumerate(stores):
            work = inserting("branch", branch(f"b{number}"))
            assert store.submit_ahead(work).result(WAIT_S) is None
        assert held.let_go() == 2
        assert [row["id"] for row in rows_of(other, "branch")] == ["b0", "b1"]

    def test_a_frozen_process_lets_go_of_its_locks(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        idle = "idle_in_transaction_session_timeout"
        monkeypatch.setitem(postgres_connection.SETTINGS, idle, "50ms")
        with closing(PostgresStore(url, lanes=1)) as frozen:
            monkeypatch.setitem(postgres_connection.SETTINGS, idle, "10s")
            with closing(PostgresStore(url)) as other:
                held = Held(frozen, ("ann",))
                assert (
                    other.submit(inserting("branch", branch("b")), ("ann",)).result(WAIT_S) is None
                )
                assert held.let_go() == 1
            assert held.runs == 2


class TestOpening:
    def test_another_programs_database_is_refused(self) -> None:
        strange = new_database("strange")
        execute(strange, "CREATE TABLE theirs (id int)")
        with pytest.raises(StoreError, match="another program"):
            PostgresStore(strange)

    def test_a_database_from_the_future_is_refused(self) -> None:
        later = new_database("later")
        PostgresStore(later).close()
        execute(later, "INSERT INTO schema_step (name) VALUES ('0999_later')")
        with pytest.raises(SchemaTooNew, match="0999_later"):
            PostgresStore(later)

    def test_text_that_is_not_utf8_is_refused(self) -> None:
        execute(url_of("postgres"), "DROP DATABASE IF EXISTS ascii")
        execute(
            url_of("postgres"), "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0"
        )
        with pytest.raises(StoreError, match="UTF8"):
            PostgresStore(url_of("ascii"))

    @pytest.mark.parametrize("database", ["nowhere"])
    def test_one_that_is_not_there_is_named(self, database: str) -> None:
        with pytest.raises(StoreError, match="Create it first"):
            PostgresStore(url_of(database))

    def test_no_message_holds_the_password(self) -> None:
        address = "postgresql://me:sesame@127.0.0.1:1/mine"
        with pytest.raises(StoreError) as caught:
            PostgresStore(address)
        assert "sesame" not in str(caught.value)
        assert shown(address) == "The database mine on 127.0.0.1"
        assert "sesame" not in shown("postgresql://me:sesame@[broken")

    def test_no_network_is_waited_for_without_end(self) -> None:
        address = "postgresql://me@db.example/mine"
        found = conninfo_to_dict(bounded(address))
        assert {name: int(str(found[name])) for name in NETWORK} == NETWORK
        named = conninfo_to_dict(bounded(f"{address}?keepalives_idle=60"))
        assert named["keepalives_idle"] == "60", "what the address says counts"
        with closing(postgres_connection.connect(own_database())) as connection:
            used = connection.info.get_parameters()
        assert used.items() >= {name: str(value) for name, value in NETWORK.items()}.items()

    def test_it_is_opened_with_care(self) -> None:
        with closing(postgres_connection.connect(own_database())) as connection:
            for name, value in (("synchronous_commit", "on"), ("lock_timeout", "10s")):
                assert connection.execute(f"SHOW {name}".encode()).fetchone() == (value,)
