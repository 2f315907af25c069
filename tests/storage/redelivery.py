"""A stand-in for a chat platform: it delivers updates until each is acknowledged, and some again."""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.storage.turns import Update

ROOT = Path(__file__).parents[2]
WAIT_S = 60.0  # seconds without a word after which a test gives up
IN_FLIGHT = 48  # updates on their way at a time
PEOPLE = 30


class Nursery:
    """The process that starts lives.

    Args:
        environment: What it runs in; `preloaded` gives one with a disk that can kill.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(WAIT_S)
        self._lines = self._control.makefile("rb")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.storage.kill_child"],
                cwd=ROOT,
                env=dict(environment),
                stdin=theirs.fileno(),
            )

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._control.close()
        self._process.wait(WAIT_S)

    def start(
        self, db_path: Path, *, is_hasty: bool = False, kill_at: int = 0
    ) -> tuple[int, socket.socket]:
        """Begin a life.

        Args:
            db_path: The database it lives on.
            is_hasty: Whether it acknowledges before it commits.
            kill_at: The watched call of the disk at which it dies; 0 for none.

        Returns:
            Its process id, and the platform's end of the line to it.
        """
        ours, theirs = socket.socketpair()
        request = {"database": str(db_path), "is_hasty": is_hasty, "kill_at": kill_at}
        with theirs:
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
        return int(self._lines.readline()), ours

    def wait(self) -> int:
        """How the last life ended: 0, or the signal."""
        return int(self._lines.readline())


@dataclass(slots=True)
class Platform:
    """What it has to deliver, and what was acknowledged.

    Attributes:
        chance: Draws order, repeats and moments.
        unsafe: Not acknowledged yet.
        safe: Acknowledged.
    """

    chance: random.Random
    unsafe: dict[str, Update] = field(default_factory=dict)
    safe: dict[str, Update] = field(default_factory=dict)
    made: int = 0

    def make(self, count: int) -> None:
        """People write some more, until so many updates wait to be delivered."""
        count = max(0, count - len(self.unsafe))
        for number in range(self.made, self.made + count):
            update = Update(f"telegram:{number}", f"p{self.chance.randrange(PEOPLE)}", number)
            self.unsafe[update.key] = update
        self.made += count

    def live(self, line: socket.socket, until_s: float | None = None, after: int = 0) -> bool:
        """Deliver and hear for one life.

        Args:
            line: To the life.
            until_s: Seconds until its end; None: when all is acknowledged.
            after: So many acknowledgements from now those seconds begin.

        Returns:
            Whether everything was acknowledged before that moment, and before it died.
        """
        try:
            return self._live(line, until_s, after)
        except ConnectionError:  # it died with unread updates
            return False

    def _live(self, line: socket.socket, until_s: float | None, after: int) -> bool:
        to_send = self._deliveries()
        end = time.monotonic() + (WAIT_S if until_s is None or after else until_s)
        heard = b""
        sent = answered = 0
        while self.unsafe:
            left = end - time.monotonic()
            if left <= 0:
                assert until_s is not None, "no answer any more"
                return False
            sends = [line] if sent < len(to_send) and sent - answered < IN_FLIGHT else []
            readable, writable, _ = select.select([line], sends, [], left)
            if writable:
                line.sendall(json.dumps(_fields(to_send[sent])).encode() + b"\n")
                sent += 1
            if readable:
                part = line.recv(65536)
                if not part:
                    return False
                *keys, heard = (heard + part).split(b"\n")
                answered += len(keys)
                self._take(keys)
                if until_s is None:
                    end = time.monotonic() + WAIT_S
                elif answered >= after > answered - len(keys):
                    end = time.monotonic() + until_s
        line.shutdown(socket.SHUT_WR)
        return True

    def _deliveries(self) -> list[Update]:
        """All that is open, in any order, some of it twice, and some that was settled long ago."""
        again = self.chance.sample(list(self.safe.values()), min(len(self.safe), 5))
        twice = [update for update in self.unsafe.values() if self.chance.random() < 0.2]
        deliveries = [*self.unsafe.values(), *twice, *again]
        self.chance.shuffle(deliveries)
        return deliveries

    def _take(self, keys: list[bytes]) -> None:
        for key in keys:
            update = self.unsafe.pop(key.decode(), None)
            if update:
                self.safe[update.key] = update


def _fields(update: Update) -> tuple[str, str, int]:
    return update.key, update.person, update.number


def kill(life: int) -> None:
    """End a life as a crash does."""
    os.kill(life, signal.SIGKILL)
