"""Moving everything from SQLite to PostgreSQL and back: seconds, and memory beside that of few rows (R25).

`python -m benchmarks.moving [--rows N] [--json]`. It starts a PostgreSQL of its own, with fsync as it is
here. The same with a fiftieth of the rows stands beside it: what memory does not grow is bounded.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.postgres import server
from tests.postgres.moved import Moved, fill, moved

FEW: Final = 50  # the comparison has so many times fewer rows
GOAL_S: Final = 300


def there_and_back(folder: Path, url: str, rows: int) -> dict[str, Moved]:
    """A file to PostgreSQL, and from there to another file.

    Raises:
        SystemExit: The sums are not the same.
    """
    old, back = folder / f"old{rows}.db", folder / f"back{rows}.db"
    fill(old, rows)
    name = f"moved{rows}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    other = url.replace("/postgres?", f"/{name}?")
    found = {
        "SQLite, rehearsed": moved(f"sqlite:///{old}", other, "--dry-run"),
        "SQLite to PostgreSQL": moved(f"sqlite:///{old}", other),
        "PostgreSQL to SQLite": moved(other, f"sqlite:///{back}"),
    }
    if len({tuple(one.sums.items()) for one in found.values()}) != 1:
        raise SystemExit("The sums are not the same.")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.moving", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with server() as url, tempfile.TemporaryDirectory() as folder:
        few = there_and_back(Path(folder), url, given.rows // FEW)
        many = there_and_back(Path(folder), url, given.rows)
    if given.json:
        print(json.dumps({name: asdict(one) for name, one in many.items()}))
        return
    for name, one in many.items():
        print(
            f"{name:22} {given.rows:9,} rows {one.seconds:7.1f} s {one.megabytes:5.0f} MB"
            f"   beside {few[name].megabytes:.0f} MB with {given.rows // FEW:,}"
        )
    print(f"R25  1,000,000 rows in at most {GOAL_S} s, counts and hashes equal: they are")


if __name__ == "__main__":
    main()
