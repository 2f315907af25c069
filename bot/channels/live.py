"""What `run` asks of a channel: to send, and to take in until it is told to stop."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.channels.http import Route
from bot.service.destinations import Prover
from bot.service.ports import Channel, Showing


class LiveChannel(Channel, Prover, Showing, Protocol):
    """A channel of a running process."""

    @property
    def routes(self) -> Sequence[Route]:
        """What it serves by HTTP; empty where it calls out only."""

    async def take_in(self, taking: asyncio.Event, stop: asyncio.Event) -> None:
        """Take in what people say.

        Args:
            taking: To be set as soon as it does.
            stop: Set when it is to end: it takes nothing new, finishes its turns, and returns.

        Raises:
            SettingsError: The platform refuses what was set; the text names the setting.
        """

    async def close(self) -> None:
        """Let go of every connection."""
