"""One of several processes on a PostgreSQL database: `python -m tests.postgres.replica URL`.

Takes updates as lines of JSON, makes a turn of each, many at a time, and says `ok KEY` once it is kept, or
`no KEY ERROR` where it is not. SIGTERM, or the end of its input, has it finish what it has and end.
"""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from bot.service.ports import Foreseen, Foresight, Selection, Tx
from bot.storage.postgres import PostgresStore
from tests.storage.turns import Update, turn


def main(url: str) -> None:
    """Take updates until told to stop."""
    store = PostgresStore(url)
    saying = threading.Lock()

    def say(text: str) -> None:
        with saying:
            print(text, flush=True)

    def done(key: str, future: "Future[bool]") -> None:
        error = future.exception()
        say(f"no {key} {type(error).__name__}" if error else f"ok {key}")

    told = ending()
    say("ready")
    try:
        for line in lines(told):
            update = Update(*json.loads(line))
            future = store.submit(work_of(update), (update.person,))
            future.add_done_callback(lambda future, key=update.key: done(key, future))  # type: ignore[misc]  # bound at once
    finally:
        store.close()
        say("ended")


def work_of(update: Update) -> Callable[[Tx], bool]:
    """The work of a turn; every second one says what it will read."""

    def reads() -> Foresight:
        yield [
            Selection("inbound_key", {"key": update.key}, limit=1),
            Selection("branch", {"id": "b"}, limit=1),
        ]
        yield [
            Selection("person", {"id": update.person}, limit=1),
            Selection("session", {"person": update.person}, limit=1),
        ]

    return Foreseen(turn(update), reads) if update.number % 2 else turn(update)


def ending() -> int:
    """What becomes readable at SIGTERM: a handler that raised could leave a lock held for ever."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
    return heard


def lines(told: int) -> Iterator[bytes]:
    """The lines of the input, until it ends or we are told to."""
    rest = b""
    while told not in (ready := select.select([0, told], [], [])[0]) and 0 in ready:
        data = os.read(0, 65_536)
        if not data:
            return
        *whole, rest = (rest + data).split(b"\n")
        yield from whole


if __name__ == "__main__":
    main(sys.argv[1])
