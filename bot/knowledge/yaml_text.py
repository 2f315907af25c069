"""Reads YAML text safely, with the line of every value, and without YAML's traps.

`no`, `on` and `2026-11-21` stay the text that somebody typed; only whole and decimal numbers,
`true`, `false` and `null` are anything else. Aliases are refused (eight lines of them can stand for
10^8 values), and so are tags, doubled keys, and files over a size, a depth or a number of values.

How values are built stands in `yaml_events`, which is imported with the first text: a process whose
content is cached reads no YAML, and saves itself a tenth of a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.errors import ContentError, Problem

SIZE_LIMIT: Final = 4_000_000  # characters; ours is 0.7 million
DEPTH_LIMIT: Final = 40  # levels; ours has 6
NODE_LIMIT: Final = 400_000  # values; ours has 20,000

Path = tuple[str | int, ...]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and the line (from 1) each value begins on."""

    value: Value
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def parse_yaml(text: str, file: str) -> Document:
    """Turn YAML text into plain values.

    Args:
        text: The whole file.
        file: Its name, for messages.

    Raises:
        ContentError: The text is no YAML, or too large, or uses what we refuse.
    """
    if len(text) > SIZE_LIMIT:
        what = f"The file has over {SIZE_LIMIT:,} characters."
        raise ContentError(
            (Problem(file=file, line=1, what=what, fix="Split it or cut it down."),)
        )
    from bot.knowledge.yaml_events import read_events  # noqa: PLC0415 - see the top

    value, lines = read_events(text, file)
    return Document(value, lines)
