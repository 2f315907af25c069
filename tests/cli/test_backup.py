"""Backup and restore as commands: nothing inconsistent, erased people stay erased (R26, T22)."""

import os
import sqlite3
import stat
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from click import Abort
from click.testing import CliRunner, Result

from bot.cli.backups import nightly_backup
from bot.cli.main import pathways
from bot.errors import Refused
from bot.messages import Address
from bot.service import people, privacy
from bot.service.clock import SystemClock
from bot.service.ports import Tx
from bot.settings import load_settings
from bot.storage.backup import MAGIC
from bot.wiring import open_store

Command = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "var" / "pathways.db"
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(tmp_path)
    enrol(path, "ann", "bob")
    return path


def run(*words: object, status: int = 0) -> str:
    done = CliRunner().invoke(pathways, [str(word) for word in words], standalone_mode=False)
    if status:
        assert done.exception is not None
        assert getattr(done.exception, "exit_status", None) == status
        return str(done.exception)
    assert done.exception is None, done.exception
    return done.output


def do(database: Path, work: Callable[[Tx], object]) -> None:
    store = open_store(f"sqlite:///{database}", SystemClock())
    try:
        store.submit(work).result()
    finally:
        store.close()


def enrol(database: Path, *names: str) -> None:
    clock = SystemClock()

    def work(tx: Tx) -> None:
        for name in names:
            identity = Address("telegram", name)
            known = people.recognise(tx, identity, clock.fresh())
            people.enrol(tx, known, identity, clock.now())

    do(database, work)


def erase(database: Path, name: str) -> None:
    clock = SystemClock()

    def work(tx: Tx) -> None:
        privacy.erase(tx, people.recognise(tx, Address("telegram", name), ""), clock.now())

    do(database, work)


def accounts(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT account FROM identity ORDER BY account")
        return [account for (account,) in rows]


def key(folder: Path) -> tuple[Path, str]:
    """A pair of keys: the file of the private one, and the public one."""
    file = folder / "key.txt"
    return file, run("backup", "--new-key", file).rpartition("=")[2].strip()


def test_what_was_deleted_since_stays_deleted_and_the_rest_comes_back(
    database: Path, tmp_path: Path
) -> None:
    private, public = key(tmp_path)
    backup = tmp_path / "kept" / "one.age"
    assert "rows" in run("backup", backup, "--recipient", public)
    erase(database, "ann")
    enrol(database, "eve")
    said = run("restore", backup, "--identity", private, "--yes")
    assert "Deleted again: 1 people" in said
    assert "Nobody knows" not in said
    assert accounts(database) == ["bob"], "ann was erased since; eve came later"
    aside = list(database.parent.glob("pathways.db.before-restore-*"))
    assert accounts(aside[0]) == ["bob", "eve"], "nothing is lost by a restore"


@pytest.mark.parametrize("content", [b"no database", b"", None])
def test_it_is_said_aloud_where_nobody_knows_who_was_deleted(
    database: Path, tmp_path: Path, content: bytes | None
) -> None:
    run("backup", tmp_path / "one.db", "--plain")
    erase(database, "ann")
    for file in database.parent.glob("pathways.db*"):
        file.unlink()
    if content is not None:
        database.write_bytes(content)
    day = f"{datetime.now(UTC):%d %B %Y}".lstrip("0")
    words = ["restore", str(tmp_path / "one.db")]
    answers = "y\nn\n" if content else "n\n"  # the first: whether to replace what stands there
    refused = CliRunner().invoke(pathways, words, standalone_mode=False, input=answers)
    assert isinstance(refused.exception, Abort)
    assert f"Nobody knows who was deleted since {day}" in refused.output
    assert "pathways erase" in refused.output
    assert (database.read_bytes() if database.exists() else b"") == (content or b"")
    said = run(*words, "--yes")
    assert f"Nobody knows who was deleted since {day}" in said
    assert "Deleted again: 0 people" in said
    assert accounts(database) == ["ann", "bob"]


def test_a_backup_can_be_read_with_the_key_only(database: Path, tmp_path: Path) -> None:
    private, public = key(tmp_path)
    backup, other = tmp_path / "one.age", tmp_path / "other"
    run("backup", backup, "--recipient", public)
    content = backup.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"telegram" not in content
    run("backup", "--new-key", other)
    assert "does not open" in run("restore", backup, "--identity", other, "--yes", status=2)
    assert "encrypted" in run("restore", backup, "--yes", status=2)
    for file in (backup, private):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_is_encrypted_unless_that_is_said(database: Path, tmp_path: Path) -> None:
    assert "--new-key" in run("backup", tmp_path / "one.db", status=2)
    assert "NOT encrypted" in run("backup", tmp_path / "one.db", "--plain")
    assert (tmp_path / "one.db").read_bytes().startswith(MAGIC)
    run("restore", tmp_path / "one.db", "--yes")
    assert accounts(database) == ["ann", "bob"]


def test_a_backup_is_made_while_the_bot_writes(database: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{database}", SystemClock())
    try:
        said = run("backup", tmp_path / "one.db", "--plain")
        refused = run("restore", tmp_path / "one.db", "--yes", status=4)
    finally:
        store.close()
    assert "Wrote" in said
    assert "running" in refused or "use" in refused


def test_no_half_backup_and_no_plain_copy_is_left(database: Path, tmp_path: Path) -> None:
    (tmp_path / "one.db").write_bytes(b"mine")
    assert "there already" in run("backup", tmp_path / "one.db", "--plain", status=2)
    assert "no public key" in run("backup", tmp_path / "two", "--recipient", "age1x", status=2)
    (tmp_path / "broken.db").write_bytes(MAGIC + b"x" * 4096)
    assert "damaged" in run("restore", tmp_path / "broken.db", "--yes", status=2)
    assert accounts(database) == ["ann", "bob"]
    left = [file.name for file in database.parent.iterdir() if file.name.startswith(".pathways")]
    assert left == []


def test_a_backup_that_was_changed_on_its_way_is_refused(database: Path, tmp_path: Path) -> None:
    private, public = key(tmp_path)
    run("backup", tmp_path / "one.age", "--recipient", public)
    whole = (tmp_path / "one.age").read_bytes()
    for damaged in (whole[:-1], whole[:300], whole[:-500] + b"x" + whole[-499:], b""):
        (tmp_path / "two.age").write_bytes(damaged)
        words = ("restore", tmp_path / "two.age", "--identity", private, "--yes")
        assert "damaged" in run(*words, status=2)
    assert accounts(database) == ["ann", "bob"]


def test_backups_share_no_file_on_their_way_and_clear_up_after_one_that_died(
    database: Path, tmp_path: Path
) -> None:
    died, busy = (database.with_name(f".pathways.db.{end}.part") for end in ("died", "busy"))
    for file in (died, busy):
        file.write_bytes(b"half of it")
    os.utime(died, (0, 0))
    run("backup", tmp_path / "one.db", "--plain")
    assert not died.exists()
    assert busy.read_bytes() == b"half of it", "another backup may be at it"


def test_a_backup_never_lies_in_memory_as_a_whole(database: Path, tmp_path: Path) -> None:
    private, public = key(tmp_path)
    rows = [
        {"hash": f"{number:04}", "flow": "f", "text": token_hex(2_000)} for number in range(1_500)
    ]
    do(database, lambda tx: tx.insert_all("flow_text", rows))
    rows.clear()
    tracemalloc.start()
    try:
        run("backup", tmp_path / "one.age", "--recipient", public)
        run("restore", tmp_path / "one.age", "--identity", private, "--yes")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "one.age").stat().st_size > 5_000_000
    assert most < 3_000_000


def test_what_waited_is_not_sent_again_after_a_restore(database: Path, tmp_path: Path) -> None:
    row = {
        "id": "k#0", "branch": "main", "person": None, "seq": 1, "channel": "telegram",
        "address": "ann", "place": "private", "lane": "reply", "policy": "resend", "body": "{}",
        "status": "queued", "tries": 0, "due_at": 0, "made_at": 0,
    }  # fmt: skip
    do(database, lambda tx: tx.insert("outbox", row))
    run("backup", tmp_path / "one.db", "--plain")
    assert "Not sent: 1 messages" in run("restore", tmp_path / "one.db", "--yes")


def test_an_incident_says_whose_data_and_which(database: Path, tmp_path: Path) -> None:
    said = run("incident", "--since", "2020-01-01")
    assert "People concerned: 2 (2 on telegram)" in said
    assert "Your chat accounts: 2 records of 2 people" in said
    assert "Article 33" in said
    run("incident", "--since", "2020-01-01", "--accounts", tmp_path / "who.csv")
    assert (tmp_path / "who.csv").read_text().splitlines()[1:] == ["telegram,ann", "telegram,bob"]
    with closing(sqlite3.connect(database)) as connection:
        audit = [what for (what,) in connection.execute("SELECT what FROM audit")]
    assert audit.count("incident.looked-at") == 2
    assert "after it ended" in run(
        "incident", "--since", "2030-01-01", "--until", "2020-01-01", status=2
    )


def test_a_night_leaves_one_backup_and_takes_the_old_ones_away(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    monkeypatch.setenv("PATHWAYS_BACKUP_FOLDER", str(folder))
    now = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="PATHWAYS_BACKUP_RECIPIENT"):
        nightly_backup(load_settings(), now)
    monkeypatch.setenv("PATHWAYS_BACKUP_RECIPIENT", "plain")
    settings = load_settings()
    assert database.exists()
    assert nightly_backup(settings, now) is not None
    assert nightly_backup(settings, now) is None, "one a night"
    (folder / "letter.txt").write_text("mine")
    assert nightly_backup(settings, now + timedelta(days=settings.backup_days)) is not None
    assert nightly_backup(settings, now + timedelta(days=settings.backup_days + 1)) is not None
    left = sorted(file.name for file in folder.iterdir())
    assert left == ["letter.txt", "pathways-2026-12-06.db", "pathways-2026-12-07.db"]


def test_a_bot_that_was_just_set_up_knows_of_nobody_who_was_deleted(
    database: Path, tmp_path: Path
) -> None:
    """A new machine: Pathways was started once there before the backup was put back."""
    run("backup", tmp_path / "one.db", "--plain")
    for file in database.parent.glob("pathways.db*"):
        file.unlink()
    enrol(database, "eve")
    assert "Nobody knows who was deleted" in run("restore", tmp_path / "one.db", "--yes")
    assert accounts(database) == ["ann", "bob"]
