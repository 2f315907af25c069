"""Work that is claimed piece by piece and done side by side: while one is slow, the others go on."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Set
from typing import Any, TypeVar

from bot.errors import StoreError

T = TypeVar("T")


async def side_by_side(
    claim: Callable[[Collection[T]], Awaitable[Collection[T]]],
    do: Callable[[T], Coroutine[Any, Any, None]],
    wake: asyncio.Event,
    look_s: float,
) -> int:
    """Do everything that is due, and what becomes due by it; returns how many were begun.

    Args:
        claim: Leases what there is room for, beside what is under way; nothing where it is to end.
        do: Does one.
        wake: Set when there is reason to claim; cleared here.
        look_s: Seconds between claims while something is under way.

    Raises:
        StoreError: The store does not answer; what was begun has been waited for.
    """
    begun = 0
    running: dict[asyncio.Task[None], T] = {}
    try:
        while True:
            claimed = await claim(running.values())
            begun += len(claimed)
            running |= {asyncio.create_task(do(one)): one for one in claimed}
            if not running:
                return begun
            ended = await _some_ended(running, wake, look_s)
            running = {task: one for task, one in running.items() if task not in ended}
    except StoreError:
        await asyncio.gather(*running, return_exceptions=True)  # they are begun already
        raise
    finally:
        for task in running:
            task.cancel()


async def _some_ended(
    running: Collection["asyncio.Task[None]"], wake: asyncio.Event, look_s: float
) -> Set["asyncio.Task[None]"]:
    """Wait until one of them has ended, or there is reason to look; returns those that have."""
    woken = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait([woken, *running], timeout=look_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        woken.cancel()
    if woken.done():
        wake.clear()
    ended = {task for task in running if task.done()}
    for task in ended:
        task.result()
    return ended
