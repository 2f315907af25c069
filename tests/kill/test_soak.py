"""So many seconds in foul weather: nothing lost, nothing doubled, nothing that grows (R52).

The whole form lasts ten minutes; `python -m benchmarks.soak --seconds N` any time, with figures.
"""

from pathlib import Path

import pytest

from tests.kill.soak import PAUSE_S, Soak
from tests.kill.test_kill_telegram import check

LONG_S = 60  # seconds after which growth says something
GROWTH_MB = 16.0  # more at the end than before: caches that fill up, no leak
GROWTH_FILES = 4


@pytest.mark.parametrize(
    ("seconds", "pause_s"), [(12, 0.6), pytest.param(600, PAUSE_S, marks=pytest.mark.long)]
)
async def test_r52_foul_weather_loses_and_doubles_nothing(
    seconds: int, pause_s: float, tmp_path: Path, index_cache: Path
) -> None:
    soak = Soak(tmp_path, index_cache, pause_s=pause_s)
    server = await soak.run(seconds)
    print(soak.weather(), check(tmp_path, server, soak.story, soak.repeats))
    assert len(soak.story.said) > seconds
    assert min(soak.kills, soak.restarts, soak.steps, soak.storms) > 0
    assert set(soak.statuses) == {0}, (tmp_path / "run.log").read_text()
    megabytes, files = soak.growth()
    assert megabytes < GROWTH_MB or seconds < LONG_S
    assert files <= GROWTH_FILES or seconds < LONG_S
