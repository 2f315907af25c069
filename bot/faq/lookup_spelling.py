"""One slip of the finger in a known word: a letter too many, too few, wrong, or two swapped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from bot.faq import lookup_words as lexicon

LONGEST: Final = 24  # letters of what is still read as a word
SHORTEST: Final = 5  # letters of a word that may be misspelt; shorter ones have many neighbours

_SOUND: Final = lexicon.FILLER | lexicon.BLOCKED | lexicon.EVERYDAY_NEIGHBOURS


@dataclass(frozen=True, slots=True)
class Spelling:
    """Known words, findable with one letter left out of either side."""

    known: frozenset[str]
    words_by_rest: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Spelling":
        """A speller for these words; those under `SHORTEST` letters are not repaired to."""
        known = frozenset(words)
        rests: dict[str, list[str]] = {}
        for word in sorted(known):
            if len(word) >= SHORTEST:
                for rest in {word, *_rests(word)}:
                    rests.setdefault(rest, []).append(word)
        return cls(known, {rest: tuple(found) for rest, found in rests.items()})

    def near(self, word: str) -> frozenset[str]:
        """The known words that a misspelt word is a slip away from.

        Args:
            word: In lower case.

        Returns:
            None of them where the word is known or everyday.
        """
        if word in self.known or word in _SOUND or not SHORTEST - 1 <= len(word) <= LONGEST:
            return frozenset()
        return frozenset(
            known
            for rest in (word, *_rests(word))
            for known in self.words_by_rest.get(rest, ())
            if OSA.distance(word, known, score_cutoff=1) <= 1
        )


def _rests(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
