"""A process that lives on our fake Slack until it is killed: listens by socket, answers by the Web API."""

import asyncio
import signal
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.channels.slack.incoming import Incoming
from bot.channels.slack.opening import Slack, open_slack
from bot.channels.slack.taking import Ack, Taking
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.intake import Intake
from bot.service.library import Edition, Library
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader
from tests.channels.slack.offices import BY_SOCKET, set_up

LIBRARY = Library(Edition(content_of(), listed_reader(content_of())))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLife:
    """One life of the process.

    Attributes:
        api_url: Of the fake.
        offset_s: Added to its clock, so that a back-off of the life before is over.
        acknowledges_first: The mistake that the test must see: telling before keeping.
    """

    folder: Path
    api_url: str
    offset_s: float = 0.0
    acknowledges_first: bool = False


def live(life: SlackLife) -> None:
    """Live until SIGKILL, or until SIGTERM, and then end well."""
    asyncio.run(_live(life))


async def _live(life: SlackLife) -> None:
    clock = SystemClock(timedelta(seconds=life.offset_s))
    store = SQLiteStore(life.folder / "kill.db")
    store.submit(lambda tx: set_up(tx, clock)).result()
    channels: dict[str, Slack] = {}
    deliverer = Deliverer(store, channels, clock)
    intake = Intake(Conversation(store, LIBRARY, clock), store, deliverer.wake)
    slack = open_slack(replace(BY_SOCKET, api_url=life.api_url), intake, LIBRARY, clock.now)
    channels[slack.name] = slack
    if life.acknowledges_first:
        _acknowledge_first()
    await deliverer.recover()
    delivering = asyncio.create_task(deliverer.run())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await slack.take_in(asyncio.Event(), stop)
    deliverer.stop()
    await delivering
    await slack.close()
    store.close()


def _acknowledge_first() -> None:
    take, later = Taking.take, set()

    async def told(taking: Taking, incoming: Incoming) -> Ack:
        later.add(asyncio.create_task(take(taking, incoming)))
        return Ack(200)

    setattr(Taking, "take", told)  # noqa: B010 - the mistake, made on purpose
