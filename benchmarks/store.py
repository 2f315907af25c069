"""Durable turns a second through the SQLite store, beside plain sqlite3 with a commit per turn.

`python -m benchmarks.store [--turns N] [--cold] [--json]`. Each figure is taken in a process of its
own, with fsync as it is here and with an fsync of one millisecond.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.slow_fsync import AS_IT_IS, ONE_MS, preload, slow_fsync
from bot.service.ports import Row, Tx
from bot.storage import sqlite_file
from bot.storage.sqlite import SQLiteStore

ROOT = Path(__file__).parents[1]
PEOPLE = 1000
WAITING = 64  # turns that wait at a time
STATE = "x" * 600  # characters of a session and of a reply
REPLY: Row = {
    "branch": "b",
    "channel": "telegram",
    "address": "1",
    "place": "private",
    "lane": "reply",
    "policy": "resend",
    "body": STATE,
    "status": "queued",
    "tries": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Attributes:
        what: What was measured.
        disk: On which disk.
        turns_a_second: Durable turns.
        p50_ms: Median time from submitting to knowing that it is durable.
        p99_ms: The same, of the slowest hundredth.
        cpu_ms: CPU time of the whole process per turn.
    """

    what: str
    disk: str
    turns_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


def turn(number: int) -> Callable[[Tx], None]:
    """Key, session, answer and reply, as the service writes them."""
    person = f"p{number * 7919 % PEOPLE}"

    def work(tx: Tx) -> None:
        tx.insert_new("inbound_key", {"key": f"telegram:{number}", "branch": "b", "at": number})
        session = tx.get("session", {"person": person})
        version = int(str(session["version"])) if session else 0
        tx.update(
            "session",
            {"person": person, "version": version},
            {"version": version + 1, "state": STATE, "updated_at": number},
        )
        vote: Row = {"person": person, "about": f"a{number}", "branch": "b", "helpful": 1}
        tx.insert("feedback", {**vote, "at": number})
        tx.insert("outbox", {**REPLY, **_reply_of(number, person)})

    return work


def _reply_of(number: int, person: str) -> dict[str, str | int]:
    times = {"due_at": number, "made_at": number}
    return {"id": f"o{number}", "person": person, "seq": number, **times}


def plain_turn(connection: sqlite3.Connection, number: int) -> None:
    """The same turn in plain sqlite3, with a commit of its own."""
    person = f"p{number * 7919 % PEOPLE}"
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    execute("INSERT INTO inbound_key VALUES (?, 'b', ?)", (f"telegram:{number}", number))
    ((version,),) = execute("SELECT version FROM session WHERE person = ?", (person,)).fetchall()
    execute(
        "UPDATE session SET version = ?, state = ?, updated_at = ? WHERE person = ? AND version = ?",
        (version + 1, STATE, number, person, version),
    )
    execute(
        "INSERT INTO feedback (person, about, branch, helpful, at) VALUES (?, ?, 'b', 1, ?)",
        (person, f"a{number}", number),
    )
    row = {**REPLY, **_reply_of(number, person)}
    columns, places = ", ".join(row), ", ".join("?" for _ in row)
    execute(f"INSERT INTO outbox ({columns}) VALUES ({places})", tuple(row.values()))  # noqa: S608 - ours
    execute("COMMIT")


def people(tx: Tx) -> None:
    """Everybody that turns are for."""
    tx.insert("branch", {"id": "b", "name": "Rail", "created_at": 1})
    for number in range(PEOPLE):
        person: Row = {"id": f"p{number}", "branch": "b", "language": "en", "created_at": 1}
        tx.insert("person", person)
        session: Row = {"person": f"p{number}", "branch": "b", "version": 0, "state": STATE}
        tx.insert("session", {**session, "updated_at": 1})


async def many_waiting(store: SQLiteStore, turns: int) -> list[float]:
    """Seconds of each turn, with 64 tasks that wait for theirs."""
    numbers = iter(range(turns))
    took: list[float] = []

    async def person() -> None:
        for number in numbers:
            began = time.perf_counter()
            await asyncio.wrap_future(store.submit(turn(number)))
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(person() for _ in range(WAITING)))
    return took


def one_at_a_time(store: SQLiteStore, turns: int) -> list[float]:
    """Seconds of each turn, one after the other."""
    took = []
    for number in range(turns):
        began = time.perf_counter()
        store.submit(turn(number)).result()
        took.append(time.perf_counter() - began)
    return took


def beside_a_busy_thread(store: SQLiteStore, turns: int) -> list[float]:
    """Seconds of each turn, 64 waiting, while another thread computes without a pause."""
    is_over = threading.Event()

    def compute() -> None:
        while not is_over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        return asyncio.run(many_waiting(store, turns))
    finally:
        is_over.set()
        thread.join()


def plainly(store: SQLiteStore, turns: int) -> list[float]:
    """Seconds of each turn in plain sqlite3, on the file that the store has made and closed."""
    store.close()
    took = []
    with closing(sqlite3.connect(store._ownership.path, isolation_level=None)) as connection:
        for pragma, value in sqlite_file.PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={value}")
        for number in range(turns):
            began = time.perf_counter()
            plain_turn(connection, number)
            took.append(time.perf_counter() - began)
    return took


MEASURES: Mapping[str, tuple[Callable[[SQLiteStore, int], list[float]], int]] = {
    "store, 64 waiting": (lambda store, turns: asyncio.run(many_waiting(store, turns)), 1),
    "store, 64 waiting, beside a thread that computes": (beside_a_busy_thread, 4),
    "store, one at a time": (one_at_a_time, 8),
    "sqlite3, one commit per turn": (plainly, 8),
}  # with what the number of turns is divided by


def measure(what: str, disk: str, turns: int) -> Figure:
    """Take one figure, in this process."""
    run, share = MEASURES[what]
    count = max(1, turns // share)
    with (
        tempfile.TemporaryDirectory() as folder,
        slow_fsync(disk) as named,
        closing(SQLiteStore(Path(folder) / "chat.db")) as store,
    ):
        store.submit(people).result()
        began, cpu = time.perf_counter(), time.process_time()
        took = sorted(run(store, count))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Figure(
        what=what,
        disk=named,
        turns_a_second=round(count / seconds),
        p50_ms=round(took[count // 2] * 1000, 2),
        p99_ms=round(took[count * 99 // 100] * 1000, 2),
        cpu_ms=round(cpu / count * 1000, 3),
    )


def in_a_process(what: str, disk: str, turns: int) -> Figure:
    """Take one figure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.store", "--turns", str(turns)]
    ran = subprocess.run(
        [*command, "--measure", what, "--disk", disk],
        check=True,
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    return Figure(**json.loads(ran.stdout))


def cold_start(sessions: int) -> dict[str, float]:
    """Seconds until the first turn on a file with so many sessions and ten times the rows (R18)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.db"
        sqlite_file.PRAGMAS["synchronous"] = "OFF"
        with closing(SQLiteStore(path)) as store:
            store.submit(people).result()
            for first in range(0, sessions * 3, 1000):
                store.submit(partial(_thousand, first)).result()
        sqlite_file.PRAGMAS["synchronous"] = "FULL"
        began = time.perf_counter()
        with closing(SQLiteStore(path)) as store:
            store.submit(turn(10**9)).result()
            seconds = time.perf_counter() - began
        return {"megabytes": round(path.stat().st_size / 2**20), "seconds": round(seconds, 3)}


def _thousand(first: int, tx: Tx) -> None:
    for number in range(first, first + 1000):
        turn(number)(tx)


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    heads = ("turns/s", "p50 ms", "p99 ms", "CPU ms")
    print(f"{'durable turns':50} {'disk':36}", *(f"{head:>8}" for head in heads))
    for one in figures:
        numbers = (
            f"{one.turns_a_second:8,.0f} {one.p50_ms:8.2f} {one.p99_ms:8.2f} {one.cpu_ms:8.3f}"
        )
        print(f"{one.what:50} {one.disk:36} {numbers}")


def all_figures(turns: int) -> list[Figure]:
    """Every measure on both disks."""
    return [in_a_process(what, disk, turns) for disk in (AS_IT_IS, ONE_MS) for what in MEASURES]


def main() -> None:
    """The command."""
    preload("benchmarks.store")
    parser = argparse.ArgumentParser(prog="benchmarks.store", description=__doc__)
    parser.add_argument("--turns", type=int, default=16_000, help="turns of the longest measure")
    parser.add_argument("--cold", action="store_true", help="also start on 100,000 sessions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    parser.add_argument(
        "--disk", choices=(AS_IT_IS, ONE_MS), default=AS_IT_IS, help=argparse.SUPPRESS
    )
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(asdict(measure(given.measure, given.disk, given.turns))))
        return
    figures = all_figures(given.turns)
    cold = cold_start(100_000) if given.cold else None
    if given.json:
        print(json.dumps({"figures": [asdict(one) for one in figures], "cold_start": cold}))
        return
    show(figures)
    if cold:
        print(f"cold start to the first turn, {cold['megabytes']} MB: {cold['seconds']} s")


if __name__ == "__main__":
    main()
