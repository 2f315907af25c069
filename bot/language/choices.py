"""Which of the options on the table somebody means: by number, by place, by name, with a typo."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from bot.language.loose_text import level, mend
from bot.language.stopwords import STOPWORDS

CLOSE: Final = 86.0  # rapidfuzz ratio, 0-100; one slip in a seven-letter word, none in a short one
FEW: Final = 2  # words that may name an option by standing in it
CLEAR: Final = 6.0  # lead over the second label, or it is asked back

_NUMBER = re.compile(r"^(?:no\.?|number|option|nr|#)?\s*(\d{1,2})\s*[.)!]?$")
_ORDINALS: Final = (
    ("1st", "first", "one"),
    ("2nd", "second", "two"),
    ("3rd", "third", "three"),
    ("4th", "fourth", "four"),
    ("5th", "fifth", "five"),
    ("6th", "sixth", "six"),
    ("7th", "seventh", "seven"),
    ("8th", "eighth", "eight"),
)
_ORDINAL = re.compile(
    r"^(?:the |option |number )?(last|[a-z0-9]+)(?: one| option)?(?: please| pls)?$"
)
_EDGES = re.compile(r"^[^\w#]+|[^\w]+$")
_OWNER = re.compile(r"^(?:the|a|an|my|our|your) (?=\w)")
_WORD = re.compile(r"[a-z]{4,}")
_WORDS = re.compile(r"[\w']+")

Synonyms = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picked:
    """The option with this index, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Torn:
    """Several options are as likely; nobody should pick for the person."""

    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What options are called: every label first, then every synonym.

    Attributes:
        texts: Plain names.
        options: The index of the option that each of them names.
        words: The words in them that a slip may hide.
        count: How many options there are.
    """

    texts: tuple[str, ...]
    options: tuple[int, ...]
    words: frozenset[str]
    count: int

    def named(self, text: str) -> tuple[int, ...]:
        """The options with exactly this name; of labels that are alike, the first."""
        if text in self.texts[: self.count]:
            return (self.options[self.texts.index(text)],)
        pairs = zip(self.texts, self.options, strict=True)
        return tuple(sorted({option for name, option in pairs if name == text}))


def match_choice(
    text: str, labels: Sequence[str], synonyms: Synonyms = ()
) -> Picked | Torn | None:
    """The option that a text means.

    Args:
        text: As typed.
        labels: The options' labels, in the order they were numbered.
        synonyms: Other names of each option, in the same order; may be shorter.

    Returns:
        None where the text means none of them.
    """
    words = _comparable(text)
    if not words or not labels:
        return None
    return _by_number(words, len(labels)) or _by_name(words, names_of(labels, synonyms))


def match_named(text: str, names: Names) -> Picked | Torn | None:
    """The option that a text means, for a caller that reads several texts against the same names."""
    words = _comparable(text)
    return _by_number(words, names.count) or _by_name(words, names) if words else None


def match_lead(text: str, labels: Sequence[str]) -> int | None:
    """The one option whose label begins with these words and goes on: "service" for "Service message".

    Args:
        text: As typed; words that say nothing, such as "can" or "what", lead to no option.
        labels: The options' labels, in the order they were numbered.

    Returns:
        The index from 0; None where no label begins so, or several do.
    """
    words = _WORDS.findall(_name(text))
    if not words or all(word in STOPWORDS for word in words):
        return None
    begun = [
        index
        for index, label in enumerate(labels)
        if (said := _WORDS.findall(_name(label)))[: len(words)] == words and len(said) > len(words)
    ]
    return begun[0] if len(begun) == 1 else None


def match_word(text: str, labels: Sequence[str]) -> int | None:
    """The one option whose label has these one or two words somewhere: "raised" for "We have raised it".

    Args:
        text: As typed.
        labels: The options' labels, in the order they were numbered.

    Returns:
        The index from 0; None where no label has them all, or several do.
    """
    words = _WORDS.findall(text.lower())
    if not 0 < len(words) <= FEW or any(word in STOPWORDS for word in words):
        return None
    holding = [
        index
        for index, label in enumerate(labels)
        if set(words) <= set(_WORDS.findall(label.lower()))
    ]
    return holding[0] if len(holding) == 1 else None


def _comparable(text: str) -> str:
    return _EDGES.sub("", " ".join(text.lower().split()))


def _by_number(words: str, count: int) -> Picked | None:
    if number := _NUMBER.match(words):
        index = int(number[1]) - 1
        return Picked(index) if 0 <= index < count else None
    if not (ordinal := _ORDINAL.match(words)):
        return None
    if ordinal[1] == "last":
        return Picked(count - 1)
    for index, names in enumerate(_ORDINALS[:count]):
        if ordinal[1] in names:
            return Picked(index)
    return None


def names_of(labels: Sequence[str], synonyms: Synonyms = ()) -> Names:
    """The names of options, ready to be compared."""
    named = [(_name(label), at) for at, label in enumerate(labels)]
    named += [
        (_name(word), at) for at, group in enumerate(synonyms[: len(labels)]) for word in group
    ]
    words = frozenset(word for name, _ in named for word in _WORD.findall(name))
    return Names(
        texts=tuple(name for name, _ in named),
        options=tuple(at for _, at in named),
        words=words,
        count=len(labels),
    )


def _name(text: str) -> str:
    return _OWNER.sub("", _comparable(text))


def _by_name(words: str, names: Names) -> Picked | Torn | None:
    words = _OWNER.sub("", words)
    for read in (words, mend(level(words), names.words)):
        if exact := names.named(read):
            return _picked(exact)
    close = process.extract(words, names.texts, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=None)
    return _picked({names.options[at] for _, score, at in close if close[0][1] - score < CLEAR})


def _picked(options: Collection[int]) -> Picked | Torn | None:
    if not options:
        return None
    return Torn(tuple(sorted(options))) if len(options) > 1 else Picked(*options)
