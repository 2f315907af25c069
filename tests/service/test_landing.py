"""Waiting in a loop for other threads: what comes, what goes wrong, and what nobody waits for any more."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Future

import pytest

from bot.service.landing import landed


async def test_what_came_at_once_wakes_the_loop_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, woken = asyncio.get_running_loop(), list[Callable[..., object]]()
    call = loop.call_soon_threadsafe

    def noted(callback: Callable[..., object], *args: object) -> asyncio.Handle:
        woken.append(callback)
        return call(callback, *args)

    monkeypatch.setattr(loop, "call_soon_threadsafe", noted)
    futures = [Future[int]() for _ in range(64)]
    waiting = asyncio.gather(*map(landed, futures))
    await asyncio.sleep(0)

    def end() -> None:
        for number, future in enumerate(futures):
            future.set_result(number)

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()  # the loop stands still meanwhile
    assert await waiting == list(range(64))
    assert len(woken) == 1


async def test_many_threads_lose_nothing() -> None:
    futures = [[Future[int]() for _ in range(200)] for _ in range(4)]

    def end(some: list[Future[int]]) -> None:
        for future in some:
            future.set_result(1)

    threads = [threading.Thread(target=end, args=(some,)) for some in futures]
    waiting = asyncio.gather(*(landed(one) for some in futures for one in some))
    for thread in threads:
        thread.start()
    assert sum(await waiting) == 800
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("error", [ValueError("?"), KeyError("?")])
async def test_what_is_raised_there_is_raised_here(error: Exception) -> None:
    future = Future[int]()
    future.set_exception(error)
    with pytest.raises(type(error)) as caught:
        await landed(future)
    assert caught.value is error


async def test_who_goes_away_takes_what_has_not_begun_along() -> None:
    waits, runs = Future[int](), Future[int]()
    runs.set_running_or_notify_cancel()
    tasks = [asyncio.create_task(landed(future)) for future in (waits, runs)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert waits.cancelled()
    runs.set_result(1)  # and nobody hears it
    await asyncio.sleep(0)


async def test_what_is_cancelled_there_is_cancelled_here() -> None:
    future = Future[int]()
    task = asyncio.create_task(landed(future))
    await asyncio.sleep(0)
    future.cancel()
    future.set_running_or_notify_cancel()
    with pytest.raises((asyncio.CancelledError, CancelledError)):
        await task


def test_a_loop_that_has_ended_is_let_go_and_harms_nobody() -> None:
    futures = [Future[int]()]

    async def wait() -> "weakref.ref[asyncio.AbstractEventLoop]":
        task = asyncio.create_task(landed(futures[0]))
        await asyncio.sleep(0)
        assert not task.done()
        futures[0].set_running_or_notify_cancel()
        return weakref.ref(asyncio.get_running_loop())

    loop = asyncio.run(wait())
    futures.pop().set_result(1)
    gc.collect()
    assert loop() is None
