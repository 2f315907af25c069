"""Recognises what is sensitive, before anything is looked up in the FAQ.

Three things raise it: `signals`, words that are enough by themselves; two classifiers that have learnt
the topics' phrasings against what is innocent, all topics as one and each apart; and how much nearer a
text is to them than to anything innocent. What is innocent: phrasings of the FAQ, what is outside it,
small talk, everyday remarks, and what the topics say only sounds like them. How well the FAQ answers a
text speaks against an alarm: "sick to death of waiting, what is their turnaround" is a question.
Missing a message is worse than a card too many, and a crisis comes before every other topic.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.linear import Linear, Trainer
from bot.faq.main_axes import along_main_axes
from bot.faq.rows import Floats, Ints, Rows, Vector
from bot.faq.word_for_word import WordForWord
from bot.knowledge.sensitive import Sensitive
from bot.language.normalising import tokens

BETWEEN: Final = 3  # words that may stand between two words of a signal
EVERY: Final = 4  # one text in four is left out to find the threshold
REHEARSED: Final = 800  # of them, at most
FALSE_ALARMS: Final = 0.02  # of innocent texts left out
MISSES: Final = 0.02  # of sensitive ones; no need to listen harder than this
LEAST: Final = 0.48  # score below which nothing is sensitive, whatever was left out
MOST: Final = 0.54  # score above which everything is
CRISIS_AT: Final = 1.25  # score at which a crisis is heard, however well the FAQ answers
ANSWERED_WEIGHT: Final = 1.0  # of the confidence of the FAQ's best entry, against an alarm
UNEASY_AT: Final = 0.8  # alarm from which on nothing is answered outright, only offered
CRISIS_SLACK: Final = 0.15  # a crisis wins where it is nearly as likely as another topic
KNOWN_POWER: Final = 0.5  # how strongly unknown words speak against an alarm
LONG: Final = 12  # words; what longer texts say besides adds up, and must not be an alarm
LENGTH_WEIGHT: Final = 0.2  # of the logarithm of how many times as long a text is
TOPIC_WEIGHT: Final = 0.5  # of the likeliest topic, beside whether it is any
NEAR_WEIGHT: Final = 2.0  # of how much nearer sensitive texts are, beside what was learnt
NEIGHBOURS: Final = 3  # texts of each side that count as near
MANY: Final = 2000  # texts, from which on they are compared along their main axes first
CLOSER: Final = 150  # texts of each side that are compared along the other axes too
OF_FAQ: Final = -2  # the topic of a phrasing of the FAQ


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Sentence vectors of texts that are known to be sensitive or not.

    They are compared along their main axes first, and along the others only where they came near.

    Attributes:
        dense: Unit rows along the main axes, float32 [texts, main]; the sensitive ones first.
        rest: Along the others, in steps, int8 [texts, dimensions - main]; none for few texts.
        axes: The directions, main ones first, then those of a step's length, float32 [dimensions,
            dimensions].
        sensitive: How many of them are.
    """

    dense: Floats
    rest: NDArray[np.int8]
    axes: Floats
    sensitive: int

    @classmethod
    def of(cls, dense: Floats, sensitive: NDArray[np.bool_]) -> "Neighbours":
        """Neighbours from vectors of any length.

        Args:
            dense: float32 [texts, dimensions].
            sensitive: Which of them are, bool [texts].
        """
        rows = _unit(np.concatenate([dense[sensitive], dense[~sensitive]]))
        main, rest, axes = along_main_axes(rows, are_many=len(rows) >= MANY)
        return cls(main, rest, axes, int(sensitive.sum()))

    def lead(self, dense: Floats) -> float:
        """How much nearer a text is to sensitive ones than to innocent ones, in cosines.

        Args:
            dense: Its sentence vector, float32 [dimensions].
        """
        if len(self.dense) - self.sensitive < NEIGHBOURS or self.sensitive < NEIGHBOURS:
            return 0.0
        turned = _unit(dense) @ self.axes
        cosines = self.dense @ turned[: self.dense.shape[1]]
        sides = slice(None, self.sensitive), slice(self.sensitive, None)
        near, far = (_mean_of_best(self._nearest(cosines, side, turned)) for side in sides)
        return near - far

    def _nearest(self, cosines: Floats, side: slice, turned: Floats) -> Floats:
        """The cosines of one side that can be among its best, along all axes."""
        main, found = self.dense.shape[1], cosines[side]
        if main == len(turned):
            return found
        best = np.argpartition(found, -min(CLOSER, len(found)))[-CLOSER:]
        near: Floats = found[best] + self.rest[side][best].astype(np.float32) @ turned[main:]
        return near


def _unit(dense: Floats) -> Floats:
    lengths = np.sqrt((dense * dense).sum(-1, keepdims=True, dtype=np.float32))
    unit: Floats = dense / np.maximum(lengths, np.float32(1e-9))
    return unit


def _mean_of_best(cosines: Floats) -> float:
    return float(np.partition(cosines, -NEIGHBOURS)[-NEIGHBOURS:].mean())


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was learnt from texts that are known to be sensitive or not.

    Attributes:
        alarm: One class: whether a text is sensitive at all.
        topics: A class for each topic, in their order.
        neighbours: Texts to compare with.
    """

    alarm: Linear
    topics: Linear
    neighbours: Neighbours

    def score(self, text: Vector, length: int, known: float = 1.0) -> float:
        """How sensitive a text sounds: about 1.5 where it is, 0 where not.

        Args:
            text: Its features.
            length: Its words.
            known: Share of it that is made of known words, in [0, 1].
        """
        learnt = float(self.alarm.scores(text)[0])
        learnt += TOPIC_WEIGHT * float(self.topics.scores(text).max())
        beside = LENGTH_WEIGHT * math.log(max(length, LONG) / LONG)
        near = NEAR_WEIGHT * self.neighbours.lead(text.dense)
        return learnt * float(known**KNOWN_POWER) + near - beside


@dataclass(frozen=True, slots=True)
class GuardModel:
    """What was learnt, and from where on it counts.

    Attributes:
        hearing: What was learnt.
        alarm_at: Least score of an alarm.
        word_for_word: Which topic each sensitive text is of; what is innocent is outside of all.
    """

    hearing: Hearing
    alarm_at: float
    word_for_word: WordForWord


def learn_guard(
    rows: Rows,
    topics: Ints,
    lengths: Ints,
    said: WordForWord,
    confidence: Callable[[int], float],
) -> GuardModel:
    """Learn what is sensitive.

    Args:
        rows: Features of innocent and sensitive texts.
        topics: The topic of each text, int32 [texts]; -1 where it is innocent, -2 where it is a
            phrasing of the FAQ, which says nothing of the threshold: the FAQ answers it.
        lengths: Words of each text, int32 [texts].
        said: Whose the texts are, for when somebody writes just that.
        confidence: How sure the FAQ is that it answers a text, by its number.
    """
    sensitive = topics >= 0
    alarm = Trainer(rows, np.where(sensitive, 0, -1).astype(np.int32), 1)
    which = Trainer(rows, np.where(sensitive, topics, -1).astype(np.int32), int(topics.max()) + 1)
    near = Neighbours.of(rows.dense, sensitive)
    hearing = Hearing(alarm.train(), which.train().in_steps(), near)
    out = (np.arange(len(rows)) % EVERY == 0) & (topics > OF_FAQ)
    known = Neighbours.of(rows.dense[~out], sensitive[~out])
    rehearsed = Hearing(alarm.without(out).linear, which.without(out).linear, known)
    asked = np.flatnonzero(out)
    asked = asked[:: -(-len(asked) // REHEARSED)]
    scores = [
        rehearsed.score(rows.row(at), int(lengths[at])) - ANSWERED_WEIGHT * confidence(at)
        for at in asked.tolist()
    ]
    return GuardModel(hearing, _alarm_at(np.array(scores), sensitive[asked]), said)


def _alarm_at(scores: NDArray[np.float64], sensitive: NDArray[np.bool_]) -> float:
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
        self,
        texts: Sequence[Sequence[str]],
        vector: Vector | None,
        alarm: float,
        confidence: float,
    ) -> str:
        """The sensitive topic of a text, empty where there is none.

        Args:
            texts: Its words as they were typed, and as they were repaired; at least the first.
            vector: Its features; None where only signals can be trusted.
            alarm: What `alarm` says of the text.
            confidence: How sure the FAQ is that it answers the text, in [0, 1].
        """
        signalled = min(self._signalled(words) for words in texts)
        if self._model and (known := self._model.word_for_word.owner(tuple(texts[0]))) is not None:
            signalled = min(signalled, known)
        learnt = self._learnt(vector, alarm, confidence) if vector else None
        if learnt in self._crises:
            signalled = min(signalled, learnt)
        if signalled < len(self._names):
            return self._names[signalled]
        return self._names[learnt] if learnt is not None else ""

    def alarm(self, vector: Vector, length: int, known: float) -> float:
        """How sensitive a text sounds: about 1.5 where it is, 0 where not, or where nothing was learnt.

        Args:
            vector: Its features.
            length: Its words.
            known: Share of it that is made of known words, in [0, 1].
        """
        if self._model is None or not len(vector.ids):
            return 0.0
        return self._model.hearing.score(vector, length, known)

    def is_innocent(self, words: tuple[str, ...]) -> bool:
        """Whether words stand in a list of what is innocent, and in none of what is not."""
        return self._model is not None and self._model.word_for_word.is_outside(words)

    def _learnt(self, vector: Vector, alarm: float, confidence: float) -> int | None:
        """The topic that the classifier hears."""
        model = self._model
        if model is None or not len(vector.ids):
            return None
        is_alarm = alarm - ANSWERED_WEIGHT * confidence >= model.alarm_at
        if not is_alarm and alarm < CRISIS_AT:
            return None
        topic = self._likeliest(model.hearing.topics.scores(vector))
        return topic if is_alarm or topic in self._crises else None

    def _likeliest(self, scores: Floats) -> int:
        """The topic with the best score; a crisis that is nearly as likely comes first."""
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
