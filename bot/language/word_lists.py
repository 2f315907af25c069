"""The word lists that ship with the program: package data, one a line, comments begin with `#`."""

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The words of a list, in its order.

    A list is part of the program like its code: the same on every machine, read once.

    Args:
        name: Of the file, without `.txt`.
    """
    text = files("bot.language").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
