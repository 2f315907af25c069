"""What is compared with: python-telegram-bot's ConversationHandler, bare and with its own persistence.

Three states that a choice leads through, one reply each, no network: the transport is a class.
"""

import asyncio
import json
import time
import warnings
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest

from benchmarks.figure import Figure

TOKEN = "1:t"  # noqa: S105 - nobody's
STEPS = 3


class Transport(BaseRequest):
    """Answers every call at once, as the Bot API would."""

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @property
    def read_timeout(self) -> float:
        """Seconds; nobody waits."""
        return 1.0

    async def do_request(self, url: str, method: str, *args: Any, **kw: Any) -> tuple[int, bytes]:
        """A sent message, or who the bot is."""
        del method, args, kw
        result: Any = {
            "message_id": 1,
            "date": 0,
            "chat": {"id": 1, "type": "private"},
            "text": "x",
        }
        if url.endswith("getMe"):
            result = {"id": 1, "is_bot": True, "first_name": "b", "username": "b"}
        return 200, json.dumps({"ok": True, "result": result}).encode()


async def _start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None  # noqa: S101 - the updates are ours
    await update.message.reply_text("Which one?")
    return 0


async def _choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None  # noqa: S101 - the updates are ours
    assert context.user_data is not None  # noqa: S101 - see above
    step = int(context.user_data.get("step", 0)) + 1
    context.user_data["step"] = step
    await update.message.reply_text("And which of these?")
    return step % STEPS


def application(folder: Path | None) -> Application[Any, Any, Any, Any, Any, Any]:
    """A bot with one conversation; with a folder it keeps it there."""
    builder = (
        Application.builder().token(TOKEN).request(Transport()).get_updates_request(Transport())
    )
    builder = builder.updater(None)
    if folder is not None:
        builder = builder.persistence(
            PicklePersistence(folder / "ptb.pickle", update_interval=3600)
        )
    app = builder.build()
    texts: Any = MessageHandler(filters.TEXT & ~filters.COMMAND, _choose)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        handler = ConversationHandler(
            entry_points=[CommandHandler("start", _start)],
            states={step: [texts] for step in range(STEPS)},
            fallbacks=[],
            name="bench",
            persistent=folder is not None,
        )
    app.add_handler(handler)
    return app


def _update(number: int, person: int, text: str) -> dict[str, Any]:
    message: dict[str, Any] = {
        "message_id": number,
        "date": 1,
        "chat": {"id": person, "type": "private"},
        "from": {"id": person, "is_bot": False, "first_name": "p"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": number, "message": message}


async def play(folder: Path | None, people: int, turns: int) -> tuple[float, float]:
    """Seconds of the clock and of the processor for people x turns."""
    app = application(folder)
    async with app:
        for person in range(people):
            await app.process_update(Update.de_json(_update(person, person, "/start"), app.bot))
        began, cpu = time.perf_counter(), time.process_time()
        for turn in range(turns):
            for person in range(people):
                number = (turn + 1) * people + person
                await app.process_update(Update.de_json(_update(number, person, "2"), app.bot))
                if folder is not None:
                    await app.update_persistence()
        return time.perf_counter() - began, time.process_time() - cpu


def durable(folder: Path, people: int, turns: int) -> Figure:
    """Turns a second with PicklePersistence flushed after every turn."""
    seconds, _ = asyncio.run(play(folder, people, turns))
    name = "python-telegram-bot, PicklePersistence flushed every turn"
    return Figure(name=name, turns=people * turns, seconds=seconds)


def cpu_ms(people: int, turns: int) -> float:
    """Processor milliseconds of a turn of the bare ConversationHandler, in memory."""
    _, cpu = asyncio.run(play(None, people, turns))
    return cpu / (people * turns) * 1000
