"""A file that somebody sent, fetched from Slack; the token goes to Slack's own hosts and to no other."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.sharing import session_of
from bot.channels.slack.web_api import called
from bot.errors import OutcomeUnknown, Throttled
from bot.messages import UPLOAD_LIMIT, Unreadable, Upload

HOSTS: Final = ".slack.com"  # how the hosts of Slack's files end
PIECE: Final = 16_384  # bytes read at a time
NOT_READ: Final = Unreadable("file")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a message: what it is called, and where Slack has it."""

    name: str
    address: str


class Fetching:
    """Fetches files.

    Args:
        client: Of the Web API: its token, its connections, its proxy, and which host it is at.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._host = urlsplit(client.base_url).netloc

    async def fetch(self, file: SentFile) -> Upload | Unreadable:
        """Fetch a file; what is too big, lies elsewhere or may not be had is unreadable.

        Raises:
            Throttled: Slack could not be reached, or asked us to wait.
            OutcomeUnknown: Slack is in trouble; ask again.
        """
        if not self._is_slacks(file.address):
            return NOT_READ
        async with called(), session_of(self._client) as session:
            headers = {"Authorization": f"Bearer {self._client.token}"}
            async with session.get(
                file.address,
                headers=headers,
                proxy=self._client.proxy,
                allow_redirects=False,  # it would lead to a page to sign in
            ) as answer:
                return await self._read(file, answer)

    async def _read(self, file: SentFile, answer: aiohttp.ClientResponse) -> Upload | Unreadable:
        if answer.status == 429:
            raise Throttled(1.0)
        if answer.status >= 500:
            raise OutcomeUnknown(str(answer.status))
        if answer.status != 200 or answer.content_type == "text/html":
            return NOT_READ
        content = bytearray()
        async for piece in answer.content.iter_chunked(PIECE):
            content += piece
            if len(content) > UPLOAD_LIMIT:
                return NOT_READ
        return Upload(file.name, bytes(content))

    def _is_slacks(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if parts.netloc == self._host:
            return parts.scheme in {"http", "https"}
        host = parts.hostname or ""
        return parts.scheme == "https" and host.endswith(HOSTS) and not parts.username
