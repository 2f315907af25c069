"""Every transcript of `tests/conversations`, with what it says sent through Telegram (N2)."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.deep_links import with_links
from bot.channels.light_markdown import Item, parse_light
from bot.channels.telegram.channel import TelegramOut
from bot.cli.transcript import parse_transcript
from bot.messages import Address, Place, Reply
from bot.service.library import Edition
from tests.builders import ROOT
from tests.channels.hostile import letters
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.transport import Unhurried, bot_on
from tests.conversations.playing import Stage

FILES = sorted((ROOT / "tests" / "conversations").glob("*.yaml"))
NAME = "pathways_bot"


def test_there_are_transcripts_where_i_look() -> None:
    assert len(FILES) >= 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_transcript_is_sent_within_every_limit(path: Path, edition: Edition) -> None:
    stage = Stage(edition, parse_transcript(path.read_text(encoding="utf-8"), path.name))
    replies = [reply for played in stage.play() for reply in played.replies]
    api = BotApi(limits=False)
    api.chat(5)

    async def send_all() -> None:
        out = TelegramOut(
            bot_on(api), lambda _language: "Private", Unhurried(), lambda _a, _b: None
        )
        out.username = NAME
        for number, reply in enumerate(replies):
            await out.send(Address("telegram", "5"), Place.PRIVATE, reply, f"k:{number}#0")

    asyncio.run(send_all())
    assert api.wrong == []
    said = letters(" ".join(message["text"] for message in api.said(5)))
    for reply in replies:
        assert letters(shown(reply)[:300]) in said


def shown(reply: Reply) -> str:
    """The words of a reply as people see them: numbers of a list too, and ways in as they are written."""
    blocks = parse_light(with_links(reply.text, f"https://t.me/{NAME}?start={{}}".format))
    return "".join(
        word
        for block in blocks
        for word in (
            block.marker if isinstance(block, Item) else "",
            *(run.text for run in block.runs),
        )
    )
