"""Texts that a spreadsheet will not take for a formula (R36)."""

from typing import Final

from bot.reports.labels import seen

WIDE: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # some programs turn them into plain signs
TRIGGERS: Final = ("=", "+", "-", "@", "|", *WIDE)
CELL: Final = 32_767  # characters; the most a cell of Excel holds

Cell = str | int | float | None


def safe(value: Cell) -> Cell:
    """A text on one line that no spreadsheet runs; numbers and nothing as they are.

    What begins like a formula gets an apostrophe before it, which shows it to be text. Tabs and line breaks
    at the beginning go, as do all characters that are not seen.
    """
    if not isinstance(value, str):
        return value
    text = seen(value)
    return (f"'{text}" if text.startswith(TRIGGERS) else text)[:CELL]
