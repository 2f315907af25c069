"""The sign that the bot is typing: shown only where an answer takes longer than a moment."""

import asyncio
from typing import Final

from telegram.constants import ChatAction

from bot.channels.telegram.calling import ApiBot, calling
from bot.errors import DeliveryError

SLOW_S: Final = 1.0  # seconds without an answer until the sign is shown
AGAIN_S: Final = 4.5  # seconds until it is shown once more; Telegram takes it away after five
SHOWS: Final = 6  # times; nobody believes it for longer
TURNS: Final = 1_000  # turns that are waited for at the same time


class TypingSign:
    """Shows the sign for each turn that is slow.

    Args:
        bot: Makes the calls.
        slow_s: Seconds until it is shown.
    """

    def __init__(self, bot: ApiBot, slow_s: float = SLOW_S) -> None:
        self._bot = bot
        self._slow_s = slow_s
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def begin(self, turn: str, chat: int, topic: int | None) -> None:
        """A turn begins in a chat."""
        if turn in self._waiting or len(self._waiting) >= TURNS:
            return
        task = asyncio.create_task(self._show(chat, topic))
        self._waiting[turn] = task
        task.add_done_callback(lambda _: self._waiting.pop(turn, None))

    def end(self, turn: str) -> None:
        """Its answer is there, or none will come."""
        if task := self._waiting.pop(turn, None):
            task.cancel()

    async def close(self) -> None:
        """End all of them."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, chat: int, topic: int | None) -> None:
        await asyncio.sleep(self._slow_s)
        for _ in range(SHOWS):
            try:
                await calling(
                    self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=topic)
                )
            except DeliveryError:
                return
            await asyncio.sleep(AGAIN_S)
