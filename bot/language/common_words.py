"""The common words of English, most frequent first, and how frequent each of them is.

The list is package data: part of the program like its code, the same on every machine. Its source
and licence stand in its first lines.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

LIST: Final = "common_words.txt"
UNKNOWN_RANK: Final = 40_000  # the rank we take a word to have that is not in the list
_ZIPF_SHIFT: Final = 2.7  # Mandelbrot's shift: the first ranks are flatter than 1/rank
_ZIPF_MASS: Final = 10.0  # sum of 1/(rank + 2.7) over the words of English


@cache
def rank_by_word() -> Mapping[str, int]:
    """Each common word's rank, from 1 for `the`."""
    text = files("bot.language").joinpath(LIST).read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if line and not line.startswith("#")]
    return MappingProxyType({word: rank for rank, word in enumerate(words, start=1)})


def share_of_text(word: str) -> float:
    """How much of ordinary English text a word makes up, in (0, 1), by Zipf's law."""
    return 1 / (_ZIPF_MASS * (rank_by_word().get(word, UNKNOWN_RANK) + _ZIPF_SHIFT))
