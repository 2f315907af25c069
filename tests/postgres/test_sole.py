"""One process of many polls: another takes over when it ends, and when it is cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
import pytest

from bot.storage import postgres_sole
from bot.storage.postgres_sole import Sole
from tests.postgres.server import own_database, server

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'pathways poll' AND state = 'idle'
    AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"""


class Line:
    """A network between us and the server, which can go silent."""

    def __init__(self) -> None:
        self.speaks = asyncio.Event()
        self.speaks.set()
        self._ends: list[asyncio.StreamWriter] = []
        self._pumps: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def laid(self, folder: Path) -> AsyncIterator[str]:
        """The address of the database at its other end."""
        where, port = server()
        name = f".s.PGSQL.{port}"

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far, away = await asyncio.open_unix_connection(where / name)
            self._ends += [writer, away]
            for source, sink in ((reader, away), (far, writer)):
                self._pumps.append(asyncio.create_task(self._pump(source, sink)))

        async with await asyncio.start_unix_server(meet, folder / name):
            yield own_database().replace(quote(str(where), safe=""), quote(str(folder), safe=""))
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        for end in self._ends:
            end.close()
            with suppress(OSError):
                await end.wait_closed()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self.speaks.wait()
                writer.write(data)
        writer.close()


class Poller:
    """One process that would poll."""

    def __init__(self, url: str) -> None:
        self.polling, self.waiting, self.stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.again = asyncio.Event()
        self.began = 0
        self.task = asyncio.create_task(
            Sole(url, "poll").hold(self._poll, self.waiting, self.stop)
        )

    async def _poll(self, ending: asyncio.Event) -> None:
        self.began += 1
        self.polling.set()
        if self.began > 1:
            self.again.set()
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
        await only.again.wait()
        await only.end()


async def test_whoever_hears_nothing_from_the_server_stops_polling_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres_sole, "ANSWER_S", 0.05)
    line = Line()
    with TemporaryDirectory() as folder:  # its name is short, as those of sockets have to be
        async with asyncio.timeout(60), line.laid(Path(folder)) as url:
            only = Poller(url)
            await only.polling.wait()
            line.speaks.clear()
            while only.polling.is_set():  # noqa: ASYNC110 - the event is the one it clears
                await asyncio.sleep(0.01)
            assert not line.speaks.is_set(), "it did not wait for the network"
            line.speaks.set()
            await only.again.wait()
            await only.end()


async def test_what_goes_wrong_in_the_work_ends_it() -> None:
    async def fail(_ending: asyncio.Event) -> None:
        raise ValueError("it went wrong")

    async with asyncio.timeout(60):
        with pytest.raises(ValueError, match="it went wrong"):
            await Sole(own_database(), "fails").hold(fail, asyncio.Event(), asyncio.Event())
