"""What somebody typed in Slack, as they saw it on their screen.

Slack hands over `&lt;` for `<`, `<@U1>` for a mention, `<https://a.example|words>` for a link and
`:wave:` for an emoji. The engine reads plain words, and no account of anybody.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.engine.commands import COMMAND_BY_NAME, command_of_phrase, parse_command, verb_of
from bot.messages import Command, Text

READ: Final = 16_384  # characters that are passed on; the service reads 4,096 and says so

_TOKEN = re.compile(r"<([@#!]?)([^<>|]{0,2048})(?:\|([^<>]{0,2048}))?>")
_EMOJI = re.compile(r"(?<![\w:]):([a-z+-][\w+'-]{0,99}):(?!\d)")
_SKIN = re.compile(r":skin-tone-\d:")
_SOME_EMOJI: Final[Mapping[str, str]] = {
    "+1": "\U0001f44d",
    "-1": "\U0001f44e",
    "thumbsup": "\U0001f44d",
    "thumbsdown": "\U0001f44e",
    "wave": "\U0001f44b",
    "tada": "\U0001f389",
    "heart": "\u2764\ufe0f",
    "ok_hand": "\U0001f44c",
    "pray": "\U0001f64f",
    "cry": "\U0001f622",
    "rage": "\U0001f621",
}
_ANY_EMOJI: Final = "\U0001f642"


def plain_words(text: str, me: str = "") -> str:
    """A message as plain words.

    Args:
        text: As Slack sent it.
        me: The bot's own account: calling it says nothing, so it is left out.
    """
    cut = text[: 2 * READ]
    shown = _TOKEN.sub(lambda found: _token(found, me), cut)
    shown = _EMOJI.sub(_emoji, _SKIN.sub("", shown))
    return unescape_three(shown)[:READ].strip()


def unescape_three(text: str) -> str:
    """A text with the three characters that Slack escapes, and no other entity of HTML."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(found: re.Match[str], me: str) -> str:
    sign, target, label = found[1], found[2], found[3]
    match sign:
        case "@":
            return "" if me and target == me else f"@{label or ''}".rstrip("@") or "@"
        case "#":
            return f"#{label or ''}"
        case "!":
            return label or f"@{target.partition('^')[0]}"
        case _:
            return label or target.removeprefix("mailto:").removeprefix("tel:")


def _emoji(found: re.Match[str]) -> str:
    return _SOME_EMOJI.get(found[1], _ANY_EMOJI)


def command_or_words(text: str) -> Command | Text:
    """What follows the slash command: the name of one of ours and what goes with it, or a question."""
    words = text.strip()
    if not words:
        return Command("start")
    if command := parse_command(words):
        return command
    first, _, rest = words.partition(" ")
    name = first.lower()
    spec = COMMAND_BY_NAME.get(name)
    if spec and (not rest or spec.takes) and not command_of_phrase(words):
        return Command(name, rest.strip())
    return Text(words)


def is_about_oneself(text: str) -> bool:
    """Whether words ask for something that is done only in private, such as "my data"."""
    command = parse_command(text)
    name = command.name if command else verb_of(text) or command_of_phrase(text)
    spec = COMMAND_BY_NAME.get(name or "")
    return spec is not None and spec.where == "private"
