"""A process that makes turns and says which are safe: `child.py DATABASE TURNS SYNCHRONOUS`.

Run under the library, whose log then tells all that reached the disk and, in between, every word
about what is safe.
"""

import os
import sys
from concurrent.futures import Future
from pathlib import Path

from bot.storage import sqlite_file
from bot.storage.sqlite import SQLiteStore
from tests.storage.turns import Update, turn

IN_FLIGHT = 6  # turns that wait together
CHECKPOINT_PAGES = 40  # far more often than in earnest: that is when most can go wrong


def update(number: int) -> Update:
    return Update(f"telegram:{number}", f"p{number % 5}", number)


def main(database: str, turns: int, synchronous: str) -> None:
    sqlite_file.PRAGMAS.update(synchronous=synchronous, wal_autocheckpoint=CHECKPOINT_PAGES)
    acks = os.open(database + "-acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    store = SQLiteStore(Path(database))

    def submit(number: int) -> "Future[bool]":
        future = store.submit(turn(update(number)))
        future.add_done_callback(lambda done: os.write(acks, b"%d\n" % number * done.result()))
        return future

    for first in range(0, turns, IN_FLIGHT):
        for future in [submit(number) for number in range(first, first + IN_FLIGHT)]:
            future.result()
    os._exit(0)  # nothing is tidied up: the power is cut long before


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
