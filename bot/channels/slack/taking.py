"""Takes in what Slack sent: committed first, acknowledged then, and only then shown.

The same for both ways in. What could not be committed in time is not acknowledged: Slack sends an
event again, and a person presses again; the key of it sees to it that this changes nothing twice.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.incoming import HomeOpened, Incoming, Nothing, Said
from bot.channels.slack.showing import Showing
from bot.errors import BotError, StoreError
from bot.service.intake import Intake

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ack:
    """What Slack is told.

    Attributes:
        status: As HTTP has it: 200 it was taken in, 503 send it again.
        text: What only the person sees, at once; empty for nothing.
    """

    status: int
    text: str = ""


class Taking:
    """Takes in what was parsed.

    Args:
        intake: The one door inwards.
        channel: Learns where people are reached.
        showing: What is shown beside the replies.
        ack_s: Seconds until Slack has to be told.
    """

    def __init__(
        self, intake: Intake, channel: SlackChannel, showing: Showing, ack_s: float
    ) -> None:
        self._intake = intake
        self._channel = channel
        self._showing = showing
        self._ack_s = ack_s
        self._running: set[asyncio.Task[Any]] = set()

    async def take(self, incoming: Incoming) -> Ack:
        """Take one thing in. When this returns 200 it is on disk, or there was nothing to keep."""
        match incoming:
            case Nothing(why="team"):
                log.warning("slack.other-workspace")
            case HomeOpened(spot=spot, app=app):
                self._keep(_quietly(self._showing.show_home(spot, app)))
            case Said():
                return await self._hear(incoming)
            case Nothing():
                pass
        return Ack(200)

    async def drain(self) -> None:
        """Wait until what is shown beside the replies has been shown."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _hear(self, said: Said) -> Ack:
        if self._intake.is_full:
            return Ack(503)
        self._channel.expect(said)
        heard = self._keep(self._intake.hear(said.inbound))
        try:
            async with asyncio.timeout(self._ack_s):
                is_new = await asyncio.shield(heard)
        except (StoreError, TimeoutError) as error:
            log.warning("slack.not-committed", error=type(error).__name__)
            heard.add_done_callback(_look)  # a late commit counts: its replies go out
            return Ack(503)
        if is_new and said.home:
            self._keep(_quietly(self._showing.show_home(said.spot, said.home)))
        return Ack(200, self._showing.moved() if said.moves else "")

    def _keep(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


def _look(heard: "asyncio.Task[bool]") -> None:
    """Look at how it ended: nobody else does, and it was told already."""
    if not heard.cancelled():
        heard.exception()


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    """Something that is nice to see, but which nobody misses."""
    try:
        await work
    except BotError as error:
        log.info("slack.not-shown", error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a door: nobody waits for this task
        log.warning("slack.not-shown", error=type(error).__name__)
