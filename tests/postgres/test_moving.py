"""Everything moves from SQLite to PostgreSQL and back, the same to the last row, or not at all (R25)."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.errors import BotError, Refused, StoreError
from bot.service import moving
from bot.service.ports import Row, Store
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from tests.contracts.stores import add, branch, do, everything, miss, person, vote
from tests.postgres.moved import fill as fill_many
from tests.postgres.moved import moved
from tests.postgres.server import emptied, empty_store, new_database

MOST_MB = 160.0  # of a process that moves any number of rows; 90 of them before the first
WORDS = "a 'quote', \u00e9, \U0001f469\U0001f3fd, \x01\n"


def fill(store: Store, rows: int) -> None:
    """Rows in every kind of table: keys of one and of several columns, empty ones, numbers, references."""
    add(store, "branch", branch("b", name=WORDS), branch("c", created_at=-(2**63)))
    add(
        store, "person", *(person(f"p{n}", audience="rep" if n % 2 else None) for n in range(rows))
    )
    add(store, "feedback", *(vote("p1", f"a{n}") for n in range(rows)), vote("p2", "a"))
    add(store, "miss", *(miss(f"m{n:05}", at=n) for n in range(rows)))
    answer: Row = {
        "run": "r",
        "revision": 1,
        "key": "k",
        "branch": "b",
        "person": "p1",
        "name": "n",
        "low": 0.1 + 0.2,
        "high": 1e300,
        "is_about": 1,
        "at": 1,
    }
    add(store, "run_answer", answer, {**answer, "revision": 10}, {**answer, "revision": 9})


def ignore(_rows: int) -> None:
    return None


def move(source: Store, target: Store, *, is_rehearsal: bool = False) -> None:
    moving.move(source, target, is_rehearsal=is_rehearsal, tell=ignore)


def test_r25_there_and_back_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PAGE", 7)
    with (
        closing(SQLiteStore(tmp_path / "old.db")) as old,
        closing(empty_store()) as middle,
        closing(SQLiteStore(tmp_path / "new.db")) as new,
    ):
        fill(old, 40)
        told: list[int] = []
        sums = moving.move(old, middle, is_rehearsal=False, tell=told.append)
        assert everything(middle) == everything(old)
        assert sum(one.rows for one in sums.values()) * 3 == sum(told) == moving.count(old) * 3
        assert set(sums) == {table.name for table in TABLES}
        move(middle, new)
        assert everything(new) == everything(old)


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "old.db")) as old, closing(empty_store()) as new:
        fill(old, 5)
        sums = moving.move(old, new, is_rehearsal=True, tell=ignore)
        assert sums["person"].rows == 5
        assert not any(everything(new).values())


def test_a_database_that_holds_something_is_refused() -> None:
    old, new = MemoryStore(), MemoryStore()
    add(new, "branch", branch("b"))
    with pytest.raises(Refused, match="not empty"):
        move(old, new)


@pytest.mark.parametrize("moment", [2, 4])
def test_whoever_still_writes_is_noticed(moment: int) -> None:
    """Somebody adds a row to the old store, or changes one, while it is moved."""
    old, new = MemoryStore(), MemoryStore()
    fill(old, 3)
    calls: list[int] = []
    changes: dict[int, Callable[[], object]] = {
        2: lambda: add(old, "miss", miss("m9")),
        4: lambda: do(old, lambda tx: tx.update("miss", {"id": "m00001"}, {"words": "else"})),
    }

    def tell(_rows: int) -> None:
        calls.append(1)
        if len(calls) == 5:
            changes[moment]()

    with pytest.raises(StoreError, match="changed while it was moved"):
        moving.move(old, new, is_rehearsal=False, tell=tell)
    assert not any(everything(new).values())


def test_the_command_rehearses_and_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(SQLiteStore(tmp_path / "old.db")) as old:
        fill(old, 4)
        before = everything(old)
    url = emptied()
    assert run("migrate-store", "--dry-run", "sqlite:///old.db", url) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert run("migrate-store", "sqlite:///old.db", url) == 0
    assert "the same on both sides" in capsys.readouterr().out
    assert run("migrate-store", url, "sqlite:///back.db") == 0
    with closing(SQLiteStore(tmp_path / "back.db")) as back:
        assert everything(back) == before
    assert run("migrate-store", "sqlite:///old.db", url) == Refused.exit_status
    assert run("migrate-store", "sqlite:///none.db", url) == Refused.exit_status
    assert issubclass(Refused, BotError)


@pytest.mark.parametrize("rows", [2_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_r25_many_rows_move_there_and_back_in_bounded_memory(tmp_path: Path, rows: int) -> None:
    """`python -m benchmarks.moving --rows N` says how long it takes, too."""
    old, back = (f"sqlite:///{tmp_path}/{name}.db" for name in ("old", "back"))
    fill_many(tmp_path / "old.db", rows)
    url = new_database("many")
    there, home = moved(old, url), moved(url, back)
    assert there.sums == home.sums
    assert sum(int(one.split()[0]) for one in there.sums.values()) == rows + 1, "and a branch"
    assert max(there.megabytes, home.megabytes) < MOST_MB


def run(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["pathways", *arguments])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0
