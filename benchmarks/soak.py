"""Some minutes of foul weather: kills, restarts, 429s, steps of the clock; memory and files watched (R52).

`python -m benchmarks.soak [--seconds N] [--rate N] [--json]`. It fails where anything was lost or doubled.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.kill.soak import Soak
from tests.kill.test_kill_telegram import check


def main() -> None:
    """Live through it and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=8, help="updates a second")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place) / "run", Path(place) / "cache"
        folder.mkdir()
        soak = Soak(folder, cache, rate=given.rate)
        server = asyncio.run(soak.run(given.seconds))
        found = check(folder, server, soak.story, soak.repeats)
        sizes = {file.name: file.stat().st_size / 1e6 for file in folder.glob("run.db*")}
    megabytes, files = soak.growth()
    if given.json:
        seen = [asdict(one) for one in soak.watched]
        print(json.dumps({"weather": soak.weather(), "found": found, "watched": seen}))
        return
    print(f"R52  {given.seconds:.0f} s: {soak.weather()}")
    print(f"     nothing lost, nothing doubled: {found}")
    print(f"     ended with {sorted(set(map(str, soak.statuses)))} after each SIGTERM")
    for one in soak.watched[:: max(1, len(soak.watched) // 10)]:
        print(f"     {one.at_s:6.0f} s {one.megabytes:6.1f} MB {one.files:4} open files")
    print(f"     in the quiet part {megabytes:+.1f} MB, {files:+} open files")
    print("     " + ", ".join(f"{name} {size:.1f} MB" for name, size in sorted(sizes.items())))


if __name__ == "__main__":
    main()
