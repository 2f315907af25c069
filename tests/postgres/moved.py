"""`pathways migrate-store` there and back in processes of its own, with what it took: time, memory, sums."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Final

from bot.service.ports import Row
from bot.storage.sqlite import SQLiteStore
from tests.builders import ROOT
from tests.contracts.stores import branch, person, session, vote

THOUSAND: Final = 1_000
STATE: Final = "x" * 600  # characters of a session and of a reply
REPLY: Final[Row] = {
    "branch": "b",
    "channel": "telegram",
    "address": "1",
    "place": "private",
    "lane": "reply",
    "policy": "resend",
    "body": STATE,
    "status": "sent",
    "tries": 1,
    "due_at": 1,
    "made_at": 1,
}
ANSWER: Final[Row] = {"branch": "b", "name": "Number of technicians", "is_about": 0, "at": 1}
TEN: Final[tuple[tuple[str, Callable[[int, int], Row]], ...]] = (  # what a person leaves behind
    ("person", lambda who, _: person(f"p{who}")),
    ("session", lambda who, _: session(f"p{who}", state=STATE)),
    *[("feedback", lambda who, n: vote(f"p{who}", f"entry-{n}"))] * 3,
    *[
        (
            "run_answer",
            lambda who, n: {
                **ANSWER,
                "run": f"r{who}",
                "revision": n,
                "key": "k",
                "person": f"p{who}",
                "low": n / 3,
            },
        )
    ]
    * 3,
    ("outbox", lambda who, n: {**REPLY, "id": f"o{who}-{n}", "person": f"p{who}", "seq": who}),
    (
        "inbound_key",
        lambda who, n: {"key": f"telegram:{who}:{n}", "branch": "b", "at": who * 10 + n},
    ),
)
# The command, and at its end what the kernel saw of its memory: what `wait4` tells counts this process too.
WATCHED = """
import atexit, pathlib, runpy, sys
atexit.register(lambda: print(pathlib.Path("/proc/self/status").read_text(), file=sys.stderr))
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One move.

    Attributes:
        seconds: From the command to its end.
        megabytes: What its process took at the most.
        sums: What it printed of each table: rows and hash.
    """

    seconds: float
    megabytes: float
    sums: Mapping[str, str]


def fill(file: Path, rows: int) -> None:
    """A database with about so many rows: ten for each person, in six tables."""
    with closing(SQLiteStore(file)) as store:
        store.submit(lambda tx: tx.insert("branch", branch("b"))).result()
        for table, some in _thousands(rows // len(TEN)):
            store.submit(methodcaller("insert_all", table, some)).result()


def _thousands(people: int) -> Iterator[tuple[str, list[Row]]]:
    for first in range(0, people, THOUSAND):
        some = range(first, min(people, first + THOUSAND))
        for number, (table, row) in enumerate(TEN):
            yield table, [row(who, number) for who in some]


def moved(source: str, target: str, *options: str) -> Moved:
    """Run the command, in a process of its own, and see what it took."""
    began = time.perf_counter()
    command = [sys.executable, "-c", WATCHED, "migrate-store", *options, source, target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"It could not be moved: {done.stdout}")
    lines = [line.split() for line in done.stdout.splitlines()]
    (most,) = re.findall(r"^VmHWM:\s+(\d+) kB", done.stderr, re.MULTILINE)
    return Moved(
        seconds=time.perf_counter() - began,
        megabytes=int(most) / 1024,
        sums={table: " ".join(rest) for table, *rest in lines if _is_sum(rest)},
    )


def _is_sum(words: list[str]) -> bool:
    return len(words) == 2 and words[0].isdecimal()
