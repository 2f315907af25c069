"""What a link carries can be typed by anybody: it grants nothing and breaks nothing (T19)."""

import random
import string

import pytest

from bot.engine import acts, area_look, broadcast_texts, survey
from bot.engine.commands import COMMANDS
from bot.errors import BotError
from bot.messages import Role
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.service.houses import House

LETTERS = string.ascii_letters + string.digits + "_-"
WAYS = (acts.LINK, area_look.LINK, broadcast_texts.LINK_FLOW, survey.LINK)
WORDS = (*(one.name for one in COMMANDS), *(role.value for role in Role), "admin", "1", "")
BROKEN = wording(BotError.wording)
GRANTS = ("role", "invite", "consent", "survey", "broadcast")


def made_up(chance: random.Random, own: str) -> str:
    """Chance, one of our ways in with chance behind it, a name of ours, or a real code a little changed."""
    some = "".join(chance.choices(LETTERS, k=chance.randrange(0, 65)))
    place = chance.randrange(len(own))
    changed = own[:place] + chance.choice(LETTERS) + own[place + 1 :]
    way = chance.choice(WAYS)
    return chance.choice((some, way + some, way + chance.choice(WORDS), way + changed, changed))[
        :64
    ]


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_made_up_link_breaks_anything_or_gains_a_right(count: int) -> None:
    chance, house = random.Random(19), House(MemoryStore())
    house.say("admin", "hello")
    house.grant("admin", Role.ADMIN)
    (told,) = house.command("admin", "invite", "rep")
    code = told.split("**")[1]
    before = {table: house.rows(table) for table in GRANTS}
    for number in range(count):
        payload = made_up(chance, code)
        if payload.lower() != code:
            said = house.command(f"p{number // 10}", "start", payload)
            assert said, payload
            assert BROKEN not in said, payload
    assert {table: house.rows(table) for table in GRANTS} == before
