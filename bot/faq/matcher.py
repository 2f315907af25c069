"""Scores every entry for a question: two scorers added, less where words are unknown.

One scorer is the nearest phrasing, the other what a linear classifier has learnt; each is about 0
to 1. Their sum is scaled down by the share of the question that the FAQ knows, and the first entry
gets a multiple of its lead. What is known to be outside the FAQ is scored like an entry that is never
given as an answer: a question that is nearer to it has a lead below zero. Scores have no fixed scale:
`calibration` finds out what they mean.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import FeatureSpace, only
from bot.faq.lens import Lens
from bot.faq.linear import Linear
from bot.faq.nearest import Nearest
from bot.faq.rows import Floats, Vector
from bot.faq.words import Words

LEAD_WEIGHT: Final = 1.5  # of the lead over whatever comes second
OUTSIDE_WEIGHT: Final = 0.75  # of what was learnt about the outside, beside its nearest texts
KNOWN_POWER: Final = 0.75  # how strongly unknown words count
LEAST_KNOWN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """How well every entry fits a question.

    Attributes:
        vector: The question's features, its sentence vector as it came.
        scores: float32 [entries], on the matcher's own scale; the first one's lead is in it.
        lead: Of the first over the second, or over what is outside, before it was added.
        cosines: To every phrasing, then to every text outside, float32 [phrasings + texts].
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
        lens: What every sentence vector is seen through.
        nearest: Its phrasings, by entry, then the texts outside, by group.
        linear: Its entries, as classes.
        outside: What is outside, as one class; None where nothing is known of it.
    """

    space: FeatureSpace
    lens: Lens
    nearest: Nearest
    linear: Linear
    outside: Linear | None = None

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
        question = self.lens.seen(only(vector, self.own_features))
        cosines = self.nearest.cosines(question)
        near = self.nearest.by_entry(cosines)
        sums = added(near, self.linear, self.outside, question)
        scores, lead = finished(sums, known_share(words, self.space, self.own_features))
        return Match(vector, scores, lead, cosines)


@dataclass(frozen=True, slots=True)
class Sums:
    """What both scorers say together.

    Attributes:
        entries: Of each entry, float32 [entries].
        outside: Of what is outside the FAQ; None where nothing is known of it.
    """

    entries: Floats
    outside: float | None = None


def added(near: Floats, linear: Linear, outside: Linear | None, question: Vector) -> Sums:
    """Both scorers' numbers put together.

    Args:
        near: How near the phrasings of every entry are, then the texts of every group outside,
            float32 [entries + groups].
        linear: The entries.
        outside: What is outside.
        question: The question's features.
    """
    learnt = linear.scores(question)
    entries = len(learnt)
    sums = near[:entries] + learnt
    if outside is None or len(near) == entries:
        return Sums(sums)
    beyond = OUTSIDE_WEIGHT * float(outside.scores(question)[0])
    return Sums(sums, float(near[entries:].max()) + beyond)


def finished(sums: Sums, known: float) -> tuple[Floats, float]:
    """Sums of both scorers made into scores, and the first one's lead over whatever comes next.

    Args:
        sums: The sums.
        known: Share of the question that the FAQ knows, in [0, 1].
    """
    share = np.float32(max(known, LEAST_KNOWN) ** KNOWN_POWER)
    scores = sums.entries * share
    first = int(scores.argmax())
    others = [] if len(scores) < 2 else [float(np.partition(scores, -2)[-2])]
    if sums.outside is not None:
        others.append(sums.outside * float(share))
    if not others:
        return scores, float(scores[first])
    lead = float(scores[first]) - max(others)
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
