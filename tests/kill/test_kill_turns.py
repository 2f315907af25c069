"""Killed at any moment, the whole path loses no turn, doubles none, and misses no reply (R01, R04, R06)."""

import multiprocessing
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic

import pytest

from bot.engine.session import decode
from tests.kill.child import CHANNEL, Life, Update, live

PEOPLE = ("ann", "ben", "cat", "dan", "eve")
IN_FLIGHT = 12  # updates the platform hands over before it waits
LONGEST_S = 0.08  # seconds that a life may last; the shortest is nothing
GIVEN_UP = (
    "failed LeaseRanOut"  # eight kills hit this very delivery: it went out, and no receipt came
)
COST = "How much does registration cost?"


@dataclass
class Platform:
    """Hands updates over, and again until they were acknowledged."""

    chance: random.Random
    said: list[Update] = field(default_factory=list)
    waiting: dict[int, Update] = field(default_factory=dict)

    def top_up(self) -> Iterator[Update]:
        """New updates, until enough are in flight."""
        while len(self.waiting) < IN_FLIGHT:
            number = len(self.said) + 1
            text = COST if number % 2 else f"is the moon number {number} free?"
            update = Update(number, self.chance.choice(PEOPLE), text)
            self.said.append(update)
            self.waiting[number] = update
            yield update

    def acknowledge(self, number: int) -> None:
        self.waiting.pop(number, None)


def start(life: Life) -> tuple[ForkServerProcess, Connection]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kill.child"])
    ours, theirs = context.Pipe()
    process = context.Process(target=live, args=(life, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def killed_life(life: Life, platform: Platform) -> None:
    """One life: everything unacknowledged comes again, then new updates, until the kill."""
    process, pipe = start(life)
    with closing(pipe):
        try:
            for update in list(platform.waiting.values()):
                pipe.send(update)
            for update in platform.top_up():
                pipe.send(update)
            platform.acknowledge(pipe.recv())  # it lives: from here on, any moment will do
            end = monotonic() + platform.chance.uniform(0, LONGEST_S)
            while pipe.poll(max(end - monotonic(), 0)) and monotonic() < end:
                platform.acknowledge(pipe.recv())
                for update in platform.top_up():
                    pipe.send(update)
        finally:
            process.kill()
            process.join()
        try:
            while pipe.poll():
                platform.acknowledge(pipe.recv())
        except (EOFError, ConnectionResetError):  # what it had not read is told to us this way
            return


def last_life(life: Life, platform: Platform) -> None:
    """A life that nobody ends: it takes what is left and delivers everything."""
    process, pipe = start(life)
    with closing(pipe):
        for update in list(platform.waiting.values()):
            pipe.send(update)
        while platform.waiting:
            platform.acknowledge(pipe.recv())
        pipe.send(None)
        assert pipe.recv() is None
        process.join()
        assert process.exitcode == 0


@dataclass(frozen=True)
class End:
    """What is there when all is over."""

    said: list[Update]
    keys: Counter[str]
    turns: dict[str, int]
    misses: int
    outbox: list[tuple[str, str, str]]
    sends: list[tuple[int, str, str]]


def play(folder: Path, kills: int, *, acknowledges_first: bool = False, seed: int = 1) -> End:
    platform = Platform(random.Random(seed))
    for number in range(kills):
        killed_life(
            Life(
                number=number,
                folder=folder,
                offset_s=number * 150.0,
                acknowledges_first=acknowledges_first,
            ),
            platform,
        )
    last_life(Life(number=kills, folder=folder, offset_s=kills * 150.0), platform)
    return read_end(folder, platform.said)


def read_end(folder: Path, said: list[Update]) -> End:
    with closing(sqlite3.connect(folder / "kill.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        keys = Counter(key for (key,) in database.execute("SELECT key FROM inbound_key"))
        states = database.execute(
            "SELECT account, state FROM session JOIN identity ON session.person = identity.person"
        ).fetchall()
        ((misses,),) = database.execute("SELECT count(*) FROM miss").fetchall()
        outbox = database.execute(
            "SELECT address, id, status || ' ' || coalesce(error, 'None') FROM outbox ORDER BY seq"
        ).fetchall()
    turns = {}
    for who, state in states:
        session = decode(state)
        assert session is not None
        turns[who] = session.turn
    lines = (folder / "sent").read_text().splitlines()
    sends = [(int(life), who, key) for life, who, key in (line.split(" ") for line in lines)]
    return End(said, keys, turns, misses, outbox, sends)


def lost(end: End) -> list[Update]:
    return [update for update in end.said if f"{CHANNEL}:{update.number}" not in end.keys]


def check(end: End, kills: int) -> None:
    """Every update one turn, every reply sent, at most one repeat of an address per kill."""
    assert lost(end) == []
    assert set(end.keys.values()) == {1}
    assert end.turns == Counter(update.who for update in end.said)
    assert end.misses == sum(1 for update in end.said if update.text != COST)
    assert {end_of for _, _, end_of in end.outbox} <= {"sent None", GIVEN_UP}
    for who in PEOPLE:
        wanted = [key for address, key, _ in end.outbox if address == who]
        got = [key for _, address, key in end.sends if address == who]
        assert list(dict.fromkeys(got)) == wanted, "none is missing, and each in its place"
        assert len(got) - len(wanted) <= kills
    in_one_life = Counter((life, key) for life, _, key in end.sends)
    assert set(in_one_life.values()) == {1}, "without a kill nothing is repeated"


def figures(end: End, kills: int) -> str:
    repeats = len(end.sends) - len(end.outbox)
    return f"{kills} kills: {len(end.said)} updates, {len(end.outbox)} replies, {repeats} repeats"


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    end = play(tmp_path, 50)
    check(end, 50)
    assert len(end.said) > 100, "it did something between the kills"
    print(figures(end, 50))


def test_telling_before_keeping_loses_something(tmp_path: Path) -> None:
    """The same with the mistake that most bots make: so the test above is alive."""
    end = play(tmp_path, 15, acknowledges_first=True)
    assert lost(end), "nothing was lost: is the kill at the right moment?"


@pytest.mark.long
def test_five_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    end = play(tmp_path, 500, seed=2)
    check(end, 500)
    print(figures(end, 500))
