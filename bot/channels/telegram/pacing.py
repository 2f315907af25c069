"""How fast we may send: about 30 messages a second in all, 1 a second to a chat, 20 a minute to a group.

A token bucket for all and one for each chat. What has to wait a moment waits here; what has to wait
longer goes back into the outbox, so that the others go on. What Telegram itself asks for (`retry_after`)
holds for the chat that it was said of.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from telegram.constants import FloodLimit

from bot.errors import Throttled

AT_ONCE: Final = 1.5  # messages to everybody at once, so that a late one is made up for
PER_S: Final = FloodLimit.MESSAGES_PER_SECOND - AT_ONCE  # to everybody: never over the limit
BURST: Final = 3.0  # messages that one chat may get at once; Telegram allows short bursts
CHAT_PER_S: Final = float(FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)
GROUP_PER_S: Final = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP / 60
GROUP_BURST: Final = 5.0
MOMENT_S: Final = 2.0  # seconds that a message waits here; longer ones wait in the outbox
CHATS: Final = 20_000  # chats whose pace is remembered: more than are written to in a minute

Time = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back with time, and the time before which there are none."""

    rate: float
    size: float
    tokens: float
    at: float
    not_before: float = 0.0

    def missing(self, now: float) -> float:
        """The seconds until there is a token."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return max((1 - self.tokens) / self.rate, 0.0)

    def take(self, now: float) -> float:
        """Take one token, on credit where there is none; returns the seconds until it is there."""
        owed = self.missing(now)
        self.tokens -= 1
        return max(owed, self.not_before - now)

    def give_back(self) -> None:
        """The token was not used."""
        self.tokens += 1


class Pace:
    """Says when a message may go out.

    Args:
        time: Seconds that only rise; the event loop's.
        sleep: Lets so many of them pass.
    """

    def __init__(self, time: Time | None = None, sleep: Sleep | None = None) -> None:
        self._time = time or (lambda: asyncio.get_running_loop().time())
        self._sleep = sleep or asyncio.sleep
        self._turn = asyncio.Lock()
        self._all = _Bucket(PER_S, AT_ONCE, AT_ONCE, 0.0)
        self._chats: OrderedDict[int, _Bucket] = OrderedDict()

    async def wait(self, chat: int) -> None:
        """Wait until a message to this chat may go out.

        Raises:
            Throttled: That is more than a moment away.
        """
        now = self._time()
        bucket = self._bucket(chat, now)
        wait_s = bucket.take(now)
        if wait_s > MOMENT_S:
            bucket.give_back()
            raise Throttled(wait_s)
        await self._sleep(wait_s)
        async with self._turn:  # counted when it leaves: what was held up does not leave together
            await self._sleep(self._all.missing(self._time()))
            self._all.take(self._time())

    def hold(self, chat: int, wait_s: float) -> None:
        """Telegram asked us not to write to this chat for so many seconds."""
        now = self._time()
        self._bucket(chat, now).not_before = now + wait_s

    def _bucket(self, chat: int, now: float) -> _Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            rate, size = (CHAT_PER_S, BURST) if chat > 0 else (GROUP_PER_S, GROUP_BURST)
            bucket = self._chats[chat] = _Bucket(rate, size, size, now)
        self._chats.move_to_end(chat)
        if len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        return bucket
