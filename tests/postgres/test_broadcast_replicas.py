"""Four processes send one broadcast: everybody gets it once, however many of them are killed (R07)."""

import multiprocessing
import random
from collections import Counter
from contextlib import closing
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.planning.recipients import Fate
from bot.service.clock import SystemClock
from bot.service.deliveries import tally
from bot.storage.postgres import PostgresStore
from tests.kill.broadcast_child import CHANNEL, Life, live
from tests.postgres.server import emptied
from tests.service.clocks import until_noon
from tests.service.crowds import BROADCAST, gather, plant

REPLICAS = 4
AT_ONCE = 32  # messages on their way together: so many can be unknown after one kill
LONGEST_S = 0.5  # seconds between two kills
LEASE_S = 600.0  # after so many seconds nothing that somebody had taken is theirs any longer
PATIENCE_S = 300.0


def started(life: Life) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kill.broadcast_child"])
    process = context.Process(target=live, args=(life,), daemon=True)
    process.start()
    return process


def size(folder: Path) -> int:
    file = folder / "sent"
    return file.stat().st_size if file.exists() else 0


def planted(url: str, people: int, now_s: float) -> None:
    now = SystemClock(timedelta(seconds=now_s)).now()
    with closing(PostgresStore(url)) as store:
        store.submit(lambda tx: gather(tx, CHANNEL, people, now)).result()
        store.submit(lambda tx: plant(tx, now)).result()


def sent_by_four(folder: Path, url: str, kills: int, offset_s: float) -> Counter[str]:
    """Four at once; one after the other is killed and replaced; then what they had taken is free again."""
    chance, life = random.Random(7), Life(folder=folder, offset_s=offset_s, url=url)
    at_work = [started(life) for _ in range(REPLICAS)]
    end = monotonic() + PATIENCE_S
    while size(folder) == 0 and monotonic() < end:
        sleep(0.01)
    for _ in range(kills):
        sleep(chance.uniform(0, LONGEST_S))
        number = chance.randrange(REPLICAS)
        at_work[number].kill()
        at_work[number].join()
        at_work[number] = started(life)
    if kills:
        for process in at_work:
            process.kill()
            process.join()
        later = Life(folder=folder, offset_s=offset_s + LEASE_S, url=url)
        at_work = [started(later) for _ in range(REPLICAS)]
    for process in at_work:
        process.join(PATIENCE_S)
        assert process.exitcode == 0
    return Counter((folder / "sent").read_text().split())


@pytest.mark.parametrize(
    ("kills", "people"),
    [
        pytest.param(0, 300),
        pytest.param(2, 300),
        pytest.param(0, 12_000, marks=pytest.mark.long),
        pytest.param(60, 12_000, marks=pytest.mark.long),
    ],
)
def test_r07_four_replicas_reach_everybody_once(kills: int, people: int, tmp_path: Path) -> None:
    url, offset_s = emptied(), until_noon().total_seconds()
    planted(url, people, offset_s)
    sent = sent_by_four(tmp_path, url, kills, offset_s)
    assert max(sent.values()) == 1, "somebody got it twice"
    with closing(PostgresStore(url)) as store:
        row = store.submit(lambda tx: tx.get("broadcast", {})).result()
        assert row is not None
        planned = int(row["planned_at"] or 0)
        found = store.submit(lambda tx: tally(tx, BROADCAST, planned)).result()
    unknown = found.of_fate(Fate.UNKNOWN)
    assert found.total == people
    assert unknown <= (kills + REPLICAS * bool(kills)) * AT_ONCE
    assert people - len(sent) <= unknown
    assert found.of_fate(Fate.SENT) + unknown == people
    assert found.of_fate(Fate.SENT) <= len(sent)
