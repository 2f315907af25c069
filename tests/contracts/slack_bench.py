"""Slack on the bench of the channel contract: our fake in a thread, the real client against it."""

import asyncio
import threading
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any, Final

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.incoming import Said, Us, parse_incoming
from bot.channels.slack.spots import Spot
from bot.channels.slack.web_api import web_client
from bot.errors import DeliveryError, OutcomeUnknown, Throttled, Unreachable
from bot.messages import Address, Utterance
from tests.channels.slack.fake import BOT_TOKEN, THROTTLED, FakeSlack, Fault
from tests.channels.slack.limits import hurried
from tests.channels.slack.mrkdwn_reader import read
from tests.channels.slack.payloads import BOT, TEAM, Payload, direct_of, message, press
from tests.contracts.channels import Bench, Shown

US: Final = Us(user=BOT, teams=frozenset({TEAM}))
_PEOPLE: Final = count(100)


@cache
def _fake() -> FakeSlack:
    """One fake for all benches; each has a person of its own there.

    Its time runs faster than ours, since nobody on a bench waits as long as people do between messages.
    """
    fake, loop, up = (
        FakeSlack(hurried),
        asyncio.new_event_loop(),
        threading.Event(),
    )

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(fake.start())
        up.set()
        loop.run_forever()

    threading.Thread(target=serve, name="fake-slack", daemon=True).start()
    assert up.wait(30)
    return fake


def said_on(user: str) -> list[Payload]:
    """What somebody on the bench has been told."""
    return _fake().said_to(direct_of(user))


def slack() -> Bench:
    """A person in a direct message with the bot."""
    fake, user = _fake(), f"U{next(_PEOPLE)}"
    channel = SlackChannel(
        web_client(BOT_TOKEN, fake.api_url, "", 10, None), lambda key, *_, **__: key
    )
    address = Spot(team=TEAM, user=user).address()
    greeting = parse_incoming(message(user, "hello"), US)
    assert isinstance(greeting, Said)
    channel.expect(greeting)

    def said() -> list[Payload]:
        return said_on(user)

    def wrong(fault: Fault) -> Address:
        fake.faults["chat.postMessage"] = [fault]
        return address

    def gone() -> Address:
        fake.gone.add(direct_of("U1"))
        return Spot(team=TEAM, user="U1").address()

    troubles: Mapping[type[DeliveryError], Any] = {
        Throttled: lambda: wrong(THROTTLED),
        OutcomeUnknown: lambda: wrong(Fault(status=0)),
        Unreachable: gone,
    }
    return Bench(
        channel=channel,
        address=address,
        messages=lambda: [_shown(one) for one in said()],
        typed=lambda line: utterance_of(message(user, _typed(line))),
        pressed=lambda number: utterance_of(_press(user, said(), number)),
        troubles=troubles,
    )


def _typed(line: str) -> str:
    """What Slack makes of a typed line."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def utterance_of(payload: Payload) -> Utterance:
    """What a payload says."""
    incoming = parse_incoming(payload, US)
    assert isinstance(incoming, Said)
    return incoming.inbound.utterance


def _press(user: str, said: list[Payload], number: int) -> Payload:
    for shown in reversed(said):
        for block in shown["blocks"]:
            for element in block.get("elements", []):
                label = element["text"]["text"]
                if label.startswith(f"{number}."):
                    return press(user, shown, label)
    raise LookupError(number)


def _shown(one: Payload) -> Shown:
    sections = [block["text"]["text"] for block in one["blocks"] if block["type"] == "section"]
    seen = [read(text) for text in sections]
    return Shown(
        text=read(one["text"]).text,
        size=sum(map(len, sections)),
        has_markup=any(part.bold or part.links or part.mentions for part in seen),
    )
