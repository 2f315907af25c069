"""What Slack sends, field by field as its reference shows it."""

from collections.abc import Mapping
from itertools import count
from typing import Any

TEAM, BOT, APP = "T0001", "U0BOT", "A0001"
FORM_LABEL = "Edit in a form"
_numbers = count(1)

Payload = dict[str, Any]


def fresh_ts() -> str:
    """A time stamp that no other message has."""
    return f"1790000000.{next(_numbers):06d}"


def direct_of(user: str) -> str:
    """The direct message of somebody with the bot."""
    return f"D{user[1:]}"


def event(inner: Mapping[str, Any], team: str = TEAM, event_id: str = "") -> Payload:
    """An event of the Events API, around what happened."""
    return {
        "token": "deprecated",
        "team_id": team,
        "api_app_id": APP,
        "event": dict(inner),
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_numbers):08d}",
        "event_time": 1790000000,
        "authorizations": [{"team_id": team, "user_id": BOT, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def enveloped(payload: Payload, name: str, attempt: int = 0) -> Payload:
    """A payload as it comes by a socket: in an envelope that wants to be acknowledged."""
    kind = "events_api" if payload.get("type") == "event_callback" else "interactive"
    envelope = {
        "envelope_id": name,
        "payload": payload,
        "type": "slash_commands" if "command" in payload else kind,
        "accepts_response_payload": "command" in payload
        or payload.get("type") == "view_submission",
    }
    return envelope | ({"retry_attempt": attempt, "retry_reason": "timeout"} if attempt else {})


def message(user: str, text: object, **more: Any) -> Payload:
    """A message in a direct message."""
    said = {
        "type": "message",
        "user": user,
        "ts": fresh_ts(),
        "text": text,
        "channel": direct_of(user),
        "channel_type": "im",
        "team": TEAM,
        **more,
    }
    return event(said)


def edited(user: str, text: str, before: str) -> Payload:
    """A message that was changed."""
    ts = fresh_ts()
    new = {"type": "message", "user": user, "text": text, "ts": ts, "edited": {"user": user}}
    return event(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": direct_of(user),
            "channel_type": "im",
            "message": new,
            "previous_message": {"type": "message", "user": user, "text": before, "ts": ts},
            "hidden": True,
            "ts": fresh_ts(),
        }
    )


def mention(user: object, text: str, channel: str = "C0001", **more: Any) -> Payload:
    """A call in a channel."""
    return event(
        {
            "type": "app_mention",
            "user": user,
            "text": f"<@{BOT}> {text}",
            "ts": fresh_ts(),
            "channel": channel,
            "team": TEAM,
            **more,
        }
    )


def home_opened(user: str, tab: str = "home") -> Payload:
    """A look at the app's home."""
    return event({"type": "app_home_opened", "user": user, "channel": direct_of(user), "tab": tab})


def slash(user: str, text: str, channel: str = "C0001") -> Payload:
    """The slash command."""
    is_direct = channel.startswith("D")
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "team_domain": "branch",
        "channel_id": channel,
        "channel_name": "directmessage" if is_direct else "general",
        "user_id": user,
        "user_name": "somebody",
        "command": "/pathways",
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.example/commands/1",
        "trigger_id": f"1.{next(_numbers)}.abc",
    }


def shortcut(user: str, text: str, author: str = "U0002") -> Payload:
    """The shortcut on a message of somebody else."""
    return {
        "type": "message_action",
        "token": "deprecated",
        "action_ts": fresh_ts(),
        "team": {"id": TEAM, "domain": "branch"},
        "user": {"id": user, "name": "somebody", "team_id": TEAM},
        "channel": {"id": "C0001", "name": "general"},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": "answer_from_faq",
        "trigger_id": f"2.{next(_numbers)}.abc",
        "response_url": "https://hooks.slack.example/app/1",
        "message_ts": fresh_ts(),
        "message": {"type": "message", "user": author, "text": text, "ts": fresh_ts()},
    }


def press(user: str, shown: Mapping[str, Any], wanted: str, response_url: str = "") -> Payload:
    """A button or a menu's option of a message, by how its label ends.

    Raises:
        LookupError: There is none.
    """
    for block in shown["blocks"]:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            action = _action(element, wanted)
            if action:
                used = {**action, "block_id": block["block_id"], "action_ts": fresh_ts()}
                return _block_actions(user, shown, used, response_url)
    raise LookupError(wanted)


def _action(element: Mapping[str, Any], wanted: str) -> Payload | None:
    if element["type"] == "button":
        if not element["text"]["text"].endswith(wanted):
            return None
        return {
            key: element[key] for key in ("type", "action_id", "text", "value") if key in element
        }
    for option in element["options"]:
        if option["text"]["text"].endswith(wanted):
            return {
                "type": "static_select",
                "action_id": element["action_id"],
                "selected_option": option,
                "placeholder": element["placeholder"],
            }
    return None


def _block_actions(
    user: str, shown: Mapping[str, Any], action: Payload, response_url: str
) -> Payload:
    channel, is_ephemeral = shown["channel"], bool(shown.get("only_for"))
    container = {
        "type": "message",
        "message_ts": shown["ts"],
        "channel_id": channel,
        "is_ephemeral": is_ephemeral,
    }
    if shown.get("thread_ts"):
        container["thread_ts"] = shown["thread_ts"]
    body: Payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "branch"},
        "user": {"id": user, "username": "somebody", "name": "somebody", "team_id": TEAM},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": APP,
        "token": "deprecated",
        "container": container,
        "trigger_id": f"3.{next(_numbers)}.abc",
        "channel": {
            "id": channel,
            "name": "directmessage" if channel.startswith("D") else "general",
        },
        "response_url": response_url or "https://hooks.slack.example/actions/1",
        "actions": [action],
    }
    if not is_ephemeral:
        body["message"] = {
            "type": "message",
            "user": BOT,
            "bot_id": "B0001",
            "ts": shown["ts"],
            "text": shown["text"],
            "blocks": shown["blocks"],
            **({"thread_ts": shown["thread_ts"]} if shown.get("thread_ts") else {}),
        }
    return body


def press_home(user: str, view: Mapping[str, Any], action_id: str) -> Payload:
    """A button of the home tab."""
    for block in view["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == action_id:
                action = {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": block["block_id"],
                    "text": element["text"],
                    "action_ts": fresh_ts(),
                }
                return {
                    "type": "block_actions",
                    "team": {"id": TEAM, "domain": "branch"},
                    "user": {"id": user, "name": "somebody", "team_id": TEAM},
                    "api_app_id": APP,
                    "container": {"type": "view", "view_id": "V0001"},
                    "trigger_id": f"4.{next(_numbers)}.abc",
                    "view": {"id": "V0001", "type": "home"},
                    "actions": [action],
                }
    raise LookupError(action_id)


def ask_form(user: str, shown: Mapping[str, Any]) -> Payload:
    """A press of the button that opens the answers in a modal."""
    return press(user, shown, FORM_LABEL)


def send_form(user: str, view: Mapping[str, Any], **values: str | None) -> Payload:
    """A modal that is sent: what stands in it, with these lines changed; `_` for `.` in their names."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block["element"]
        picked = element.get("initial_option")
        value = picked["value"] if picked else element.get("initial_value")
        value = values.get(block["block_id"].replace(".", "_"), value)
        if element["type"] == "static_select":
            found = [one for one in element["options"] if one["value"] == value]
            state[block["block_id"]] = {
                "in": {"type": element["type"], "selected_option": found[0] if found else None}
            }
        else:
            state[block["block_id"]] = {"in": {"type": element["type"], "value": value}}
    kept = ("id", "hash", "callback_id", "private_metadata", "blocks", "title")
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "branch"},
        "user": {"id": user, "name": "somebody", "team_id": TEAM},
        "api_app_id": APP,
        "token": "deprecated",
        "trigger_id": f"5.{next(_numbers)}.abc",
        "view": {
            **{name: view[name] for name in kept},
            "type": "modal",
            "state": {"values": state},
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }
