"""One of several processes on a PostgreSQL database: `python -m tests.postgres.replica URL`.

Takes updates as lines of JSON, makes a turn of each, many at a time, and says `ok KEY` once it is kept, or
`no KEY ERROR` where it is not. SIGTERM, or the end of its input, has it finish what it has and end.
"""

import json
import signal
import sys
import threading
from concurrent.futures import Future

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

    def stop(_signal: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    say("ready")
    try:
        for line in sys.stdin:
            update = Update(*json.loads(line))
            future = store.submit(turn(update), (update.person,))
            future.add_done_callback(lambda future, key=update.key: done(key, future))  # type: ignore[misc]  # bound at once
    finally:
        store.close()
        say("ended")


if __name__ == "__main__":
    main(sys.argv[1])
