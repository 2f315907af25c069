"""`pathways run` and `pathways doctor`, as commands with settings alone, on our fake Slack."""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.service.library import Edition
from tests.builders import ROOT
from tests.channels.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack, signed
from tests.channels.slack.payloads import direct_of, mention, message, press, slash

ANN = "U0001"
CANARY = "my manager Mrs Canary is a xylophone"
SECRETS = (BOT_TOKEN, APP_TOKEN, SECRET)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    opened = FakeSlack()
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def cache(edition: Edition, index_cache: Path) -> str:
    """The index of the content, built once for all tests."""
    assert edition.content.hash
    return str(index_cache)


def settings(fake: FakeSlack, folder: Path, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if "PATHWAYS" not in name},
        "PYTHONPATH": str(ROOT),
        "PATHWAYS_DATABASE_URL": f"sqlite:///{folder}/process.db",
        "PATHWAYS_SLACK_BOT_TOKEN": BOT_TOKEN,
        "PATHWAYS_SLACK_API_URL": fake.api_url,
        "HTTPS_PROXY": "http://127.0.0.1:9",  # nobody is there: the setting alone counts
        "HTTP_PROXY": "http://127.0.0.1:9",
        **more,
    }


@asynccontextmanager
async def command(*words: str, env: dict[str, str], folder: Path) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words), env=env, cwd=folder, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ready(process: Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"ready\n"


async def ended(process: Process) -> str:
    """End it by SIGTERM; returns what it logged."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        _, logged = await process.communicate()
    assert process.returncode == 0
    return logged.decode()


async def test_a_talk_by_socket_as_a_command(fake: FakeSlack, tmp_path: Path, cache: str) -> None:
    more = {"PATHWAYS_SLACK_APP_TOKEN": APP_TOKEN, "PATHWAYS_LISTEN": ""}
    env = settings(fake, tmp_path, PATHWAYS_CACHE=cache, **more)
    async with command("run", "--only", "slack", env=env, folder=tmp_path) as process:
        await ready(process)
        assert await fake.deliver(message(ANN, "how much does it cost?"))
        await fake.until(lambda: len(fake.said_to(direct_of(ANN))) == 2)
        answer = fake.said_to(direct_of(ANN))[-1]
        assert "How much does registration cost?" in answer["text"]
        assert await fake.deliver(press(ANN, answer, "Helpful"))
        assert await fake.deliver(message(ANN, CANARY))
        await fake.until(lambda: len(fake.said_to(direct_of(ANN))) == 4)
        assert await fake.deliver(mention(ANN, "which bodies cover rail?"))
        await fake.until(lambda: fake.said_to("C0001"))
        logged = await ended(process)
    for hidden in (*SECRETS, "Canary", "xylophone", "ticket-"):
        assert hidden not in logged


async def test_a_talk_by_http_as_a_command(fake: FakeSlack, tmp_path: Path, cache: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = settings(
        fake,
        tmp_path,
        PATHWAYS_CACHE=cache,
        PATHWAYS_SLACK_SIGNING_SECRET=SECRET,
        PATHWAYS_LISTEN=f"127.0.0.1:{port}",
        PATHWAYS_SLACK_TEAMS="T0001,T0002",
    )
    async with (
        command("run", env=env, folder=tmp_path) as process,
        aiohttp.ClientSession() as session,
    ):
        await ready(process)
        for payload in (message(ANN, "hello"), slash(ANN, "topics")):
            raw, headers = signed(payload, time.time())
            url = f"http://127.0.0.1:{port}/slack/events"
            async with session.post(url, data=raw, headers=headers) as answer:
                assert answer.status == 200
            async with session.post(url, data=raw + b" ", headers=headers) as answer:
                assert answer.status == 401
        await fake.until(lambda: len(fake.said_to(direct_of(ANN))) == 3)
        logged = await ended(process)
    assert not any(secret in logged for secret in SECRETS)


async def test_a_wrong_token_ends_with_its_sentence(
    fake: FakeSlack, tmp_path: Path, cache: str
) -> None:
    env = settings(
        fake, tmp_path, PATHWAYS_CACHE=cache, PATHWAYS_SLACK_APP_TOKEN=f"{APP_TOKEN}-wrong"
    )
    env["PATHWAYS_LISTEN"] = ""
    async with command("run", env=env, folder=tmp_path) as process:
        said, logged = await process.communicate()
        assert process.returncode == 3
        assert b"PATHWAYS_SLACK_APP_TOKEN" in logged
        assert b"Traceback" not in said + logged


async def test_the_doctor_looks_at_the_app(fake: FakeSlack, tmp_path: Path, cache: str) -> None:
    env = settings(fake, tmp_path, PATHWAYS_CACHE=cache, PATHWAYS_SLACK_APP_TOKEN=APP_TOKEN)
    async with command("doctor", env=env, folder=tmp_path) as process:
        said, _ = await process.communicate()
    assert process.returncode == 0
    assert "Slack knows the bot as U0BOT, in T0001." in said.decode()
    assert "has the scopes of the manifest, and no more" in said.decode()
    fake.scopes = ["chat:write", "users:read"]
    async with command("doctor", env=env, folder=tmp_path) as process:
        said, _ = await process.communicate()
    assert process.returncode == 3
    assert "im:history (to hear direct messages to it)" in said.decode()
    assert "users:read" in said.decode()
    assert fake.messages == []
