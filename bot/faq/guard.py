"""Recognises what is sensitive, before anything is looked up in the FAQ.

Two things raise it: `signals`, words that are enough by themselves, and a classifier that has learnt
the topics' phrasings against what is innocent, which is all phrasings of the FAQ and what the topics
say only sounds like them. Missing a message is worse than a card too many, and a crisis comes before
every other topic.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.rows import Floats, Rows, Vector
from bot.faq.linear import Linear, Trainer
from bot.knowledge.sensitive import Sensitive
from bot.language.normalising import tokens

BETWEEN: Final = 3  # words that may stand between two words of a signal
EVERY: Final = 4  # one text in four is left out to find the threshold
FALSE_ALARMS: Final = 0.03  # of innocent texts left out; more is known of them when all are learnt
MISSES: Final = 0.02  # of sensitive ones; no need to listen harder than this
LEAST: Final = 0.45  # score below which nothing is sensitive, whatever was left out
MOST: Final = 0.75  # score above which everything is
CRISIS_SLACK: Final = 0.15  # a crisis wins where it is nearly as likely as another topic
KNOWN_POWER: Final = 0.5  # how strongly unknown words speak against an alarm
_INNOCENT: Final = -1


@dataclass(frozen=True, slots=True)
class GuardModel:
    """What the classifier has learnt.

    Attributes:
        alarm: One class: whether a text is sensitive at all.
        topics: A class for each topic, in their order.
        alarm_at: Least score of an alarm.
    """

    alarm: Linear
    topics: Linear
    alarm_at: float


def learn_guard(rows: Rows, topics: NDArray[np.int32], count: int) -> GuardModel:
    """Learn what is sensitive.

    Args:
        rows: Features of innocent and sensitive texts.
        topics: The topic of each text, int32 [texts]; -1 where it is innocent.
        count: How many topics there are.
    """
    sensitive = topics > _INNOCENT
    trainer = Trainer(rows, np.where(sensitive, 0, _INNOCENT).astype(np.int32), 1)
    alarm = trainer.train()
    which = Trainer(rows, topics, count).train(sensitive)
    out = np.arange(len(rows)) % EVERY == 0
    rehearsed = trainer.without(out).linear
    places = np.flatnonzero(out).tolist()
    scores = np.array([float(rehearsed.scores(rows.row(at))[0]) for at in places])
    return GuardModel(alarm, which.halved(), _alarm_at(scores, sensitive[out]))


def _alarm_at(scores: Floats, sensitive: NDArray[np.bool_]) -> float:
    """The threshold at which few innocent texts raise an alarm, lower where much would be missed."""
    if not sensitive.any():
        return MOST
    quiet = np.quantile(scores[~sensitive], 1 - FALSE_ALARMS) if not sensitive.all() else LEAST
    heard = np.quantile(scores[sensitive], MISSES)
    return float(np.clip(max(float(quiet), float(heard)), LEAST, MOST))


class Guard:
    """The guard of one set of topics.

    Args:
        sensitive: The topics, in the order in which they win.
        model: What was learnt from them; None looks for signals only.
    """

    def __init__(self, sensitive: Sensitive, model: GuardModel | None) -> None:
        self._names = tuple(topic.id for topic in sensitive.topics)
        self._crises = [at for at, t in enumerate(sensitive.topics) if t.kind == "crisis"]
        self._model = model
        self._signals = _by_first_word(sensitive)

    def topic(
        self, texts: Sequence[Sequence[str]], vector: Vector | None, known: float = 1.0
    ) -> str:
        """The sensitive topic of a text, empty where there is none.

        Args:
            texts: Its words as they were typed, and as they were repaired.
            vector: Its features; None where only signals can be trusted.
            known: Share of the text that is made of known words, in [0, 1].
        """
        signalled = min((self._signalled(words) for words in texts), default=len(self._names))
        learnt = self._learnt(vector, known) if vector else None
        if learnt in self._crises:
            signalled = min(signalled, learnt)
        if signalled < len(self._names):
            return self._names[signalled]
        return self._names[learnt] if learnt is not None else ""

    def _learnt(self, vector: Vector, known: float) -> int | None:
        """The topic that the classifier hears."""
        model = self._model
        if model is None or not len(vector.ids):
            return None
        alarm = float(model.alarm.scores(vector)[0]) * known**KNOWN_POWER
        if alarm < model.alarm_at:
            return None
        scores = model.topics.scores(vector)
        best = int(scores.argmax())
        for crisis in self._crises:
            if scores[crisis] >= scores[best] - CRISIS_SLACK:
                return crisis
        return best

    def _signalled(self, words: Sequence[str]) -> int:
        """The first topic with a signal in some words; the number of topics where there is none."""
        found = len(self._names)
        for at, word in enumerate(words):
            for topic, signal in self._signals.get(word, ()):
                if topic < found and _follows(signal, words, at):
                    found = topic
        return found


def _by_first_word(sensitive: Sensitive) -> Mapping[str, list[tuple[int, tuple[str, ...]]]]:
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for at, topic in enumerate(sensitive.topics):
        for group in topic.signals:
            words = tuple(word for line in group for word in tokens(line))
            if words:
                found[words[0]].append((at, words))
    return found


def _follows(signal: Sequence[str], words: Sequence[str], at: int) -> bool:
    """Whether a signal's words stand in order from a place on, few words between them."""
    for wanted in signal[1:]:
        near = words[at + 1 : at + 2 + BETWEEN]
        if wanted not in near:
            return False
        at += 1 + list(near).index(wanted)
    return True
