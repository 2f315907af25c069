"""Short replies that are no words of their own: yes, no, and the ways of not answering."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

from bot.language.loose_text import level
from bot.language.word_lists import word_list

CLOSE: Final = 90.0  # rapidfuzz ratio, 0-100: one slip in a short sentence


class Missing(StrEnum):
    """Why there is no answer; the codes that are stored, exported and charted."""

    DONT_KNOW = "dont-know"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    SKIPPED = "skipped"
    NOT_ASKED = "not-asked"
    NOT_REACHED = "not-reached"


_YES: Final = frozenset(word_list("replies_yes"))
_NO: Final = frozenset(word_list("replies_no"))
_FILLERS: Final = frozenset(word_list("replies_fillers"))
_NEGATIONS: Final = frozenset(
    ("not", "don't", "dont", "can't", "cant", "won't", "haven't", "isn't")
)
_PLAIN: Final = _YES | _NO | _FILLERS | _NEGATIONS
_READ_FROM_TEXT: Final = (Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY, Missing.SKIPPED)
_TONE: Final = r"sorry|honestly|tbh|to be honest|actually|really|i'?m afraid"
_LEADS = re.compile(rf"^(?:(?:well|oh|er+m*|um+|hmm+|probably|{_TONE})[ ,]+)+")
_TAILS = re.compile(
    rf"[ ,]+(?:{_TONE}|mate|please|pls|thanks|thank you|ta|love|pal|at the moment|right now|yet|for now)$"
)
_WORD = re.compile(r"[a-z0-9']+|[^\sa-z0-9',.!?;:()\"-]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SIGNS: Final = ' .,!;:"()'
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")


def read_yes_no(text: str) -> bool | None:
    """Whether a text says yes or no.

    Args:
        text: As typed, emoji too.

    Returns:
        None where it says neither, or both, or more than that.
    """
    whole = _without_lead(_TONES.sub("", text))
    read = _without_tail(whole)
    if not read or "?" in read:
        return None
    if whole in _YES or read in _YES:
        return True
    if whole in _NO or read in _NO:
        return False
    if read_missing(text):
        return None
    return _by_words(_WORD.findall(read))


def _by_words(words: list[str]) -> bool | None:
    """Yes or no where its word stands at an end and all other words only dress it."""
    is_yes = any(word in _YES for word in words)
    is_no = any(word in _NO or word in _NEGATIONS for word in words)
    if is_yes is is_no or any(word not in _PLAIN for word in words):
        return None
    ends = (*words[:2], *words[-2:])
    return (
        is_yes if any(word in _YES or word in _NO or word in _NEGATIONS for word in ends) else None
    )


def read_missing(text: str) -> Missing | None:
    """Why a text gives no answer: it skips, does not know, or would rather not say.

    Args:
        text: As typed; it has to say only that.

    Returns:
        None for any other text; never NOT_ASKED or NOT_REACHED, which only a run knows.
    """
    whole = _without_lead(text)
    read = _without_tail(whole)
    if code := _codes().get(whole) or _codes().get(read):
        return code
    if len(read) < 6 or not read.isascii():
        return None
    near = process.extractOne(read, _codes().keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return _codes()[near[0]] if near else None


@cache
def _codes() -> Mapping[str, Missing]:
    return {
        phrase: code
        for code in _READ_FROM_TEXT
        for phrase in word_list(f"replies_{code.name.lower()}")
    }


def _without_lead(text: str) -> str:
    """What is left without "well" and "sorry" before it, and no signs around it."""
    read = _STRETCHED.sub(r"\1", level(text)).strip(_SIGNS)
    return _LEADS.sub("", read)


def _without_tail(text: str) -> str:
    """What is left without "mate" and "please" after it."""
    while (shorter := _TAILS.sub("", text)) != text:
        text = shorter
    return text.strip(_SIGNS)
