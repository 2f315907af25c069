"""Every transcript of `tests/conversations`, with what it says sent through Telegram (N2)."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.light_markdown import parse_light
from bot.channels.telegram.channel import TelegramOut
from bot.cli.transcript import parse_transcript
from bot.messages import Address, Place
from bot.service.library import Edition
from tests.builders import ROOT
from tests.channels.hostile import letters
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.transport import Unhurried, bot_on
from tests.conversations.playing import Stage

FILES = sorted((ROOT / "tests" / "conversations").glob("*.yaml"))


def test_there_are_transcripts_where_i_look() -> None:
    assert len(FILES) >= 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_transcript_is_sent_within_every_limit(path: Path, edition: Edition) -> None:
    stage = Stage(edition, parse_transcript(path.read_text(encoding="utf-8"), path.name))
    replies = [reply for played in stage.play() for reply in played.replies]
    api = BotApi(limits=False)
    api.chat(5)

    async def send_all() -> None:
        out = TelegramOut(bot_on(api), lambda: "Private", Unhurried(), lambda _a, _b: None)
        for number, reply in enumerate(replies):
            await out.send(Address("telegram", "5"), Place.PRIVATE, reply, f"k:{number}#0")

    asyncio.run(send_all())
    assert api.wrong == []
    said = letters(" ".join(message["text"] for message in api.said(5)))
    for reply in replies:
        runs = (run.text for block in parse_light(reply.text) for run in block.runs)
        assert letters("".join(runs)[:300]) in said
