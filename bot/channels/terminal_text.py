"""What may be printed on a terminal: text without anything that it would obey by mistake."""

import re
from collections.abc import Mapping
from typing import Final

PLAIN_TERMS: Final = frozenset({"dumb", "unknown"})  # of TERM: they know no escape codes

_SEQUENCES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, erasing
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90-\x9f]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS ...
    r"|\x1b[ -/]*[0-~]?"  # every other escape sequence
)
_SPACES: Final = re.compile(r"[\t\x0b\x0c\x85\u2028\u2029]|\r\n?")
_FORBIDDEN: Final = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters, a line feed excepted
    r"\u202a-\u202e\u2066-\u2069]"  # turning round the direction of what follows
)
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text without escape sequences and control characters; line feeds stay.

    A character that no terminal can be sent becomes a replacement mark. Right-to-left and joining
    marks stay, for the languages and emoji that need them; what overrides the direction goes.
    """
    shown = _SPACES.sub(" ", _SEQUENCES.sub("", text))
    return _SURROGATES.sub("\ufffd", _FORBIDDEN.sub("", shown))


def on_one_line(text: str) -> str:
    """The same on one line, for labels and names."""
    return " ".join(printable(text).split())


def is_dumb(environment: Mapping[str, str]) -> bool:
    """Whether the terminal says of itself that it understands no escape codes."""
    return environment.get("TERM", "dumb") in PLAIN_TERMS
