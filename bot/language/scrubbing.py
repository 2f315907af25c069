"""Takes out of a text what could name a person, before it is kept for the editors.

Masks e-mail addresses, links, phone, National Insurance, membership and other long numbers, dates of
birth, postcodes, @names, and names: words after "my manager", "called", "Mr" and the like, and
capitalised words in the middle of a sentence that are no word of the FAQ. Where nothing but its place
speaks for a name (in lower case after "my manager", or as the first word), rare words are masked.
"""

import re
from collections.abc import Collection
from typing import Final

from bot.language.common_words import rank_by_word
from bot.language.normalising import tokens

LIMIT: Final = 500  # characters that are kept
USUAL: Final = 3000  # rank of a common word that is no name wherever it stands

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_INSURANCE = re.compile(r"\b[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\d\s().-]{4,}\d)(?!\w)")
_REFERENCE = re.compile(r"\b(?=\w*\d)(?=\w*[a-z])\w{6,}\b", re.IGNORECASE)
_ROLE_WORDS: Final = (
    "manager|boss|supervisor|gaffer|foreman|rep|steward|colleague|mate|friend|director|"
    "lecturer|professor|doctor|head|line manager|team leader|shift leader"
)
_NAME: Final = r"([\w'-]+(?:\s+[\w'-]+)?)"
_PROPER: Final = r"([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?)"
_AFTER_ROLE = re.compile(rf"\b((?:my|our|the|a)\s+(?:{_ROLE_WORDS}))\s+{_PROPER}")
_LOWER_AFTER_ROLE = re.compile(
    rf"\b((?:my|our)\s+(?:{_ROLE_WORDS}))\s*,?\s+(called|named|is called|name is)\s+{_NAME}",
    re.IGNORECASE,
)
_NEXT_TO_ROLE = re.compile(rf"\b((?:my|our)\s+(?:{_ROLE_WORDS}))\s+([a-z][a-z'-]{{2,}})\b")
_TITLES: Final = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof"))
_FIRST_WORD = re.compile(r"(?:^|(?<=[.!?] ))([A-Z][a-z'-]{2,})\b")
_CALLED = re.compile(
    rf"\b(called|named|name is|name's|i am|i'm|im|mr|mrs|ms|miss|dr|prof)\.?\s+{_PROPER}"
)
_CALLED_LOWER = re.compile(rf"\b(my name is|my name's|mr|mrs|miss)\.?\s+{_NAME}", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<=[a-z0-9,;] )([A-Z][a-z'-]{2,})\b")

_PATTERNS: Final = (
    (_EMAIL, "[email]"),
    (_LINK, "[link]"),
    (_HANDLE, "[name]"),
    (_INSURANCE, "[number]"),
    (_DATE, "[date]"),
    (_NUMBER, "[number]"),
    (_POSTCODE, "[postcode]"),
    (_REFERENCE, "[number]"),
)


def scrub(text: str, known: Collection[str] = frozenset()) -> str:
    """What may be kept of a text.

    Args:
        text: As typed.
        known: Words of the FAQ in lower case: a capitalised one of these is no name.

    Returns:
        At most 500 characters, on one line.
    """
    text = " ".join(text.split())[: 4 * LIMIT]
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    text = _LOWER_AFTER_ROLE.sub(r"\1 \2 [name]", text)
    text = _CALLED_LOWER.sub(r"\1 [name]", text)
    text = _mask_names(_AFTER_ROLE, text, known)
    text = _mask_names(_CALLED, text, known)
    text = _CAPITALISED.sub(
        lambda found: found[1] if found[1].lower() in known else "[name]", text
    )
    text = _NEXT_TO_ROLE.sub(
        lambda found: found[0] if _is_usual(found[2], known) else f"{found[1]} [name]", text
    )
    text = _FIRST_WORD.sub(
        lambda found: found[0] if _is_usual(found[1], known) else "[name]", text
    )
    return text[:LIMIT]


def _is_usual(word: str, known: Collection[str]) -> bool:
    """Whether a word is a title, the FAQ's, common English, or made of such: "I've", "don't"."""
    rank = rank_by_word()
    return all(
        part in known or part in _TITLES or rank.get(part, USUAL) < USUAL for part in tokens(word)
    )


def _mask_names(pattern: re.Pattern[str], text: str, known: Collection[str]) -> str:
    def mask(found: re.Match[str]) -> str:
        first = found[2].split()[0].lower()
        return found[0] if first in known else f"{found[1]} [name]"

    return pattern.sub(mask, text)
