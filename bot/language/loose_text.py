"""A short text as the readers of loose answers want it: lower case, plain digits, slips repaired.

Not `normalising`: an answer's signs mean something ("£1,200", "10-15", "14/3", "9.30"), and they
stay as they are.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.common_words import rank_by_word

LIMIT: Final = 200  # characters that are read; nobody answers a question with more
SHORTEST: Final = 4  # letters of a word that may hold a slip
_LONG: Final = 7  # letters from which a word may hold two
_COMMON_RANK: Final = 8_000  # rarer words of the list may be slips that many people make

_SIGNS: Final = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
}
_WORD = re.compile(r"[a-z]+")
QUESTION = re.compile(
    r"\b(?:how|what|why|who|which|where|whose|does|should|can (?:i|you|we)|is (?:it|there|that))\b"
)


def level(text: str) -> str:
    """The text on one line, in lower case, with the digits 0 to 9 for those of any script.

    Args:
        text: As typed; the first 200 characters count.
    """
    read = text[:LIMIT]
    if not read.isascii():
        read = "".join(map(_level_character, read))[:LIMIT].translate(_SIGNS)
    return " ".join(read.lower().split())


def _level_character(character: str) -> str:
    """A superscript is no digit: its value is not what the person means by it."""
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Cc":
            return " "
        case "No" | "So":
            return character
        case "Cf" | "Mn" | "Cs":
            return ""
        case _:
            return unicodedata.normalize("NFKC", character)


def with_digits(text: str) -> str:
    """A levelled text with its number words as digits: "twenty-five" as "25", "fifth" as "5th"."""
    from text_to_num import alpha2digit  # noqa: PLC0415 - most turns read no number

    return str(alpha2digit(text, "en", threshold=0))


def mend(text: str, words: Collection[str], chat: Mapping[str, str] = {}) -> str:
    """A levelled text with misspelt words as the words they were probably meant to be.

    Args:
        text: From `level`.
        words: What may be meant. A word between two of them as near to both stays as it is.
        chat: Short spellings and what they stand for.
    """
    known = frozenset(words)
    return _WORD.sub(lambda found: chat.get(found[0]) or _mended(found[0], known), text)


@lru_cache(maxsize=4096)
def _mended(word: str, words: frozenset[str]) -> str:
    if word in words or len(word) < SHORTEST or _is_common(word):
        return word
    slips = 1 if len(word) < _LONG else 2
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=2)
    is_clear = len(near) == 1 or (len(near) == 2 and near[0][1] < near[1][1])
    return str(near[0][0]) if is_clear else word


def _is_common(word: str) -> bool:
    return rank_by_word().get(word, _COMMON_RANK) < _COMMON_RANK
