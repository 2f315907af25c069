"""The one door inwards: a channel hands over what somebody said, and hears when it is kept.

Where a platform cannot wait for the turn, what was said is kept in the waiting room instead, and its
turn is taken later: by the work that was queued for it, or by `work_off` where that came to nothing.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import structlog

from bot.engine.speech import Scene
from bot.errors import StaleSession, StoreError
from bot.messages import Address, Inbound, Upload
from bot.service import waiting_room
from bot.service.conversation import Conversation
from bot.service.ports import Store, Tx

T = TypeVar("T")
MAX_WAITING: Final = 1_000  # utterances that may wait for their commit; then we ask to come again
PATIENCE: Final = 0.5  # of the time a platform gives us: then what was said is kept for later
LOOK_S: Final = 30.0  # seconds between two looks into the waiting room
RETRY_S: Final = 1.0  # the same, while something waits there that could not be taken in

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
        self._running: set[asyncio.Task[Any]] = set()
        self._left = asyncio.Event()  # something in the waiting room has nobody who takes its turn

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
            await self._read_ahead(inbound)
            taken = await self._heard(inbound)
        finally:
            self._waiting -= 1
        self._wake()
        return taken

    async def take(self, inbound: Inbound, within_s: float) -> bool:
        """Take an utterance in, or keep it for its turn: when this returns, it is on disk.

        Args:
            inbound: What somebody said.
            within_s: Seconds until the platform has to be told.

        Returns:
            False where it was taken in before, and nothing changed.

        Raises:
            StoreError: It is not kept. The platform or the person has to try again.
            TimeoutError: It is not kept yet. If it is later, a second try changes nothing.
        """
        heard = self._begin(self.hear(inbound))
        done, _ = await asyncio.wait({heard}, timeout=within_s * PATIENCE)
        if done:
            return heard.result()
        heard.add_done_callback(self._look)
        kept = self._begin(self._keep(inbound))
        kept.add_done_callback(_heed)
        rest_s = within_s * (1 - PATIENCE)
        await asyncio.wait({heard, kept}, timeout=rest_s, return_when=asyncio.FIRST_COMPLETED)
        if heard.done():
            return heard.result()
        if not kept.done():
            raise TimeoutError
        kept.result()
        log.info("turn.waits", key=inbound.key)
        return True

    async def work_off(self, stop: asyncio.Event) -> None:
        """Take the turns that wait, until `stop`: those of an earlier process, and those that failed."""
        while not stop.is_set():
            is_done = await self._work_off()
            waits = [asyncio.create_task(event.wait()) for event in (self._left, stop)]
            wait_s = LOOK_S if is_done else RETRY_S
            await asyncio.wait(
                waits if is_done else waits[1:], timeout=wait_s, return_when="FIRST_COMPLETED"
            )
            for wait in waits:
                wait.cancel()
            self._left.clear()

    async def drain(self) -> None:
        """Wait until every turn that was begun here has ended."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def look(self, identity: Address, read: Callable[[Scene], T]) -> T | None:
        """Look at where somebody's talk stands; None where nobody has written from this account."""
        return await asyncio.wrap_future(self._conversation.look(identity, read))

    async def do(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> T:
        """Do a piece of work on the store, as `Store.submit` does; returns after the commit.

        Raises:
            StoreError: It could not be committed.
        """
        done = await asyncio.wrap_future(self._store.submit(work, locks))
        self._wake()
        return done

    async def _read_ahead(self, inbound: Inbound) -> None:
        """Read a list that was sent in a thread of its own: others are heard meanwhile."""
        if isinstance(inbound.utterance, Upload):
            with suppress(
                Exception
            ):  # what is wrong with it shows in its turn, and is answered there
                await asyncio.to_thread(self._conversation.read_ahead, inbound.utterance)

    async def _keep(self, inbound: Inbound) -> None:
        await asyncio.wrap_future(self._conversation.keep(inbound))

    async def _work_off(self) -> bool:
        """Take the turns that can be taken now; returns whether none is left."""
        try:
            while heads := await self.do(waiting_room.heads, ()):
                for inbound in heads:
                    await self.hear(inbound)
        except StoreError as error:
            log.warning("turn.still-waits", error=type(error).__name__)
            return False
        return True

    def _begin(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _look(self, heard: "asyncio.Task[bool]") -> None:
        """Nobody waits for it any more: where it came to nothing, what was kept of it is worked off."""
        if not heard.cancelled() and heard.exception() is not None:
            self._left.set()

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


def _heed(kept: "asyncio.Task[None]") -> None:
    """Look at how it ended: where nobody waited for it, nobody else does."""
    if not kept.cancelled():
        kept.exception()
