"""Long polling with our own offset: it moves on only when every update before it is committed (R03)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.calling import ApiBot, meaning_of_error
from bot.channels.telegram.options import NOT_KNOWN
from bot.channels.telegram.updates import KINDS, update_id_of
from bot.errors import SettingsError, StoreError, Throttled, Tried

FIRST_PAUSE_S: Final = 0.5  # doubled with each failure up to the setting

CONFLICT: Final = (
    "Another program asks for the updates of this bot, or a webhook is set. Run only one `pathways run` "
    "with this token, and look for other programs that use it."
)

Take = Callable[[object], Awaitable[None]]

log = structlog.get_logger(__name__)


class Polling:
    """Asks for updates and hands each to `take`.

    Args:
        bot: Makes the calls.
        take: Takes one update in; returns after the commit, raises a StoreError without one.
        poll_s: Seconds that a poll waits.
        retry_s: Seconds at most between two tries.
    """

    def __init__(self, bot: ApiBot, take: Take, poll_s: int, retry_s: float) -> None:
        self._bot = bot
        self._take = take
        self._poll_s = poll_s
        self._retry_s = retry_s
        self._offset: int | None = None
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`; a batch that has come is still taken in. Whatever goes wrong, it goes on.

        Raises:
            SettingsError: Telegram does not know the token any more.
        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                batch = await self._next(stopping)
                if not await self._take_all(batch) or self._failures:
                    await asyncio.wait([stopping], timeout=self._pause())
        finally:
            stopping.cancel()

    async def _next(self, stopping: "asyncio.Task[bool]") -> Sequence[object]:
        """The next batch; empty where nothing came, or where we are told to stop."""
        polling = asyncio.create_task(self._bot.raw_updates(self._offset, self._poll_s, KINDS))
        try:
            await asyncio.wait([polling, stopping], return_when=asyncio.FIRST_COMPLETED)
            if not polling.done():
                return ()
            with Tried() as tried:
                batch = polling.result()
                self._failures = 0
                return batch
            self._fail(tried.error)
            return ()
        finally:
            polling.cancel()

    def _fail(self, error: Exception | None) -> None:
        """Whatever it is: nobody else would go on polling."""
        if isinstance(error, InvalidToken):
            raise SettingsError(NOT_KNOWN)
        self._failures += 1
        if isinstance(error, Conflict):
            log.error("telegram.conflict", todo=CONFLICT)
            return
        meaning = meaning_of_error(error) if isinstance(error, TelegramError) else None
        wait_s = meaning.retry_after_s if isinstance(meaning, Throttled) else None
        log.warning("telegram.poll-failed", error=type(error).__name__, wait_s=wait_s)

    def _pause(self) -> float:
        return min(FIRST_PAUSE_S * 2.0 ** max(self._failures - 1, 0), self._retry_s)

    async def _take_all(self, batch: Sequence[object]) -> bool:
        """Take a batch in, one chat beside the other; False where some of it is not committed."""
        kept = await asyncio.gather(*(self._take_in_turn(each) for each in by_chat(batch)))
        missing = {number for numbers in kept for number in numbers}
        for raw in batch:
            number = update_id_of(raw)
            if number in missing:
                return False
            if number is not None:
                self._offset = max(number + 1, self._offset or 0)
        return True

    async def _take_in_turn(self, updates: Sequence[object]) -> set[int | None]:
        """Take the updates of one chat in, in their order; returns the numbers that are not kept."""
        for place, raw in enumerate(updates):
            try:
                await self._take(raw)
            except StoreError as error:
                log.warning("telegram.not-kept", error=type(error).__name__)
                return {update_id_of(late) for late in updates[place:]}
        return set()


def by_chat(batch: Iterable[object]) -> list[list[object]]:
    """The updates of a batch, those of one person or chat together and in their order."""
    found: dict[object, list[object]] = {}
    for raw in batch:
        found.setdefault(_sender(raw), []).append(raw)
    return list(found.values())


def _sender(raw: object) -> object:
    """Who an update is from: one person's turns come one after the other."""
    if not isinstance(raw, dict):
        return None
    part: dict[str, object] = next(
        (raw[kind] for kind in KINDS if isinstance(raw.get(kind), dict)), {}
    )
    who = part.get("from")
    number = who.get("id") if isinstance(who, dict) else None
    return number if isinstance(number, int) else None
