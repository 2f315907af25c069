"""The common words of English, most frequent first, and how frequent each of them is."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from bot.language.name_list import NameList
from bot.language.word_lists import read_word_list

UNKNOWN_RANK: Final = 40_000  # the rank we take a word to have that is not in the list
_ZIPF_SHIFT: Final = 2.7  # Mandelbrot's shift: the first ranks are flatter than 1/rank
_ZIPF_MASS: Final = 10.0  # sum of 1/(rank + 2.7) over the words of English


class _Ranks(Mapping[str, int]):
    """Words by their rank, from 1: a dictionary of twenty thousand takes two megabytes.

    Args:
        words: The most frequent one first.
    """

    def __init__(self, words: NameList) -> None:
        self._words = words

    def __getitem__(self, word: str) -> int:
        at = self._words.number(word)
        if at is None:
            raise KeyError(word)
        return at + 1

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._words.number(word) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def rank_by_word() -> Mapping[str, int]:
    """Each common word's rank, from 1 for `the`; their source stands in the list's first lines."""
    return _Ranks(NameList.of(tuple(read_word_list("common_words"))))


def share_of_text(word: str) -> float:
    """How much of ordinary English text a word makes up, in (0, 1), by Zipf's law."""
    return 1 / (_ZIPF_MASS * (rank_by_word().get(word, UNKNOWN_RANK) + _ZIPF_SHIFT))
