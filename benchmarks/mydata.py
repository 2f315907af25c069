"""How long a copy of one person's data takes with 10,000 records among 100,000 of others (R44).

Beside it: SQLite reading the same rows, and nothing done with them.

`python -m benchmarks.mydata [--records N]`
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.messages import PersonId
from bot.service import people, privacy
from bot.service.ports import Row, Tx
from bot.storage.sqlite import SQLiteStore

AIM_S: Final = 5.0  # reliability.md, R44
OTHERS: Final = 10  # people with as many records each
ROUNDS: Final = 3


def _fill(tx: Tx, records: int) -> None:
    now = datetime.now(UTC)
    people.add_branch(tx, people.DEFAULT_BRANCH, "Main branch", now)
    for number in range(1 + OTHERS):
        person: Row = {"id": f"p{number}", "branch": people.DEFAULT_BRANCH, "audience": None}
        tx.insert("person", {**person, "language": "en", "created_at": 1})
        vote: Row = {"person": f"p{number}", "branch": people.DEFAULT_BRANCH, "helpful": 1}
        rows: list[Row] = [
            {**vote, "about": f"{at}", "entry": "cost-engtech", "at": at} for at in range(records)
        ]
        tx.insert_all("feedback", rows)


def _fastest(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)


def main(records: int) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        store = SQLiteStore(path)
        store.submit(lambda tx: _fill(tx, records)).result()
        ours = _fastest(
            lambda: store.submit(lambda tx: privacy.copy_of(tx, PersonId("p0"))).result()
        )
        store.close()
        bare = sqlite3.connect(path)
        query = "SELECT * FROM feedback WHERE person = 'p0'"
        theirs = _fastest(lambda: bare.execute(query).fetchall())
        bare.close()
    print(
        f"a copy of {records} records: {ours:.2f} s, aim {AIM_S:.0f} s; "
        f"SQLite alone {theirs:.3f} s, {ours / theirs:.1f} x"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    main(parser.parse_args().records)
