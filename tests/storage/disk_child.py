"""A process whose disk fails, again and again: `disk_child.py DATABASE ERRNO TIMES CALLS`.

Round by round one more call on the disk goes well before the failure. In each round some turns are
tried, then the disk recovers and one turn must go well. It prints what became of every turn.
"""

import json
import sys
from concurrent.futures import Future
from itertools import count
from pathlib import Path

from bot.storage import sqlite_file
from bot.storage.sqlite import SQLiteStore
from tests.storage.powercut.library import Disk
from tests.storage.turns import Update, turn

WAVES, WAVE = 3, 5  # commits in a round, turns in a commit


def update(number: int) -> Update:
    return Update(f"telegram:{number}", f"p{number % 4}", number)


def main(database: str, error: int, times: int, calls: int) -> None:
    sqlite_file.PRAGMAS.update(wal_autocheckpoint=20)
    store, disk, numbers = SQLiteStore(Path(database)), Disk(), count()
    fates: dict[int, str] = {}

    def tries(turns: int) -> None:
        futures: dict[int, Future[bool]] = {}
        for number in [next(numbers) for _ in range(turns)]:
            futures[number] = store.submit(turn(update(number)))
        for number, future in futures.items():
            failure = future.exception()
            fates[number] = type(failure).__name__ if failure else "kept"

    for at in range(1, calls + 1):
        disk.fail(at, error, times)
        for _ in range(WAVES):
            tries(WAVE)
        disk.recover()
        tries(1)
        if fates[max(fates)] != "kept":
            raise SystemExit(f"after call {at} it never recovered: {fates[max(fates)]}")
    store.close()
    print(json.dumps(fates))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
