"""Waiting in an event loop for what another thread does: what it ends together wakes the loop once.

The store ends up to 64 pieces of work with one commit. `asyncio.wrap_future` would wake the loop for
each of them, which is a call to the operating system and a fight for the interpreter every time.
"""

import asyncio
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary, ref

T = TypeVar("T")


class _Landing:
    """Where the results for one loop arrive.

    Args:
        loop: Runs on its own thread; results come from others.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = ref(loop)  # else no loop would ever be let go
        self._came: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_called = False

    def come(self, waits: "asyncio.Future[Any]", done: "Future[Any]") -> None:
        """A result has come, on any thread."""
        loop = self._loop()
        if loop is None or loop.is_closed():  # nobody waits in it any more
            return
        self._came.append((waits, done))
        if self._is_called:
            return
        self._is_called = True
        try:
            loop.call_soon_threadsafe(self._land)
        except RuntimeError:  # it has ended this moment; what came would hold on to it
            self._came.clear()

    def _land(self) -> None:
        """Hand out what has come. The mark goes first: whoever sees it still set has come before."""
        self._is_called = False
        while self._came:
            waits, done = self._came.popleft()
            if waits.done():  # nobody waits any more
                continue
            if done.cancelled():
                waits.cancel()
            elif error := done.exception():
                waits.set_exception(error)
            else:
                waits.set_result(done.result())


_LANDINGS: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, _Landing]()


async def landed(future: "Future[T]") -> T:
    """Wait for a future of another thread, as `asyncio.wrap_future` does.

    Returns:
        Its result. Raises what it raised. Where whoever waits is cancelled, it is cancelled too, unless it
        has begun.
    """
    loop = asyncio.get_running_loop()
    landing = _LANDINGS.get(loop)
    if landing is None:
        landing = _LANDINGS[loop] = _Landing(loop)
    waits: asyncio.Future[T] = loop.create_future()
    future.add_done_callback(partial(landing.come, waits))
    try:
        return await waits
    except asyncio.CancelledError:
        future.cancel()
        raise
