"""Takes the steps of the schema in lives that end at a given statement: `killed_steps.py URL N ...`.

After each it looks that no step is half there; in the end it says how many statements there are in all.
"""

import os
import signal
import sys
from contextlib import closing

from bot.storage import postgres_schema
from bot.storage.migrations import STEPS
from bot.storage.postgres_connection import connect
from bot.storage.postgres_schema import bring_up_to_date, taken_steps


def live(url: str, die_at: int) -> int:
    """Take steps; die before statement `die_at`. Returns how many there were."""
    plain, count = postgres_schema._Translator.execute, 0

    def counted(self: postgres_schema._Translator, sql: str) -> None:
        nonlocal count
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        plain(self, sql)

    postgres_schema._Translator.execute = counted  # type: ignore[method-assign]  # counts, and does it
    with closing(connect(url)) as connection:
        bring_up_to_date(connection, "it")
    return count


def main(url: str, numbers: list[int]) -> None:
    """One life for each number, on a database that every life finds as the last one left it."""
    for number in numbers:
        child = os.fork()
        if child == 0:
            live(url, number)
            os._exit(0)
        os.waitpid(child, 0)
        with closing(connect(url)) as connection:
            taken = taken_steps(connection, "it")
        if taken != set(STEPS[: len(taken)]):
            raise SystemExit(f"half a step: {taken}")
    with closing(connect(url)) as connection:
        connection.execute(b"DROP SCHEMA public CASCADE")
        connection.execute(b"CREATE SCHEMA public")
    print(live(url, 0))


if __name__ == "__main__":
    main(sys.argv[1], [int(number) for number in sys.argv[2:]])
