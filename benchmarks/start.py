"""How long `pathways ask` and `chat` take from nothing to an answer, and how much memory; cached and not.

Beside them, in the same run: starting Python with numpy and rapidfuzz and doing nothing. Modules are
compiled, as they are where the program is installed; processor seconds stand beside those of the clock.

`python -m benchmarks.start`
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

RUNS = 3


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """What one start took: seconds of the clock and of the processor, and megabytes at the most."""

    seconds: float
    cpu: float
    megabytes: float


def timed(command: Sequence[str], folder: str) -> Start:
    """One start, with caches and compiled modules in a folder, and `hello` typed."""
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
        "PATHWAYS_CACHE": f"{folder}/cache",
    }
    began = time.perf_counter()
    child = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    if child.stdin:
        child.stdin.write(b"hello\n")
        child.stdin.close()
    _, _, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    return Start(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(command: Sequence[str], folder: str) -> Start:
    """The best of three, since another program may have been running."""
    return min(timed(command, folder) for _ in range(RUNS))


def main() -> None:
    """Measure and print."""
    ask = [sys.executable, "-m", "bot", "ask", "how much does it cost"]
    nothing = [sys.executable, "-c", "import numpy, rapidfuzz"]
    with tempfile.TemporaryDirectory() as folder:
        chat = [sys.executable, "-m", "bot", "chat", "--db", f"sqlite:///{folder}/chat.db"]
        first = timed(ask, folder)
        timed(chat, folder)
        rows = {
            "first answer, index built": first,
            "first answer, index cached": best(ask, folder),
            "chat, one line answered, index cached": best(chat, folder),
            "python with numpy and rapidfuzz": best(nothing, folder),
        }
    base = rows["python with numpy and rapidfuzz"]
    for name, one in rows.items():
        print(
            f"{name:40} {one.seconds:6.2f} s {one.cpu:6.2f} s CPU {one.megabytes:7.0f} MB "
            f"{one.cpu / base.cpu:6.1f} x the last line"
        )


if __name__ == "__main__":
    main()
