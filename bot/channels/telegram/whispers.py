"""The answer to a press of a button in a group: seen by whoever pressed, and by nobody else.

Telegram takes one answer to a press, with words or without; without one the button goes on spinning. So
a press in a group waits a moment for the words of its turn.
"""

import asyncio
from collections import OrderedDict
from typing import Final

import structlog
from telegram.constants import CallbackQueryLimit
from telegram.error import ChatMigrated

from bot.channels.light_markdown import to_plain
from bot.channels.telegram.calling import ApiBot, tolerating
from bot.errors import DeliveryError

WORDS_S: Final = 2.0  # seconds that a press waits for words
LIMIT: Final = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
WAITING: Final = 1_000  # presses that wait at the same time

log = structlog.get_logger(__name__)


class Whispers:
    """Answers presses.

    Args:
        bot: Makes the calls.
        words_s: Seconds that a press in a group waits for words.
    """

    def __init__(self, bot: ApiBot, words_s: float = WORDS_S) -> None:
        self._bot = bot
        self._words_s = words_s
        self._waiting: OrderedDict[str, asyncio.Event] = OrderedDict()  # by turn
        self._told: OrderedDict[str, None] = OrderedDict()  # presses that had words

    def expect(self, turn: str) -> None:
        """A turn begins with a press whose answer may have words."""
        self._waiting[turn] = asyncio.Event()
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)[1].set()

    def said(self, turn: str) -> None:
        """The turn has its reply, or will have none: nothing is waited for any more."""
        if event := self._waiting.pop(turn, None):
            event.set()

    async def whisper(self, turn: str, press: str, text: str) -> None:
        """Answer a press with words.

        Raises:
            DeliveryError: One of its kinds; where it is too late for words, they are let go.
            ChatMigrated: Never seen of a press, but the library does not say so.
        """
        self._told[press] = None
        if len(self._told) > WAITING:
            self._told.popitem(last=False)
        self.said(turn)
        words = to_plain(text).strip()[:LIMIT]
        await tolerating(self._bot.answer_callback_query(press, words, show_alert=True))

    async def stop_spinning(self, turn: str, press: str) -> None:
        """Answer a press without words, unless it gets some in a moment. It may fail; nothing is lost."""
        if event := self._waiting.get(turn):
            try:
                async with asyncio.timeout(self._words_s):
                    await event.wait()
            except TimeoutError:
                self._waiting.pop(turn, None)
        if press in self._told:
            return
        try:
            await tolerating(self._bot.answer_callback_query(press))
        except (DeliveryError, ChatMigrated) as error:
            log.info("telegram.press-not-answered", error=type(error).__name__)
