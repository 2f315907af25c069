"""What some words say: normalised, terms in one spelling, slips repaired, with their meanings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.language.common_words import rank_by_word
from bot.language.lexicon import Lexicon
from bot.language.normalising import tokens
from bot.language.spelling import SHORTEST, Speller


@dataclass(frozen=True, slots=True)
class Words:
    """A text, read.

    Attributes:
        words: Its comparable words; a term of the glossary is one of them, however it was spelt.
        meanings: Groups of synonyms that stand in it, as `=fee`.
        readings: Words of the vocabulary that a misspelt word was read as.
    """

    words: tuple[str, ...]
    meanings: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


def as_written(text: str, lexicon: Lexicon) -> Words:
    """A phrasing, read as it stands."""
    words = lexicon.unify(tokens(text))
    return Words(words, lexicon.meanings(words))


def count_words(texts: Iterable[Words]) -> Mapping[str, int]:
    """How often each word stands in some texts."""
    return Counter(word for text in texts for word in text.words)


class Vocabulary:
    """The words of a FAQ, against which questions are read.

    Args:
        counts: How often each word stands in the FAQ and in the texts beside it.
        lexicon: The glossary.
    """

    def __init__(self, counts: Mapping[str, int], lexicon: Lexicon) -> None:
        self.counts = counts
        self.lexicon = lexicon
        self.speller = Speller({**dict.fromkeys(lexicon.words, 1), **counts}, rank_by_word())

    def read(self, typed: Sequence[str]) -> Words:
        """A question, its slips repaired.

        Args:
            typed: Its normalised tokens.
        """
        repaired = self.speller.repair(self.lexicon.unify(typed))
        words = self.lexicon.unify(repaired.words) if repaired.readings else repaired.words
        return Words(words, self.lexicon.meanings(words), repaired.readings)

    def is_english(self, word: str) -> bool:
        """Whether a word is English or the FAQ's own, perhaps with a slip."""
        if word in self.counts or word in rank_by_word() or word.isdigit():
            return True
        return len(word) >= SHORTEST and self.speller.repair((word,)).words != (word,)
