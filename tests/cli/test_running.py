"""`pathways run` as a process: the bare line, health, one owner, commands beside it, and its end."""

import asyncio
import json
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.service.library import Edition
from tests.channels.telegram.api import TOKEN, BotApi
from tests.channels.telegram.running import Run
from tests.channels.telegram.server import ApiServer


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    async with ApiServer(BotApi(limits=False)) as serving:
        yield serving


@pytest.fixture
async def running(
    server: ApiServer, tmp_path: Path, index_cache: Path, edition: Edition
) -> AsyncIterator[Run]:
    settings = {"LISTEN": "127.0.0.1:0", "ADMINS": "telegram:5", "LOG_LEVEL": "DEBUG"}
    run = await Run(tmp_path, server.url, index_cache, settings).start()
    yield run
    await run.kill()


def port_of(run: Run) -> int:
    found = re.search(r'"port": (\d+)', run.log.read_text())
    assert found
    return int(found[1])


async def command(run: Run, *arguments: str) -> tuple[int, str]:
    """Another command on the same database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        env=run.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_a_life_from_ready_to_sigterm(running: Run, server: ApiServer) -> None:
    async with ClientSession() as client:
        for path, wanted in (("health", {"status": "ok"}), ("ready", None)):
            async with client.get(f"http://127.0.0.1:{port_of(running)}/{path}") as answer:
                assert answer.status == 200
                assert wanted is None or await answer.json() == wanted
        async with client.get(f"http://127.0.0.1:{port_of(running)}/metrics") as answer:
            page = await answer.text()
            assert "pathways_store_up 1.0" in page
            assert "telegram:5" not in page
    server.api.writes(5, "/invite rep")
    async with asyncio.timeout(30):
        while not server.api.said(5):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)
    assert "code for one" in server.api.said(5)[0]["text"], "the setting ADMINS made them one"
    status, said = await command(running, "invite", "--role", "ulr")
    assert status == 0, said
    status, said = await command(running, "run")
    assert status == 4, said
    assert await running.stop() == 0
    assert running.process is not None
    assert running.process.stdout is not None
    assert await running.process.stdout.read() == b"", "`ready` is all that it prints"
    lines = [json.loads(line) for line in running.log.read_text().splitlines()]
    assert {"http.listening", "run.ready", "run.ended"} <= {line["event"] for line in lines}
    assert TOKEN not in running.log.read_text()


async def test_it_ends_well_though_telegram_cannot_be_reached(
    tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    run = await Run(tmp_path, "http://127.0.0.1:9/bot", index_cache).launch()
    async with asyncio.timeout(60):
        while "telegram.not-reached" not in run.log.read_text():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    assert await run.stop() == 0
    assert TOKEN not in run.log.read_text()


async def test_a_token_that_is_refused_ends_it_with_3_and_a_sentence(
    server: ApiServer, tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    wrong = {"TELEGRAM_TOKEN": "123456789:a_token_that_nobody_was_ever_given"}
    run = await Run(tmp_path, server.url, index_cache, wrong).launch()
    assert run.process is not None
    async with asyncio.timeout(60):
        assert await run.process.wait() == 3
    assert "PATHWAYS_TELEGRAM_TOKEN: Telegram does not know" in run.log.read_text()
    assert wrong["TELEGRAM_TOKEN"] not in run.log.read_text()


async def test_only_deliveries_take_nothing_in(
    server: ApiServer, tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    run = await Run(tmp_path, server.url, index_cache).start("--only", "deliver")
    server.api.writes(5, "hello")
    assert await run.stop() == 0
    assert server.api.count("getUpdates") == 0
    with closing(sqlite3.connect(tmp_path / "run.db")) as database:
        assert database.execute("SELECT count(*) FROM inbound_key").fetchone() == (0,)
