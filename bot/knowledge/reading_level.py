"""How hard a text is to read: the Flesch-Kincaid grade, as the age of a reader.

The grade is 0.39 x words a sentence + 11.8 x syllables a word - 15.59, in years of American
schooling; five more is the reader's age. Names that nobody can replace, and words that the glossary
explains, count as one short word each.
(J. P. Kincaid and others, Derivation of New Readability Formulas, 1975.)
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_SILENT_END = re.compile(
    r"(?:(?<![aeiouy])(?<![^aeiouy]l)e|(?<![aeiouysxzcgh])(?<![^aeiouy]l)es|(?<![aeiouytd])ed)$"
)
_SILENT_INSIDE = re.compile(  # the e of "statement" and "sometimes"
    r"^(.{2,}[^aeiouy]e)(ments?|ness|less|ful|fully|ly|ty|times?|fore)$"
)
_GAP = re.compile(r"\{[a-z_]+\}")
_EDGES = re.compile(r"^\W+|\W+$")

EasyNames = Mapping[str, tuple[tuple[str, ...], ...]]


@lru_cache(maxsize=16_384)
def syllables(word: str) -> int:
    """The syllables of an English word, as well as its spelling tells; at least one.

    A number counts as one: it is read at a glance.
    """
    return max(
        1, sum(_syllables(part) for part in _LETTERS.findall(word.lower().replace("'", "")))
    )


def easy_names(names: Iterable[str]) -> EasyNames:
    """Names that count as one short word, the longest first, by their first word."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(map(_singular, _bare(name)))
        if words:
            found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(known, key=len, reverse=True)) for first, known in found.items()}


def reading_age(sentences: Iterable[Sentence], easy: EasyNames | None = None) -> float:
    """The age, in years, of somebody who reads a text without effort; 0 where there is no word.

    Args:
        sentences: Of the text.
        easy: What counts as one short word, however long it is.
    """
    spoken = [tuple(_spoken(_bare(one.text), easy or {})) for one in sentences]
    spoken = [counts for counts in spoken if counts]
    words = sum(map(len, spoken))
    if not words:
        return 0.0
    sounds = sum(map(sum, spoken))
    return 0.39 * words / len(spoken) + 11.8 * sounds / words - 15.59 + SCHOOL_STARTS_AT


def _bare(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, without the signs around them."""
    plain = _GAP.sub("it", text.lower()).replace("\u2019", "'")
    bare = (_EDGES.sub("", word) for word in plain.split())
    return tuple(word for word in bare if word)


def _spoken(words: Sequence[str], easy: EasyNames) -> Iterator[int]:
    """The syllables of each word; a name is one word of one."""
    singular = tuple(map(_singular, words))
    place = 0
    while place < len(words):
        known = easy.get(singular[place], ())
        name = next((n for n in known if singular[place : place + len(n)] == n), ())
        yield 1 if name else syllables(words[place])
        place += len(name) or 1


def _singular(word: str) -> str:
    return word.removesuffix("'s").removesuffix("s")


def _syllables(word: str) -> int:
    if len(word) <= 3:
        return 1
    inside = _SILENT_INSIDE.match(word)
    if inside:
        return _syllables(inside[1]) + _syllables(inside[2])
    spoken = re.sub(r"y(?=[aeiou])", "j", word.replace("qu", "kw"))
    count = len(_GROUPS.findall(spoken)) + len(_TWO_VOWELS.findall(spoken))
    return max(1, count - bool(_SILENT_END.search(spoken)))
