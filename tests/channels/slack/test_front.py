"""The front door by HTTP refuses what Slack would not send, with a 4xx, and keeps nothing of it (R29)."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.dispatch import Dispatcher
from bot.channels.slack.front import WINDOW_S, is_signed, sign
from bot.channels.slack.incoming import Nothing, Us, parse_incoming
from bot.channels.slack.payload import MalformedError, parse_body
from bot.channels.slack.taking import Ack
from tests.channels.slack.fake import SECRET, headers_of, signed
from tests.channels.slack.offices import Office, office
from tests.channels.slack.payloads import (
    BOT,
    TEAM,
    edited,
    event,
    home_opened,
    mention,
    message,
    send_form,
    shortcut,
    slash,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TIME = str(int(NOW.timestamp()))
US = Us(user=BOT, teams=frozenset({TEAM}))
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


def test_what_slack_signed_is_let_in() -> None:
    raw = b'{"type": "event_callback"}'
    assert sign(raw, TIME, SECRET) == headers_of(raw, TIME)["X-Slack-Signature"]
    assert is_signed(raw, headers_of(raw, TIME), [SECRET], NOW)
    assert is_signed(raw, headers_of(raw, TIME), ["another", SECRET], NOW), "while one is replaced"
    assert not is_signed(raw, headers_of(raw, TIME), [], NOW)


@pytest.mark.parametrize("seconds", [-WINDOW_S - 1, WINDOW_S + 1, 10**9])
def test_the_window_is_five_minutes_to_either_side(seconds: int) -> None:
    old = headers_of(b"x", str(int(TIME) + seconds))
    assert not is_signed(b"x", old, [SECRET], NOW)
    edge = headers_of(b"x", str(int(TIME) + (WINDOW_S if seconds > 0 else -WINDOW_S)))
    assert is_signed(b"x", edge, [SECRET], NOW)


def test_our_clock_is_asked_and_no_other() -> None:
    headers = headers_of(b"x", TIME)
    assert not is_signed(b"x", headers, [SECRET], datetime(2030, 1, 1, tzinfo=UTC))


BAD_HEADERS = {
    "none": {},
    "no time": {"X-Slack-Request-Timestamp": ""},
    "no signature": {"X-Slack-Signature": ""},
    "time in letters": {"X-Slack-Request-Timestamp": "abc"},
    "time with an exponent": {"X-Slack-Request-Timestamp": "1e9"},
    "time in other digits": {"X-Slack-Request-Timestamp": "\u0661\u0662"},
    "negative time": {"X-Slack-Request-Timestamp": "-5"},
    "endless time": {"X-Slack-Request-Timestamp": "9" * 500},
    "old time": {"X-Slack-Request-Timestamp": "1000000000"},
    "signature of no letters": {"X-Slack-Signature": "v0=\u00e9"},
    "signature of another version": {"X-Slack-Signature": "v1=" + "0" * 64},
    "short signature": {"X-Slack-Signature": "v0=00"},
    "wrong signature": {"X-Slack-Signature": "v0=" + "0" * 64},
    "signature in capitals": {"X-Slack-Signature": "V0=" + "A" * 64},
}


@pytest.mark.parametrize("name", BAD_HEADERS)
async def test_a_request_that_is_not_signed_is_refused(name: str, here: Office) -> None:
    raw, headers = signed(message("U0001", "hello"), here.clock.now().timestamp())
    if name == "none":
        headers = {}
    assert await here.post_raw(raw, {**headers, **BAD_HEADERS[name]}) == (401, "")
    assert await here.rows("inbound_key") == []


async def test_one_byte_more_breaks_the_signature(here: Office) -> None:
    raw, headers = signed(message("U0001", "hello"), here.clock.now().timestamp())
    assert (await here.post_raw(raw + b" ", headers))[0] == 401
    assert (await here.post_raw(raw, headers))[0] == 200


BAD_BODIES = {
    "empty": (b"", JSON),
    "no JSON": (b"{", JSON),
    "not UTF-8": (b'{"type": "\xff"}', JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "a number": (b"1", JSON),
    "deep": (b"[" * 100_000, JSON),
    "deep object": (b'{"a":' * 50_000, JSON),
    "a long number": (b'{"a": ' + b"1" * 5_000 + b"}", JSON),
    "another type": (b"{}", {"Content-Type": "text/plain"}),
    "payload of no JSON": (b"payload=%7B", FORM),
    "payload of a list": (b"payload=%5B%5D", FORM),
    "many fields": (b"&".join(b"a=1" for _ in range(1_000)), FORM),
    "event null": (json.dumps({**event({}), "event": None}).encode(), JSON),
    "event list": (json.dumps({**event({}), "event": []}).encode(), JSON),
    "event without type": (json.dumps(event({"user": "U1"})).encode(), JSON),
    "no event id": (json.dumps({**message("U1", "a"), "event_id": None}).encode(), JSON),
    "text list": (json.dumps(message("U1", ["a"])).encode(), JSON),
    "user object": (json.dumps(mention({"id": "U1"}, "a")).encode(), JSON),
    "channel with a slash": (json.dumps(mention("U1", "a", "C1/x:y")).encode(), JSON),
    "no action": (
        json.dumps({"type": "block_actions", "team": {"id": TEAM}, "actions": []}).encode(),
        JSON,
    ),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_signed_request_that_makes_no_sense_is_refused(name: str, here: Office) -> None:
    raw, kind = BAD_BODIES[name]
    time = str(int(here.clock.now().timestamp()))
    status, body = await here.post_raw(raw, {**headers_of(raw, time), **kind})
    assert (status, body) == (400, ""), name
    assert await here.rows("inbound_key") == []


async def _in_pieces(raw: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(raw), 65_536):
        yield raw[at : at + 65_536]


@pytest.mark.parametrize("says_its_length", [True, False])
async def test_a_body_over_the_cap_is_refused(says_its_length: bool, here: Office) -> None:
    raw = b"x" * 900_000
    headers = {**headers_of(raw, str(int(here.clock.now().timestamp()))), **JSON}
    body = raw if says_its_length else _in_pieces(raw)
    try:
        async with here.session.post(here.address, data=body, headers=headers) as answer:
            status = answer.status
    except OSError:  # it hung up on us in the middle: refused all the same
        status = 413
    assert status == 413


async def test_slack_is_answered_about_the_address(here: Office) -> None:
    asked = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"}
    status, body = await here.post(asked)
    assert (status, json.loads(body)["challenge"]) == (200, "3eZbrw1a")
    raw = b"ssl_check=1&token=x"
    time = str(int(here.clock.now().timestamp()))
    assert (await here.post_raw(raw, {**headers_of(raw, time), **FORM}))[0] == 200


async def test_only_posts_are_served(here: Office) -> None:
    async with here.session.get(here.address) as answer:
        assert answer.status == 405


FORM_VIEW = {
    "id": "V1",
    "hash": "1.a",
    "callback_id": "answers",
    "private_metadata": '["r1",{"place":"0","why":"0"}]',
    "blocks": [
        {"block_id": "place", "element": {"type": "plain_text_input"}},
        {"block_id": "why", "element": {"type": "number_input"}},
    ],
    "title": {},
}
LIST = {
    "id": "F1",
    "name": "l.csv",
    "mimetype": "text/csv",
    "size": 3,
    "url_private": "https://x.example/",
}
SAMPLES = (
    send_form("U0001", FORM_VIEW, place="York", why="7"),
    message("U0001", "", subtype="file_share", files=[LIST]),
    {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U0001", "team_id": TEAM},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D0001"},
        "channel": {"id": "D0001", "name": "directmessage"},
        "trigger_id": "1.2.abc",
        "actions": [{"action_id": "form", "block_id": "form", "value": "r1", "action_ts": "1.1"}],
    },
    message("U0001", "hello"),
    edited("U0001", "a", "b"),
    mention("U0001", "hello"),
    home_opened("U0001"),
    slash("U0001", "topics"),
    shortcut("U0001", "hello"),
    {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U0001", "team_id": TEAM},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D0001"},
        "channel": {"id": "D0001", "name": "directmessage"},
        "message": {"ts": "1.1", "text": "a", "blocks": []},
        "response_url": "https://hooks.example/1",
        "actions": [
            {"action_id": "option.1", "block_id": "ask.1", "value": "t", "action_ts": "1.1"}
        ],
    },
)
junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=20),
        st.sampled_from(
            ["", "message", "event_callback", "U1", "\ud800", "\x00", "a/b:c", "<!here>"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A payload of Slack's in which a few things were replaced, dropped or doubled."""
    body: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    for _ in range(draw(st.integers(1, 3))):
        where: Any = body
        while True:
            key = draw(st.sampled_from(sorted(where))) if isinstance(where, dict) and where else 0
            inner = where[key] if isinstance(where, dict) and where else None
            if isinstance(inner, dict) and inner and draw(st.booleans()):
                where = inner
            elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
                where = inner[0] if draw(st.booleans()) and inner[0] else {"x": 1}
            else:
                break
        if not isinstance(where, dict) or not where:
            continue
        if draw(st.booleans()):
            where[key] = draw(junk)
        else:
            where.pop(key)
    return body


class _Counting:
    """Stands where the intake would be: these tests are about what comes before it."""

    def __init__(self) -> None:
        self.taken = 0

    async def take(self, incoming: object) -> Ack:
        self.taken += 1
        return Ack(200)


@cache
def runner() -> asyncio.Runner:
    """One loop for all payloads: a new one for each takes longer than the payload."""
    return asyncio.Runner()


def play(body: dict[str, Any], dispatcher: Dispatcher) -> int:
    return runner().run(dispatcher.dispatch(body)).status


def check(body: dict[str, Any], dispatcher: Dispatcher) -> None:
    assert play(body, dispatcher) in {200, 400}, body


@pytest.fixture(scope="module")
def dispatcher() -> Iterator[Dispatcher]:
    yield Dispatcher(_Counting(), US)  # type: ignore[arg-type]  # see its docstring
    runner().close()
    runner.cache_clear()


@settings(max_examples=1_000)
@given(mutated())
def test_no_payload_makes_us_fall(dispatcher: Dispatcher, body: dict[str, Any]) -> None:
    """R27, short: whatever is in a payload, it is taken in or refused."""
    check(body, dispatcher)


@pytest.mark.long
@settings(max_examples=100_000)
@given(mutated())
def test_a_hundred_thousand_payloads_make_us_fall_never(
    dispatcher: Dispatcher, body: dict[str, Any]
) -> None:
    check(body, dispatcher)


def test_the_samples_themselves_are_taken_in(dispatcher: Dispatcher) -> None:
    assert {play(json.loads(json.dumps(body)), dispatcher) for body in SAMPLES} == {200}
    assert not any(isinstance(parse_incoming(body, US), Nothing) for body in SAMPLES)


def test_a_payload_that_bolt_cannot_read_is_refused(dispatcher: Dispatcher) -> None:
    """Found by the hundred thousand: Bolt's own matching falls over an event that is none."""
    body = {**message("U0001", "hello"), "event": None}
    del body["team_id"]
    assert play(body, dispatcher) == 400


def test_another_workspaces_payload_need_not_be_readable_to_bolt(dispatcher: Dispatcher) -> None:
    """Found by the hundred thousand: it was answered with 503, and would have come again."""
    body = {
        "type": "block_actions",
        "team": {"id": "T0666"},
        "user": {"id": "U0001", "team_id": TEAM},
        "actions": [{"block_id": "ask.1", "value": "t"}],
    }
    assert play(body, dispatcher) == 200


@settings(max_examples=400)
@given(st.binary(max_size=200), st.sampled_from([JSON, FORM]))
def test_no_bytes_make_the_parser_fall(raw: bytes, kind: dict[str, str]) -> None:
    try:
        found = parse_body(raw, kind["Content-Type"])
    except MalformedError:
        return
    assert isinstance(found, dict)
