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
from bot.errors import Inconsistent, StaleSession, StoreError, Tried
from bot.messages import Address, Inbound, Upload
from bot.service import waiting_room
from bot.service.conversation import Conversation
from bot.service.landing import landed
from bot.service.ports import Store, Tx
from bot.service.waiting_room import Way

T = TypeVar("T")
MAX_WAITING: Final = 1_000  # utterances that may wait for their commit; then we ask to come again
PATIENCE: Final = 0.5  # of the time a platform gives us: then what was said is kept for later
LOOK_S: Final = 30.0  # seconds between two looks into the waiting room
RETRY_S: Final = 1.0  # the same, while something waits there that could not be taken in
TRIES: Final = 5  # of a turn that others overtake, or that breaks a rule of the tables

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
        self._failed: dict[str, int] = {}  # how often a turn that waits failed, by its key
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
            is_done = False
            with Tried() as tried:
                is_done = await self._work_off()
            if isinstance(tried.error, StoreError):
                log.warning("inbox.not-read", error=type(tried.error).__name__)
            elif tried.error is not None:
                log.error("inbox.not-worked-off", exc_info=tried.error)
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
        return await landed(self._conversation.look(identity, read))

    async def do(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> T:
        """Do a piece of work on the store, as `Store.submit` does; returns after the commit.

        Raises:
            StoreError: It could not be committed.
        """
        done = await landed(self._store.submit(work, locks))
        self._wake()
        return done

    async def _read_ahead(self, inbound: Inbound) -> None:
        """Read a list that was sent in a thread of its own: others are heard meanwhile."""
        if isinstance(inbound.utterance, Upload):
            await asyncio.to_thread(self._conversation.read_ahead, inbound.utterance)

    async def _keep(self, inbound: Inbound) -> None:
        await landed(self._conversation.keep(inbound))

    async def _work_off(self) -> bool:
        """Take the turns that can be taken now, each once; returns whether none is left."""
        tried: set[str] = set()
        while heads := [
            one for one in await self.do(waiting_room.heads, ()) if one.key not in tried
        ]:
            for inbound in heads:
                tried.add(inbound.key)
                await self._worked_off(inbound)
        self._failed = {key: tries for key, tries in self._failed.items() if key in tried}
        return not self._failed

    async def _worked_off(self, inbound: Inbound) -> None:
        """Take one turn that waits. Where it fails again and again, it is answered with an apology."""
        try:
            await self.hear(inbound)
            self._failed.pop(inbound.key, None)
        except StoreError as error:
            self._failed[inbound.key] = self._failed.get(inbound.key, 0) + 1
            log.warning("turn.still-waits", key=inbound.key, error=type(error).__name__)
            if self._failed[inbound.key] >= TRIES:
                with suppress(StoreError):  # it is the store's trouble: it waits on
                    await self._apologise(inbound)
                    self._failed.pop(inbound.key, None)

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
        with Tried() as tried:
            await self._read_ahead(inbound)
            return await self._turn(inbound)
        _let_through(tried.error)
        log.error("turn.failed", key=inbound.key, exc_info=tried.error)
        return await self._apologise(inbound)

    async def _apologise(self, inbound: Inbound) -> bool:
        """Answer what cannot be heard; where even that cannot be done, the log alone says so."""
        is_new = False
        with Tried() as tried:  # an apology that fails would fail for ever
            is_new = await landed(self._conversation.apologise(inbound))
        _let_through(tried.error)
        if tried.error is not None:
            log.error("turn.let-go", key=inbound.key, exc_info=tried.error)
            await self.do(lambda tx: tx.delete("inbox", {"key": inbound.key}), ())
        self._left.set()  # what they said behind it may go on now
        return is_new

    async def _turn(self, inbound: Inbound) -> bool:
        for _ in range(TRIES - 1):  # another replica was quicker: once more, on what it left
            with suppress(StaleSession, Inconsistent):
                return await self._turn_once(inbound)
        return await self._turn_once(inbound)

    async def _turn_once(self, inbound: Inbound) -> bool:
        ways: list[Way] = []
        taken = await landed(self._conversation.hear(inbound, ways))
        if any(way is not Way.FREE for way in ways):
            self._left.set()  # somebody's words wait, or may go on now: whoever works off looks
        return taken


def _let_through(error: Exception | None) -> None:
    """Raise what is the store's trouble: whoever brought the words has to try again."""
    if isinstance(error, StoreError) and not isinstance(error, Inconsistent):
        raise error


def _heed(kept: "asyncio.Task[None]") -> None:
    """Look at how it ended: where nobody waited for it, nobody else does."""
    if not kept.cancelled():
        kept.exception()
