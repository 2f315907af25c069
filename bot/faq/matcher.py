"""Scores every entry for a question: two scorers added, less where words are unknown.

One scorer is the nearest phrasing, the other what a linear classifier has learnt; each is about 0
to 1. Their sum is scaled down by the share of the question that the FAQ knows, and the first entry
gets a share of its lead. Scores have no fixed scale: `calibration` finds out what they mean.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import FeatureSpace, only
from bot.faq.linear import Linear
from bot.faq.nearest import Nearest
from bot.faq.rows import Floats, Vector
from bot.faq.words import Words

LEAD_WEIGHT: Final = 0.6  # of the lead over the second entry
KNOWN_POWER: Final = 0.5  # how strongly unknown words count
LEAST_KNOWN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """How well every entry fits a question.

    Attributes:
        vector: The question's features.
        scores: float32 [entries], on the matcher's own scale; the first one's lead is in it.
        lead: Of the first over the second, before it was added.
        cosines: To every phrasing, float32 [phrasings].
    """

    vector: Vector
    scores: Floats
    lead: float
    cosines: Floats


@dataclass(frozen=True)
class Matcher:
    """A FAQ, learnt.

    Attributes:
        space: Its features.
        nearest: Its phrasings.
        linear: Its entries, as classes.
    """

    space: FeatureSpace
    nearest: Nearest
    linear: Linear

    @cached_property
    def own_features(self) -> NDArray[np.bool_]:
        """Which features are the FAQ's own, bool [features]."""
        return np.arange(len(self.space)) < self.space.home

    def match(self, words: Words, vector: Vector) -> Match:
        """Score all entries.

        Args:
            words: The question, repaired.
            vector: Its features.
        """
        question = only(vector, self.own_features)
        cosines = self.nearest.cosines(question)
        sums = self.nearest.by_entry(cosines) + self.linear.scores(question)
        scores, lead = finished(sums, known_share(words, self.space, self.own_features))
        return Match(vector, scores, lead, cosines)


def finished(scores: Floats, known: float) -> tuple[Floats, float]:
    """Sums of both scorers made into scores, and the first one's lead over the second.

    Args:
        scores: The sums, float32 [entries].
        known: Share of the question that the FAQ knows, in [0, 1].
    """
    scores = scores * np.float32(max(known, LEAST_KNOWN) ** KNOWN_POWER)
    if len(scores) < 2:
        return scores, float(scores[0])
    first = int(scores.argmax())
    lead = float(scores[first]) - float(np.partition(scores, -2)[-2])
    scores[first] += np.float32(LEAD_WEIGHT * lead)
    return scores, lead


def known_share(
    words: Words, space: FeatureSpace, known: NDArray[np.bool_] | None = None
) -> float:
    """How much of a question is made of known words, by their weight, in [0, 1].

    Args:
        words: The question.
        space: The features.
        known: Which of them count as known, bool [features]; all where it is None.
    """
    total = of_known = 0.0
    for word in words.words:
        number = space.number(word)
        if number is not None and (known is None or known[number]):
            weight = float(space.idf[number])
            of_known += weight
        else:
            weight = space.heaviest
        total += weight
    return of_known / total if total else 0.0
