"""Polling and webhook over HTTP: nothing is acknowledged before it is kept, or lost (R03, R29)."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.telegram.options import Options
from bot.channels.telegram.polling import by_chat
from bot.channels.telegram.webhook import HEADER
from bot.errors import BotError, SettingsError, StoreFull
from bot.service.ports import Tx
from tests.builders import content_of
from tests.channels.telegram.api import BOT_ID, TOKEN, BotApi, Fault, person
from tests.channels.telegram.house import COST, House, living
from tests.channels.telegram.server import ApiServer

HOOK = "https://bot.example/telegram/hook"
SECRET = Options(token=TOKEN).secret


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    async with ApiServer(BotApi(limits=False)) as serving:
        yield serving
        assert serving.api.wrong == []


def keys(house: House) -> set[str]:
    return {str(row["key"]) for row in house.rows("inbound_key")}


async def test_a_question_is_answered_and_then_confirmed(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        number = house.api.writes(5, COST)
        (message,) = await house.said(5, 1)
        assert "It costs less" in message["text"]
        await house.until(lambda: house.api.confirmed == number)
        assert keys(house) == {f"telegram:{BOT_ID}:{number}"}


async def test_updates_that_waited_before_the_start_are_kept_and_come_in_order(
    server: ApiServer, tmp_path: Path
) -> None:
    for text in ("/status", COST, "/topics"):
        server.api.writes(5, text)
    async with living(tmp_path, server) as house:
        said = [message["text"] for message in await house.said(5, 3)]
    assert ["under way" in said[0], "costs" in said[1], "like to know" in said[2]] == [True] * 3


async def test_the_offset_stays_until_the_commit(server: ApiServer, tmp_path: Path) -> None:
    async with living(tmp_path, server) as house:
        house.store.error = StoreFull("full")
        numbers = [house.api.writes(who, COST) for who in (5, 6, 7)]
        await house.until(lambda: house.store.refused >= 9)
        assert house.api.confirmed < numbers[0]
        assert keys(house) == set()
        house.store.error = None
        await house.until(lambda: house.api.confirmed == numbers[-1])
        assert len(keys(house)) == 3
        for who in (5, 6, 7):
            assert len(await house.said(who, 1)) == 1


async def test_an_update_that_can_never_be_kept_is_apologised_for_and_stops_nobody(
    server: ApiServer, tmp_path: Path
) -> None:
    """A turn that breaks a rule of the tables does so each time: waiting would stop the offset."""
    async with living(tmp_path, server) as house:

        def spoil(tx: Tx) -> None:
            is_known = tx.get("identity", {"channel": "telegram", "account": "5"}) is not None
            said = [
                tx.get("inbound_key", {"key": f"telegram:{BOT_ID}:{number}"}) for number in two
            ]
            if is_known and said[0] and not said[1]:
                tx.insert("branch", {"id": "main", "name": "Twice", "created_at": 1})

        house.store.spoil = spoil
        two = [house.api.writes(5, COST) for _ in range(2)]
        house.api.writes(6, COST)
        await house.until(lambda: house.api.confirmed > two[1])
        first, second = await house.said(5, 2)
        assert first["text"] == content_of().wording.say(BotError.wording)
        assert "It costs less" in second["text"]
        assert len(await house.said(6, 1)) == 1
        assert len(keys(house)) == 3


async def test_the_same_update_twice_has_one_effect(server: ApiServer, tmp_path: Path) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, COST)
        house.api.waiting.append(dict(house.api.waiting[-1]))
        house.api.writes(5, "/status")
        assert len(await house.said(5, 2)) == 2
        assert len(house.rows("outbox")) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502),
        Fault(status=500, body=b"<html>sorry</html>"),
        Fault(status=200, body=b"garbage"),
        Fault(status=200, body=b'{"ok":true,"result":7}'),
        Fault(status=0),
        Fault(status=0, done=True),
        Fault(status=429, retry_after=1, description="Too Many Requests: retry after 1"),
        Fault(status=409, description="Conflict: terminated by other getUpdates request"),
    ],
    ids=lambda fault: f"{fault.status}-{fault.done}",
)
async def test_polling_goes_on_after_any_trouble(
    server: ApiServer, tmp_path: Path, fault: Fault
) -> None:
    server.api.faults["getUpdates"].extend([fault, fault])
    server.api.writes(5, COST)
    async with living(tmp_path, server) as house:
        assert len(await house.said(5, 1)) == 1


@pytest.mark.parametrize(
    "fault",
    [Fault(status=502), Fault(status=200, body=b'{"ok":true,"result":7}'), Fault(status=0)],
    ids=lambda fault: str(fault.status),
)
async def test_a_start_while_telegram_is_in_trouble_goes_on_by_itself(
    server: ApiServer, tmp_path: Path, fault: Fault
) -> None:
    server.api.faults["getMe"].extend([fault, fault])
    server.api.writes(5, COST)
    async with living(tmp_path, server) as house:
        assert len(await house.said(5, 1)) == 1


async def test_an_update_that_makes_no_sense_stops_no_other(
    server: ApiServer, tmp_path: Path
) -> None:
    server.api.push(message={"chat": "none"})
    server.api.push(callback_query={"id": 7})
    server.api.push(something_new={"x": 1})
    server.api.writes(5, COST)
    async with living(tmp_path, server) as house:
        assert len(await house.said(5, 1)) == 1
        await house.until(lambda: not house.api.waiting)


async def test_a_press_is_answered_and_done(server: ApiServer, tmp_path: Path) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/topics")
        (menu,) = await house.said(5, 1)
        button = menu["reply_markup"]["inline_keyboard"][0][0]
        house.api.presses(5, 5, menu["message_id"], button["callback_data"])
        menu, _ = await house.said(5, 2)
        left = [one["text"] for row in menu["reply_markup"]["inline_keyboard"] for one in row]
        assert left == [f"✓ {button['text']}"]
        await house.until(lambda: len(house.api.answered) == 1)


async def test_a_forged_or_stale_press_is_answered_and_safe(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/topics")
        (menu,) = await house.said(5, 1)
        button = menu["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        house.api.presses(5, 5, menu["message_id"], "forged")
        house.api.presses(6, 6, 99, button)
        assert "too old" in (await house.said(5, 2))[-1]["text"]
        assert "too old" in (await house.said(6, 1))[-1]["text"]
        await house.until(lambda: len(house.api.answered) == 2)


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageReplyMarkup"])
@pytest.mark.parametrize(
    "description",
    ["query is too old and response timeout expired", "message is not modified", "anything else"],
)
async def test_trouble_with_the_buttons_loses_no_turn(
    server: ApiServer, tmp_path: Path, method: str, description: str
) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/topics")
        (menu,) = await house.said(5, 1)
        fault = Fault(status=400, description=f"Bad Request: {description}")
        house.api.faults[method].append(fault)
        button = menu["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        house.api.presses(5, 5, menu["message_id"], button)
        assert len(await house.said(5, 2)) == 2


async def test_private_things_asked_in_a_group_lead_to_a_private_talk(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/mydata@pathways_bot", chat=-100)
        (message,) = await house.said(-100, 1)
        ((link,),) = message["reply_markup"]["inline_keyboard"]
        payload = link["url"].removeprefix("https://t.me/pathways_bot?start=")
        house.api.writes(5, f"/start {payload}")
        (asked,) = await house.said(5, 1)
        assert "everything I keep about you" in asked["text"]
        assert all(
            not str(row["address"]).startswith("-") or row["person"]
            for row in house.rows("outbox")
        )


async def test_an_answer_in_a_group_stays_in_its_topic_and_below_its_question(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/help", chat=-100, message_thread_id=45, is_topic_message=True)
        (message,) = await house.said(-100, 1)
        assert message["message_thread_id"] == 45
        (sent,) = [call for call in house.api.calls if call.method == "sendMessage"]
        assert sent.fields["reply_parameters"]["message_id"] == 101


async def test_who_blocks_the_bot_is_remembered_until_they_write_again(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.chat(5).is_closed = "bot was blocked by the user"
        house.api.writes(5, COST)
        await house.until(lambda: len(house.rows("unreachable")) == 1)
        (row,) = house.rows("unreachable")
        assert (row["address"], bool(row["person"])) == ("5", True)
        assert [row["status"] for row in house.rows("outbox")] == ["failed"]
        house.api.chat(5).is_closed = ""
        house.api.writes(5, "/status")
        await house.said(5, 1)
        assert house.rows("unreachable") == []
        change = {"chat": {"id": 5, "type": "private"}, "from": person(5), "date": 0}
        house.api.push(my_chat_member={**change, "new_chat_member": {"status": "kicked"}})
        await house.until(lambda: len(house.rows("unreachable")) == 1)


async def test_a_group_that_moved_gets_what_was_meant_for_it(
    server: ApiServer, tmp_path: Path
) -> None:
    server.api.chat(-7, "group").moved_to = -1007
    server.api.chat(-1007)
    async with living(tmp_path, server) as house:
        house.api.writes(5, "/help", chat=-7)
        assert len(await house.said(-1007, 1)) == 1


async def test_menus_are_set_by_place_and_role(server: ApiServer, tmp_path: Path) -> None:
    async with living(tmp_path, server) as house:
        await house.until(lambda: len(house.api.commands) == 2)
        private, group = (
            house.api.commands[f'{{"type": "all_{kind}_chats"}}'] for kind in ("private", "group")
        )
        assert {"help", "mydata", "forget", "topics"} <= set(private)
        assert "invite" not in private
        assert "mydata" not in group


async def test_a_token_that_telegram_does_not_know_ends_it(tmp_path: Path) -> None:
    wrong = "123456789:another_token_that_nobody_has_given"
    async with ApiServer() as server:
        with pytest.raises(SettingsError, match="PATHWAYS_TELEGRAM_TOKEN"):
            async with living(tmp_path, server, token=wrong):
                pass


# The webhook.


@pytest.fixture
async def hooked(server: ApiServer, tmp_path: Path) -> AsyncIterator[House]:
    async with living(tmp_path, server, webhook_url=HOOK) as house:
        house.api.chat(5)
        yield house


async def post(house: House, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {HEADER: secret}
    url = house.server.hook(HOOK)
    sent = io.BytesIO(body)
    async with ClientSession() as client, client.post(url, data=sent, headers=headers) as answer:
        return answer.status


def update(text: str = COST, number: int = 1, **more: Any) -> bytes:
    message = BotApi().message(5, 5, text=text)
    return json.dumps({"update_id": number, "message": message, **more}).encode()


async def test_the_webhook_is_set_with_its_secret_and_nothing_thrown_away(hooked: House) -> None:
    hook = hooked.api.webhook
    assert hook["url"] == HOOK
    assert hook["secret_token"] == SECRET
    assert len(SECRET) >= 32
    assert set(hook["allowed_updates"]) >= {"message", "callback_query", "my_chat_member"}


async def test_updates_of_the_webhook_are_answered(hooked: House) -> None:
    hooked.server.push_all()
    hooked.api.writes(5, COST)
    hooked.api.writes(6, "/status")
    await hooked.said(5, 1)
    await hooked.said(6, 1)
    assert hooked.server.refused == []


@pytest.mark.parametrize(
    "secret", [None, "", "x", SECRET[:-1], SECRET + "x", "é" * 32, "a" * 5_000]
)
async def test_without_the_secret_nothing_is_even_read(hooked: House, secret: str | None) -> None:
    assert await post(hooked, update(), secret) == 401
    assert await post(hooked, b"not json", secret) == 401
    assert keys(hooked) == set()


BAD_BODIES = {
    "empty": b"",
    "not-json": b"hello",
    "not-utf8": b'{"update_id": 1, "message": "\xff"}',
    "deep": b"[" * 200_000,
    "long-number": b'{"update_id": ' + b"9" * 5_000 + b"}",
    "list": b"[1, 2]",
    "no-number": b'{"message": {}}',
    "nan": b'{"update_id": NaN}',
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_a_body_that_is_no_update_is_refused(hooked: House, body: bytes) -> None:
    assert await post(hooked, body) == 400
    assert keys(hooked) == set()


async def test_a_body_that_is_too_large_is_refused(hooked: House) -> None:
    assert await post(hooked, b'{"update_id": 1, "x": "' + b"x" * 20_000_000 + b'"}') == 413


async def test_an_update_of_a_new_kind_is_taken_and_let_go(hooked: House) -> None:
    assert await post(hooked, b'{"update_id": 5, "something_new": {}}') == 200
    assert await post(hooked, b'{"update_id": 6, "message": {"chat": 1}}') == 200


async def test_the_webhook_says_received_only_after_the_commit(hooked: House) -> None:
    hooked.store.error = StoreFull("full")
    assert await post(hooked, update()) == 503
    assert keys(hooked) == set()
    hooked.store.error = None
    assert await post(hooked, update()) == 200
    assert len(keys(hooked)) == 1


async def test_under_pressure_telegram_is_asked_to_come_again(
    hooked: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.intake.MAX_WAITING", 0)
    headers = {HEADER: SECRET}
    url = hooked.server.hook(HOOK)
    async with (
        ClientSession() as client,
        client.post(url, data=update(), headers=headers) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


async def send_again(house: House, times: int) -> None:
    at_once = 100
    for _ in range(times // at_once):
        statuses = await asyncio.gather(*(post(house, update()) for _ in range(at_once)))
        assert set(statuses) == {200}
    assert len(await house.said(5, 1)) == 1
    assert len(house.rows("outbox")) == 1


async def test_one_request_sent_a_hundred_times_has_one_effect(hooked: House) -> None:
    await send_again(hooked, 100)


@pytest.mark.long
async def test_one_request_sent_a_thousand_times_has_one_effect(hooked: House) -> None:
    await send_again(hooked, 1_000)


async def test_a_turn_that_breaks_is_answered_and_never_comes_again(
    hooked: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.service.conversation.respond", broken)
    assert await post(hooked, update()) == 200
    assert "went wrong" in (await hooked.said(5, 1))[0]["text"]
    assert await post(hooked, update()) == 200
    assert len(keys(hooked)) == 1
    assert len(hooked.api.said(5)) == 1


def test_a_batch_is_taken_by_person_and_in_order() -> None:
    api = BotApi()
    for who, text in ((5, "a"), (6, "b"), (5, "c")):
        api.writes(who, text)
    texts = [[one["message"]["text"] for one in each] for each in by_chat(api.updates(None))]  # type: ignore[index]  # updates of our own
    assert texts == [["a", "c"], ["b"]]
