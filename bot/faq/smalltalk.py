"""Recognises what asks nothing: hello, thanks, ok, a lone number, an emoji, another language."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from bot.faq.words import Vocabulary
from bot.knowledge.smalltalk import Smalltalk
from bot.language.foreign import is_foreign
from bot.language.normalising import TOKEN_LIMIT, tokens

NUMBER: Final = "number-alone"
EMOJI: Final = "emoji-alone"
NONSENSE: Final = "nonsense"
OTHER_LANGUAGE: Final = "other-language"
FUZZY: Final = 88.0  # rapidfuzz ratio; one slip in a word of eight letters
FUZZY_LETTERS: Final = 5  # shorter texts must be exact
MOST_WORDS: Final = 8  # longer texts are no small talk
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")  # "helloooo"
_POLITE: Final = frozenset(
    (
        "mate",
        "please",
        "pathways",
        "bot",
        "there",
        "again",
        "so",
        "very",
        "much",
        "love",
        "pal",
        "duck",
        "ok",
        "okay",
        "right",
        "alright",
        "oh",
        "great",
    )
)


class SmalltalkReader:
    """Recognises the kinds of one file.

    Args:
        smalltalk: The kinds; only these are ever found.
        vocabulary: Knows what is English, or nearly.
    """

    def __init__(self, smalltalk: Smalltalk, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kinds = frozenset(kind.id for kind in smalltalk.kinds)
        said = [(text, kind.id) for kind in smalltalk.kinds for text in kind.phrasings]
        self._by_text = {text.strip(): kind for text, kind in reversed(said)}
        self._by_words: Mapping[str, str] = {
            _plain(tokens(text)): kind
            for text, kind in reversed(said)
            if tokens(text) and kind != OTHER_LANGUAGE
        }
        self._fuzzy = [text for text in self._by_words if len(text) >= FUZZY_LETTERS]

    def kind(self, text: str, words: Sequence[str]) -> str:
        """The kind that a whole text is, exactly; empty where it is none.

        Args:
            text: As typed.
            words: Its words, normalised.
        """
        found = self._by_text.get(text.strip()) or self._of_words(words)
        if not found and not words and text.strip():
            found = EMOJI if any(ord(character) > 0x2000 for character in text) else NONSENSE
        return found if found in self._kinds else ""

    def near(self, words: Sequence[str]) -> str:
        """The kind that a whole text nearly is; empty where it is none."""
        said = _plain(words)
        if len(words) > MOST_WORDS or len(said) < FUZZY_LETTERS:
            return ""
        found = process.extractOne(said, self._fuzzy, scorer=fuzz.ratio, score_cutoff=FUZZY)
        return self._by_words[found[0]] if found else ""

    def is_other_language(self, words: Sequence[str]) -> bool:
        """Whether a text is in a language that is not ours."""
        return OTHER_LANGUAGE in self._kinds and is_foreign(
            words[:TOKEN_LIMIT], self._vocabulary.is_english
        )

    def _of_words(self, words: Sequence[str]) -> str:
        if not words or len(words) > MOST_WORDS:
            return ""
        if is_number(words):
            return NUMBER
        said = self._by_words.get(_plain(words))
        if said:
            return said
        bare = [word for word in words if word not in _POLITE]
        return self._by_words.get(_plain(bare), "") if bare and len(bare) < len(words) else ""


def is_number(words: Sequence[str]) -> bool:
    """Whether a text is nothing but a few numbers: the choice of an option, mostly."""
    return 0 < len(words) <= MOST_WORDS and all(word.isdigit() for word in words)


def _plain(words: Sequence[str]) -> str:
    """Words as one text, letters that were drawn out written once."""
    return _DRAWN_OUT.sub(r"\1", " ".join(words))
