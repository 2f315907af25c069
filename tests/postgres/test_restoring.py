"""Who was deleted stays deleted on PostgreSQL, whatever is put back, and wherever it came from (R26)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from bot.cli.main import pathways
from bot.messages import Address
from bot.service import people, privacy
from bot.service.clock import SystemClock
from bot.service.ports import Tx
from bot.storage.postgres_errors import shown
from bot.wiring import open_bare_store, open_store
from tests.postgres.server import new_database, url_of

CLOCK = SystemClock()
WAITING = {
    "id": "k#0", "branch": "main", "person": None, "seq": 1, "channel": "telegram", "address": "bob",
    "place": "private", "lane": "reply", "policy": "resend", "body": "{}", "status": "queued", "tries": 0,
    "due_at": 0, "made_at": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def filled() -> Iterator[str]:
    """A database with two people and a message that waits."""
    url = new_database("restoring")
    enrol(url, "ann", "bob")
    do(url, lambda tx: tx.insert("outbox", WAITING))
    yield url
    drop("restoring")


@pytest.fixture
def current(filled: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database in use, a copy of that one."""
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", copied("restoring", "in_use"))
    yield url_of("in_use")
    for name in ("in_use", "put_back"):
        drop(name)


def copied(name: str, to: str) -> str:
    """What `pg_dump` and `pg_restore` into an empty database come to."""
    drop(to)
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{to}" TEMPLATE "{name}"'.encode())
    return url_of(to)


def drop(name: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def do(url: str, work: Callable[[Tx], object]) -> None:
    with closing(open_store(url, CLOCK)) as store:
        store.submit(work).result()


def enrol(url: str, *names: str) -> None:
    def work(tx: Tx) -> None:
        for name in names:
            identity = Address("telegram", name)
            known = people.recognise(tx, identity, CLOCK.fresh())
            people.enrol(tx, known, identity, CLOCK.now())

    do(url, work)


def erase(url: str, name: str) -> None:
    def work(tx: Tx) -> None:
        privacy.erase(tx, people.recognise(tx, Address("telegram", name), ""), CLOCK.now())

    do(url, work)


def accounts(url: str) -> list[object]:
    with closing(open_bare_store(url)) as store:
        rows = store.submit(lambda tx: tx.find("identity", {}, order=("account",))).result()
    return [row["account"] for row in rows]


def run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(pathways, words, standalone_mode=False)
    if status:
        assert getattr(done.exception, "exit_status", None) == status, done.exception
        return str(done.exception)
    assert done.exception is None, done.exception
    return done.output


def test_r26_who_was_deleted_since_stays_deleted(current: str) -> None:
    backup = copied("in_use", "put_back")
    erase(current, "ann")
    enrol(current, "eve")
    said = run("restore", backup, "--yes")
    assert "Deleted again: 1 people" in said
    assert "Not sent: 1 messages" in said
    assert "Nobody knows" not in said
    assert accounts(backup) == ["bob"], "ann was erased since; eve came later"
    assert accounts(current) == ["bob", "eve"], "the database in use is only read"
    assert "Deleted again: 0 people" in run("restore", backup, "--yes"), "once more does no harm"


@pytest.mark.parametrize("loss", ["gone", "of another bot"])
def test_it_is_said_aloud_where_nobody_knows_who_was_deleted(current: str, loss: str) -> None:
    backup = copied("in_use", "put_back")
    if loss == "gone":
        drop("in_use")
    else:
        open_store(new_database("in_use"), CLOCK).close()
    said = run("restore", backup, "--yes")
    assert "Nobody knows who was deleted since" in said
    assert "pathways erase" in said
    assert accounts(backup) == ["ann", "bob"]


def test_nobody_may_be_at_work_and_there_must_be_a_backup(current: str, tmp_path: Path) -> None:
    assert "in use" in run("restore", current, "--yes", status=2)
    dump = tmp_path / "pathways.dump"
    assert "no file" in run("restore", str(dump), "--yes", status=2)
    dump.write_bytes(b"PGDMP\x01")
    assert "pg_restore" in run("restore", str(dump), "--yes", status=2)
    assert "holds no backup" in run("restore", new_database("put_back"), "--yes", status=2)
    backup = copied("in_use", "put_back")
    for url in (current, backup):
        with closing(open_bare_store(url)):
            said = run("restore", backup, "--yes", status=4)
        assert f"{shown(url)} is in use" in said


def test_r25_who_was_deleted_on_the_new_database_stays_deleted_on_the_old(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file was moved to PostgreSQL and is put back, or moved once more: neither brings anybody back."""
    old, back = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/back.db"
    enrol(old, "ann", "bob")
    run("migrate-store", old, new_database("put_back"))
    moved = url_of("put_back")
    erase(moved, "ann")
    run("migrate-store", moved, back)
    assert accounts(back) == ["bob"]
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", moved)
    assert "Deleted again: 1 people" in run("restore", old, "--yes")
    assert accounts(old) == ["bob"]
    again = new_database("in_use")
    run("migrate-store", old, again)
    assert accounts(again) == ["bob"]
    enrol(again, "ann")
    assert "Deleted again: 0 people" in run("restore", again, "--yes"), (
        "who came back by herself stays"
    )
    assert accounts(again) == ["ann", "bob"]
