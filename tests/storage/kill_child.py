"""A process that is there to be killed.

It starts lives. Each life is a fork of it, so that fifty cost no fifty start-ups. A life takes
updates as lines from its socket, one JSON list each, makes a turn of each on a SQLiteStore, many at a
time, and answers with the key once the turn is safe; or, to prove that the test would notice, before.
"""

import json
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.storage.sqlite import SQLiteStore
from tests.storage.powercut.library import Disk
from tests.storage.turns import Update, turn

CONTROL_FD = 0  # the socket on which lives are asked for, and their ends told


@dataclass(frozen=True, slots=True)
class Request:
    """How to live: where, whether to acknowledge before the commit, and the watched call to die at."""

    database: str
    is_hasty: bool
    kill_at: int


def main() -> None:
    """Start one life after the other, as asked."""
    with socket.socket(fileno=CONTROL_FD) as control:
        while True:
            request, fds, _, _ = socket.recv_fds(control, 4096, 1)
            if not request:
                return
            life = os.fork()
            if not life:
                live(socket.socket(fileno=fds[0]), Request(**json.loads(request)))
                os._exit(0)
            os.close(fds[0])
            control.sendall(b"%d\n" % life)
            _, status = os.waitpid(life, 0)
            control.sendall(b"%d\n" % status)


def live(platform: socket.socket, request: Request) -> None:
    """One life, until the platform has nothing more to say."""
    if request.kill_at:
        os.environ["POWERCUT_PREFIX"] = request.database
        Disk().kill(request.kill_at)
    store = SQLiteStore(Path(request.database))
    answering = threading.Lock()

    def acknowledge(key: str) -> None:
        with answering, suppress(BrokenPipeError):  # a platform that gave up
            platform.sendall(key.encode() + b"\n")

    for line in platform.makefile():
        update = Update(*json.loads(line))
        if request.is_hasty:
            acknowledge(update.key)
        future = store.submit(turn(update))
        if not request.is_hasty:
            future.add_done_callback(_acknowledging(acknowledge, update.key))
    store.close()


def _acknowledging(
    acknowledge: Callable[[str], None], key: str
) -> "Callable[[Future[bool]], None]":
    def call_back(future: "Future[bool]") -> None:
        if future.exception() is None:
            acknowledge(key)

    return call_back


if __name__ == "__main__":
    main()
