"""Tells text in another language from English with mistakes. It would rather miss than insult."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from bot.language.word_lists import word_list

FOREIGN_WORDS: Final = frozenset(word_list("foreign_words"))
FEWEST: Final = 2  # words; one alone may be a name or a slip
FOREIGN_SHARE: Final = 0.5  # of the words, or nothing is said
ENGLISH_SHARE: Final = 0.4  # of the words at most
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
    if len(words) < FEWEST:
        return False
    foreign = sum(word in FOREIGN_WORDS for word in words)
    english = sum(word not in FOREIGN_WORDS and is_english(word) for word in words)
    return foreign >= FOREIGN_SHARE * len(words) and english <= ENGLISH_SHARE * len(words)


def _is_of_other_script(letter: str) -> bool:
    """Whether a letter is of no Latin script."""
    return (
        not letter.isascii() and letter.isalpha() and "LATIN" not in unicodedata.name(letter, "")
    )
