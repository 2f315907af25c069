"""One `pathways run` with both channels on, and somebody who has an account on each of the two fakes."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.channels.slack.fake import BOT_TOKEN, SECRET, FakeSlack, signed
from tests.channels.slack.payloads import Payload, direct_of, message, press
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.running import Run
from tests.channels.telegram.server import ApiServer

PATIENCE_S = 30.0  # seconds that a reply may take on a machine with much else to do


@dataclass
class Bot:
    """The process, and both platforms around it."""

    run: Run
    server: ApiServer
    slack: FakeSlack
    client: ClientSession
    events: str

    def count(self, query: str) -> int:
        """One number out of its database."""
        with closing(sqlite3.connect(self.run.folder / "run.db", timeout=30)) as database:
            ((found,),) = database.execute(query).fetchall()
        return int(found)


@dataclass
class OnTelegram:
    """Somebody's private chat on Telegram."""

    bot: Bot
    who: int = 5
    seen: int = 0

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.bot.server.api.said(self.who)

    async def write(self, text: str) -> None:
        self.bot.server.api.writes(self.who, text)

    async def press(self, label: str) -> None:
        for said in reversed(self.shown):
            for row in said.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"].endswith(label):
                        data = button["callback_data"]
                        self.bot.server.api.presses(self.who, self.who, said["message_id"], data)
                        return
        raise LookupError(label)


@dataclass
class OnSlack:
    """Somebody's direct message with the bot on Slack, by signed HTTP."""

    bot: Bot
    who: str = "U0001"
    seen: int = 0

    @property
    def shown(self) -> list[Payload]:
        return self.bot.slack.said_to(direct_of(self.who))

    async def write(self, text: str) -> None:
        await self._post(message(self.who, text))

    async def press(self, label: str) -> None:
        for said in reversed(self.shown):
            try:
                pressed = press(self.who, said, label)
            except LookupError:
                continue
            await self._post(pressed)
            return
        raise LookupError(label)

    async def _post(self, payload: Payload) -> None:
        raw, headers = signed(payload, time.time())
        async with self.bot.client.post(self.bot.events, data=raw, headers=headers) as answer:
            assert answer.status == 200


Chat = OnTelegram | OnSlack


@dataclass
class Talk:
    """A talk in two chats. Whatever is said is awaited in its chat, and the other one stays silent."""

    bot: Bot
    telegram: OnTelegram = field(init=False)
    slack: OnSlack = field(init=False)

    def __post_init__(self) -> None:
        self.telegram, self.slack = OnTelegram(self.bot), OnSlack(self.bot)

    async def says(self, chat: Chat, words: str, *answers: str) -> str:
        """Write, and wait for replies that hold these words; returns all of them as one text."""
        await chat.write(words)
        return await self._hears(chat, *answers)

    async def presses(self, chat: Chat, label: str, *answers: str) -> str:
        """Press a button, and wait for replies as `says` does."""
        await chat.press(label)
        return await self._hears(chat, *answers)

    async def is_told(self, chat: Chat, *answers: str) -> str:
        """Wait for what is said in a chat in which nobody wrote."""
        said = await _until(lambda: _new(chat), answers)
        chat.seen = len(chat.shown)
        return said

    async def _hears(self, chat: Chat, *answers: str) -> str:
        said = await self.is_told(chat, *answers)
        await _until(lambda: "" if self._is_busy() else "done", ("done",))
        chat.seen = len(chat.shown)
        other = self.slack if chat is self.telegram else self.telegram
        assert _new(other) == "", "the reply comes where they wrote, and nowhere else"
        return said

    def _is_busy(self) -> bool:
        return self.bot.count("SELECT count(*) FROM outbox WHERE ended_at IS NULL") > 0


def _new(chat: Chat) -> str:
    return "\n".join(str(one["text"]) for one in chat.shown[chat.seen :])


async def _until(read: Callable[[], str], wanted: tuple[str, ...]) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not all(words in read() for words in wanted):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{wanted} did not come, but: {read()}") from None
    return read()


@asynccontextmanager
async def talk(folder: Path, cache: Path) -> AsyncIterator[Talk]:
    """Somebody with both accounts, and a bot that runs; it ends well when told to."""
    slack = FakeSlack()
    await slack.start()
    async with ApiServer(BotApi()) as server, ClientSession() as client:
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
            "LISTEN": "127.0.0.1:0",
        }
        run = Run(folder, server.url, cache, settings)
        try:
            await run.start()
            events = f"http://127.0.0.1:{port_of(run)}/slack/events"
            yield Talk(Bot(run, server, slack, client, events))
            assert await run.stop() == 0, run.log.read_text()
        finally:
            await run.kill()
            await slack.stop()
    assert server.api.wrong == []


def port_of(run: Run) -> int:
    """The free port that it took, as it logged it."""
    lines = map(json.loads, run.log.read_text().splitlines())
    return next(int(line["port"]) for line in lines if line["event"] == "http.listening")
