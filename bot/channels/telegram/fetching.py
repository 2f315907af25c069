"""Files that people send: fetched before the turn, small ones with text in them only.

Anything else is answered with the line that says what to do instead. A file that cannot be fetched at
the first try is too: the turn must not wait for it, and the person can send it again. Nothing is ever
read from our own disk, and no address is called but the one that is set.
"""

import asyncio
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

import httpx
import structlog
from telegram.error import TelegramError

from bot.channels.telegram.calling import ApiBot, hooks_of
from bot.channels.telegram.options import Options
from bot.channels.telegram.updates import Document
from bot.messages import UPLOAD_LIMIT

FETCH_S: Final = 8.0  # seconds for everything; a webhook has to be answered in twenty
TYPES: Final = ("text/", "application/csv", "application/x-csv")
ENDINGS: Final = (".csv", ".txt", ".tsv")  # Windows calls a CSV a spreadsheet; its name tells

log = structlog.get_logger(__name__)


class Files:
    """Fetches what people send.

    Args:
        bot: Asks where a file is.
        options: Where files are, and how to get there.
    """

    def __init__(self, bot: ApiBot, options: Options) -> None:
        self._bot = bot
        self._base = f"{options.file_url}{options.token}/"
        self._client = httpx.AsyncClient(
            proxy=options.proxy or None,
            timeout=options.timeout_s,
            event_hooks=hooks_of(options.hosts),
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def fetch(self, document: Document) -> bytes | None:
        """The content of a file; None where it is too large, of another kind, or cannot be fetched."""
        if not is_text(document):
            return None
        try:
            async with asyncio.timeout(FETCH_S):
                path = await self._bot.file_path(document.file_id)
                return await self._read(path) if path and not path.startswith("/") else None
        except (TelegramError, httpx.HTTPError, TimeoutError) as error:
            log.info("telegram.file-not-fetched", error=type(error).__name__)
            return None

    async def _read(self, path: str) -> bytes | None:
        content = bytearray()
        async with self._client.stream("GET", self._base + quote(path)) as response:
            if response.status_code != httpx.codes.OK:
                log.info("telegram.file-not-fetched", status=response.status_code)
                return None
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > UPLOAD_LIMIT:
                    return None
        return bytes(content)


def is_text(document: Document) -> bool:
    """Whether a file may be read: small enough, and of a kind that holds text."""
    if document.file_size is None or document.file_size > UPLOAD_LIMIT:
        return False
    ending = PurePosixPath(document.file_name.lower()).suffix
    return document.mime_type.lower().startswith(TYPES) or ending in ENDINGS
