"""A right that one process of many has at a time, such as polling: an advisory lock of a connection.

The lock goes with its connection. Whoever holds it says so once a second; a process that is frozen does
not, and from PostgreSQL 14 on the server then takes the connection away, so that another one goes on.
Whoever hears nothing from the server stops working before that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import psycopg
import structlog

from bot.storage.postgres_batch import lock_number
from bot.storage.postgres_connection import CONNECT_S, bounded

LOOK_S: Final = 1.0  # seconds between two looks, of the holder and of those who wait
ANSWER_S: Final = 3.0  # seconds the server has for an answer; then we take the right for lost
SILENCE_S: Final = 5  # seconds without a look until the server takes the right away
SILENCE_SINCE: Final = 140_000  # PostgreSQL 14

log = structlog.get_logger(__name__)

Connection = psycopg.AsyncConnection[tuple[object, ...]]
Work = Callable[[asyncio.Event], Awaitable[None]]


class Sole:
    """The right of one name on one database.

    Args:
        url: The database.
        name: Of the right.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._number = lock_number(f"sole:{name}")

    async def hold(self, work: Work, waiting: asyncio.Event, stop: asyncio.Event) -> None:
        """Wait for the right, work while we have it, and wait again when it is lost; until `stop`.

        Args:
            work: Ends soon after the event that it is given is set.
            waiting: Set when another process has the right, and we stand by.
            stop: Ends it all.
        """
        while not stop.is_set():
            try:
                connection = await self._connected()
                try:
                    if await self._gained(connection, waiting, stop):
                        await self._work(connection, work, stop)
                finally:
                    await connection.close()  # at once, also where nobody answers any more
            except psycopg.Error as error:
                log.warning("sole.lost", right=self._name, error=type(error).__name__)
                await _rest(stop)

    async def _connected(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(
            bounded(self._url),
            autocommit=True,
            connect_timeout=CONNECT_S,
            application_name=f"pathways {self._name}",
        )
        if connection.info.server_version >= SILENCE_SINCE:
            await connection.execute(f"SET idle_session_timeout = '{SILENCE_S}s'".encode())
        return connection

    async def _gained(
        self, connection: Connection, waiting: asyncio.Event, stop: asyncio.Event
    ) -> bool:
        while not stop.is_set():
            if await _asked(connection, f"SELECT pg_try_advisory_lock({self._number})") == (True,):
                log.info("sole.gained", right=self._name)
                return True
            waiting.set()
            await _rest(stop)
        return False

    @staticmethod
    async def _work(connection: Connection, work: Work, stop: asyncio.Event) -> None:
        """Work until told to stop, or until the connection and with it the right is gone."""
        ending = asyncio.Event()
        working = asyncio.ensure_future(work(ending))
        try:
            while not (stop.is_set() or working.done()):
                await _asked(connection, "SELECT 1")
                await _rest(stop, working)
        finally:
            ending.set()
            await working


async def _asked(connection: Connection, query: str) -> tuple[object, ...] | None:
    """The first row of an answer.

    Raises:
        psycopg.Error: There was none, or none in time: nobody heeds what becomes of the question then.
    """
    asking = asyncio.ensure_future(connection.execute(query.encode()))
    try:
        answered, _ = await asyncio.wait({asking}, timeout=ANSWER_S)
        if not answered:
            raise psycopg.OperationalError("no answer in time")
    finally:
        asking.cancel()
        asking.add_done_callback(_heed)
    return await asking.result().fetchone()


def _heed(asking: "asyncio.Future[Any]") -> None:
    if not asking.cancelled():
        asking.exception()


async def _rest(stop: asyncio.Event, *others: "asyncio.Future[None]") -> None:
    stopping = asyncio.ensure_future(stop.wait())
    waited: set[asyncio.Future[Any]] = {stopping, *others}
    try:
        await asyncio.wait(waited, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
