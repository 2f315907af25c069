"""Builds and drives the C library that stands between a process and its disk."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("powercut.c")


def built(folder: Path) -> Path:
    """Compile the library into a folder; skips the test where that is not possible."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler on Linux: install gcc to have power cuts tried")
    library = folder / "powercut.so"
    options = ["-O1", "-Wall", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([compiler, *options, str(SOURCE), "-ldl", "-lpthread"], check=True)
    return library


def preloaded(library: Path, db_path: Path, log: Path | None = None) -> dict[str, str]:
    """The environment of a process whose file is watched."""
    watched = {**os.environ, "LD_PRELOAD": str(library), "POWERCUT_PREFIX": str(db_path)}
    return watched if log is None else {**watched, "POWERCUT_LOG": str(log)}


class Disk:
    """The library as a process sees that was started with it."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.powercut_calls.restype = ctypes.c_long
        self._library.powercut_fault.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_long]

    def fail(self, at: int, error: int, times: int) -> None:
        """Let the at-th watched call from now on (from 1) fail, and so many in all; counts anew."""
        self._library.powercut_fault(at, error, times)

    def kill(self, at: int) -> None:
        """End the process instead of the at-th watched call from now on."""
        self._library.powercut_fault(at, 0, 1)

    def recover(self) -> None:
        """All calls go well again; counts anew."""
        self._library.powercut_fault(0, 0, 0)

    def calls(self) -> int:
        """Watched calls since the last word to this disk."""
        return int(self._library.powercut_calls())
