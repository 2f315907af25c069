"""What becomes of a message whose button was pressed: it shows the choice, or turns its page.

Kept in memory only: after a restart the reply comes as a message of its own, and nothing is lost.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.incoming import Press
from bot.channels.slack.marking import marked
from bot.channels.slack.mrkdwn import escape
from bot.channels.slack.rendering import Message
from bot.channels.slack.web_api import called
from bot.errors import DeliveryError, Throttled

KNOWN: Final = 10_000  # presses that wait for the first reply to them

log = structlog.get_logger(__name__)


class Presses:
    """Remembers what was pressed until the reply to it goes out.

    Args:
        client: Of the Web API.
        say: A text by its key and a language.
    """

    def __init__(self, client: AsyncWebClient, say: Callable[..., str]) -> None:
        self._client = client
        self._say = say
        self._waiting: OrderedDict[str, Press] = OrderedDict()

    def expect(self, turn: str, press: Press) -> None:
        """The replies of this turn answer a press."""
        self._waiting[turn] = press
        while len(self._waiting) > KNOWN:
            self._waiting.popitem(last=False)

    async def turn_page(self, turn: str, message: Message) -> str | None:
        """Put a message in the place of the one that was pressed.

        Returns:
            The receipt; None where it cannot be put there, and has to be sent.

        Raises:
            Throttled: Slack asked us to wait.
        """
        press = self._waiting.get(turn)
        if press is None or not press.ts:
            return None
        try:
            await self._change(press, message)
        except Throttled:
            raise
        except DeliveryError as error:
            log.info("slack.page-not-turned", error=type(error).__name__)
            return None
        del self._waiting[turn]
        return f"{press.channel}/{press.ts}"

    async def show_choice(self, turn: str, language: str) -> None:
        """Show on the message what was picked. Nobody misses it, so whatever goes wrong, goes by."""
        press = self._waiting.pop(turn, None)
        if press is None:
            return
        if press.response_url:
            line = self._say("slack.pressed", language, choice=escape(press.picked))
            message = Message((), line)
        else:
            blocks = marked(press, self._say("slack.pressed", language, choice="{choice}"))
            message = Message(blocks, press.text)
        if message.blocks or press.response_url:
            try:
                await self._change(press, message)
            except DeliveryError as error:
                log.info("slack.choice-not-shown", error=type(error).__name__)

    async def _change(self, press: Press, message: Message) -> None:
        if press.response_url:
            hook = AsyncWebhookClient(
                press.response_url, session=self._client.session, retry_handlers=[]
            )
            hook.proxy = self._client.proxy
            blocks = [dict(block) for block in message.blocks] or None
            async with called():
                await hook.send(text=message.text, blocks=blocks, replace_original=True)
            return
        async with called():
            await self._client.chat_update(
                channel=press.channel,
                ts=press.ts,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
            )
