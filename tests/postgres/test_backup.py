"""`pathways backup` on PostgreSQL: one moment, encrypted; who was deleted stays deleted (R26, T22)."""

import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.cli.backups import nightly_backup
from bot.errors import Refused
from bot.service.ports import Tx
from bot.settings import load_settings
from bot.storage import postgres_snapshot
from bot.storage.postgres import PostgresStore
from bot.storage.postgres_snapshot import Snapshot
from bot.storage.sqlite import SQLiteStore
from tests.contracts.stores import do, everything, vote
from tests.postgres.server import new_database, url_of
from tests.postgres.test_restoring import WAITING, accounts, copied, drop, enrol, erase, run
from tests.postgres.test_restoring import do as work_on


@pytest.fixture(scope="module")
def filled() -> Iterator[str]:
    """A database with two people and a message that waits."""
    url = new_database("backed_up")
    enrol(url, "ann", "bob")
    work_on(url, lambda tx: tx.insert("outbox", WAITING))
    yield url
    drop("backed_up")


@pytest.fixture
def current(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database in use, a copy of that one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", copied("backed_up", "backup_of"))
    yield url_of("backup_of")
    for name in ("backup_of", "empty"):
        drop(name)


def keys(folder: Path) -> tuple[str, str]:
    """A pair of keys: the file of the private one, and the public one."""
    file = str(folder / "key.txt")
    return file, run("backup", "--new-key", file).rpartition("=")[2].strip()


def test_r26_what_was_deleted_since_stays_deleted_and_the_rest_comes_back(
    current: str, tmp_path: Path
) -> None:
    private, public = keys(tmp_path)
    backup = tmp_path / "kept" / "one.age"
    assert "rows" in run("backup", str(backup), "--recipient", public)
    content = backup.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    erase(current, "ann")
    enrol(current, "eve")
    into = new_database("empty")
    said = run("restore", str(backup), "--identity", private, "--into", into, "--yes")
    assert "Deleted again: 1 people" in said
    assert "Not sent: 1 messages" in said
    assert "Nobody knows" not in said
    assert accounts(into) == ["bob"], "ann was erased since; eve came later"
    assert accounts(current) == ["bob", "eve"], "the database in use is only read"
    assert not list((tmp_path / "var").iterdir()), "no plain copy is left"


def test_a_backup_is_encrypted_unless_that_is_said_and_needs_its_key(
    current: str, tmp_path: Path
) -> None:
    assert "--new-key" in run("backup", str(tmp_path / "one.db"), status=2)
    _, public = keys(tmp_path)
    run("backup", str(tmp_path / "one.age"), "--recipient", public)
    into = new_database("empty")
    words = ("restore", str(tmp_path / "one.age"), "--into", into, "--yes")
    assert "encrypted" in run(*words, status=2)
    (tmp_path / "other").mkdir()
    assert "does not open" in run(*words, "--identity", keys(tmp_path / "other")[0], status=2)
    assert accounts(into) == []
    assert current


def test_a_backup_holds_every_row_and_goes_into_either_kind(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(PostgresStore(current)) as store:
        before = everything(store)
    run("backup", str(tmp_path / "one.db"), "--plain")
    (tmp_path / "opened.db").write_bytes((tmp_path / "one.db").read_bytes())
    with closing(SQLiteStore(tmp_path / "opened.db")) as opened:
        assert everything(opened) == before
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", f"sqlite:///{tmp_path}/here/new.db")
    assert "Nobody knows" in run("restore", str(tmp_path / "one.db"), "--yes")
    assert accounts(f"sqlite:///{tmp_path}/here/new.db") == ["ann", "bob"]
    run("backup", str(tmp_path / "two.db"), "--plain")
    into = new_database("empty")
    run("restore", str(tmp_path / "two.db"), "--into", into, "--yes")
    assert accounts(into) == ["ann", "bob"], "and from SQLite to PostgreSQL"


def test_a_backup_is_one_moment_while_others_write(current: str) -> None:
    """Rows come while pages are read: none of them is in it, and nobody waits for it."""

    def add(number: int) -> None:
        def work(tx: Tx) -> None:
            (someone,) = tx.find("person", {}, limit=1)
            row = {**vote(str(someone["id"]), f"a{number}"), "branch": someone["branch"]}
            tx.insert("feedback", row)

        do(store, work)

    with closing(PostgresStore(current)) as store, closing(Snapshot(current)) as snapshot:
        add(0)
        before = snapshot.submit(lambda tx: tx.count("feedback", {})).result()
        add(1)
        assert snapshot.submit(lambda tx: tx.count("feedback", {})).result() == before
        refused = snapshot.submit(lambda tx: tx.delete("feedback", {})).exception()
        assert refused is not None
        assert do(store, lambda tx: tx.count("feedback", {})) == 2


def test_a_backup_that_breaks_off_leaves_nothing(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_snapshot, "BEGIN", b"BEGIN; SET LOCAL statement_timeout = 1")
    with psycopg.connect(current) as holder:
        holder.execute("LOCK TABLE feedback IN ACCESS EXCLUSIVE MODE")
        run("backup", str(tmp_path / "one.db"), "--plain", status=4)
    assert not (tmp_path / "one.db").exists()
    assert not list((tmp_path / "var").iterdir())


def test_a_place_that_cannot_be_written_is_named(current: str, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    said = run("backup", str(tmp_path / "one.db"), "--plain", status=4)
    assert f"{tmp_path}/var" in said
    assert current


def test_what_cannot_be_backed_up_or_put_back_says_why(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(tmp_path / "one.db"), "--plain")
    assert "there already" in run("backup", str(tmp_path / "one.db"), "--plain", status=2)
    assert "--into" in run("restore", str(tmp_path / "one.db"), "--yes", status=2)
    (tmp_path / "dump").write_bytes(b"PGDMP\x01\x0e")
    assert "pg_restore" in run("restore", str(tmp_path / "dump"), "--yes", status=2)
    (tmp_path / "broken").write_bytes((tmp_path / "one.db").read_bytes()[:9_000])
    into = new_database("empty")
    words = ("restore", str(tmp_path / "broken"), "--into", into, "--yes")
    assert "damaged" in run(*words, status=2)
    with closing(PostgresStore(current)):
        words = ("restore", str(tmp_path / "one.db"), "--into", into, "--yes")
        assert "in use" in run(*words, status=4)
    with psycopg.connect(current, autocommit=True) as connection:
        connection.execute(
            "DELETE FROM schema_step WHERE name = (SELECT max(name) FROM schema_step)"
        )
    assert "older version" in run("backup", str(tmp_path / "two.db"), "--plain", status=2)
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", new_database("empty"))
    assert "nothing to back up" in run("backup", str(tmp_path / "two.db"), "--plain", status=2)


def test_an_empty_database_in_use_takes_a_backup_too(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new server after the old one was lost: nobody knows who was deleted, and that is said."""
    run("backup", str(tmp_path / "one.db"), "--plain")
    into = new_database("empty")
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", into)
    assert "Nobody knows who was deleted" in run("restore", str(tmp_path / "one.db"), "--yes")
    assert accounts(into) == ["ann", "bob"]
    assert current


def test_a_night_leaves_a_backup_of_postgresql_too(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWAYS_BACKUP_FOLDER", str(tmp_path / "backups"))
    now = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="PATHWAYS_BACKUP_RECIPIENT"):
        nightly_backup(load_settings(), now)
    monkeypatch.setenv("PATHWAYS_BACKUP_RECIPIENT", keys(tmp_path)[1])
    settings = load_settings()
    made = nightly_backup(settings, now)
    assert made is not None
    assert made.rows
    assert made.is_encrypted
    assert nightly_backup(settings, now) is None, "one a night"
    assert nightly_backup(settings, now + timedelta(days=settings.backup_days + 1)) is not None
    assert len(list((tmp_path / "backups").iterdir())) == 1, "the old one went"
    assert current
