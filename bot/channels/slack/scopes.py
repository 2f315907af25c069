"""What the app may do in a workspace; `deploy/slack-manifest.yaml` asks for exactly this."""

from collections.abc import Mapping
from typing import Final

SCOPES: Final[Mapping[str, str]] = {
    "app_mentions:read": "to hear when somebody calls it in a channel",
    "channels:read": "to see that whoever adds a channel for broadcasts is in it",
    "chat:write": "to answer",
    "commands": "for the slash command and the shortcut",
    "files:read": "to read a list that somebody sends in a direct message, such as a CSV file",
    "files:write": "to send reports, charts and other files that people ask for",
    "groups:read": "the same for a private channel",
    "im:history": "to hear direct messages to it",
    "im:write": "to open a direct message with somebody who called elsewhere",
}
EVENTS_ASKED: Final = ("app_home_opened", "app_mention", "message.im")
