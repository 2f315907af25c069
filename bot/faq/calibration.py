"""What the matcher's scores mean, found out from the FAQ alone.

Rehearsals are held. In one, a quarter of the entries at a time is left out and asked for: what
those questions score is what questions score that the FAQ does not answer. In another, every fifth
phrasing is left out and asked (of a small FAQ, every one in its turn): that shows how often the
first entry is the right one. Where texts are known that lie outside the FAQ, a third of their groups at a
time is left out and asked. The thresholds are the lowest at which few questions of the first and the last
kind are answered and few of the second are answered wrong; so they follow the FAQ when it grows, and
nobody has to set them.

People see confidences in [0, 1] on a scale that is the same for every FAQ: `ANSWER` and up is
answered, `SUGGEST` and up is offered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import only
from bot.faq.linear import Trainer
from bot.faq.matcher import Matcher, added, finished, known_share
from bot.faq.nearest import Nearest
from bot.faq.rows import Floats, Ints, Rows
from bot.faq.words import Words

ANSWER: Final = 0.6  # least confidence of an answer
SUGGEST: Final = 0.4  # least confidence of an offer
ANSWERED_UNANSWERABLE: Final = 0.07  # at most this share of questions whose entry is left out
ANSWERED_BESIDE: Final = (
    0.13  # of the same, where texts outside say more surely what must not be answered
)
ANSWERED_OUTSIDE: Final = 0.03  # of texts outside the FAQ whose group is left out
ANSWERED_WRONG: Final = (
    0.10  # of rehearsed questions in scope, which are far harder than people's: phrasings
)
# of an entry differ from each other more than a question does from the nearest of them
OFFERED_OUT_OF_SCOPE: Final = 0.45
MARGINS: Final = (0.0, 0.1, 0.2, 0.3)  # leads that are tried, in scores
GROUPS: Final = 4  # of entries
LARGE: Final = (
    2000  # phrasings, from which on half of the groups are asked for, with all questions
)
FOLDS: Final = 3  # of the groups of texts outside
FEWEST_GROUPS: Final = 6  # of these; fewer tell nothing
EVERY: Final = 5  # one phrasing in five is left out
QUESTIONS: Final = 400  # of each rehearsal
FEWEST_ENTRIES: Final = 3  # fewer tell nothing about what is out of scope
FEWEST_PHRASINGS: Final = 3  # an entry; with fewer, leaving one out says too little
BEST_SCORE: Final = 4.2  # a phrasing asked word for word; both scorers at 1 and the whole lead
_GAP: Final = 0.05  # least distance between the thresholds, in scores


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the bands begin, on the matcher's own scale.

    Attributes:
        suggest_at: Least score of an offer.
        answer_at: Least score of an answer.
        margin: Least lead of an answer over the second entry.
    """

    suggest_at: float = 0.7
    answer_at: float = 1.1
    margin: float = 0.1

    def confidences(self, scores: Floats) -> NDArray[np.float64]:
        """Scores on the scale that people see, in [0, 1], in the same order.

        Args:
            scores: float32 [entries].
        """
        best = max(BEST_SCORE, self.answer_at + _GAP)
        at = [0.0, self.suggest_at, self.answer_at, best]
        return np.interp(scores, at, [0.0, SUGGEST, ANSWER, 1.0])


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How some questions came out.

    Attributes:
        scores: Of the first entry, float64 [questions].
        leads: Over the second entry, float64 [questions].
        right: Whether it was the right one, bool [questions]; false where none was.
    """

    scores: NDArray[np.float64]
    leads: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, outcomes: Sequence[tuple[float, float, bool]]) -> "Rehearsal":
        """Questions put together."""
        scores, leads, right = zip(*outcomes, strict=True) if outcomes else ((), (), ())
        return cls(np.array(scores, float), np.array(leads, float), np.array(right, bool))

    def least_score(self, margin: float, share: float) -> float:
        """The lowest threshold at which at most a share of the questions is answered wrong."""
        wrong = np.sort(self.scores[~self.right & (self.leads >= margin)])[::-1]
        allowed = int(share * len(self.scores))
        return float(np.nextafter(wrong[allowed], np.inf)) if allowed < len(wrong) else 0.0

    def answered_right(self, answer_at: float, margin: float) -> int:
        """How many are answered right."""
        answered = (self.scores >= answer_at) & (self.leads >= margin)
        return int((answered & self.right).sum())


@dataclass(frozen=True, slots=True)
class Learnt:
    """A FAQ as it was learnt: what rehearsals are held with.

    Attributes:
        matcher: Trained on all of it.
        trainer: What trained the entries, from the phrasings.
        outside: What trained the outside, from all rows; None where nothing is known of it.
        rows: The features of the phrasings, then of the texts outside.
        owners: The entry of each phrasing, then the group of each text outside, numbered on; int32
            [rows], ascending.
        texts: The words of each row.
    """

    matcher: Matcher
    trainer: Trainer
    outside: Trainer | None
    rows: Rows
    owners: Ints
    texts: Sequence[Words]

    @property
    def entries(self) -> int:
        """How many there are."""
        return int(self.matcher.linear.weights.shape[1])

    @property
    def phrasings(self) -> int:
        """How many rows are phrasings of entries: the first ones."""
        return int(np.searchsorted(self.owners, self.entries))

    def are_outside(self) -> NDArray[np.bool_]:
        """Which rows are texts outside the FAQ, bool [rows]."""
        found: NDArray[np.bool_] = self.owners >= self.entries
        return found


def calibrate(learnt: Learnt) -> Thresholds:
    """Find the thresholds of a FAQ."""
    if learnt.entries < FEWEST_ENTRIES:
        return Thresholds()
    unanswered = Rehearsal.of(list(_without_entries(learnt)))
    outside = Rehearsal.of(list(_without_groups(learnt)))
    inside = Rehearsal.of(list(_without_phrasings(learnt)))
    suggest = max(unanswered.least_score(0.0, OFFERED_OUT_OF_SCOPE), _GAP)
    pairs = [(_careful(unanswered, outside, inside, margin), margin) for margin in MARGINS]
    if len(inside.scores):
        answer, margin = max(pairs, key=lambda pair: inside.answered_right(*pair))
    else:
        answer, margin = pairs[1]
    return Thresholds(suggest, max(answer, suggest + _GAP), margin)


def _careful(unanswered: Rehearsal, outside: Rehearsal, inside: Rehearsal, margin: float) -> float:
    """The lowest threshold at which few are answered wrong, with some margin."""
    share = ANSWERED_BESIDE if len(outside.scores) else ANSWERED_UNANSWERABLE
    return max(
        unanswered.least_score(margin, share),
        outside.least_score(margin, ANSWERED_OUTSIDE),
        inside.least_score(margin, ANSWERED_WRONG),
    )


def _without_entries(learnt: Learnt) -> Iterator[tuple[float, float, bool]]:
    """Ask for entries that were left out."""
    groups = GROUPS if learnt.phrasings < LARGE else GROUPS // 2
    for group in range(groups):
        out = (learnt.owners % GROUPS == group) & ~learnt.are_outside()
        yield from _rehearse(learnt, out, QUESTIONS // groups)


def _without_groups(learnt: Learnt) -> Iterator[tuple[float, float, bool]]:
    """Ask texts outside the FAQ whose groups were left out."""
    outside = learnt.are_outside()
    if len(np.unique(learnt.owners[outside])) < FEWEST_GROUPS:
        return
    for fold in range(FOLDS):
        out = outside & (learnt.owners % FOLDS == fold)
        yield from _rehearse(learnt, out, QUESTIONS // FOLDS)


def _without_phrasings(learnt: Learnt) -> Iterator[tuple[float, float, bool]]:
    """Ask phrasings that were left out, where their entries have others."""
    count = learnt.phrasings
    if count < FEWEST_PHRASINGS * learnt.entries:
        return
    places, folds = np.arange(len(learnt.owners)), -(-QUESTIONS * EVERY // count)
    first = np.concatenate([[True], learnt.owners[1:] != learnt.owners[:-1]])
    for fold in range(min(EVERY, folds)):
        out = (places % EVERY == EVERY - 1 - fold) & ~first & (places < count)
        yield from _rehearse(learnt, out, QUESTIONS // folds)


def _rehearse(
    learnt: Learnt, out: NDArray[np.bool_], limit: int
) -> Iterator[tuple[float, float, bool]]:
    """Ask up to a number of the rows that are left out, of what is left."""
    kept, space = np.flatnonzero(~out), learnt.matcher.space
    linear = learnt.trainer.without(out[: learnt.phrasings]).linear
    outside = learnt.outside.without(out).linear if learnt.outside else None
    left, firsts = np.unique(learnt.owners[kept], return_index=True)
    nearest = Nearest.of(learnt.rows.some(kept), firsts.astype(np.int32))
    entries = left[left < learnt.entries]
    linear = linear.of_classes(entries)
    known = learnt.rows.columns(kept[kept < learnt.phrasings]) & learnt.matcher.own_features
    for at in _spread(np.flatnonzero(out), limit):
        question = only(learnt.rows.row(at), known)
        near = nearest.by_entry(nearest.cosines(question))
        sums = added(near, linear, outside, question)
        scores, lead = finished(sums, known_share(learnt.texts[at], space, known))
        first = int(scores.argmax())
        yield float(scores[first]), lead, bool(entries[first] == learnt.owners[at])


def _spread(rows: NDArray[np.intp], limit: int) -> list[int]:
    """Up to a number of the rows, evenly."""
    step = max(1, -(-len(rows) // limit))
    chosen: list[int] = rows[::step].tolist()
    return chosen
