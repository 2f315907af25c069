"""R13: nothing but the store opens a database, and it does so once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"
MAY_IMPORT = {
    "storage/migrations.py",
    "storage/sqlite.py",
    "storage/sqlite_errors.py",
    "storage/sqlite_file.py",
    "storage/sqlite_rows.py",
}
MAKES_A_COPY = "reports/open_data.py"  # in memory: the open data that people take away
MAY_OPEN_COPIES = {"storage/backup.py", "storage/forgotten.py"}  # owned by nobody else
OF_POSTGRES = {"storage/postgres_schema.py"}  # takes the same steps by the same library
MAY_NAME_VERSION = {"cli/doctor.py"}  # reads `sqlite3.sqlite_version` and opens nothing


@cache
def modules() -> dict[str, ast.Module]:
    return {
        file.relative_to(BOT).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in BOT.rglob("*.py")
    }


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def opened(tree: ast.Module) -> list[str]:
    """Calls that open a database."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [ast.unparse(call) for call in calls]
    return [name for name in names if name in {"sqlite3.connect", "connect", "sqlite3.Connection"}]


def test_r13_only_the_store_knows_sqlite() -> None:
    found = {
        name
        for name, tree in modules().items()
        if {"sqlite3", "sqlite_utils", "apsw", "pysqlite3"} & set(imported(tree))
    }
    assert found >= MAY_IMPORT, "are they where I look?"
    others = MAY_NAME_VERSION | MAY_OPEN_COPIES | OF_POSTGRES | {MAKES_A_COPY}
    assert found <= MAY_IMPORT | others


def test_r13_a_database_is_opened_in_one_place() -> None:
    found = [
        (name, call)
        for name, tree in modules().items()
        for call in opened(tree)
        if name not in MAY_OPEN_COPIES and not name.startswith("storage/postgres")
    ]
    assert sorted(found) == [
        (MAKES_A_COPY, "sqlite3.connect"),
        ("storage/sqlite_file.py", "sqlite3.connect"),
    ]


def test_r13_only_the_writers_thread_uses_the_connection() -> None:
    """All uses of the connection lie in methods that the writer's loop calls."""
    tree = modules()["storage/sqlite.py"]
    store = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "SQLiteStore"
    )
    users = {
        method.name
        for method in store.body
        if isinstance(method, ast.FunctionDef) and "self._connection" in ast.unparse(method)
    }
    called_from_outside = {"submit", "checkpoint", "close", "_put"}
    assert users >= {"_run_all", "_run", "_let_go"}, "are they where I look?"
    assert not users & called_from_outside
