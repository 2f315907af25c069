"""Whether a text can be the name of a place; "yes" and "help me" are none."""

from typing import Final

from bot.language.loose_text import level
from bot.language.replies import read_yes_no
from bot.language.word_lists import word_list

_NOT_NAMES: Final = frozenset(word_list("not_names"))
_SIGNS: Final = " .,!?;:-"


def is_name(text: str) -> bool:
    """Whether a text may name a workplace or an area of it.

    Args:
        text: As typed.

    Returns:
        False for a bare yes or no, a question, words that speak to whoever asks, and signs without a letter
        or a digit.
    """
    read = level(text).strip(_SIGNS)
    if text.rstrip().endswith("?") or not any(sign.isalnum() for sign in read):
        return False
    return read not in _NOT_NAMES and read_yes_no(text) is None
