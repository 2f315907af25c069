"""Takes in what Slack sent: committed first, acknowledged then, and only then shown.

The same for both ways in. What could not be committed in time is not acknowledged: Slack sends an
event again, and a person presses again; the key of it sees to it that this changes nothing twice.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Final

import structlog

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.incoming import HomeOpened, Nothing, Said, Us, parse_incoming
from bot.channels.slack.payload import MalformedError, Payload
from bot.channels.slack.showing import Showing
from bot.errors import BotError, StoreError
from bot.service.conversation import Conversation

ACK_S: Final = 2.5  # seconds until Slack has to be told; it gives up after three

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ack:
    """What Slack is told.

    Attributes:
        status: As HTTP has it: 200 it was taken in, 400 it makes no sense, 503 send it again.
        text: What only the person sees, at once; empty for nothing.
    """

    status: int
    text: str = ""


class Intake:
    """Takes payloads in.

    Args:
        us: Who the bot is, and where it works.
        conversation: Where utterances are heard.
        channel: Learns where people are reached.
        showing: What is shown beside the replies.
        wake: Called when something waits to be delivered.
    """

    def __init__(  # noqa: PLR0913 - one of each thing that a payload may need
        self,
        us: Us,
        conversation: Conversation,
        channel: SlackChannel,
        showing: Showing,
        wake: Callable[[], None],
        ack_s: float = ACK_S,
    ) -> None:
        self._us = us
        self._conversation = conversation
        self._channel = channel
        self._showing = showing
        self._wake = wake
        self._ack_s = ack_s
        self._running: set[asyncio.Task[None]] = set()

    async def take(self, body: Payload) -> Ack:
        """Take a payload in. When this returns 200 it is on disk, or there was nothing to keep."""
        try:
            incoming = parse_incoming(body, self._us)
        except MalformedError as error:
            log.warning("slack.malformed", field=str(error))
            return Ack(400)
        match incoming:
            case Nothing(why="team"):
                log.warning("slack.other-workspace")
                return Ack(200)
            case Nothing():
                return Ack(200)
            case HomeOpened(spot=spot, app=app):
                self._later(self._showing.show_home(spot, app))
                return Ack(200)
            case Said():
                return await self._hear(incoming)

    async def drain(self) -> None:
        """Wait until what is shown beside the replies has been shown."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _hear(self, said: Said) -> Ack:
        try:
            heard = asyncio.wrap_future(self._conversation.hear(said.inbound))
            is_new = await asyncio.wait_for(asyncio.shield(heard), self._ack_s)
        except TimeoutError:
            log.warning("slack.not-committed", error="TimeoutError")
            heard.add_done_callback(self._was_late)
            return Ack(503)
        except StoreError as error:
            log.warning("slack.not-committed", error=type(error).__name__)
            return Ack(503)
        if said.direct:
            self._channel.learn_direct(said.spot, said.direct)
        self._wake()
        if is_new:
            self._later(self._showing.show_after(said))
        return Ack(200, self._showing.moved() if said.moves else "")

    def _was_late(self, heard: "asyncio.Future[bool]") -> None:
        """Committed after all: its replies go out, and when it comes again nothing happens."""
        if not heard.cancelled() and heard.exception() is None:
            self._wake()

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(_quietly(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _quietly(work: Coroutine[object, object, None]) -> None:
    """Something that is nice to see, but which nobody misses."""
    try:
        await work
    except BotError as error:
        log.info("slack.not-shown", error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a door: nobody waits for this task
        log.warning("slack.not-shown", error=type(error).__name__)
