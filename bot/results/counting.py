"""From answers to codes: what every return counts as in every question.

Numbers count by band, dates by band of years, rankings by what was put first. A text, and a date without
bands, counts only as answered.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.errors import ResultsError
from bot.language.replies import Missing
from bot.results.shapes import Answer, Kind, Question, Return, Span

ANSWERED: Final = "answered"
MISSING: Final = tuple(code.value for code in Missing)  # the last codes of every question
BANDS: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)  # where none are named

Codes = tuple[str, ...]


def codes_of(question: Question) -> Codes:
    """Every code a return can count as in a question, in order; the missing ones last.

    It never depends on the answers: a code that is listed says nothing about anybody.
    """
    match question.kind:
        case Kind.ONE | Kind.MANY | Kind.RANK:
            given = tuple(option.code for option in question.options)
        case Kind.NUMBER | Kind.RANGE:
            given = _band_codes(question.bands or BANDS)
        case Kind.DATE if question.bands:
            given = _band_codes(question.bands)
        case _:
            given = (ANSWERED,)
    return (*given, *MISSING)


def is_ordered(question: Question) -> bool:
    """Whether neighbouring codes of a question belong together."""
    banded = question.kind in {Kind.NUMBER, Kind.RANGE} or bool(question.bands)
    return question.scale or banded


def band_edges(question: Question, code: str) -> tuple[float | None, float | None]:
    """Where a band begins and where the next one does; None at an open end."""
    edges = question.bands or BANDS
    place = int(code.removeprefix("band-"))
    return (
        edges[place - 1] if place else None,
        edges[place] if place < len(edges) else None,
    )


def codes_said(question: Question, given: Return) -> Codes:
    """What one return counts as: one code, or several in a question with several answers.

    Raises:
        ResultsError: The answer is not one that the question has.
    """
    answer = given.answer(question)
    if isinstance(answer, Missing):
        return (answer.value,)
    if question.kind is Kind.MANY:
        codes = _several(question, answer)
        return codes or (Missing.SKIPPED.value,)
    return (_single(question, answer),)


def _single(question: Question, answer: Answer) -> str:
    match question.kind, answer:
        case Kind.RANK, (str() as first, *_):
            return _known(question, first)
        case Kind.ONE, str():
            return _known(question, answer)
        case Kind.NUMBER | Kind.RANGE, float() | int():
            return _band(question.bands or BANDS, answer)
        case Kind.NUMBER | Kind.RANGE, Span(low=low, high=high):
            return _band(question.bands or BANDS, (low + high) / 2)
        case Kind.DATE, date():
            return _band(question.bands, answer.year) if question.bands else ANSWERED
        case Kind.TEXT, str():
            return ANSWERED
        case _:
            raise ResultsError(
                f"an answer to {question.name!r} is not of its kind: check the import"
            )


def _several(question: Question, answer: Answer) -> Codes:
    if not isinstance(answer, tuple):
        raise ResultsError(
            f"an answer to {question.name!r} must be several codes: check the import"
        )
    chosen = frozenset(_known(question, code) for code in answer)
    return tuple(option.code for option in question.options if option.code in chosen)


def _known(question: Question, code: str) -> str:
    if all(option.code != code for option in question.options):
        raise ResultsError(f"an answer to {question.name!r} is no option of it: check the version")
    return code


def _band_codes(edges: Sequence[float]) -> Codes:
    return tuple(f"band-{place}" for place in range(len(edges) + 1))


def _band(edges: Sequence[float], number: float) -> str:
    return f"band-{bisect_right(edges, number)}"
