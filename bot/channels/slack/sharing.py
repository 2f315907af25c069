"""A file that goes with a reply: brought to Slack, then shown in the direct message.

Only the last of the three calls shows anything, so only a lost answer to that one may repeat a file.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.web_api import call, called
from bot.errors import OutcomeUnknown
from bot.messages import Attachment

ALT: Final = 1000  # characters of what a picture shows, for who cannot see it


@asynccontextmanager
async def session_of(client: AsyncWebClient) -> AsyncIterator[aiohttp.ClientSession]:
    """The connections of a client; some of one's own where it keeps none."""
    if client.session is not None:
        yield client.session
        return
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


class Sharing:
    """Sends files.

    Args:
        client: Of the Web API.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def share(self, channel: str, thread: str, file: Attachment, content: bytes) -> None:
        """Show a file in a direct message.

        Args:
            channel: The direct message.
            thread: The thread in it; empty for none.
            file: What it is.
            content: Its bytes.

        Raises:
            DeliveryError: As `web_api.called` does.
        """
        told = {"alt_txt": file.text_twin[:ALT]} if file.text_twin else {}
        begun = await call(
            self._client.files_getUploadURLExternal,
            filename=file.name,
            length=len(content),
            **told,
        )
        await self._bring(str(begun.get("upload_url", "")), content)
        where = {"thread_ts": thread} if thread else {}
        await call(
            self._client.files_completeUploadExternal,
            files=[{"id": str(begun.get("file_id", "")), "title": file.name}],
            channel_id=channel,
            **where,
        )

    async def _bring(self, address: str, content: bytes) -> None:
        async with (
            called(),
            session_of(self._client) as session,
            session.post(
                address, data=content, proxy=self._client.proxy, allow_redirects=False
            ) as answer,
        ):
            if answer.status != 200:
                raise OutcomeUnknown(str(answer.status))
