"""One process of many polls: another takes over when it ends, and when it is cut off."""

import asyncio

import psycopg
import pytest

from bot.storage import postgres_sole
from bot.storage.postgres_sole import Sole
from tests.postgres.server import own_database

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'pathways poll' AND state = 'idle'
    AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"""


class Poller:
    """One process that would poll."""

    def __init__(self, url: str) -> None:
        self.polling, self.waiting, self.stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.began = 0
        self.task = asyncio.create_task(
            Sole(url, "poll").hold(self._poll, self.waiting, self.stop)
        )

    async def _poll(self, ending: asyncio.Event) -> None:
        self.began += 1
        self.polling.set()
        await ending.wait()
        self.polling.clear()

    async def end(self) -> None:
        self.stop.set()
        await self.task


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_sole, "LOOK_S", 0.02)


async def test_one_polls_and_the_next_takes_over() -> None:
    url = own_database()
    async with asyncio.timeout(60):
        first = Poller(url)
        await first.polling.wait()
        second = Poller(url)
        await second.waiting.wait()
        assert not second.polling.is_set()
        await first.end()
        await second.polling.wait()
        await second.end()
    assert first.began == second.began == 1


async def test_whoever_is_cut_off_stops_polling_and_tries_again() -> None:
    url = own_database()
    async with asyncio.timeout(60):
        only = Poller(url)
        await only.polling.wait()
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(CUT.encode())
        while only.began < 2:  # noqa: ASYNC110 - it is counted on this loop
            await asyncio.sleep(0)
        await only.polling.wait()
        await only.end()


async def test_what_goes_wrong_in_the_work_ends_it() -> None:
    async def fail(_ending: asyncio.Event) -> None:
        raise ValueError("fail")

    async with asyncio.timeout(60):
        with pytest.raises(ValueError, match="fail"):
            await Sole(own_database(), "fails").hold(fail, asyncio.Event(), asyncio.Event())
