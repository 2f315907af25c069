"""What `pathways chat` says itself, around what the bot says. The bot's words are in wording.yaml."""

from typing import Final

READING: Final = "Reading the knowledge, a few seconds the first time ..."
LEFT_OVER: Final = "These replies were still waiting from an earlier chat:"
NOT_CALLED: Final = (
    "Not heard: in a group I answer only when called. Begin with @pathways, or type a command."
)
GOODBYE: Final = "Goodbye."
WRITTEN: Final = "The conversation is written down in {path}. Read it before you share it."

BAD_DATABASE: Final = "should be sqlite:/// and a path, such as sqlite:///var/chat.db."
BAD_NOW: Final = "should be a date or a time, such as 2026-11-21 or 2026-11-21T09:30."
BAD_NAME: Final = "should be one to forty letters, digits, spaces, dots or hyphens."

TOOLBAR_READING: Final = "Reading the knowledge ..."
TOOLBAR_KEYS: Final = "/help   Tab completes   Ctrl-D leaves"
