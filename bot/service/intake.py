"""The one door inwards: a channel hands over what somebody said, and hears when it is kept."""

import asyncio
from collections.abc import Callable, Collection
from typing import Final, TypeVar

import structlog

from bot.errors import StaleSession, StoreError
from bot.messages import Inbound
from bot.service.conversation import Conversation
from bot.service.ports import Store, Tx

T = TypeVar("T")
MAX_WAITING: Final = 1_000  # utterances that may wait for their commit; then we ask to come again

log = structlog.get_logger(__name__)


class Intake:
    """Takes utterances in for every channel of this process.

    Args:
        conversation: Hears them.
        store: For what a channel learns beside utterances, such as a chat that has moved.
        wake: Called after every commit: there may be something to deliver.
    """

    def __init__(self, conversation: Conversation, store: Store, wake: Callable[[], None]) -> None:
        self._conversation = conversation
        self._store = store
        self._wake = wake
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether so much waits for its commit that the platform should come again later."""
        return self._waiting >= MAX_WAITING

    async def hear(self, inbound: Inbound) -> bool:
        """Take an utterance in; returns after the commit, and only then may it be acknowledged.

        Whatever goes wrong inside a turn is kept too, as an apology: it would go wrong again.

        Returns:
            False where it was taken in before, and nothing changed.

        Raises:
            StoreError: It is not kept. The platform or the person has to try again.
        """
        self._waiting += 1
        try:
            taken = await self._heard(inbound)
        finally:
            self._waiting -= 1
        self._wake()
        return taken

    async def do(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> T:
        """Do a piece of work on the store, as `Store.submit` does; returns after the commit.

        Raises:
            StoreError: It could not be committed.
        """
        done = await asyncio.wrap_future(self._store.submit(work, locks))
        self._wake()
        return done

    async def _heard(self, inbound: Inbound) -> bool:
        try:
            return await self._turn(inbound)
        except StoreError:
            raise
        except Exception:  # a door: one person's trouble must not stop the others
            log.exception("turn.failed", key=inbound.key)
            return await asyncio.wrap_future(self._conversation.apologise(inbound))

    async def _turn(self, inbound: Inbound) -> bool:
        try:
            return await asyncio.wrap_future(self._conversation.hear(inbound))
        except StaleSession:  # another replica was quicker: once more, on what it left
            return await asyncio.wrap_future(self._conversation.hear(inbound))
