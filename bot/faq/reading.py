"""The door of the FAQ: some words go in, and out comes what they were taken for.

The order is the law: the guard first, then small talk, then two questions in one, then the ranking
and its decision. Nothing is remembered and nothing is read from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.beside import Beside
from bot.faq.calibration import SUGGEST
from bot.faq.collisions import Collision, collisions
from bot.faq.decision import (
    DECLINED,
    FEWEST_OFFERED,
    JUST_BELOW,
    OFFERED,
    Decider,
    may_mean_something,
)
from bot.faq.double import halves, is_question
from bot.faq.explaining import Explainer
from bot.faq.guard import UNEASY_AT, Guard
from bot.faq.index import DENSE_WEIGHT, Index, build_index
from bot.faq.matcher import Match, known_share
from bot.faq.ranking import Part, Ranked, Ranking
from bot.faq.smalltalk import OTHER_LANGUAGE, SmalltalkReader, is_number
from bot.faq.vector_source import NoVectors, VectorSource
from bot.faq.words import Vocabulary, Words
from bot.knowledge.faq import Faq
from bot.knowledge.glossary import Glossary
from bot.language.lexicon import Lexicon
from bot.language.normalising import content_words, tokens
from bot.language.swearing import without_swearing
from bot.messages import Outcome

LISTED: Final = 10  # entries of a ranking


@dataclass(frozen=True, slots=True)
class Asked:
    """One text on its way through: as typed, read, and how well entries fit it."""

    text: str
    typed: tuple[str, ...]
    words: Words
    match: Match | None


class Reader:
    """Reads what people write, for one version of the content.

    Args:
        content: FAQ, what people say beside it, glossary.
        index: What was learnt from them; None where the FAQ has no entries.
        vectors: Sentence vectors, the same that the index was built with.
    """

    def __init__(
        self,
        content: tuple[Faq, Beside, Glossary],
        index: Index | None,
        vectors: VectorSource,
    ) -> None:
        faq, beside, glossary = content
        lexicon = Lexicon(glossary)
        self._phrasings = [text for entry in faq.entries for text in entry.asked_as()]
        self.is_from_cache = False
        self._entries = tuple(entry.id for entry in faq.entries)
        self._index = index
        self._vectors = vectors
        self._vocabulary = Vocabulary(index.counts if index else {}, lexicon)
        self._guard = Guard(beside.sensitive, index.guard if index else None)
        self._smalltalk = SmalltalkReader(beside.smalltalk, self._vocabulary)
        self._decider = Decider(faq, lexicon)
        self._explainer = (
            Explainer(index.matcher, self._phrasings, lexicon.title_by_token) if index else None
        )

    @classmethod
    def build(
        cls,
        faq: Faq,
        beside: Beside,
        glossary: Glossary,
        cached: bytes | memoryview | None = None,
        vectors: VectorSource | None = None,
        *,
        is_whole: bool = False,
    ) -> "Reader":
        """A reader of some content.

        Args:
            faq: Entries; any FAQ will do, one phrasing an entry is enough.
            beside: What else people say.
            glossary: Terms and synonyms; may be empty.
            cached: What `to_bytes` gave for exactly this content and these vectors; looked into for as
                long as the reader lives. Bytes that are broken or of another format or size are
                built anew.
            vectors: Sentence vectors; none by default.
            is_whole: Whether whoever kept the bytes has found them to be as they were.
        """
        source = vectors or NoVectors()
        index = Index.from_bytes(cached, is_whole=is_whole) if cached else None
        if index and not _fits(index, faq, beside, source):
            index = None
        kept = index is not None
        if not index and faq.entries:
            index = build_index(faq, beside, Lexicon(glossary), source)
        reader = cls((faq, beside, glossary), index, source)
        reader.is_from_cache = kept
        return reader

    def to_bytes(self) -> bytes:
        """Everything slow, to be kept under a hash of the content; empty for an empty FAQ."""
        return self._index.to_bytes() if self._index else b""

    def collisions(self) -> tuple[Collision, ...]:
        """Pairs of entries with phrasings that say the same, the worst first."""
        if self._index is None:
            return ()
        return collisions(self._index.matcher.nearest, self._entries, self._phrasings)

    def read(self, text: str) -> Ranking:
        """Find out what a text asks.

        Args:
            text: As typed; anything at all.
        """
        typed = tokens(text)
        if is_number(typed) and (kind := self._smalltalk.kind(text, typed)):
            return self._lone_number(text, typed, kind)
        asked = self._ask(text)
        heard = asked if asked.typed == typed else self._asked(text, typed)
        question = is_question(text)
        foreign = self._smalltalk.is_other_language(asked.typed)
        alarm = 0.0 if foreign else self._alarm(heard)
        if topic := self._sensitive(heard, alarm, self._confidence(asked), foreign=foreign):
            part = replace(self._ranked(asked), outcome=Outcome.SIGNPOST, offered=(), topic=topic)
            return Ranking(parts=(part,), is_question=question)
        kind = self._smalltalk.kind(text, typed) or self._smalltalk.kind(text, asked.typed)
        if kind := kind or (OTHER_LANGUAGE if foreign else ""):
            return Ranking(parts=(self._small(asked, kind),), is_question=question)
        parts = self._parts(asked)
        if alarm >= UNEASY_AT:
            parts = tuple(map(self._offered_only, parts))
        return Ranking(parts=parts, is_question=question)

    def _lone_number(self, text: str, typed: tuple[str, ...], kind: str) -> Ranking:
        """An option's number, as a rule: there is nothing in it to rank, but it may be a signal."""
        if topic := self._guard.topic((typed,), None, 0.0, 0.0):
            return Ranking(parts=(Part(words=text, outcome=Outcome.SIGNPOST, topic=topic),))
        return Ranking(parts=(Part(words=text, outcome=Outcome.SMALLTALK, topic=kind),))

    def _ask(self, text: str) -> Asked:
        """A text as a question: curses are no part of it."""
        return self._asked(text, without_swearing(tokens(text)))

    def _asked(self, text: str, typed: tuple[str, ...]) -> Asked:
        words = self._vocabulary.read(typed)
        if self._index is None:
            return Asked(text, typed, words, None)
        dense = self._vectors.one(" ".join(words.words))
        vector = self._index.matcher.space.vector(words, dense, DENSE_WEIGHT)
        return Asked(text, typed, words, self._index.matcher.match(words, vector))

    def _confidence(self, asked: Asked) -> float:
        """How surely the FAQ answers a text, in [0, 1]."""
        if self._index is None or asked.match is None:
            return 0.0
        return float(self._index.thresholds.confidences(asked.match.scores).max())

    def _alarm(self, asked: Asked) -> float:
        """How sensitive a text sounds, whatever the FAQ says of it.

        Nothing can be told of words such as "just me" or "no, 14 not 40", which answer something, and
        nothing is wrong with what an editor has called innocent.
        """
        if self._index is None or asked.match is None or not content_words(asked.typed):
            return 0.0
        if self._guard.is_innocent(asked.typed):
            return 0.0
        known = known_share(asked.words, self._index.matcher.space)
        return self._guard.alarm(asked.match.vector, len(asked.words.words), known)

    def _sensitive(self, asked: Asked, alarm: float, confidence: float, *, foreign: bool) -> str:
        """The sensitive topic of a text; of another language only signals are trusted.

        Args:
            asked: The text with every word of it.
            alarm: How sensitive it sounds.
            confidence: How surely the FAQ answers it, curses apart.
            foreign: Whether it is of another language.
        """
        vector = None if foreign or asked.match is None else asked.match.vector
        return self._guard.topic((asked.typed, asked.words.words), vector, alarm, confidence)

    def _offered_only(self, part: Part) -> Part:
        """A part that is offered, not answered, unless it is a phrasing word for word.

        It sounds sensitive, though not enough for a card: an answer given outright would be the worst
        that can be said to somebody in trouble.
        """
        is_one_of_many = part.outcome is Outcome.ANSWER and len(part.ranked) >= FEWEST_OFFERED
        if not is_one_of_many or part.ranked[0].confidence == 1.0:
            return part
        near = [one.entry for one in part.ranked[:OFFERED]]
        return replace(part, outcome=Outcome.DISAMBIGUATE, offered=tuple(near))

    def _parts(self, asked: Asked) -> tuple[Part, ...]:
        """The parts of a text that is neither sensitive nor small talk."""
        whole = self._ranked(asked)
        for first, second in halves(asked.text):
            if (one := self._ranked(self._ask(first))).outcome is Outcome.ANSWER:
                parts = one, self._ranked(self._ask(second))
                if _stand_alone(parts, whole):
                    return parts
        if whole.outcome is Outcome.ANSWER:
            return (whole,)
        if kind := self._smalltalk.near(asked.typed):
            return (self._small(asked, kind),)
        return (whole,)

    def _small(self, asked: Asked, kind: str) -> Part:
        return replace(self._ranked(asked), outcome=Outcome.SMALLTALK, offered=(), topic=kind)

    def _ranked(self, asked: Asked) -> Part:
        """One text, ranked and decided, as if it were all that was said."""
        match, index, explainer = asked.match, self._index, self._explainer
        if not match or not index or not explainer or not asked.text.strip():
            return Part(words=asked.text, outcome=Outcome.DECLINE)
        confidences = index.thresholds.confidences(match.scores)
        own = index.word_for_word.owner(asked.typed)
        if own is not None:
            confidences[own] = 1.0
        elif index.word_for_word.is_outside(asked.typed):
            confidences = np.minimum(confidences, SUGGEST - JUST_BELOW)
        confidences = self._decider.demanded(confidences, (*asked.typed, *asked.words.words))
        order = _best(confidences)
        decision = DECLINED
        if may_mean_something(asked.words.words):
            ahead = own is not None or match.lead >= index.thresholds.margin
            decision = self._decider.decide(order, confidences, ahead=ahead)
        values = confidences.tolist()
        return Part(
            words=asked.text,
            outcome=decision.outcome,
            ranked=tuple(Ranked(self._entries[at], values[at]) for at in order),
            offered=decision.offered,
            confidence_by_entry=dict(zip(self._entries, values, strict=True)),
            explanation=explainer.explain(asked.words, match, order[0], _lead(values, order)),
        )


def _best(confidences: NDArray[np.float64]) -> list[int]:
    """The numbers of the best ten entries, best first; ties in file order."""
    order: list[int] = np.argsort(-confidences, kind="stable")[:LISTED].tolist()
    return order


def _lead(values: Sequence[float], order: Sequence[int]) -> float:
    return values[order[0]] - values[order[1]] if len(order) > 1 else values[order[0]]


def _stand_alone(parts: tuple[Part, Part], whole: Part) -> bool:
    """Whether two halves are two questions: answered by different entries, and as surely as the whole.

    Args:
        parts: The halves; the first is answered.
        whole: Both together.
    """
    first, second = parts
    if second.outcome is not Outcome.ANSWER:
        return False
    surest = max(part.ranked[0].confidence for part in parts)
    return first.offered != second.offered and surest >= whole.ranked[0].confidence


def _fits(index: Index, faq: Faq, beside: Beside, vectors: VectorSource) -> bool:
    """Whether an index can be of some content; only its hash can say that it is."""
    matcher, topics = index.matcher, beside.sensitive.topics
    asked = sum(len(entry.asked_as()) for entry in faq.entries)
    return (
        index.entries == len(faq.entries)
        and len(matcher.nearest) == asked + sum(len(g.texts) for g in beside.outside.groups)
        and matcher.nearest.axes.shape[0] == len(vectors.one(""))
        and (index.guard is not None) == bool(topics)
        and (index.guard is None or index.guard.hearing.topics.weights.shape[1] == len(topics))
    )
