"""To ten thousand people, as fast as the platform allows, and replies never wait (R20).

By a fake clock, and as the bot runs, for as long as the platform takes: 6 minutes on Telegram, 36 on Slack.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.planning.recipients import Fate
from bot.service.clock import SystemClock
from tests.builders import FixedClock
from tests.channels.slack.limits import Limits
from tests.service.broadcast_run import EVERY, Run
from tests.service.broadcast_ways import SlackWay, TelegramWay, Time, Way
from tests.service.clocks import until_noon

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WAYS = pytest.mark.parametrize("way", [TelegramWay, SlackWay])
WHOLE = pytest.param(10_000, marks=pytest.mark.long)


@WAYS
@pytest.mark.parametrize("count", [300, WHOLE])
def test_a_broadcast_takes_a_tenth_more_than_it_must_and_replies_go_first(
    way: Callable[[Time, range], Way], count: int, tmp_path: Path
) -> None:
    run = Run(tmp_path, count, FixedClock(MONDAY), way)
    asyncio.run(run.go())
    check(run, count)


@WAYS
@pytest.mark.parametrize("count", [WHOLE])
def test_for_as_long_as_it_takes(
    way: Callable[[Time, range], Way], count: int, tmp_path: Path
) -> None:
    run = Run(tmp_path, count, SystemClock(until_noon()), way)
    asyncio.run(run.go())
    check(run, count)


class Meaner(SlackWay):
    """A workspace that takes less than we think: the limit is not published."""

    per_s = 200 / 60

    def __init__(self, clock: Time, people: range) -> None:
        super().__init__(clock, people)
        self.fake.limits = Limits(lambda: clock.now().timestamp(), self.per_s)


def test_where_less_is_taken_it_goes_on_more_slowly(tmp_path: Path) -> None:
    run = Run(tmp_path, 300, FixedClock(MONDAY), Meaner)
    asyncio.run(run.go())
    assert sorted(run.way.told()) == [str(one) for one in run.people], "each of them once"
    assert run.found.counts == {Fate.SENT: 300}
    took_s = (max(run.sent.values()) - run.began).total_seconds()
    assert took_s <= 1.5 * 300 / Meaner.per_s
    assert run.way.refused <= 12, "without a slower pace it is one in three"


def check(run: Run, count: int) -> None:
    sent = [at for key, at in run.sent.items() if key.startswith("bc:")]
    assert len(sent) == count
    assert sorted(run.way.told()) == [str(one) for one in run.people], "each of them once"
    least_s, took_s = count / run.way.per_s, (max(sent) - run.began).total_seconds()
    waited = [run.sent[key] - at for key, at in run.asked.items()]
    print(  # the figures, where a test fails or they are asked for
        f"{run.way.name}: {took_s:.1f} s where {least_s:.1f} s are possible;"
        f" {run.way.refused} refused; a reply waited {max(waited).total_seconds():.3f} s at most"
    )
    assert took_s <= 1.1 * least_s
    assert run.way.refused <= 3
    assert len(waited) >= least_s // EVERY.total_seconds()
    assert max(waited) <= timedelta(seconds=1)
    assert run.found.counts == {Fate.SENT: count}
