"""Socket Mode: acknowledged after the commit, on several lines that come and go."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SettingsError
from tests.channels.slack.fake import APP_TOKEN, THROTTLED, FakeSlack, Fault
from tests.channels.slack.offices import BY_SOCKET, office
from tests.channels.slack.payloads import home_opened, message, press, slash
from tests.channels.slack.test_taking_in import BrokenStore

ANN = "U0001"


async def test_several_lines_are_open_and_each_is_heard(tmp_path: Path) -> None:
    async with office(tmp_path, replace(BY_SOCKET, connections=3)) as here:
        await here.fake.until(lambda: len(here.fake.sockets) == 3)
        for number in range(6):
            assert await here.fake.deliver(message(ANN, f"hello {number}"), tries=1)
        assert len(await here.rows("inbound_key")) == 6
        await here.fake.until(lambda: len(here.fake.messages) >= 7)


async def test_the_slash_command_is_answered_in_the_acknowledgement(tmp_path: Path) -> None:
    async with office(tmp_path, BY_SOCKET) as here:
        ack = await here.fake.deliver(slash(ANN, "topics"), tries=1)
        assert ack is not None
        assert ack["payload"]["response_type"] == "ephemeral"
        bare = await here.fake.deliver(home_opened(ANN), tries=1)
        assert bare is not None
        assert "payload" not in bare


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(tmp_path: Path) -> None:
    """R03 by socket; of a button too, which Slack never sends again of itself."""
    store = BrokenStore(tmp_path / "slack.db")
    async with office(tmp_path, BY_SOCKET, store=store) as here:
        said = message(ANN, "/audience")
        store.is_full = True
        envelope = await here.fake.push(said)
        with pytest.raises(TimeoutError):
            await here.fake.acknowledged(envelope, 0.5)
        store.is_full = False
        assert await here.rows("inbound_key") == []
        assert await here.fake.deliver(said, tries=1)
        await here.fake.until(lambda: len(here.fake.messages) == 2)
        pressed = press(ANN, here.fake.messages[-1], "A workplace rep")
        store.is_full = True
        with pytest.raises(TimeoutError):
            await here.fake.acknowledged(await here.fake.push(pressed), 0.5)
        store.is_full = False
        assert {row["audience"] for row in await here.rows("person")} == {None}


async def test_lines_that_are_cut_or_renewed_are_opened_again(tmp_path: Path) -> None:
    async with office(tmp_path, BY_SOCKET) as here:
        await here.fake.until(lambda: len(here.fake.sockets) == 2)
        old = list(here.fake.sockets)
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await here.fake.until(lambda: not set(old) & set(here.fake.sockets))
        await here.fake.until(lambda: len(here.fake.sockets) == 2)
        for socket in list(here.fake.sockets):
            await socket.close()
        await here.fake.until(lambda: len(here.fake.sockets) == 2)
        assert await here.fake.deliver(message(ANN, "hello"))


async def test_a_refused_handshake_gets_a_new_address(tmp_path: Path) -> None:
    """The SDK would try the used one for ever."""
    fake = FakeSlack()
    await fake.start()
    fake.faults["apps.connections.open"] = [Fault(status=500), THROTTLED]
    fake.faults["socket"] = [Fault(status=500), Fault(status=0), Fault(status=503)]
    fake.faults["auth.test"] = [Fault(status=503, body="<html>"), Fault(status=0)]
    async with office(tmp_path, BY_SOCKET, fake=fake) as here:
        await here.fake.until(lambda: len(here.fake.sockets) == 2)
        assert await here.fake.deliver(message(ANN, "hello"))
    await fake.stop()


async def test_a_wrong_app_token_is_a_setting_to_be_put_right(tmp_path: Path) -> None:
    with pytest.raises(BaseExceptionGroup) as caught:
        async with office(tmp_path, replace(BY_SOCKET, app_token=f"{APP_TOKEN}-wrong")):
            pass
    assert caught.group_contains(SettingsError, match="PATHWAYS_SLACK_APP_TOKEN")


@pytest.mark.parametrize(
    "junk", ["", "no json", "[]", "[" * 100_000, "1" * 5_000, "{}", '{"type": "events_api"}']
)
async def test_a_line_survives_what_makes_no_sense(junk: str, tmp_path: Path) -> None:
    async with office(tmp_path, replace(BY_SOCKET, connections=1)) as here:
        (socket,) = here.fake.sockets
        await socket.send_str(junk)
        await socket.send_json(
            {"envelope_id": "e1", "type": "events_api", "payload": {"type": []}}
        )
        assert await here.fake.acknowledged("e1")
        assert await here.fake.deliver(message(ANN, "hello"), tries=1)
        assert here.fake.sockets == [socket]


async def test_a_line_lives_longer_than_a_call_may_take(tmp_path: Path) -> None:
    options = replace(BY_SOCKET, timeout_s=1.0, connections=1, ping_s=0.3)
    async with office(tmp_path, options) as here:
        (socket,) = here.fake.sockets
        with pytest.raises(TimeoutError):
            await here.fake.until(lambda: here.fake.sockets != [socket], 1.5)


async def test_what_was_begun_is_finished_when_told_to_stop(tmp_path: Path) -> None:
    async with office(tmp_path, BY_SOCKET) as here:
        envelopes = [await here.fake.push(message(ANN, f"hello {n}")) for n in range(20)]
        await here.fake.until(lambda: here.fake.acks)
        here.stop.set()
        await here.fake.until(lambda: not here.fake.sockets)
        kept = {str(row["key"]) for row in await here.rows("inbound_key")}
        acknowledged = [envelope for envelope in envelopes if envelope in here.fake.acks]
        assert len(kept) >= len(acknowledged) > 0


async def test_no_task_is_left_behind(tmp_path: Path) -> None:
    before = len(asyncio.all_tasks())
    async with office(tmp_path, BY_SOCKET) as here:
        await here.fake.deliver(message(ANN, "hello"))
    assert len(asyncio.all_tasks()) <= before + 1
