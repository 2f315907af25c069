"""A rep works on their plan in Telegram: words, buttons, and what stands in the store afterwards."""

from pathlib import Path
from typing import Any

from bot.service.clock import SystemClock
from bot.service.library import Edition
from tests.builders import wording
from tests.channels.coached import WORKPLACE, done_in, give_plan
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.house import House, living
from tests.channels.telegram.server import ApiServer

ANN = 5


async def told(house: House, words: str) -> dict[str, Any]:
    """The message of the bot that has these words."""

    def found() -> list[dict[str, Any]]:
        return [one for one in house.api.said(ANN) if words in one["text"]]

    await house.until(lambda: bool(found()))
    return found()[-1]


def press(house: House, message: dict[str, Any], label: str) -> None:
    rows = message["reply_markup"]["inline_keyboard"]
    (data,) = [one["callback_data"] for row in rows for one in row if one["text"].endswith(label)]
    house.api.presses(ANN, ANN, message["message_id"], data)


async def test_a_rep_works_on_their_plan(tmp_path: Path, edition: Edition) -> None:
    async with (
        ApiServer(BotApi(limits=False)) as server,
        living(tmp_path, server, edition=edition) as house,
    ):
        house.api.writes(ANN, "hello")
        await house.said(ANN, 1)
        house.store.submit(lambda tx: give_plan(tx, edition, SystemClock().now())).result()
        house.api.writes(ANN, "next")
        press(house, await told(house, "Next: Team up"), wording("button.coach-done"))
        done = await told(house, "Done: Team up")
        assert "Next: Count the technicians" in done["text"]
        press(house, done, wording("button.coach-undo"))
        await told(house, "Taken back")
        house.api.writes(ANN, "Note: Ask A. Byrne about it!")
        await told(house, "I have kept your note")
        note = "Ask A. Byrne about it!"
        done_since = house.store.submit(done_in).result()
        assert done_since == [("done", ""), ("undone", ""), ("noted", note)]
        house.api.writes(ANN, "my plan")
        await told(house, WORKPLACE)
        assert server.api.wrong == []
