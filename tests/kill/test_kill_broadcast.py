"""Killed at any moment, a broadcast reaches everybody at most once, and says who is unsure (R07, R21)."""

import multiprocessing
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.planning.recipients import Fate
from bot.service.clock import SystemClock
from bot.service.deliveries import tally
from bot.storage.sqlite import SQLiteStore
from tests.kill.broadcast_child import CHANNEL, Life, live
from tests.service.clocks import until_noon
from tests.service.crowds import BROADCAST, gather, plant

AT_ONCE = 32  # messages on their way together: so many can be unknown after one kill
LONGEST_S = 0.25  # seconds from the first message of a life to its kill


def killed_life(life: Life, chance: random.Random) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kill.broadcast_child"])
    process = context.Process(target=live, args=(life,), daemon=True)
    before = size(life.folder)
    process.start()
    end = monotonic() + 30
    while size(life.folder) == before and monotonic() < end and process.is_alive():
        sleep(0.001)
    sleep(chance.uniform(0, LONGEST_S))
    process.kill()
    process.join()


def size(folder: Path) -> int:
    file = folder / "sent"
    return file.stat().st_size if file.exists() else 0


@pytest.mark.parametrize(
    ("kills", "people"),
    [pytest.param(4, 400), pytest.param(60, 12_000, marks=pytest.mark.long)],
)
def test_killed_at_any_moment_nobody_gets_it_twice_and_nobody_is_missed(
    kills: int, people: int, tmp_path: Path
) -> None:
    offset_s, chance = until_noon().total_seconds(), random.Random(8)
    now = SystemClock(timedelta(seconds=offset_s)).now()
    store = SQLiteStore(tmp_path / "kill.db")
    store.submit(lambda tx: gather(tx, CHANNEL, people, now)).result()
    store.submit(lambda tx: plant(tx, now)).result()
    store.close()
    for number in range(kills):
        killed_life(Life(folder=tmp_path, offset_s=offset_s + number), chance)
    live(Life(folder=tmp_path, offset_s=offset_s + kills))
    sent = Counter((tmp_path / "sent").read_text().split())
    assert max(sent.values()) == 1, "somebody got it twice"
    store = SQLiteStore(tmp_path / "kill.db")
    planned = planned_at(store)
    found = store.submit(lambda tx: tally(tx, BROADCAST, planned)).result()
    store.close()
    assert found.total == people
    assert set(found.counts) <= {Fate.SENT, Fate.UNKNOWN}
    assert found.of_fate(Fate.UNKNOWN) <= kills * AT_ONCE
    assert people - len(sent) <= found.of_fate(Fate.UNKNOWN)
    assert found.of_fate(Fate.SENT) <= len(sent)


def planned_at(store: SQLiteStore) -> int:
    row = store.submit(lambda tx: tx.get("broadcast", {})).result()
    assert row is not None
    return int(row["planned_at"] or 0)
