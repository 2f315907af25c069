"""From confidences to an outcome: three bands, a margin, and what an entry itself demands.

* At or above `ANSWER`, and ahead of the second entry by the margin: an answer.
* At or above `SUGGEST`: the best two or three to choose from.
* Below: a decline.

An entry with `must_have` is never answered without one of these words; one with `block_if` never
comes up beside one of those; one with `min_score` is answered from that confidence on only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.calibration import ANSWER, SUGGEST
from bot.knowledge.faq import Entry, Faq
from bot.language.lexicon import Lexicon
from bot.language.normalising import content_words, tokens
from bot.messages import EntryId, Outcome

OFFERED: Final = 3  # entries to choose from
FEWEST_OFFERED: Final = 2
CLOSE: Final = 0.5  # share of the first one's confidence that a third offer needs at least
JUST_BELOW: Final = 0.001


@dataclass(frozen=True, slots=True)
class Demand:
    """What one entry demands of a question's words.

    Attributes:
        must_have: Each a run of words; one of them must stand in it. None is needed where empty.
        block_if: Each a run of words that must not.
        min_score: Least confidence of an answer.
    """

    must_have: tuple[tuple[str, ...], ...]
    block_if: tuple[tuple[str, ...], ...]
    min_score: float

    def allows_answer(self, said: "Said", confidence: float) -> bool:
        """Whether the entry may be the answer."""
        has = not self.must_have or any(map(said.holds, self.must_have))
        return has and confidence >= self.min_score

    def is_blocked(self, said: "Said") -> bool:
        """Whether the entry may not come up at all."""
        return any(map(said.holds, self.block_if))


class Said:
    """A question's words, to look for runs of words in.

    Args:
        words: As typed and as repaired.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._different = frozenset(words)

    def holds(self, run: tuple[str, ...]) -> bool:
        """Whether the words stand in it, one after the other."""
        if not run or not self._different.issuperset(run):
            return False
        starts = range(len(self._words) - len(run) + 1)
        return len(run) == 1 or any(self._words[at : at + len(run)] == run for at in starts)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a question.

    Attributes:
        outcome: Answer, disambiguate or decline.
        offered: The entries it is about, best first.
    """

    outcome: Outcome
    offered: tuple[EntryId, ...] = ()


DECLINED: Final = Decision(Outcome.DECLINE)


class Decider:
    """Decides for one FAQ.

    Args:
        faq: The entries.
        lexicon: Reads the words of demands as it reads questions.
    """

    def __init__(self, faq: Faq, lexicon: Lexicon) -> None:
        self._entries = tuple(entry.id for entry in faq.entries)
        self._demands: Mapping[int, Demand] = {
            at: _demand(entry, lexicon)
            for at, entry in enumerate(faq.entries)
            if entry.must_have or entry.block_if or entry.min_score
        }

    def demanded(
        self, confidences: NDArray[np.float64], words: Sequence[str]
    ) -> NDArray[np.float64]:
        """Confidences with every entry's demands applied.

        Args:
            confidences: float64 [entries].
            words: The question's words, as typed and as repaired.
        """
        if not self._demands:
            return confidences
        demanded, said = confidences.copy(), Said(words)
        for at, demand in self._demands.items():
            if demand.is_blocked(said):
                demanded[at] = 0.0
            elif not demand.allows_answer(said, float(demanded[at])):
                demanded[at] = min(float(demanded[at]), ANSWER - JUST_BELOW)
        return demanded

    def decide(
        self, order: Sequence[int], confidences: NDArray[np.float64], *, ahead: bool
    ) -> Decision:
        """Choose the outcome.

        Args:
            order: Entries by confidence, best first; at least two where there are two.
            confidences: float64 [entries].
            ahead: Whether the first leads the second by the margin.
        """
        best = float(confidences[order[0]])
        if best >= ANSWER and ahead:
            return Decision(Outcome.ANSWER, (self._entries[order[0]],))
        if best < SUGGEST:
            return DECLINED
        offered = [at for at in order[:FEWEST_OFFERED] if confidences[at] > 0]
        offered += [at for at in order[FEWEST_OFFERED:OFFERED] if confidences[at] >= CLOSE * best]
        return Decision(Outcome.DISAMBIGUATE, tuple(self._entries[at] for at in offered))


def may_mean_something(words: Sequence[str]) -> bool:
    """Whether words can ask for anything: one stopword or a number alone never can."""
    return bool(content_words(tuple(words))) or len([w for w in words if not w.isdigit()]) > 1


def _demand(entry: Entry, lexicon: Lexicon) -> Demand:
    return Demand(
        must_have=tuple(lexicon.unify(tokens(line)) for line in entry.must_have),
        block_if=tuple(lexicon.unify(tokens(line)) for line in entry.block_if),
        min_score=entry.min_score,
    )
