"""One slip of the finger in a known word: a letter too many, too few, wrong, or two swapped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

SHORTEST: Final = 5  # letters of a word that may be misspelt; shorter ones have too many neighbours
EVERYDAY_NEIGHBOURS: Final = frozenset(  # words of English one letter away from a name of ours
    "aspic bindi binds cipher copra engine engines insure later latter materials metals "
    "physical plants plays waiter wader wafer winter".split()
)


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

    def repair(self, word: str) -> str | None:
        """The one known word that a misspelt word is a slip away from.

        Args:
            word: In lower case.

        Returns:
            None where the word is known or everyday, or where no word or several are that near.
        """
        if len(word) < SHORTEST - 1 or word in self.known or word in EVERYDAY_NEIGHBOURS:
            return None
        near = {
            known
            for rest in (word, *_rests(word))
            for known in self.words_by_rest.get(rest, ())
            if OSA.distance(word, known, score_cutoff=1) <= 1
        }
        return near.pop() if len(near) == 1 else None


def _rests(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
