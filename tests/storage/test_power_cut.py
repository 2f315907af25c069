"""R02: a power cut never loses an acknowledged turn and never breaks the file."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.powercut.child import update
from tests.storage.powercut.library import built, preloaded
from tests.storage.powercut.replay import Call, cuts, read_log
from tests.storage.turns import wrongs

ROOT = Path(__file__).parents[2]


def record(folder: Path, turns: int, synchronous: str) -> list[Call]:
    """What a process did to the disk that made some turns."""
    log = folder / "log"
    command = [sys.executable, "-m", "tests.storage.powercut.child", str(folder / "chat.db")]
    subprocess.run(
        [*command, str(turns), synchronous],
        check=True,
        cwd=ROOT,
        env=preloaded(built(folder), folder / "chat.db", log),
    )
    return read_log(log)


def after_cuts(folder: Path, calls: list[Call], moments: int) -> list[list[str]]:
    """What is wrong after each cut."""
    chance = random.Random(2)
    chosen = set(chance.sample(range(1, len(calls) + 1), min(moments, len(calls))))
    db_path = folder / "after.db"
    found = []
    for cut in cuts(calls, chosen, chance):
        cut.lay_out(db_path)
        found.append(wrongs(db_path, [update(number) for number in cut.acknowledged]))
    return found


def lost(found: list[list[str]]) -> int:
    return sum(any(text.startswith("lost") for text in wrong) for wrong in found)


def test_r02_no_cut_loses_what_was_acknowledged(tmp_path: Path) -> None:
    found = after_cuts(tmp_path, record(tmp_path, 120, "FULL"), 150)
    assert len(found) >= 300
    assert not [wrong for wrong in found if wrong]


def test_r02_with_less_care_cuts_do_lose_turns(tmp_path: Path) -> None:
    found = after_cuts(tmp_path, record(tmp_path, 120, "NORMAL"), 100)
    assert lost(found) > 10, "the test is not alive"


@pytest.mark.long
def test_r02_at_every_write_and_sync(tmp_path: Path) -> None:
    found = after_cuts(tmp_path, record(tmp_path, 600, "FULL"), 10_000)
    print(f"R02: {len(found)} cuts, {lost(found)} lost, {sum(map(bool, found))} wrong")
    assert len(found) >= 5_000
    assert not [wrong for wrong in found if wrong]


@pytest.mark.long
def test_r02_at_every_write_and_sync_with_less_care(tmp_path: Path) -> None:
    found = after_cuts(tmp_path, record(tmp_path, 300, "NORMAL"), 10_000)
    print(f"R02 with synchronous=NORMAL: {len(found)} cuts, {lost(found)} lost")
    assert lost(found) > len(found) / 10
