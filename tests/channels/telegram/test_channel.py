"""The way out: errors by their names, progress kept, buttons that make way, the pace (G2, G3, G6)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.pacing import BURST, GROUP_BURST, PER_S, Pace
from bot.channels.telegram.typing_sign import TypingSign
from bot.channels.telegram.updates import Message, Press
from bot.errors import DeliveryError, OutcomeUnknown, Rejected, Throttled, Unreachable
from bot.messages import Address, Choice, Inbound, Option, Place, Reply, Text, Token
from tests.channels.telegram.api import BotApi, Fault, person
from tests.channels.telegram.transport import Unhurried, bot_on

ANN = Address("telegram", "5")
LONG = "\n\n".join("Paragraph " + "word " * 120 for _ in range(20))


def made(api: BotApi, moves: list[tuple[Address, Address]] | None = None) -> TelegramOut:
    api.chat(5)
    on_move = (moves if moves is not None else []).append
    out = TelegramOut(
        bot_on(api), lambda _language: "Private", Pace(), lambda a, b: on_move((a, b))
    )
    out.username = "pathways_bot"
    return out


def asking(*labels: str, **more: Any) -> Reply:
    options = tuple(Option(Token(f"t-{label}"), label) for label in labels)
    return Reply(text="Which?", options=options, **more)


def buttons(message: Mapping[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


TROUBLES: list[tuple[type[DeliveryError], Fault]] = [
    (Throttled, Fault(status=429, retry_after=3, description="Too Many Requests")),
    (Throttled, Fault(status=0)),  # nothing went out: no harm in trying again
    (OutcomeUnknown, Fault(status=0, done=True)),
    (OutcomeUnknown, Fault(status=502)),
    (OutcomeUnknown, Fault(status=500, body=b"<html>")),
    (OutcomeUnknown, Fault(wait_s=1, done=True)),
    (OutcomeUnknown, Fault(status=200, body=b"garbage", done=True)),
    (Unreachable, Fault(status=403, description="Forbidden: bot was blocked by the user")),
    (Unreachable, Fault(status=403, description="Forbidden: user is deactivated")),
    (Unreachable, Fault(status=403, description="Forbidden: bot was kicked from the group chat")),
    (Unreachable, Fault(status=400, description="Bad Request: chat not found")),
    (Unreachable, Fault(status=400, description="Bad Request: TOPIC_CLOSED")),
    (Rejected, Fault(status=400, description="Bad Request: can't parse entities")),
    (Rejected, Fault(status=401, description="Unauthorized")),
]


@pytest.mark.parametrize(("error", "fault"), TROUBLES, ids=lambda one: str(one)[:70])
async def test_every_trouble_has_its_name(error: type[DeliveryError], fault: Fault) -> None:
    api = BotApi()
    out = made(api)
    api.faults["sendMessage"].append(fault)
    with pytest.raises(error) as raised:
        await out.send(ANN, Place.PRIVATE, Reply(text="Hello"), "k:1#0")
    assert "AAF" not in str(raised.value)


async def test_what_telegram_asks_for_holds_for_that_chat_only() -> None:
    api = BotApi()
    out = made(api)
    api.chat(6)
    api.faults["sendMessage"].append(Fault(status=429, retry_after=30, description="Too Many"))
    with pytest.raises(Throttled) as first:
        await out.send(ANN, Place.PRIVATE, Reply(text="Hello"), "k:1#0")
    assert first.value.retry_after_s == 30
    with pytest.raises(Throttled):
        await out.send(ANN, Place.PRIVATE, Reply(text="Hello"), "k:2#0")
    assert api.count("sendMessage") == 0, "the second was not even tried"
    assert await out.send(Address("telegram", "6"), Place.PRIVATE, Reply(text="Hi"), "k:3#0")


async def test_a_long_reply_goes_on_where_it_broke_off() -> None:
    api = BotApi()
    out = TelegramOut(bot_on(api), lambda _language: "Private", Unhurried(), lambda _a, _b: None)
    api.chat(5)
    reply = Reply(text=LONG, options=asking("Yes").options)
    api.broken = _nth(3, Fault(status=502))
    with pytest.raises(OutcomeUnknown):
        await out.send(ANN, Place.PRIVATE, reply, "k:1#0")
    assert len(api.said(5)) == 2
    api.broken = None
    receipt = await out.send(ANN, Place.PRIVATE, reply, "k:1#0")
    texts = [message["text"] for message in api.said(5)]
    assert receipt.split() == [str(message["message_id"]) for message in api.said(5)]
    assert "".join(texts).count("Paragraph") == LONG.count("Paragraph")
    assert buttons(api.said(5)[-1]) == ["1. Yes"]
    assert not any(buttons(message) for message in api.said(5)[:-1])


def _nth(number: int, broken: Fault) -> Callable[[str], Fault | None]:
    seen = 0

    def fault(method: str) -> Fault | None:
        nonlocal seen
        seen += method == "sendMessage"
        return broken if seen == number and method == "sendMessage" else None

    return fault


async def test_a_group_that_moved_is_followed_at_once() -> None:
    api, moves = BotApi(), list[tuple[Address, Address]]()
    out = made(api, moves)
    api.chat(-7, "group").moved_to = -1007
    api.chat(-1007)
    old, new = Address("telegram", "-7"), Address("telegram", "-1007")
    await out.send(old, Place.GROUP, Reply(text="Hello"), "k:1#0")
    assert [message["text"] for message in api.said(-1007)] == ["Hello"]
    assert moves == [(old, new)]


async def test_a_newer_question_takes_the_buttons_of_the_older_one_away() -> None:
    api = BotApi()
    out = made(api)
    await out.send(ANN, Place.PRIVATE, asking("Fees"), "k:1#0")
    await out.send(ANN, Place.PRIVATE, asking("Rep"), "k:1#1")
    assert [buttons(message) for message in api.said(5)] == [["1. Fees"], ["1. Rep"]]
    await out.send(ANN, Place.PRIVATE, asking("Bodies"), "k:2#0")
    assert [buttons(message) for message in api.said(5)] == [[], [], ["1. Bodies"]]


def pressed(api: BotApi, label: str, key: str = "k:2") -> tuple[Inbound, Press]:
    message = api.said(5)[-1]
    token = f"t-{label}"
    press = Press.model_validate(
        {"id": "1", "from": person(5), "data": token, "message": _read(message)}
    )
    inbound = Inbound(
        key=key, identity=ANN, address=ANN, place=Place.PRIVATE, utterance=Choice(Token(token))
    )
    return inbound, press


def _read(message: Mapping[str, Any]) -> Message:
    kept = {name: message[name] for name in ("message_id", "chat", "reply_markup")}
    return Message.model_validate(kept)


@pytest.mark.parametrize("remembers", [True, False])
async def test_what_was_pressed_stays_and_the_rest_goes(remembers: bool) -> None:
    api = BotApi()
    out = made(api)
    await out.send(ANN, Place.PRIVATE, asking("Fees", "Bodies"), "k:1#0")
    out = out if remembers else made(api)
    out.expect(*pressed(api, "Bodies"), None)
    await out.send(ANN, Place.PRIVATE, Reply(text="Here."), "k:2#0")
    assert buttons(api.said(5)[0]) == ["✓ 2. Bodies"]
    assert api.said(5)[1]["text"] == "Here."


async def test_a_page_that_is_turned_takes_the_place_of_the_one_before() -> None:
    api = BotApi()
    out = made(api)
    await out.send(ANN, Place.PRIVATE, asking("Fees", "More"), "k:1#0")
    out.expect(*pressed(api, "More"), None)
    await out.send(ANN, Place.PRIVATE, asking("Bodies", in_place=True), "k:2#0")
    (message,) = api.said(5)
    assert buttons(message) == ["1. Bodies"]
    out.expect(*pressed(api, "Bodies", "k:3"), None)
    await out.send(ANN, Place.PRIVATE, asking("Bodies", in_place=True), "k:3#0")
    assert len(api.said(5)) == 1, "the same page once more is no trouble"


async def test_a_page_whose_message_is_gone_is_sent_anew() -> None:
    api = BotApi()
    out = made(api)
    await out.send(ANN, Place.PRIVATE, asking("More"), "k:1#0")
    out.expect(*pressed(api, "More"), None)
    api.chat(5).messages.clear()
    await out.send(ANN, Place.PRIVATE, asking("Bodies", in_place=True), "k:2#0")
    assert [buttons(message) for message in api.said(5)] == [["1. Bodies"]]


async def test_slow_work_shows_the_sign_of_typing_and_quick_work_does_not() -> None:
    api = BotApi()
    api.chat(5)
    quick, slow = TypingSign(bot_on(api), 3600), TypingSign(bot_on(api), 0)
    quick.begin("k:1", 5, None)
    quick.end("k:1")
    slow.begin("k:2", 5, 45)
    while not api.count("sendChatAction"):  # noqa: ASYNC110 - one turn of the loop at a time
        await asyncio.sleep(0)
    (call,) = [call for call in api.calls if call.method == "sendChatAction"]
    assert int(call.fields["message_thread_id"]) == 45
    await slow.close()
    await quick.close()
    assert api.wrong == []


def test_the_sign_of_typing_ends_with_the_first_reply() -> None:
    async def talk() -> None:
        api = BotApi()
        out = made(api)
        inbound = Inbound(
            key="k:1", identity=ANN, address=ANN, place=Place.PRIVATE, utterance=Text("hello")
        )
        out.expect(inbound, None, 3)
        await out.send(ANN, Place.PRIVATE, Reply(text="Hello"), "k:1#0")
        await out.close()
        assert api.count("sendChatAction") == 0

    asyncio.run(talk())


class Hours:
    """Time that passes only when somebody says so; sleeping lets it pass."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0)


async def sent_in(seconds: float, chats: list[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many messages go out to these chats in turn within so many seconds."""
    hours = Hours()
    monkeypatch.setattr("bot.channels.telegram.pacing.asyncio.sleep", hours.sleep)
    pace, count = Pace(lambda: hours.now), 0
    while hours.now < seconds:
        try:
            await pace.wait(chats[count % len(chats)])
            count += 1
        except Throttled as error:
            hours.now += error.retry_after_s
    return count


async def test_one_chat_gets_one_a_second_after_a_short_burst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await sent_in(60, [5], monkeypatch) == pytest.approx(60 + BURST, abs=2)


async def test_a_group_gets_twenty_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await sent_in(600, [-100], monkeypatch) <= 200 + GROUP_BURST + 1


async def test_everybody_together_gets_thirty_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    count = await sent_in(60, list(range(1, 5_001)), monkeypatch)
    assert 60 * PER_S <= count <= 61 * PER_S + 1
