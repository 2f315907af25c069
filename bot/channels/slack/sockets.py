"""Socket Mode: several connections, each read until it ends and then opened anew.

The SDK's own client repeats a handshake with an address that is good for one try only, and keeps no
hold of what it has begun; so the loop is ours. An envelope is acknowledged on the connection it came
by, after the commit; one that was not acknowledged comes again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import aiohttp
import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.options import Options
from bot.channels.slack.payload import Payload
from bot.channels.slack.web_api import starting
from bot.errors import BotError, SettingsError, Throttled

MESSAGE_LIMIT: Final = 1_048_576  # bytes of one message on a socket
FIRST_WAIT_S: Final = 0.2  # doubled with each try that failed
AT_ONCE: Final = 64  # envelopes of one connection that are being taken in together
TAKEN: Final = 200

log = structlog.get_logger(__name__)

Dispatch = Callable[[Payload], Awaitable[BoltResponse]]


class _End(Enum):
    """How a connection came to its end."""

    BAD = "it never worked"
    CUT = "it worked, and broke"
    RENEWED = "Slack asked for a new one"


@dataclass(eq=False)
class _Line:
    """One connection, and what is under way on it."""

    socket: aiohttp.ClientWebSocketResponse
    running: set[asyncio.Task[None]] = field(default_factory=set)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def end(self) -> None:
        """Finish what is under way, then close."""
        await asyncio.gather(*self.running, return_exceptions=True)
        await self.socket.close()


class Sockets:
    """Listens by socket.

    Args:
        options: How Slack is reached.
        client: Of the Web API.
        session: Opens the connections.
        dispatch: Takes a payload in.
    """

    def __init__(
        self,
        options: Options,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        dispatch: Dispatch,
    ) -> None:
        self._options = options
        self._client = client
        self._session = session
        self._dispatch = dispatch
        self._ending: set[asyncio.Task[None]] = set()

    async def listen(self, taking: asyncio.Event, stop: asyncio.Event) -> None:
        """Listen on every connection until `stop`; then finish what is under way.

        Raises:
            SettingsError: Slack does not take the token.
        """
        async with asyncio.TaskGroup() as lines:
            for _ in range(self._options.connections):
                lines.create_task(self._keep_open(taking, stop))
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _keep_open(self, taking: asyncio.Event, stop: asyncio.Event) -> None:
        wait_s, asked_s = FIRST_WAIT_S, 0.0
        while not stop.is_set():
            try:
                line = _Line(await self._connect())
            except SettingsError:
                raise
            except BotError as error:
                log.warning("slack.not-connected", error=str(error))
                end, asked_s = _End.BAD, error.retry_after_s if isinstance(error, Throttled) else 0
            else:
                taking.set()
                end = await self._read(line, stop)
                self._let_go(line)
            if end is _End.RENEWED:
                continue
            wait_s = FIRST_WAIT_S if end is _End.CUT else wait_s
            await _pause(stop, max(wait_s, asked_s))
            wait_s, asked_s = min(2 * wait_s, self._options.retry_s), 0.0

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        """Open one connection, at an address that is good for one try.

        Raises:
            SettingsError: Slack does not take the token.
            BotError: Try again later.
        """
        async with starting():
            answer = await self._client.apps_connections_open(app_token=self._options.app_token)
            return await self._session.ws_connect(
                str(answer["url"]),
                heartbeat=self._options.ping_s,
                max_msg_size=MESSAGE_LIMIT,
                proxy=self._options.proxy or None,
            )

    async def _read(self, line: _Line, stop: asyncio.Event) -> _End:
        """Read until the connection ends, or Slack or `stop` wants it to."""
        end = _End.BAD
        stopping = asyncio.create_task(stop.wait())
        try:
            while True:
                reading = asyncio.create_task(line.socket.receive())
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not reading.done():
                    reading.cancel()
                    await asyncio.gather(reading, return_exceptions=True)
                    return end
                message = reading.result()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    log.info("slack.socket-ended", kind=message.type.name)
                    return end
                envelope = _envelope(message.data)
                match envelope.get("type"):
                    case "hello":
                        end = _End.CUT  # from here on it was a good one
                    case "disconnect":
                        log.info("slack.socket-renewed")
                        return _End.RENEWED if end is _End.CUT else end
                    case _:
                        end = _End.CUT
                        await self._begin(line, envelope)
        finally:
            stopping.cancel()

    async def _begin(self, line: _Line, envelope: Payload) -> None:
        await line.room.acquire()
        task = asyncio.create_task(self._take(line, envelope))
        line.running.add(task)
        task.add_done_callback(line.running.discard)

    async def _take(self, line: _Line, envelope: Payload) -> None:
        try:
            await self._answer(line, envelope)
        except (aiohttp.ClientError, OSError) as error:  # it went away; the envelope comes again
            log.info("slack.not-acknowledged", error=type(error).__name__)
        finally:
            line.room.release()

    async def _answer(self, line: _Line, envelope: Payload) -> None:
        envelope_id, body = envelope.get("envelope_id"), envelope.get("payload")
        if not isinstance(envelope_id, str) or not isinstance(body, dict):
            log.warning("slack.malformed", field="envelope")
            return
        answer = await self._dispatch(body)
        if answer.status >= 500:
            return
        told: dict[str, Any] = {"envelope_id": envelope_id}
        if answer.status == TAKEN and answer.body and envelope.get("accepts_response_payload"):
            told["payload"] = json.loads(answer.body)
        await line.socket.send_str(json.dumps(told))

    def _let_go(self, line: _Line) -> None:
        task = asyncio.create_task(line.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _envelope(text: str) -> Payload:
    """What a message on the socket says; an empty one where it says nothing."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


async def _pause(stop: asyncio.Event, wait_s: float) -> None:
    """Wait, or until `stop`."""
    try:
        async with asyncio.timeout(wait_s):
            await stop.wait()
    except TimeoutError:
        return
