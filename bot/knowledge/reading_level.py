"""How hard a text is to read: the Flesch-Kincaid grade, as the age of a reader.

The grade is 0.39 x words a sentence + 11.8 x syllables a word - 15.59, in years of American
schooling; five more is the reader's age. Names that nobody can replace, and words that the glossary
explains, count as one short word each.
(J. P. Kincaid and others, Derivation of New Readability Formulas, 1975.)
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bot.knowledge.lint_prose import Sentence

SCHOOL_STARTS_AT: Final = 5.0  # years old in grade 0

_LETTERS = re.compile(r"[a-z]+")
_GROUPS = re.compile(r"[aeiouy]+")
_TWO_VOWELS = re.compile(  # that are spoken apart, though they stand together
    r"(?<![tscg])(?<!n(?=ion))i(?:a|o|u)|(?<![tcs])ie(?:t|n)|scien|iety"
    r"|(?<!p)(?<!g)eo|(?<!g)ua|ea$|cre(?=at)|[aeo]ing$"
)
_SILENT_END = re.compile(r"(?:(?<![aeiouy])(?<![^aeiouy]l)e|(?<![aeiouysxzcgh])(?<![^aeiouy]l)es|(?<![aeiouytd])ed)$")
_SILENT_INSIDE = re.compile(  # the e of "statement" and "sometimes"
    r"^(.{2,}[^aeiouy]e)(ments?|ness|less|ful|fully|ly|ty|times?|fore)$"
)
_GAP = re.compile(r"\{[a-z_]+\}")
_NOTHING = re.compile(r"(?!)")


def syllables(word: str) -> int:
    """The syllables of an English word, as well as its spelling tells; at least one.

    A number counts as one: it is read at a glance.
    """
    return max(1, sum(_syllables(part) for part in _LETTERS.findall(word.lower().replace("'", ""))))


def reading_age(sentences: Iterable[Sentence], easy: re.Pattern[str] | None = None) -> float:
    """The age, in years, of somebody who reads a text without effort; 0 where there is no word.

    Args:
        sentences: Of the text.
        easy: What counts as one short word, however long it is.
    """
    counts = [_count(sentence, easy or _NOTHING) for sentence in sentences if sentence.words]
    words = sum(count[0] for count in counts)
    if not words:
        return 0.0
    spoken = sum(count[1] for count in counts)
    return 0.39 * words / len(counts) + 11.8 * spoken / words - 15.59 + SCHOOL_STARTS_AT


def easy_words(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for names that count as one short word, the longest tried first."""
    known = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    if not known:
        return _NOTHING
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})(?:s|'s)?\b", re.IGNORECASE)


def _count(sentence: Sentence, easy: re.Pattern[str]) -> tuple[int, int]:
    """Words and syllables of a sentence."""
    text = easy.sub("it", _GAP.sub("it", sentence.text))
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return len(words), sum(map(syllables, words))


@lru_cache(maxsize=8192)
def _syllables(word: str) -> int:
    if len(word) <= 3:
        return 1
    inside = _SILENT_INSIDE.match(word)
    if inside:
        return _syllables(inside[1]) + _syllables(inside[2])
    spoken = re.sub(r"y(?=[aeiou])", "j", word.replace("qu", "kw"))
    count = len(_GROUPS.findall(spoken)) + len(_TWO_VOWELS.findall(spoken))
    return max(1, count - bool(_SILENT_END.search(spoken)))
