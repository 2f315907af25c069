"""What the SQLite store does with its file, beyond what every store does with rows."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreError
from bot.service.ports import Row, Tx
from bot.storage import sqlite_file
from bot.storage.sqlite import BATCH_LIMIT, SQLiteStore
from bot.storage.sqlite_file import BUSY_TIMEOUT_MS
from tests.storage.turns import Update, turn, wrongs

ROOT = Path(__file__).parents[2]
WAIT_S = 30


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "chat.db"


@pytest.fixture
def store(db_path: Path) -> Iterator[SQLiteStore]:
    with closing(SQLiteStore(db_path)) as opened:
        yield opened


def add_branch(id: str) -> Callable[[Tx], None]:
    return lambda tx: tx.insert("branch", {"id": id, "name": "Rail", "created_at": 1})


def pragma(store: SQLiteStore, name: str) -> object:
    connection = store._connection
    ((value,),) = store.submit(lambda _: connection.execute(f"PRAGMA {name}").fetchall()).result()
    return value


class Statements:
    """Counts what reaches a connection."""

    def __init__(self, store: SQLiteStore) -> None:
        self.seen: list[str] = []
        store._connection.set_trace_callback(self.seen.append)

    def count(self, start: str) -> int:
        return sum(statement.startswith(start) for statement in self.seen)


class TestTheFile:
    def test_it_is_the_owners_alone(self, store: SQLiteStore, db_path: Path) -> None:
        store.submit(add_branch("b")).result()
        files = sorted(db_path.parent.iterdir())
        names = ["chat.db", "chat.db-shm", "chat.db-wal", "chat.db.lock"]
        assert [file.name for file in files] == names
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(db_path.parent.stat().st_mode) == 0o700

    def test_every_new_folder_is_the_owners_alone(self, tmp_path: Path) -> None:
        SQLiteStore(tmp_path / "a" / "b" / "chat.db").close()
        modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b")}
        assert modes == {0o700}

    def test_a_file_that_others_could_read_is_closed_to_them(self, db_path: Path) -> None:
        SQLiteStore(db_path).close()
        db_path.chmod(0o644)
        SQLiteStore(db_path).close()
        assert stat.S_IMODE(db_path.stat().st_mode) == 0o600

    def test_rows_are_there_again(self, db_path: Path) -> None:
        for id in ("b1", "b2"):
            with closing(SQLiteStore(db_path)) as store:
                store.submit(add_branch(id)).result()
        with closing(SQLiteStore(db_path)) as store:
            assert store.submit(lambda tx: tx.count("branch", {})).result() == 2

    def test_closing_leaves_one_file_and_no_log(self, store: SQLiteStore, db_path: Path) -> None:
        store.submit(add_branch("b")).result()
        store.close()
        assert sorted(file.name for file in db_path.parent.iterdir()) == [
            "chat.db",
            "chat.db.lock",
        ]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("temp_store", 2),
            ("trusted_schema", 0),
            ("busy_timeout", BUSY_TIMEOUT_MS),
        ],
    )
    def test_it_is_opened_with_care(self, store: SQLiteStore, name: str, value: object) -> None:
        assert pragma(store, name) == value


class TestPlacesThatWillNotDo:
    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="is a folder"):
            SQLiteStore(tmp_path)

    @pytest.mark.parametrize("content", [b"hello", b"no database\n" * 1000, b"\xff" * 4096])
    def test_a_file_that_is_no_database(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "notes.txt").write_bytes(content)
        with pytest.raises(StoreError, match="is no Pathways database"):
            SQLiteStore(tmp_path / "notes.txt")
        assert (tmp_path / "notes.txt").read_bytes() == content

    def test_a_database_of_another_program(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "other.db")) as other:
            other.execute("CREATE TABLE person (name TEXT)")
        before = (tmp_path / "other.db").read_bytes()
        with pytest.raises(StoreError, match="belongs to another program"):
            SQLiteStore(tmp_path / "other.db")
        assert (tmp_path / "other.db").read_bytes() == before

    def test_a_folder_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StoreError, match="cannot be opened"):
            SQLiteStore(tmp_path / "file" / "chat.db")

    def test_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(StoreError, match="is no ordinary file"):
            SQLiteStore(tmp_path / "pipe")

    def test_a_damaged_file_says_so_in_every_turn(self, db_path: Path) -> None:
        with closing(SQLiteStore(db_path)) as store:
            store.submit(add_branch("b")).result()
        content = bytearray(db_path.read_bytes())
        content[4096:] = b"\x7f" * (len(content) - 4096)
        db_path.write_bytes(content)
        with (
            pytest.raises(StoreError, match="or it is damaged"),
            closing(SQLiteStore(db_path)) as store,
        ):
            store.submit(add_branch("c")).result()

    def test_after_a_refusal_the_place_is_free(self, tmp_path: Path) -> None:
        path = tmp_path / "chat.db"
        path.write_text("no database")
        for _ in range(2):
            with pytest.raises(StoreError, match="no Pathways database"):
                SQLiteStore(path)
        path.unlink()
        SQLiteStore(path).close()


class TestOwnership:
    def test_r14_a_second_owner_is_told_what_to_do(
        self, store: SQLiteStore, db_path: Path
    ) -> None:
        with pytest.raises(StoreBusy) as caught:
            SQLiteStore(db_path)
        assert str(caught.value) == (
            f"Another Pathways process is using {db_path}. Stop it first, or use another database."
        )
        assert store.submit(lambda tx: tx.count("branch", {})).result() == 0

    def test_r14_another_process_is_refused(self, store: SQLiteStore, db_path: Path) -> None:
        program = (
            "import sys, pathlib; from bot.storage.sqlite import SQLiteStore; "
            "SQLiteStore(pathlib.Path(sys.argv[1]))"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program, str(db_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "StoreBusy: Another Pathways process" in ran.stderr

    def test_a_link_to_an_owned_file_is_owned(self, store: SQLiteStore, db_path: Path) -> None:
        link = db_path.with_name("link.db")
        link.symlink_to(db_path)
        with pytest.raises(StoreBusy):
            SQLiteStore(link)

    def test_closing_lets_the_next_owner_in(self, db_path: Path) -> None:
        for _ in range(3):
            SQLiteStore(db_path).close()

    def test_a_program_that_holds_the_file_from_outside(
        self, store: SQLiteStore, db_path: Path
    ) -> None:
        with closing(sqlite3.connect(db_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert isinstance(store.submit(add_branch("b")).exception(WAIT_S), StoreBusy)
            other.execute("ROLLBACK")
        assert store.submit(add_branch("b")).exception(WAIT_S) is None


class TestGroupCommit:
    def test_what_waits_together_is_committed_together(self, store: SQLiteStore) -> None:
        statements = Statements(store)
        many = BATCH_LIMIT * 2 + 1

        def outer(_: Tx) -> "list[Future[None]]":
            return [store.submit(add_branch(f"b{i}")) for i in range(many)]

        for future in store.submit(outer).result(WAIT_S):
            future.result(WAIT_S)
        assert statements.count("COMMIT") == 1 + 3
        assert statements.count("BEGIN IMMEDIATE") == 1 + 3
        assert statements.count("SAVEPOINT") == 1 + many

    def test_checkpoints_between_do_not_part_it(self, store: SQLiteStore) -> None:
        statements = Statements(store)

        def outer(_: Tx) -> "list[Future[None]]":
            return [
                future
                for at in range(10)
                for future in (store.submit(add_branch(f"b{at}")), store.checkpoint())
            ]

        for future in store.submit(outer).result(WAIT_S):
            future.result(WAIT_S)
        assert statements.count("COMMIT") == 1 + 1
        assert statements.count("PRAGMA wal_checkpoint") == 1

    def test_nothing_is_committed_for_cancelled_work(self, store: SQLiteStore) -> None:
        statements = Statements(store)
        store.submit(lambda _: store.submit(add_branch("b")).cancel()).result(WAIT_S)
        store.submit(lambda _: None).result(WAIT_S)
        assert statements.count("COMMIT") <= 2

    def test_r03_a_future_resolves_after_the_commit(self, store: SQLiteStore) -> None:
        statements = Statements(store)
        seen: list[int] = []

        def outer(_: Tx) -> None:
            future = store.submit(add_branch("b"))
            future.add_done_callback(lambda _: seen.append(statements.count("COMMIT")))

        store.submit(outer).result(WAIT_S)
        store.close()
        assert seen == [2], "the first is that of the outer work"


class TestTraces:
    def test_r45_nothing_is_left_of_a_forgotten_person(
        self, store: SQLiteStore, db_path: Path
    ) -> None:
        canary = b"canary-7f3a"
        for number in range(40):
            update = Update(f"{canary.decode()}:{number}", canary.decode(), number)
            store.submit(turn(update)).result()
        assert traces(db_path, canary) > 100

        def forget(tx: Tx) -> None:
            for table in ("session", "outbox", "feedback"):
                tx.delete(table, {"person": canary.decode()})
            tx.delete("inbound_key", {})
            tx.delete("person", {"id": canary.decode()})

        store.submit(forget).result()
        store.checkpoint().result(WAIT_S)
        assert traces(db_path, canary) == 0

    def test_a_reader_from_outside_holds_a_checkpoint_up(
        self, store: SQLiteStore, db_path: Path
    ) -> None:
        store.submit(add_branch("b")).result()
        with closing(sqlite3.connect(db_path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM branch").fetchall()
            store.submit(add_branch("c")).result()
            error = store.checkpoint().exception(WAIT_S)
            assert isinstance(error, StoreBusy)
            assert "Close it, then try again" in str(error)
        assert store.checkpoint().exception(WAIT_S) is None
        assert db_path.with_name("chat.db-wal").stat().st_size == 0


def traces(db_path: Path, words: bytes) -> int:
    files = [file for file in db_path.parent.iterdir() if not file.name.endswith("-shm")]
    return sum(file.read_bytes().count(words) for file in files)


def test_r13_commands_of_four_threads_find_nothing_locked(
    store: SQLiteStore, db_path: Path
) -> None:
    def commands() -> None:
        for _ in range(30):
            errors.append(store.submit(lambda tx: tx.count("inbound_key", {})).exception(WAIT_S))
            errors.append(
                store.submit(lambda tx: tx.delete("outbox", {"id": "x"})).exception(WAIT_S)
            )

    errors: list[BaseException | None] = []
    updates = [Update(f"telegram:{number}", f"p{number % 9}", number) for number in range(600)]
    threads = [threading.Thread(target=commands) for _ in range(4)]
    for thread in threads:
        thread.start()
    futures = [store.submit(turn(update)) for update in updates]
    for thread in threads:
        thread.join(WAIT_S)
    assert [future.result(WAIT_S) for future in futures] == [True] * 600
    assert errors == [None] * 240
    store.close()
    assert wrongs(db_path, updates) == []


@pytest.mark.long
def test_r18_a_large_file_opens_at_once(db_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_file.PRAGMAS, "synchronous", "OFF")
    with closing(SQLiteStore(db_path)) as store:
        for first in range(0, 100_000, 1000):
            store.submit(_thousand(first)).result()
    statements: list[str] = []
    monkeypatch.setattr(
        sqlite_file,
        "check_schema",
        lambda connection, _: connection.set_trace_callback(statements.append),
    )
    with closing(SQLiteStore(db_path)) as store:
        assert store.submit(lambda tx: tx.get("session", {"person": "p77777"})).result()
    scans = [text for text in statements if "integrity_check" in text or "SELECT count" in text]
    assert not scans, "nothing on the way may read the whole file"


def _thousand(first: int) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        tx.insert_new("branch", {"id": "b", "name": "Rail", "created_at": 1})
        for number in range(first, first + 1000):
            person = f"p{number}"
            tx.insert("person", {"id": person, "branch": "b", "language": "en", "created_at": 1})
            row: Row = {"branch": "b", "version": 1, "state": "x" * 500, "updated_at": number}
            tx.insert("session", {"person": person, **row})

    return work
