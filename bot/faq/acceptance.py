"""Whether a new phrasing may stay: it must not take questions away from entries that answer them.

Two readers are compared, one without the phrasing and one with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.faq.ranking import Part, Ranking
from bot.messages import Outcome


class Reads(Protocol):
    """What finds out what some words ask: a `Reader`."""

    def read(self, text: str) -> Ranking:
        """See `Reader.read`."""
        ...


@dataclass(frozen=True, slots=True)
class Golden:
    """A question whose answer is known; with none in `accept`, nothing may answer it."""

    question: str
    accept: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What speaks against a phrasing.

    Attributes:
        question: The question that would be answered worse, or the phrasing itself.
        taken: The entry that would come first, or does now; else the outcome.
        confidence: How surely, in [0, 1].
        is_golden: Whether it is one of the golden questions.
    """

    question: str
    taken: str
    confidence: float
    is_golden: bool


def clashes(
    before: Reads, after: Reads, phrasing: str, entry: str, golden: Sequence[Golden]
) -> tuple[Clash, ...]:
    """What speaks against giving a phrasing to an entry; empty where nothing does.

    Args:
        before: Reads without it.
        after: Reads with it.
        phrasing: The words.
        entry: Whose they are to be.
        golden: Questions that must not be answered worse than before.
    """
    found: list[Clash] = []
    now = before.read(phrasing).first
    if now.outcome is Outcome.ANSWER and now.offered[0] != entry:
        found.append(_clash(phrasing, now, is_golden=False))
    for one in golden:
        then = after.read(one.question).first
        was = before.read(one.question).first
        if _is_right(was, one) > _is_right(then, one) or _is_wrong(then, one) > _is_wrong(
            was, one
        ):
            found.append(_clash(one.question, then, is_golden=True))
    return tuple(found)


def _is_right(part: Part, golden: Golden) -> bool:
    """Whether it is answered as it should be; what nothing may answer is right unanswered."""
    if not golden.accept:
        return part.outcome is not Outcome.ANSWER
    return part.outcome is Outcome.ANSWER and part.offered[0] in golden.accept


def _is_wrong(part: Part, golden: Golden) -> bool:
    """Whether an entry answers that must not."""
    return part.outcome is Outcome.ANSWER and part.offered[0] not in golden.accept


def _clash(question: str, part: Part, *, is_golden: bool) -> Clash:
    return Clash(
        question=question,
        taken=str(part.offered[0] if part.offered else part.outcome.value),
        confidence=part.ranked[0].confidence,
        is_golden=is_golden,
    )
