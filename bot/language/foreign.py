"""Tells text in another language from English with mistakes. It would rather miss than insult."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from bot.language.word_lists import word_list

FOREIGN_WORDS: Final = frozenset(word_list("foreign_words"))
FEWEST: Final = 2  # foreign words; one alone may be a name or a slip
SHORTEST: Final = 3  # letters; shorter words are the same in too many languages
_OTHER_SCRIPT_SHARE: Final = 0.5  # of the letters


def is_foreign(words: Sequence[str], is_english: Callable[[str], bool]) -> bool:
    """Whether a text is in another language than English.

    Args:
        words: Normalised words, as typed.
        is_english: Whether a word is English, perhaps with a slip.
    """
    letters = "".join(words)
    if sum(map(_is_of_other_script, letters)) > _OTHER_SCRIPT_SHARE * max(len(letters), 1):
        return True
    foreign = sum(word in FOREIGN_WORDS for word in words)
    if foreign < FEWEST:
        return False
    telling = (word for word in words if len(word) >= SHORTEST and word not in FOREIGN_WORDS)
    return foreign > sum(map(is_english, telling))


def _is_of_other_script(letter: str) -> bool:
    """Whether a letter is of no Latin script."""
    return (
        not letter.isascii() and letter.isalpha() and "LATIN" not in unicodedata.name(letter, "")
    )
