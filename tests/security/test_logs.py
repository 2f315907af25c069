"""What a person wrote, who they are and every secret stay out of the logs (R39), at any level."""

import asyncio
import json
import logging
import random
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from bot.cli.logs import set_up_logs
from bot.messages import Address, Choice, Command, Edited, Place, Reply, Text, Token, Unreadable
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.library import Edition, Library
from bot.storage.memory import MemoryStore
from tests.builders import content_of, torn
from tests.service.houses import CHANNEL, House, RecordingChannel

TELEGRAM = "123456789:AAF-canary_token_of_thirty_five_chars1"
SLACK = ("xoxb-123456789012-canarytoken", "xapp-1-A012345-canarytoken")
SECRETS = (TELEGRAM, *SLACK)


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Standard error with everything logged, as `pathways run` would at DEBUG; put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "stdout", written)
    set_up_logs("DEBUG")
    yield written
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    logging.raiseExceptions = True


def canaries(count: int) -> list[str]:
    """Words that nobody writes: whoever finds one in a log knows where it came from."""
    chance = random.Random(5)
    return [f"canary{chance.randrange(10**12)}" for _ in range(count)]


class Talkative(RecordingChannel):
    """Raises with the text, the name and a token in the exception, as real libraries do."""

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        try:
            _break_off(f"POST https://api/bot{TELEGRAM}/send {address} {reply.text}")
        except ConnectionError as error:
            logging.getLogger("httpx").debug("request to %s failed: %s", address, error)
            raise RuntimeError(f"{reply.text} to {address.id}") from error
        return key


def _break_off(words: str) -> None:
    raise ConnectionError(words)


def spoken(stderr: StringIO) -> list[dict[str, Any]]:
    """The log lines so far: all of standard error and output, each line one JSON object."""
    return [json.loads(line) for line in stderr.getvalue().splitlines()]


def test_whole_conversations_leave_no_word_in_the_log(stderr: StringIO) -> None:
    words = canaries(220)
    names = [f"name-{word}" for word in words[:10]]
    listed = {f"{word} fee?": torn("cost", "employer") for word in words[::3]}
    house = House(MemoryStore(), listed=listed)
    logging.getLogger("anything").debug("the log is alive")
    for number, word in enumerate(words):
        who = names[number % len(names)]
        utterances = (
            Text(f"{word} fee?"),
            Edited(f"does {word} pay?"),
            Command("join", word),
            Command(word, word),
            Choice(Token(word)),
            Unreadable(word),
        )
        for utterance in (utterances[0], utterances[number % len(utterances)], Text("2")):
            house.hear(who, utterance)
        if number % 20 == 0:
            house.deliver()
    for who in names:
        house.hear(who, Command("mydata", "yes"))
        house.hear(who, Command("forget", "yes"))
    house.deliver(Talkative())
    logged = json.dumps(spoken(stderr))
    assert "the log is alive" in logged
    assert "delivery.failed" in logged
    assert [word for word in (*words, *names) if word in logged] == []
    assert not any(secret in logged for secret in SECRETS)


def test_a_failed_delivery_says_what_and_where_but_not_why_in_words(stderr: StringIO) -> None:
    house = House(MemoryStore())
    house.hear("canary-person", Text("How much does registration cost?"), key="test:1")
    house.deliver(Talkative())
    (line,) = [line for line in spoken(stderr) if line["event"] == "delivery.failed"]
    assert (line["delivery"], line["error"], line["level"]) == (
        "test:1#0",
        "RuntimeError",
        "warning",
    )
    assert any("test_logs.py" in place for place in line["where"])
    assert "canary" not in json.dumps({**line, "where": []})
    assert "It costs" not in json.dumps(line)


def test_an_engine_that_raises_says_nothing_of_the_words(stderr: StringIO) -> None:
    class Broken:
        def read(self, text: str) -> object:
            raise ValueError(f"cannot read {text}")

    content = content_of()
    house = House(MemoryStore())
    reader: Any = Broken()
    broken = Conversation(house.store, Library(Edition(content, reader)), house.clock)
    house.conversation = broken
    log = structlog.get_logger("tests")
    with pytest.raises(ValueError, match="canary") as caught:
        house.hear("ann", Text("canary words"))
    log.error("turn.failed", exc_info=caught.value)
    try:
        house.hear("ann", Text("canary words"))
    except ValueError:
        log.exception("turn.failed")
        logging.getLogger("library").exception("it broke")
    lines = spoken(stderr)
    assert len(lines) == 3
    assert all(line["exception"][0].startswith("ValueError") for line in lines)
    assert "canary" not in json.dumps(lines)


def test_what_asyncio_says_of_a_lost_task_is_cut_before_its_values(stderr: StringIO) -> None:
    async def lose() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": ValueError("canary")}
        )
        loop.call_soon(_raise, "canary argument")
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(lose())
    lines = [line for line in spoken(stderr) if line["level"] == "error"]
    assert len(lines) == 2
    assert lines[0]["event"] == "Task exception was never retrieved"
    assert "canary" not in json.dumps(lines)


def _raise(words: str) -> None:
    raise ValueError(words)


def _in_the_event(secret: str) -> None:
    structlog.get_logger().info(f"GET https://api.telegram.org/bot{secret}/getMe 200")


def _in_a_value(secret: str) -> None:
    structlog.get_logger().info("request", url={"url": [secret]}, raw=secret.encode())


def _in_a_library(secret: str) -> None:
    logging.getLogger("library").warning("HTTP %s %s", "GET", f"https://api/bot{secret}/getMe")


def _in_a_broken_format(secret: str) -> None:
    logging.getLogger("library").warning("%d", secret)


WAYS = (_in_the_event, _in_a_value, _in_a_library, _in_a_broken_format)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_secret_is_taken_out_wherever_it_stands(
    way: Callable[[str], None], secret: str, stderr: StringIO
) -> None:
    way(secret)
    logging.getLogger("anything").debug("the log is alive")
    assert "the log is alive" in stderr.getvalue()
    assert "canary" not in stderr.getvalue()


def test_chatty_libraries_are_heard_only_when_something_is_wrong(stderr: StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("telegram.ext").info("update")
    logging.getLogger("httpx").warning("trouble")
    assert [line["event"] for line in spoken(stderr)] == ["trouble"]


def test_every_log_line_is_one_json_object_with_a_time_and_a_level(stderr: StringIO) -> None:
    structlog.get_logger().info("one\ntwo", value="\u2028\n🙂")
    logging.getLogger("library").error("a\nb")
    (first, second) = spoken(stderr)
    assert first["event"] == "one\ntwo"
    assert {"timestamp", "level", "event"} <= set(second)


def test_a_level_is_kept(stderr: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    set_up_logs("WARNING")
    structlog.get_logger().info("quiet")
    logging.getLogger("library").info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in spoken(stderr)] == ["loud"]


def test_a_deliverer_that_cannot_store_says_the_kind_of_error_only(stderr: StringIO) -> None:
    house = House(MemoryStore())
    house.store.close()

    async def run() -> None:
        deliverer = Deliverer(house.store, {CHANNEL: RecordingChannel()}, house.clock)
        task = asyncio.create_task(deliverer.run())
        for _ in range(50):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    lines = [line for line in spoken(stderr) if line["event"] == "outbox.failed"]
    assert [line["error"] for line in lines] == ["StoreError"]
