"""The common words of English, most frequent first, and how frequent each of them is."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from bot.language.word_lists import word_list

UNKNOWN_RANK: Final = 40_000  # the rank we take a word to have that is not in the list
_ZIPF_SHIFT: Final = 2.7  # Mandelbrot's shift: the first ranks are flatter than 1/rank
_ZIPF_MASS: Final = 10.0  # sum of 1/(rank + 2.7) over the words of English


@cache
def rank_by_word() -> Mapping[str, int]:
    """Each common word's rank, from 1 for `the`; their source stands in the list's first lines."""
    return MappingProxyType(
        {word: at for at, word in enumerate(word_list("common_words"), start=1)}
    )


def share_of_text(word: str) -> float:
    """How much of ordinary English text a word makes up, in (0, 1), by Zipf's law."""
    return 1 / (_ZIPF_MASS * (rank_by_word().get(word, UNKNOWN_RANK) + _ZIPF_SHIFT))
