"""`branch`, `invite`, `erase`, `retention` on a database of their own, and through a running owner."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.service.admin import Admin
from bot.storage.admin_socket import AdminSocket
from bot.storage.sqlite import SQLiteStore
from tests.builders import FixedClock
from tests.cli.conftest import Run
from tests.service.houses import House

DATABASE = {"DATABASE_URL": "sqlite:///var/own.db"}
CODE = re.compile(r"^[a-z2-7]{10}$", re.MULTILINE)


@pytest.fixture
def path(home: Path) -> Path:
    return home / "var" / "own.db"


@pytest.fixture(params=["own database", "running owner"])
def database(request: pytest.FixtureRequest, path: Path) -> Iterator[Path]:
    """A database with two people in it; for the second way, somebody holds it open and listens."""
    clock = FixedClock()
    house = House(SQLiteStore(path), clock=clock)
    for who in ("ann", "ben"):
        house.say(who, "How much does registration cost?")
    if request.param == "own database":
        house.store.close()
        yield path
        return
    admin = Admin(house.store, house.content, clock)
    socket = AdminSocket(path, lambda name, arguments: {"text": admin.do(name, arguments)})
    yield path
    socket.close()
    house.store.close()


def count(path: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        ((number,),) = connection.execute(sql).fetchall()
    return int(number)


def test_a_branch_is_added_and_listed(run: Run, database: Path) -> None:
    ended = run("branch", "add", "leeds-2", "Leeds and district", settings=DATABASE)
    assert (ended.status, ended.out) == (0, "Added the branch Leeds and district (leeds-2).\n")
    listed = run("branch", "list", settings=DATABASE)
    assert [line.split()[0] for line in listed.out.splitlines()] == ["leeds-2", "main"]


def test_an_invite_prints_a_code_that_is_kept_as_a_hash_only(run: Run, database: Path) -> None:
    ended = run("invite", "--role", "ulr", settings=DATABASE)
    assert ended.status == 0
    (code,) = CODE.findall(ended.out)
    assert f"/join {code}" in ended.out
    assert count(database, "SELECT count(*) FROM invite WHERE role = 'ulr'") == 1
    for file in database.parent.iterdir():
        if file.is_file():
            assert code.encode() not in file.read_bytes(), file.name


def test_an_invite_to_a_branch_that_is_not_there_names_those_that_are(
    run: Run, database: Path
) -> None:
    ended = run("invite", "--role", "rep", "--branch", "mars", settings=DATABASE)
    assert ended.status == 2
    assert ended.out == ""
    assert "There is: main" in ended.err


def test_somebody_is_erased_after_a_yes(run: Run, database: Path) -> None:
    people = "SELECT count(*) FROM person"
    kept = run("erase", "test", "ann", stdin=b"n\n", settings=DATABASE)
    assert kept.status == 130
    assert "Your chat accounts: 1" in kept.out
    assert count(database, people) == 2
    ended = run("erase", "test", "ann", stdin=b"y\n", settings=DATABASE)
    assert ended.status == 0
    assert "Deleted" in ended.out
    assert count(database, people) == 1
    gone = run("erase", "test", "ann", "--yes", settings=DATABASE)
    assert (gone.status, gone.out) == (2, "")
    assert run("erase", "test", "ben", "--yes", settings=DATABASE).status == 0
    assert count(database, people) == 0


def test_the_purge_says_what_went(run: Run, database: Path) -> None:
    assert run("retention", "--purge", settings=DATABASE).status == 0


def test_retention_shows_every_class_and_opens_no_database(run: Run, path: Path) -> None:
    ended = run("retention", settings=DATABASE)
    assert ended.status == 0
    assert re.search(r"^audit\s+730 days  ", ended.out, re.MULTILINE)
    assert len(ended.out.splitlines()) >= 10
    assert not path.exists()


def test_a_database_that_somebody_holds_without_listening_ends_with_4(
    run: Run, path: Path
) -> None:
    store = SQLiteStore(path)
    try:
        ended = run("invite", "--role", "rep", settings=DATABASE)
    finally:
        store.close()
    assert (ended.status, ended.out) == (4, "")
    assert "Another Pathways process is using" in ended.err


def test_a_file_that_is_no_database_ends_with_4(run: Run, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 400)
    ended = run("branch", "list", settings=DATABASE)
    assert ended.status == 4
    assert "no Pathways database" in ended.err


def test_doctor_is_well_while_the_bot_runs(run: Run, path: Path) -> None:
    store = SQLiteStore(path)
    try:
        ended = run("doctor", settings=DATABASE)
    finally:
        store.close()
    assert ended.status == 0
    assert "is in use" in ended.out


def test_doctor_sees_that_the_audit_log_was_not_touched(run: Run, database: Path) -> None:
    assert run("invite", "--role", "ulr", settings=DATABASE).status == 0
    ended = run("doctor", settings=DATABASE)
    assert (ended.status, "The audit log is as it was written." in ended.out) == (0, True)


def test_doctor_names_the_line_of_the_audit_log_that_was_touched(run: Run, path: Path) -> None:
    House(SQLiteStore(path), clock=FixedClock()).store.close()
    assert run("invite", "--role", "ulr", settings=DATABASE).status == 0
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_stays")
        ((line,),) = connection.execute("UPDATE audit SET who = 'nobody' RETURNING id").fetchall()
    ended = run("doctor", settings=DATABASE)
    assert ended.status == 4
    assert f"not as it was written, from the line {line} on" in ended.out
