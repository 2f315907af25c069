"""The small Bot API notices what the real one would refuse: then no complaint means something."""

import pytest

from tests.channels.telegram.api import BotApi, Fault
from tests.channels.telegram.checking import METHODS, mistakes_in


def test_the_methods_are_where_i_look() -> None:
    assert len(METHODS) > 150


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendMassage", {"chat_id": 5, "text": "x"}),
        ("sendMessage", {"chat_id": 5}),
        ("sendMessage", {"chat_id": 5, "text": "x", "parse_mod": "HTML"}),
        ("sendMessage", {"chat_id": 5, "text": "x", "link_preview_options": {"is_off": True}}),
        ("setMyCommands", {"commands": [{"command": "help"}]}),
    ],
    ids=str,
)
def test_a_wrong_call_is_noticed(method: str, fields: dict[str, object]) -> None:
    assert mistakes_in(method, fields)
    assert mistakes_in("sendMessage", {"chat_id": "5", "text": "x", "parse_mode": "HTML"}) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": "<b>x", "parse_mode": "HTML"}, 400),
        ({"text": "x" * 4097}, 400),
        ({"text": " \u2060 "}, 400),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, 400),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            400,
        ),
        ({"text": "x"}, 200),
    ],
    ids=lambda one: str(one)[:60],
)
def test_a_message_that_breaks_the_rules_is_refused(
    fields: dict[str, object], status: int
) -> None:
    api = BotApi()
    api.chat(5)
    assert api.call("sendMessage", {"chat_id": "5", **fields})[0] == status


def test_too_much_at_once_is_answered_with_429() -> None:
    api = BotApi(clock=lambda: 1.0)
    api.chat(5)
    statuses = [api.call("sendMessage", {"chat_id": "5", "text": "x"})[0] for _ in range(40)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_faults_come_in_their_order() -> None:
    api = BotApi()
    api.faults["getMe"].append(Fault(status=502))
    first = api.fault("getMe")
    assert first is not None
    assert first.status == 502
    assert api.fault("getMe") is None
