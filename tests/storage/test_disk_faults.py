"""R15: where the disk is full or fails, what was acknowledged is stored, and nothing else is."""

import errno
import json
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreFull
from bot.service.ports import Tx
from bot.storage import sqlite_file
from bot.storage.sqlite import SQLiteStore
from tests.storage.disk_child import update
from tests.storage.powercut.library import built, preloaded
from tests.storage.turns import turn, wrongs

ROOT = Path(__file__).parents[2]
FOR_EVER = 10**6


def fates_on_disk(folder: Path, error: int, times: int, calls: int) -> dict[int, str]:
    """What became of every turn of a process whose disk failed at one call after the other."""
    db_path = folder / "chat.db"
    command = [sys.executable, "-m", "tests.storage.disk_child", str(db_path)]
    ran = subprocess.run(
        [*command, str(error), str(times), str(calls)],
        check=True,
        cwd=ROOT,
        env=preloaded(built(folder), db_path),
        stdout=subprocess.PIPE,
    )
    return {int(number): fate for number, fate in json.loads(ran.stdout).items()}


def stored(db_path: Path) -> set[str]:
    with closing(sqlite3.connect(db_path)) as database:
        return {key for (key,) in database.execute("SELECT key FROM inbound_key")}


def check_faults(folder: Path, error: int, times: int, calls: int) -> None:
    fates = fates_on_disk(folder, error, times, calls)
    kept = {update(number).key for number, fate in fates.items() if fate == "kept"}
    refused = set(fates.values()) - {"kept"}
    print(f"R15: {errno.errorcode[error]}: {len(fates)} turns, {len(kept)} kept")
    assert stored(folder / "chat.db") == kept
    assert wrongs(folder / "chat.db", []) == []
    assert refused
    assert refused <= {"StoreError", "StoreFull"}
    assert error != errno.ENOSPC or "StoreFull" in refused


@pytest.mark.parametrize(
    ("error", "times"),
    [
        pytest.param(errno.EIO, 1, id="I/O error, once"),
        pytest.param(errno.ENOSPC, FOR_EVER, id="full, until there is room"),
    ],
)
def test_r15_a_failure_at_any_call(tmp_path: Path, error: int, times: int) -> None:
    check_faults(tmp_path, error, times, 40)


@pytest.mark.long
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("times", [1, 3, FOR_EVER])
def test_r15_a_failure_at_any_of_many_calls(tmp_path: Path, error: int, times: int) -> None:
    check_faults(tmp_path, error, times, 250)


def fill(store: SQLiteStore, first: int, tries: int) -> tuple[list[int], list[BaseException]]:
    """Make turns one by one; the numbers that were kept, and the errors of the others."""
    kept, errors = [], []
    for number in range(first, first + tries):
        error = store.submit(turn(update(number))).exception()
        if error is None:
            kept.append(number)
        else:
            errors.append(error)
    return kept, errors


def pages(store: SQLiteStore, limit: int) -> None:
    """Let the database have so many pages at most."""
    connection = store._connection
    store.submit(lambda _: connection.execute(f"PRAGMA max_page_count={limit}")).result()


def test_r15_a_full_disk_refuses_and_recovers(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "chat.db")) as store:
        before, _ = fill(store, 0, 5)
        pages(store, 1)  # means: as many as it has now
        during, errors = fill(store, 5, 200)
        pages(store, 10**6)
        after, none = fill(store, 205, 5)
    assert {type(error) for error in errors} == {StoreFull}
    assert len(errors) > 100
    assert "Make room" in str(errors[0])
    assert len(after) == 5
    assert not none
    kept = [update(number) for number in (*before, *during, *after)]
    assert wrongs(tmp_path / "chat.db", kept) == []
    assert stored(tmp_path / "chat.db") == {one.key for one in kept}


def test_r15_a_full_disk_refuses_the_whole_batch(tmp_path: Path) -> None:
    def big(tx: Tx) -> None:
        tx.insert("branch", {"id": "b2", "name": "x" * 10**6, "created_at": 1})

    def several(_: Tx) -> list[object]:
        works = [turn(update(1)), big, turn(update(2))]
        return [store.submit(work) for work in works]

    with closing(SQLiteStore(tmp_path / "chat.db")) as store:
        fill(store, 0, 1)
        pages(store, 1)
        futures = store.submit(several).result()
        errors = [future.exception() for future in futures]  # type: ignore[attr-defined] # futures
    assert StoreFull in {type(error) for error in errors}
    acknowledged = [
        update(number) for number, error in zip((1, 0, 2), errors, strict=True) if error is None
    ]
    assert stored(tmp_path / "chat.db") == {"telegram:0"} | {one.key for one in acknowledged}


@pytest.fixture
def _small_files() -> Iterator[None]:
    """No file of this process may pass a size; SIGXFSZ is ignored, as Python does from its start."""
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**21, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("_small_files")
def test_r15_a_limit_of_the_file_size_refuses_and_recovers(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "chat.db")) as store:
        kept, errors = fill(store, 0, 300)
        resource.setrlimit(
            resource.RLIMIT_FSIZE,
            (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]),
        )
        after, none = fill(store, 300, 5)
    assert errors
    assert all(isinstance(error, StoreError) for error in errors)
    assert len(after) == 5
    assert not none
    assert wrongs(tmp_path / "chat.db", [update(number) for number in (*kept, *after)]) == []


def test_r15_a_read_only_folder_is_said_plainly(bound_folder: Path) -> None:
    bound_folder.chmod(0o555)
    for path in (bound_folder / "chat.db", bound_folder / "new" / "chat.db"):
        with pytest.raises(StoreFull, match=r"chat\.db cannot be written: .* read-only"):
            SQLiteStore(path)


def test_r15_a_read_only_file_is_said_plainly(bound_folder: Path) -> None:
    path = bound_folder / "chat.db"
    with closing(SQLiteStore(path)) as store:
        fill(store, 0, 1)
    path.chmod(0o400)
    with pytest.raises(StoreFull, match=r"chat\.db cannot be written: .* read-only"):
        SQLiteStore(path)
    path.chmod(0o600)
    with closing(SQLiteStore(path)) as store:
        assert fill(store, 1, 1)[0] == [1]


def test_r15_a_disk_that_fails_while_it_is_opened_leaves_no_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_file.PRAGMAS, "max_page_count", 3)
    with pytest.raises(StoreFull):
        SQLiteStore(tmp_path / "chat.db")
    monkeypatch.delitem(sqlite_file.PRAGMAS, "max_page_count")
    with closing(SQLiteStore(tmp_path / "chat.db")) as store:
        assert fill(store, 0, 1)[0] == [0]
