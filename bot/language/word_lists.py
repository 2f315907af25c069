"""The word lists that ship with the program: package data, one a line, comments begin with `#`."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The words of a list, in its order.

    A list is part of the program like its code: the same on every machine, read once.

    Args:
        name: Of the file, without `.txt`.
    """
    return tuple(read_word_list(name))


def read_word_list(name: str) -> Iterator[str]:
    """The words of a list, for who keeps them in another way; see `word_list`."""
    text = files("bot.language").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
