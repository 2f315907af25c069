"""The manifest and the code say the same: the least scopes, and only what we handle."""

from typing import Any

import pytest
import yaml

from bot.channels.slack.incoming import EVENTS, SHORTCUT, SLASH
from bot.channels.slack.mrkdwn import COMMAND
from bot.channels.slack.scopes import EVENTS_ASKED, SCOPES
from tests.builders import ROOT

SCOPE_OF = {  # of every method of the Web API and every event, by Slack's reference
    "auth.test": None,
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.members": "channels:read",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "views.open": None,
    "views.publish": None,
    "url_private": "files:read",  # what somebody sent is fetched from there
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "members of a private channel": "groups:read",
    "command": "commands",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = (ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def test_only_events_that_are_handled_are_asked_for(manifest: dict[str, Any]) -> None:
    asked = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert tuple(asked) == EVENTS_ASKED
    assert {event.partition(".")[0] for event in asked} == set(EVENTS)


def test_the_scopes_are_the_least(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    assert scopes["bot"] == sorted(SCOPES)
    assert set(scopes["bot"]) == {scope for scope in SCOPE_OF.values() if scope}


def test_the_code_calls_only_what_the_scopes_allow() -> None:
    folder = ROOT / "bot" / "channels" / "slack"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    called = {name for name in SCOPE_OF if f"client.{name.replace('.', '_')}" in text}
    assert called == {name for name in SCOPE_OF if "." in name} - {"message.im"}
    assert '"url_private"' in text
    methods = ("chat_delete", "users_info", "conversations_history", "files_list", "reactions_")
    assert not any(f"client.{method}" in text for method in methods)


def test_command_and_shortcut_are_those_we_listen_to(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert [one["command"] for one in features["slash_commands"]] == [SLASH] == [COMMAND]
    assert [one["callback_id"] for one in features["shortcuts"]] == [SHORTCUT]
    assert features["app_home"]["home_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
