"""Several processes on one PostgreSQL: nothing lost, doubled or mixed up (R04, R05, R16, R17)."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest

from bot.storage.postgres import PostgresStore
from tests.postgres import keeper
from tests.postgres.replicas import Platform, wrong_rows
from tests.postgres.server import emptied
from tests.storage.turns import Update

REPLICAS = 3
PEOPLE = 20
IN_FLIGHT = 60  # updates that are under way together


def person(number: int) -> str:
    return f"p{number % PEOPLE}"


def check(url: str, platform: Platform, updates: int) -> None:
    assert len(platform.kept) == updates
    with closing(PostgresStore(url)) as store:
        assert wrong_rows(store, platform.kept) == []


@contextmanager
def platform_on(url: str) -> Iterator[Platform]:
    platform = Platform(url, REPLICAS)
    try:
        yield platform
    finally:
        platform.close()


def play_repeats(updates: int) -> None:
    """Each update comes once to five times, in any order, to any replica, its repeats at any time later."""
    url, chance = emptied(), Random(4)
    arrivals = [number for number in range(updates) for _ in range(chance.randint(1, 5))]
    chance.shuffle(arrivals)
    with platform_on(url) as platform:
        for number in arrivals:
            platform.deliver(Update(f"k{number}", person(number), number))
            platform.wait(IN_FLIGHT)
        platform.wait()
    check(url, platform, updates)


def test_r04_repeats_in_any_order_on_three_replicas_have_no_effect() -> None:
    play_repeats(200)


@pytest.mark.long
def test_r04_twenty_thousand_updates_and_their_repeats_make_one_turn_each() -> None:
    play_repeats(20_000)


def play_pairs(pairs: int) -> None:
    """A message and a tap of one person at the same instant, each to another replica."""
    url, chance = emptied(), Random(5)
    with platform_on(url) as platform:
        for pair in range(pairs):
            for half, number in enumerate(chance.sample(range(REPLICAS), 2)):
                update = Update(f"{pair}-{half}", person(pair), 2 * pair + half)
                platform.deliver(update, number)
            platform.wait(IN_FLIGHT)
        platform.wait()
    check(url, platform, 2 * pairs)
    assert not platform.refused, "the lock let two turns of one person meet"


def test_r05_one_persons_turns_never_overlap() -> None:
    play_pairs(150)


@pytest.mark.long
def test_r05_one_persons_turns_never_overlap_ten_thousand_times() -> None:
    play_pairs(10_000)


def play_rolling(updates: int, restarts: int) -> None:
    """Every replica is replaced in turn, and another is frozen with whatever it holds."""
    url = emptied()
    with platform_on(url) as platform:
        for number in range(updates):
            platform.deliver(Update(f"k{number}", person(number), number))
            platform.wait(IN_FLIGHT)
            if number % (updates // restarts) == updates // restarts // 2:
                turn_of = number * restarts // updates
                platform.replicas[(turn_of + 1) % REPLICAS].freeze()
                platform.replace(turn_of % REPLICAS)
                platform.replace((turn_of + 1) % REPLICAS)
        platform.wait()
    check(url, platform, updates)


def test_r17_a_rolling_restart_and_a_frozen_replica_lose_nothing() -> None:
    play_rolling(300, 1)


@pytest.mark.long
def test_r17_many_rolling_restarts_lose_nothing() -> None:
    play_rolling(6_000, 12)


@contextmanager
def own_server() -> Iterator[tuple[str, "Server"]]:
    """A server of the test's own, since it is to be restarted."""
    folder = Path(tempfile.mkdtemp(prefix="pathways-pg-own-")) / "pg"
    folder.parent.chmod(0o755)
    keeper.make(folder)
    server = Server(folder, keeper.free_port())
    try:
        where = quote(str(folder), safe="")
        yield f"postgresql://pathways@/postgres?host={where}&port={server.port}", server
    finally:
        server.stop(signal.SIGQUIT)
        shutil.rmtree(folder.parent)


class Server:
    """A PostgreSQL that can be restarted."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._process = keeper.start(folder, keeper.SETTINGS, port)

    def stop(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait(60)

    def restart(self, how: signal.Signals) -> None:
        self.stop(how)
        self._process = keeper.start(self.folder, keeper.SETTINGS, self.port)


def play_restarts(updates: int, restarts: int) -> None:
    ways = [signal.SIGINT, signal.SIGQUIT]  # as an administrator does it, and as a crash does it
    with own_server() as (url, server):
        with platform_on(url) as platform:
            for number in range(updates):
                platform.deliver(Update(f"k{number}", person(number), number))
                if number % (updates // restarts) == updates // restarts // 2:
                    server.restart(ways[number * restarts // updates % 2])
                platform.wait(IN_FLIGHT)
            platform.wait()
        check(url, platform, updates)


def test_r16_the_database_may_restart_under_load() -> None:
    play_restarts(300, 2)


@pytest.mark.long
def test_r16_the_database_may_restart_again_and_again() -> None:
    play_restarts(6_000, 24)
