"""A press in a group is answered: with words to whoever pressed alone, or by ending the spinner (G3, G4)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram.spots import Spot, whispering
from bot.channels.telegram.whispers import Whispers
from bot.messages import Address
from tests.builders import wording
from tests.channels.telegram.api import BotApi, Fault
from tests.channels.telegram.house import living
from tests.channels.telegram.server import ApiServer
from tests.channels.telegram.transport import bot_on

GROUP = -1007
NOT_YOURS = wording("button.not-yours").replace("**", "")


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    async with ApiServer(BotApi(limits=False)) as serving:
        yield serving
        assert serving.api.wrong == []


def test_where_a_whisper_goes_can_be_written_down_and_read_back() -> None:
    assert Spot.of(whispering(Address("telegram", "-100/45"), "84/61!7")) == Spot(
        -100, 45, "84/61!7"
    )
    assert Spot.of(Address("telegram", "-100/45")) == Spot(-100, 45)


async def test_a_press_of_anothers_button_is_answered_to_that_person_and_not_in_the_group(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/topics@pathways_bot", chat=GROUP)
        (menu,) = await house.said(GROUP, 1)
        button = menu["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        house.api.presses(6, GROUP, menu["message_id"], button)
        await house.until(lambda: bool(house.api.whispered))
        assert list(house.api.whispered.values()) == [NOT_YOURS]
        house.api.presses(5, GROUP, menu["message_id"], button)
        await house.said(GROUP, 2)
        await house.until(lambda: len(house.api.answered) == 2)
        assert len(house.api.whispered) == 1, "Ann's own button gets no words"
        said = [one["text"] for one in house.api.said(GROUP)]
        assert not any("not yours" in text for text in said)
        await house.until(lambda: all(row["status"] == "sent" for row in house.rows("outbox")))


async def test_words_that_come_too_late_are_let_go(server: ApiServer, tmp_path: Path) -> None:
    server.api.faults["answerCallbackQuery"].append(
        Fault(status=400, description="Bad Request: query is too old")
    )
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/help@pathways_bot", chat=GROUP)
        (shown,) = await house.said(GROUP, 1)
        house.api.presses(6, GROUP, shown["message_id"], "of nobody")
        await house.until(lambda: len(house.rows("outbox")) == 2)
        await house.until(lambda: all(row["status"] == "sent" for row in house.rows("outbox")))
        assert len(house.api.said(GROUP)) == 1


async def test_a_press_whose_words_do_not_come_stops_spinning_by_itself() -> None:
    api = BotApi()
    whispers = Whispers(bot_on(api), words_s=0.01)
    whispers.expect("k:1")
    await whispers.stop_spinning("k:1", "press1")
    assert api.answered == ["press1"]
    assert api.whispered == {}
