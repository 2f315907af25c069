"""Several processes on one database, and a platform before them that delivers until all is acknowledged."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

from bot.service.ports import Row, Store
from bot.service.tables import TABLE_BY_NAME
from tests.contracts.stores import do
from tests.storage.turns import Update

ROOT = Path(__file__).parents[2]
AGAIN_S = 4.0  # seconds without an answer until the platform delivers once more, elsewhere
PATIENCE_S = 120.0  # seconds until a test gives up


class Replica:
    """A process, and what it has said.

    Args:
        url: The database.
        platform: Is told of every answer.
    """

    def __init__(self, url: str, platform: "Platform") -> None:
        command = [sys.executable, "-m", "tests.postgres.replica", url]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self._platform = platform
        self.is_ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, update: Update) -> None:
        """Deliver an update; a process that is gone takes nothing."""
        line = json.dumps([update.key, update.person, update.number])
        try:
            assert self.process.stdin
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def end(self) -> None:
        """Tell it to stop, and wait until it has."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                assert pipe
                pipe.close()
            except BrokenPipeError:
                continue

    def freeze(self) -> None:
        """Stop it in its tracks, locks and all."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            word, *rest = line.split()
            if word == "ready":
                self.is_ready.set()
            elif word in {"ok", "no"}:
                self._platform.hear(word, *rest)


class Platform:
    """Delivers updates to any of its replicas, again and again until each is acknowledged.

    Attributes:
        kept: The keys that were acknowledged.
        refused: How often each error came back.
        waits: Seconds from the first delivery of an update to its acknowledgement.
    """

    def __init__(self, url: str, count: int, seed: int = 1) -> None:
        self.url = url
        self.kept: set[str] = set()
        self.refused: Counter[str] = Counter()
        self.waits: list[float] = []
        self._chance = Random(seed)
        self._open: dict[str, tuple[Update, float]] = {}
        self._began: dict[str, float] = {}
        self._lock = threading.Condition()
        self.replicas = [Replica(url, self) for _ in range(count)]
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until every replica takes updates."""
        assert all(replica.is_ready.wait(PATIENCE_S) for replica in self.replicas)

    def close(self) -> None:
        """End all replicas."""
        for replica in self.replicas:
            replica.end()

    def replace(self, number: int) -> None:
        """A rolling restart of one: a new one comes, then the old one goes."""
        old = self.replicas[number]
        fresh = Replica(self.url, self)
        assert fresh.is_ready.wait(PATIENCE_S)
        self.replicas[number] = fresh
        old.end()

    def deliver(self, update: Update, number: int | None = None) -> None:
        """Deliver an update for the first time, to one replica or any."""
        now = time.monotonic()
        with self._lock:
            self._open[update.key] = (update, now)
            self._began[update.key] = now
        self._to(number).send(update)

    def hear(self, word: str, key: str, error: str = "") -> None:
        """An answer of a replica."""
        with self._lock:
            if word == "no":
                self.refused[error] += 1
                if key in self._open:
                    self._open[key] = (self._open[key][0], 0.0)  # at once
            elif self._open.pop(key, None):
                self.kept.add(key)
                self.waits.append(time.monotonic() - self._began[key])
            self._lock.notify()

    def wait(self, most: int = 0) -> None:
        """Deliver again what has no answer, until at most so many are open."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with self._lock:
                if len(self._open) <= most:
                    return
                self._lock.wait(0.05)
                now = time.monotonic()
                late = [one for one, at in self._open.values() if now - at > AGAIN_S]
                self._open.update((one.key, (one, now)) for one in late)
            assert now < deadline, f"{len(self._open)} updates have no answer: {self.refused}"
            for update in late:
                self._to(None).send(update)

    def _to(self, number: int | None) -> Replica:
        return self.replicas[number] if number is not None else self._chance.choice(self.replicas)


def wrong_rows(store: Store, kept: Iterable[str]) -> list[str]:
    """Everything that is wrong after these keys were acknowledged; others may be in it, but wholly."""

    def rows(table: str) -> list[Row]:
        assert table in TABLE_BY_NAME
        return do(store, lambda tx: tx.find(table, {}))

    keys = {str(row["key"]) for row in rows("inbound_key")}
    answers = rows("feedback")
    replies = Counter(str(row["id"])[:-2] for row in rows("outbox"))
    wrong = [f"lost {key}" for key in kept if key not in keys]
    if Counter(str(row["about"]) for row in answers) != Counter(keys):
        wrong.append("not every update has one answer")
    if replies != Counter(keys):
        wrong.append("not every update has one reply")
    given: dict[object, list[object]] = {}
    for row in answers:
        given.setdefault(row["person"], []).append(row["helpful"])
    for row in rows("session"):
        numbers = json.loads(str(row["state"]))
        voted = sorted(int(str(one)) for one in given.get(row["person"], []))
        if sorted(numbers) != voted or row["version"] != len(numbers):
            wrong.append(f"session of {row['person']}: {numbers}")
    return wrong
