"""`pathways doctor` finds each mistake on the way from BotFather to a running bot."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.health import look
from bot.channels.telegram.options import Options
from bot.cli.doctor_telegram import findings
from bot.errors import SettingsError
from bot.service.clock import SystemClock
from bot.settings import Settings
from tests.channels.slack.fake import BOT_TOKEN
from tests.channels.telegram.api import TOKEN, Fault
from tests.channels.telegram.server import ApiServer


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    async with ApiServer() as serving:
        yield serving


async def found(server: ApiServer, **settings: object) -> str:
    """What is said, each line with its mark."""
    wanted = {"telegram_token": TOKEN, "telegram_api_url": server.url, **settings}
    read = Settings.model_validate(wanted)
    lines = await asyncio.to_thread(lambda: list(findings(read)))
    return "\n".join(f"{mark}: {what}" for mark, what, _ in lines)


async def test_a_bot_that_is_well(server: ApiServer) -> None:
    said = await found(server)
    assert "ok: Telegram knows the token: it is @pathways_bot" in said
    assert "ok: Privacy mode is on" in said
    assert "ok: The clock agrees" in said
    assert "wrong" not in said
    assert server.api.wrong == []


@pytest.mark.parametrize("token", ["123456789:no_token_that_anybody_was_given", "hello", "1:x"])
async def test_a_wrong_token(server: ApiServer, token: str) -> None:
    said = await found(server, telegram_token=token)
    assert "wrong: PATHWAYS_TELEGRAM_TOKEN" in said
    assert token not in said.replace("@BotFather", "")


async def test_a_token_of_slack(server: ApiServer) -> None:
    said = await found(server, telegram_token=BOT_TOKEN)
    assert "wrong: PATHWAYS_TELEGRAM_TOKEN holds a token of Slack" in said
    assert BOT_TOKEN not in said


async def test_a_webhook_that_is_still_to_be_told(server: ApiServer) -> None:
    said = await found(server, telegram_webhook_url="https://new.example/hook")
    assert "ok: Telegram knows no webhook yet. `pathways run` tells it." in said


async def test_an_address_where_nobody_answers(server: ApiServer) -> None:
    said = await found(server, telegram_api_url="http://127.0.0.1:9/bot")
    assert "wrong: Telegram cannot be reached at http://127.0.0.1:9/bot (ConnectError)" in said
    assert TOKEN not in said


async def test_a_webhook_that_is_not_the_one_that_is_set(server: ApiServer) -> None:
    server.api.webhook = {"url": "https://old.example/hook"}
    assert "take care: A webhook is set (https://old.example/hook)" in await found(server)
    said = await found(server, telegram_webhook_url="https://new.example/hook", listen="")
    assert "is https://old.example/hook, and not PATHWAYS_TELEGRAM_WEBHOOK_URL" in said
    assert "wrong: PATHWAYS_TELEGRAM_WEBHOOK_URL is set, but PATHWAYS_LISTEN is empty" in said
    assert "begin with https://" in await found(server, telegram_webhook_url="http://new.example/")


async def test_a_webhook_that_failed_and_messages_that_wait(server: ApiServer) -> None:
    server.api.hook_trouble = {"last_error_message": "Wrong response from the webhook: 502"}
    for _ in range(1_000):
        server.api.writes(5, "hello")
    said = await found(server)
    assert "take care: The webhook last failed with: Wrong response" in said
    assert "take care: 1000 messages wait" in said


async def test_privacy_mode_and_groups(server: ApiServer) -> None:
    server.api.abilities |= {"can_read_all_group_messages": True, "can_join_groups": False}
    said = await found(server)
    assert "/setprivacy" in said
    assert "/setjoingroups" in said


async def test_a_clock_that_is_wrong_is_noticed(server: ApiServer) -> None:
    clock = SystemClock()
    options = Options(token=TOKEN, api_url=server.url)
    health = await look(options, lambda: clock.now().replace(year=2020))
    assert health.clock_ahead_s is not None
    assert health.clock_ahead_s < -1_000_000


async def test_telegram_that_asks_to_wait_is_no_crash(server: ApiServer) -> None:
    server.api.faults["getMe"].append(Fault(status=429, retry_after=9, description="Too Many"))
    with pytest.raises(SettingsError, match="Try again in a minute"):
        await look(Options(token=TOKEN, api_url=server.url), SystemClock().now)
