"""A disk whose fsync takes one millisecond, so that figures of different machines compare.

By a small preloaded C library; without a C compiler by `synchronous=OFF` and a sleep at each commit,
and then the output says so.
"""

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from bot.storage import sqlite_file

AS_IT_IS: Final = "fsync as it is"
ONE_MS: Final = "fsync 1 ms"
SLEEP_S: Final = 0.001  # seconds
_SOURCE: Final = Path(__file__).with_name("slow_fsync.c")
_MARK: Final = "PATHWAYS_SLOW_FSYNC"  # the preloaded library, in the environment


def preload(module: str) -> None:
    """Start this program anew with the library, where one can be built; else go on without.

    Args:
        module: What was started with `python -m`. Call it first thing: nothing before it is kept.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if _MARK in os.environ or compiler is None or sys.platform != "linux":
        return
    library = Path(tempfile.mkdtemp(prefix="slow-fsync-")) / "slow_fsync.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library), _MARK: str(library)}
    ran = subprocess.run(
        [sys.executable, "-m", module, *sys.argv[1:]], env=environment, check=False
    )
    shutil.rmtree(library.parent)
    raise SystemExit(ran.returncode)


@contextmanager
def slow_fsync(how: str) -> Iterator[str]:
    """Have fsync be as it is, or take one millisecond, for databases opened meanwhile.

    Args:
        how: `AS_IT_IS` or `ONE_MS`.

    Yields:
        What to call it in the output.
    """
    if how == AS_IT_IS:
        yield how
    elif _MARK in os.environ:
        library = ctypes.CDLL(None)
        library.slow_fsync(1)
        try:
            yield how
        finally:
            library.slow_fsync(0)
    else:
        with _sleeping():
            yield "synchronous=OFF, 1 ms sleep a commit"


class _SleepyConnection(sqlite3.Connection):
    """Sleeps at each commit, where the disk would sync."""

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT":
            time.sleep(SLEEP_S)
        return super().execute(sql, parameters)  # type: ignore[arg-type] # whatever sqlite3 takes


@contextmanager
def _sleeping() -> Iterator[None]:
    connect, care = sqlite3.connect, sqlite_file.PRAGMAS["synchronous"]
    sqlite3.connect = partial(connect, factory=_SleepyConnection)  # type: ignore[assignment] # for the store too
    sqlite_file.PRAGMAS["synchronous"] = "OFF"
    try:
        yield
    finally:
        sqlite3.connect = connect
        sqlite_file.PRAGMAS["synchronous"] = care
