"""What some words were taken for: the ranked entries, the outcome, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.faq.lookup import Lookup
from bot.messages import EntryId, Outcome


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry and how sure we are that it answers, in [0, 1]."""

    entry: EntryId
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an entry came first, in the FAQ's own words only: nothing a person typed is in here.

    Attributes:
        repaired: Words of the FAQ that a misspelt word was read as.
        features: Words and word pairs of the FAQ that decided, weightiest first.
        nearest: The phrasing that came nearest.
        margin: Lead over the second entry, in [0, 1].
    """

    repaired: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    nearest: str = ""
    margin: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of an utterance, and what it was taken for.

    Attributes:
        words: The part of the utterance, as typed.
        outcome: One of the five.
        ranked: The best ten entries, best first; empty only where there are no words, or nothing but numbers.
        offered: The entries the outcome is about: one for an answer, two or three to choose from.
        topic: The sensitive topic of a signpost, or the kind of small talk; else empty.
        confidence_by_entry: Every entry's confidence, to look within one topic.
        explanation: Why the first came first.
        lookup: What a table answers instead of the entry's own words; None for most questions.
        named: The registers and bodies it names, as they are written; only of what is answered.
    """

    words: str
    outcome: Outcome
    ranked: tuple[Ranked, ...] = ()
    offered: tuple[EntryId, ...] = ()
    topic: str = ""
    confidence_by_entry: Mapping[EntryId, float] = field(default_factory=dict)
    explanation: Explanation = Explanation()
    lookup: Lookup | None = None
    named: tuple[str, ...] = ()

    def within(self, entries: Collection[EntryId]) -> tuple[Ranked, ...]:
        """Only these entries, best first."""
        chosen = (Ranked(e, c) for e, c in self.confidence_by_entry.items() if e in entries)
        return tuple(sorted(chosen, key=lambda ranked: -ranked.confidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a whole utterance was taken for.

    Attributes:
        parts: One per question in it, in order; at least one. The sensitive guard has looked at the
            whole utterance first: with a signpost there is one part.
        is_question: Whether it plainly asks something, whatever it asks.
    """

    parts: tuple[Part, ...]
    is_question: bool = False

    @property
    def first(self) -> Part:
        """The first part: the outcome of an utterance with one question."""
        return self.parts[0]
