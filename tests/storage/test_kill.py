"""R01, R04: a crash never loses or doubles a turn, and deliveries that repeat have no effect."""

import random
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.storage.powercut.library import built, preloaded
from tests.storage.redelivery import Nursery, Platform, kill
from tests.storage.turns import wrongs

BURST = 120  # updates that wait when a life begins


@dataclass(frozen=True, slots=True)
class Kills:
    """What came of some: the platform; lives that ended with updates on their way; acknowledgements
    that were made in lives which were killed later."""

    platform: Platform
    interrupted: int
    acknowledged: int


def moment(chance: random.Random) -> tuple[float, int]:
    """When to die: soon after some acknowledgement, or while the database is being opened."""
    after = chance.choice([0, *[chance.randrange(1, BURST)] * 5])
    return chance.uniform(0, 0.006 if after else 0.06), after


def kills(db_path: Path, count: int, seed: int, *, is_hasty: bool = False) -> Kills:
    """Live and die so many times, then once in peace."""
    platform = Platform(random.Random(seed))
    interrupted = 0
    with Nursery() as nursery:
        for _ in range(count):
            platform.make(BURST)
            life, line = nursery.start(db_path, is_hasty=is_hasty)
            with line:
                interrupted += not platform.live(line, *moment(platform.chance))
                kill(life)
                assert nursery.wait() == signal.SIGKILL
        acknowledged = len(platform.safe)
        life, line = nursery.start(db_path)
        with line:
            assert platform.live(line)
            assert nursery.wait() == 0
    return Kills(platform, interrupted, acknowledged)


def check(db_path: Path, count: int, seed: int) -> None:
    done = kills(db_path, count, seed)
    platform = done.platform
    print(f"R01: {count} kills, {done.interrupted} in mid-life, {platform.made} updates")
    assert len(platform.safe) == platform.made > count * BURST / 10
    assert done.interrupted > count / 4, "the kills come too late"
    assert done.acknowledged > platform.made / 4, "the kills come too early"
    assert wrongs(db_path, platform.safe.values()) == []


def test_r01_r04_no_kill_loses_or_doubles_a_turn(tmp_path: Path) -> None:
    check(tmp_path / "chat.db", 50, seed=1)


@pytest.mark.long
def test_r01_r04_no_kill_of_many_loses_or_doubles_a_turn(tmp_path: Path) -> None:
    check(tmp_path / "chat.db", 500, seed=2)


def test_r01_acknowledging_before_the_commit_does_lose_turns(tmp_path: Path) -> None:
    platform = kills(tmp_path / "chat.db", 6, seed=3, is_hasty=True).platform
    lost = [
        text for text in wrongs(tmp_path / "chat.db", platform.safe.values()) if "lost" in text
    ]
    assert lost, "the test is not alive"


def deaths_at_calls(folder: Path, step: int) -> tuple[Platform, int]:
    """Die at one call on the disk after the other, until one life gets by.

    Every death is followed by redelivery, on the same database.
    """
    db_path = folder / "chat.db"
    platform = Platform(random.Random(4))
    with Nursery(preloaded(built(folder), db_path)) as nursery:
        for kill_at in (0, *range(1, 10_000, step)):
            platform.make(12)
            _, line = nursery.start(db_path, kill_at=kill_at)
            with line:
                got_by = platform.live(line)
                if nursery.wait() == 0 and kill_at:
                    assert got_by
                    return platform, kill_at
    raise AssertionError("it was killed every time")


def check_deaths(folder: Path, step: int) -> None:
    platform, calls = deaths_at_calls(folder, step)
    print(f"R01: died at every {step}. of {calls} calls on the disk, {platform.made} updates")
    assert calls > 15, "did it write at all?"
    assert wrongs(folder / "chat.db", platform.safe.values()) == []
    assert len(platform.safe) == platform.made > 12


def test_r01_a_kill_at_a_system_call_loses_nothing(tmp_path: Path) -> None:
    check_deaths(tmp_path, step=7)


@pytest.mark.long
def test_r01_a_kill_at_any_system_call_loses_nothing(tmp_path: Path) -> None:
    check_deaths(tmp_path, step=1)


def test_r24_an_interrupted_migration_is_taken_again(tmp_path: Path) -> None:
    with Nursery(preloaded(built(tmp_path), tmp_path / "not yet")) as nursery:
        for kill_at in range(1, 140, 12):
            db_path = tmp_path / str(kill_at) / "chat.db"
            platform = Platform(random.Random(kill_at))
            platform.make(1)
            for call, end in ((kill_at, signal.SIGKILL), (0, 0)):
                _, line = nursery.start(db_path, kill_at=call)
                with line:
                    platform.live(line)
                    assert nursery.wait() == end
            assert wrongs(db_path, platform.safe.values()) == []
            assert platform.safe
