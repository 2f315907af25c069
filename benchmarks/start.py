"""How long `pathways ask` takes from nothing to an answer, and how much memory; cached and not.

Beside it, in the same run: starting Python with numpy and rapidfuzz and doing nothing.

`python -m benchmarks.start`
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

RUNS = 3


def timed(command: Sequence[str], cache: str) -> tuple[float, float]:
    """Seconds of the clock, and megabytes at the most."""
    environment = {**os.environ, "PATHWAYS_CACHE": cache}
    began = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def best(command: Sequence[str], cache: str) -> tuple[float, float]:
    """The best of three, since another program may have been running."""
    return min(timed(command, cache) for _ in range(RUNS))


def main() -> None:
    """Measure and print."""
    ask = [sys.executable, "-m", "bot", "ask", "how much does it cost"]
    nothing = [sys.executable, "-c", "import numpy, rapidfuzz"]
    with tempfile.TemporaryDirectory() as cache:
        first = timed(ask, cache)
        cached = best(ask, cache)
        base = best(nothing, cache)
    for name, (seconds, megabytes) in (
        ("first answer, index built", first),
        ("first answer, index cached", cached),
        ("python with numpy and rapidfuzz", base),
    ):
        print(
            f"{name:40} {seconds:6.2f} s {megabytes:7.0f} MB {seconds / base[0]:6.1f} x the last line"
        )


if __name__ == "__main__":
    main()
