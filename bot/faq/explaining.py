"""Why an entry came first, in the FAQ's own words: nothing that a person typed is repeated."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from bot.faq.features import is_gram
from bot.faq.matcher import Match, Matcher
from bot.faq.ranking import Explanation
from bot.faq.rows import Vector
from bot.faq.words import Words
from bot.language.lexicon import MEANING

FEATURES: Final = 5  # named
_WORTH_NAMING: Final = 0.0  # score; what counts against the entry is not named


class Explainer:
    """Explains the rankings of one FAQ.

    Args:
        matcher: What ranks.
        phrasings: Every phrasing, those of one entry beside each other.
        titles: How the terms of the glossary are written, by their token.
    """

    def __init__(
        self, matcher: Matcher, phrasings: Sequence[str], titles: Mapping[str, str]
    ) -> None:
        self._matcher = matcher
        self._phrasings = phrasings
        self._titles = titles

    def explain(self, words: Words, match: Match, first: int, margin: float) -> Explanation:
        """Why an entry came first.

        Args:
            words: The question.
            match: How it came out.
            first: The entry's number.
            margin: Its lead in confidence.
        """
        return Explanation(
            repaired=tuple(map(self._written, filter(self._is_ours, words.readings))),
            features=tuple(self._decided(match.vector, first)),
            nearest=self._phrasings[self._nearest(match, first)],
            margin=margin,
        )

    def _is_ours(self, word: str) -> bool:
        number = self._matcher.space.number(word)
        return number is not None and number < self._matcher.space.home

    def _decided(self, vector: Vector, first: int) -> Iterator[str]:
        """Words and pairs that spoke for the entry, weightiest first."""
        ours = vector.ids < self._matcher.space.home
        ids, weights = vector.ids[ours], vector.weights[ours]
        gains = weights * self._matcher.linear.of_features(ids, first)
        named = 0
        for at in np.argsort(-gains).tolist():
            if named == FEATURES or gains[at] <= _WORTH_NAMING:
                return
            name = self._matcher.space.names[int(ids[at])]
            if not is_gram(name):
                named += 1
                yield self._written(name)

    def _nearest(self, match: Match, first: int) -> int:
        start, *_ = firsts = self._matcher.nearest.firsts[first : first + 2].tolist()
        end = firsts[1] if len(firsts) > 1 else len(match.cosines)
        return int(start) + int(match.cosines[start:end].argmax())

    def _written(self, name: str) -> str:
        return " ".join(
            self._titles.get(word, word) for word in name.removeprefix(MEANING).split()
        )
