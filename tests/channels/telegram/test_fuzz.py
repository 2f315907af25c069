"""R27: whatever is in a payload, it is taken in or refused, and the bot answers the next one.

The payloads are right ones with pieces exchanged, taken out, or broken in their bytes; they go over HTTP
through the whole house. The numbers are drawn from a seed, so that a failure comes again.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientSession, TCPConnector
from structlog.testing import capture_logs

from bot.channels.telegram.options import Options
from bot.channels.telegram.webhook import HEADER
from tests.channels.telegram.api import TOKEN, USERNAME, BotApi, mention, person
from tests.channels.telegram.house import COST, House, living
from tests.channels.telegram.server import ApiServer

HOOK: Final = "https://bot.example/telegram/hook"
SECRET: Final = Options(token=TOKEN).secret
AT_ONCE: Final = 8  # connections; Telegram opens forty
GROUP: Final = -1007
NASTY: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, -(2**63), 10**30, 0.5, 1e308, -0.0),
    *(
        "",
        " ",
        "\0",
        "\ud83d",
        "\u202e",
        "\ufeff",
        "/",
        "/start",
        "/start do_mydata",
        "@",
        "é" * 300,
    ),
    *("x" * 5_000, "<b>", "&amp;", "%s%n", "{text}", "' OR 1=1 --", "\r\n\r\n", "🙂" * 200),
    *([], {}, [[]], [None], {"": None}, {"id": {}}, [[[[[[[[]]]]]]]], ["x"] * 200),
)
API: Final = BotApi()


def right_ones(number: int) -> tuple[dict[str, Any], ...]:
    """Updates as Telegram sends them, from somebody new."""
    api, who = API, number + 1_000
    text = f"@{USERNAME} {COST}"
    document = {"file_id": "f", "file_name": "a.csv", "mime_type": "text/csv", "file_size": 9}
    press = {"id": "1", "from": person(who), "message": api.message(1, who), "data": "1.1.abc"}
    member = {"chat": {"id": who, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    topic = {"message_thread_id": 45, "is_topic_message": True, "entities": mention(text)}
    return (
        {"message": api.message(who, who, text=COST)},
        {"message": api.message(who, who, text="/start do_privacy")},
        {"message": api.message(who, GROUP, text=text, **topic)},
        {"message": api.message(who, who, document=document)},
        {"message": api.message(who, who, photo=[{"file_id": "p"}])},
        {"message": api.message(who, GROUP, migrate_to_chat_id=-1008)},
        {"edited_message": api.message(who, who, text="how much?")},
        {"callback_query": press},
        {"callback_query": {**press, "message": api.message(1, GROUP)}},
        {"my_chat_member": member},
    )


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    return [path, *(found for key, one in inner for found in places_of(one, (*path, key)))]


def with_(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = with_(copied[path[0]], path[1:], change)
    return copied


def mutated(chance: random.Random, number: int) -> bytes:
    """A right update with one to three things wrong, as bytes."""
    right = right_ones(number)
    update: Any = {"update_id": number, **chance.choice(right)}
    for _ in range(chance.randint(0, 3)):
        path = chance.choice(places_of(update))
        nasty = chance.choice(NASTY if chance.random() < 0.95 else right)
        if chance.random() < 0.2 and path and isinstance(path[-1], str):
            update = with_(update, path[:-1], partial(_without, path[-1]))
        else:
            update = with_(update, path, partial(_instead, nasty))
    body = json.dumps(update).encode()
    return broken(chance, body) if chance.random() < 0.15 else body


def _instead(new: Any, _old: Any) -> Any:
    return new


def _without(key: str, value: Any) -> Any:
    return {name: one for name, one in value.items() if name != key} if value else value


def broken(chance: random.Random, body: bytes) -> bytes:
    """A body with some bytes cut off, turned over, or doubled."""
    at = chance.randrange(len(body))
    match chance.randrange(4):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case 2:
            return body[:at] + body[at : at + 20] * chance.randint(2, 50) + body[at:]
        case _:
            return body[:at] + b"[" * chance.choice((1, 50, 20_000)) + body[at:]


async def thrown(house: House, bodies: Iterator[bytes]) -> Counter[int]:
    """Post all of them; returns how often each status was answered."""
    statuses: Counter[int] = Counter()
    url, headers = house.server.hook(HOOK), {HEADER: SECRET, "Content-Type": "application/json"}

    async def post_some(client: ClientSession) -> None:
        for body in bodies:
            async with client.post(url, data=body, headers=headers) as answer:
                statuses[answer.status] += 1

    async with ClientSession(connector=TCPConnector(limit=AT_ONCE)) as client:
        await asyncio.gather(*(post_some(client) for _ in range(AT_ONCE)))
    return statuses


async def survives(folder: Path, count: int, seed: int) -> str:
    chance = random.Random(seed)
    async with ApiServer(BotApi(limits=False)) as server:
        async with living(folder, server, webhook_url=HOOK) as house:
            with capture_logs() as logged:
                bodies = (mutated(chance, number) for number in range(1, count + 1))
                statuses = await thrown(house, bodies)
            house.api.writes(5, COST)
            house.server.push_all()
            assert "It costs" in (await house.said(5, 1))[0]["text"]
            turns = len(house.rows("inbound_key"))
        failed = [one for one in logged if one["event"] in {"turn.failed", "http.failed"}]
        assert failed == []
        assert set(statuses) <= {200, 400, 413}
        assert statuses.total() == count
        assert turns > count / 20, "most of them should not be refused at the door"
        assert server.api.wrong == []
    return f"{count} payloads: {dict(statuses)}, {turns} turns"


async def test_a_thousand_broken_payloads_break_nothing(tmp_path: Path) -> None:
    """Four thousand more never get this far: see `test_called.py`."""
    print(await survives(tmp_path, 1_000, seed=1))


@pytest.mark.long
async def test_a_hundred_thousand_broken_payloads_break_nothing(tmp_path: Path) -> None:
    print(await survives(tmp_path, 100_000, seed=2))
