"""What results are made from: a codebook and the returns. Flows and the map are turned into these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.errors import ResultsError
from bot.language.replies import Missing

AREA: Final = "area"  # the name under which areas are tabulated; no question may have it


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    TEXT = "text"
    RANK = "rank"


class State(StrEnum):
    """How far a return got. The three are never mixed."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Span:
    """An answer given as a range, such as "10 to 15"."""

    low: float
    high: float


Answer = str | int | float | date | Span | tuple[str, ...] | Missing


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen.

    Attributes:
        code: How it is stored and exported; never changes.
        label: What people read.
        alone: In a question with several answers: choosing it excludes all others.
    """

    code: str
    label: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A question is put only to those who chose one of these codes in an earlier one."""

    question: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a survey.

    Attributes:
        name: Column name in every export; never changes.
        label: The question as it was asked.
        kind: How it is answered.
        options: In the order they were shown; for `one`, `many` and `rank`.
        scale: Whether the order of the options means something, as in "never, sometimes, often".
        sensitive: Whether the larger threshold protects it.
        purpose: What it is asked for.
        bands: Rising edges that a number, or the year of a date, is tabulated in. They are fixed
            before anybody answers: bands made from the answers would give away the extremes.
        most: How many options may be chosen at most in `many`.
        asked_if: The filter before it.
    """

    name: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    scale: bool = False
    sensitive: bool = False
    purpose: str = ""
    bands: tuple[float, ...] = ()
    most: int | None = None
    asked_if: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """A survey as it was asked.

    Attributes:
        title: What the survey is called.
        version: Of the flow; a return says which one it followed.
        questions: In order.
        areas: Areas of the workplace that a return can belong to; none where it was not asked. Where
            somebody works says much of who they are, so it counts as a sensitive question.
        anonymous: Whether nobody may see single returns. True unless said otherwise.

    Raises:
        ResultsError: Two names or codes are equal, or a filter names no earlier question.
    """

    title: str
    version: str
    questions: tuple[Question, ...]
    areas: tuple[Option, ...] = ()
    anonymous: bool = True

    def __post_init__(self) -> None:
        """Refuse a codebook that cannot be tabulated."""
        seen: set[str] = {AREA}
        for question in self.questions:
            if question.name in seen:
                raise ResultsError(f"two questions are called {question.name!r}: rename one")
            if question.asked_if and question.asked_if.question not in seen:
                raise ResultsError(
                    f"{question.name!r} depends on a question that is not before it"
                )
            _refuse_doubles(question.name, question.options)
            seen.add(question.name)
        _refuse_doubles(AREA, self.areas)

    def asked(self) -> tuple[Question, ...]:
        """The questions, the area first where there are areas."""
        if not self.areas:
            return self.questions
        area = Question(name=AREA, label="", kind=Kind.ONE, options=self.areas, sensitive=True)
        return (area, *self.questions)

    def question(self, name: str) -> Question:
        """The question of this name.

        Raises:
            ResultsError: There is none.
        """
        for question in self.asked():
            if question.name == name:
                return question
        raise ResultsError(f"there is no question {name!r}: name one of the survey's own")


def _refuse_doubles(name: str, options: tuple[Option, ...]) -> None:
    codes = [option.code for option in options]
    if len(set(codes)) < len(codes) or set(codes) & set(Missing):
        raise ResultsError(f"two options of {name!r} have the same code: rename one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What one person sent in.

    Attributes:
        answers: By name of the question. A question that is not named counts as not reached.
        state: Complete, partial or test.
        version: Of the flow it followed.
        area: Code of the area; None where it was not said.
        respondent: Who answered, in a named survey; None in an anonymous one.
    """

    answers: Mapping[str, Answer]
    state: State
    version: str
    area: str | None = None
    respondent: str | None = None

    def answer(self, question: Question) -> Answer:
        """The answer to a question, or why there is none."""
        if question.name == AREA:
            return Missing.SKIPPED if self.area is None else self.area
        return self.answers.get(question.name, Missing.NOT_REACHED)
