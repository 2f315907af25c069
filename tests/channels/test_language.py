"""The few words that a channel adds to a reply are in the language of whoever reads it."""

import json
from pathlib import Path

import pytest

from bot.messages import Address, Option, Place, Reply, Token
from bot.service.ports import Tx
from tests.builders import content_of, wording
from tests.channels.slack.offices import Office, office
from tests.channels.slack.payloads import direct_of, mention, message, press
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.house import House, living
from tests.channels.telegram.server import ApiServer

ANN, GROUP = "U0001", -100
TOO_MANY = 12  # options: more than Slack gets as buttons


def in_welsh(key: str, **gaps: str) -> str:
    """What the catalogue we ship says in Welsh: something of its own."""
    catalogue = content_of().wording
    said = catalogue.say(key, "cy", **gaps)
    assert said != catalogue.say(key, "en", **gaps)
    return said


def to_welsh(tx: Tx) -> None:
    tx.update("person", {}, {"language": "cy"})


async def link_on_slack(here: Office) -> str:
    """What the button says that leads from a channel into private."""
    (card,) = await here.hear(mention(ANN, "/privacy"))
    (refused,) = await here.hear(press(ANN, card, "Show my data", f"{here.fake.url}/hook"))
    (link,) = refused["blocks"][-1]["elements"]
    return str(link["text"]["text"])


async def test_a_link_into_private_on_slack(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        assert await link_on_slack(here) == wording("link.private")
        await here.do(to_welsh)
        assert await link_on_slack(here) == in_welsh("link.private")


async def test_what_was_pressed_on_slack(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        _, asked = await here.hear(message(ANN, "/audience"), 2)
        await here.do(to_welsh)
        await here.hear(press(ANN, asked, "A workplace rep"))
        await here.fake.until(lambda: asked["blocks"][-1]["type"] == "context")
        line = asked["blocks"][-1]["elements"][0]["text"]
        assert in_welsh("slack.pressed", choice="") in line


@pytest.mark.parametrize("key", ["slack.choose", "form.open"])
async def test_a_menu_and_the_button_of_a_form_on_slack(key: str, tmp_path: Path) -> None:
    options = tuple(Option(Token(f"t{n}"), f"Number {n}") for n in range(TOO_MANY))
    async with office(tmp_path) as here:
        await here.hear(message(ANN, "/help"), 2)
        (row,) = {str(one["address"]) for one in await here.rows("outbox")}
        for language, words in (("en", wording(key)), ("cy", in_welsh(key))):
            reply = Reply(text="Which?", options=options, form="run", language=language)
            await here.slack.send(Address("slack", row), Place.PRIVATE, reply, f"{language}#0")
            shown = here.fake.said_to(direct_of(ANN))[-1]
            assert words in json.dumps(shown["blocks"], ensure_ascii=False)


async def link_on_telegram(house: House, number: int) -> str:
    house.api.writes(5, "/mydata@pathways_bot", chat=GROUP)
    refused = (await house.said(GROUP, number))[-1]
    return str(refused["reply_markup"]["inline_keyboard"][-1][0]["text"])


async def test_a_link_into_private_on_telegram(tmp_path: Path) -> None:
    async with ApiServer(BotApi(limits=False)) as server, living(tmp_path, server) as house:
        assert await link_on_telegram(house, 1) == wording("link.private")
        house.store.submit(to_welsh).result()
        assert await link_on_telegram(house, 2) == in_welsh("link.private")
