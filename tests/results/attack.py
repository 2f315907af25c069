"""What a reader of everything published can still work out, by linear programming.

The unknowns are how many people gave each *whole* set of answers (and so every table at once). Known are
all published numbers, that people cannot be fewer than none, and the survey itself: who could tick what,
and who was put which question.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from bot.language.replies import Missing
from bot.results.counting import MISSING, Codes
from bot.results.published import Release, Withheld
from bot.results.shapes import Codebook, Kind, Question, Return

SILENT = (
    Missing.SKIPPED.value
)  # the one reason for no answer in these surveys, and the reader knows it
NOT_ASKED = Missing.NOT_ASKED.value
UNPUBLISHED = -1  # a number taken out of a table, to see what a weaker protection would be worth
Cell = tuple[tuple[str, str], ...]
Holds = Callable[[tuple[Codes, ...]], bool]


@dataclass(frozen=True)
class Hidden:
    """A small number that is not published, and the range that a reader is left with."""

    cell: Cell
    count: int
    threshold: int
    low: float
    high: float
    everyone: int

    @property
    def is_safe(self) -> bool:
        """A range a threshold wide; or, of fewer people, anything from nobody to all of them."""
        return self.high - self.low >= min(self.threshold, self.everyone) - 1e-6


def attack(release: Release, returns: list[Return]) -> Iterator[Hidden]:
    """The range of every small number of the release's tables, at the level of single answers."""
    profiles = list(profiles_of(release.codebook))
    names = [question.name for question in release.codebook.asked()]
    matrix, known = system(release, profiles)
    truth = [profile_of(release.codebook, given) for given in returns]
    for cell, threshold in cells(release):
        picked = holder(names, [(name, frozenset({code})) for name, code in cell])
        count = sum(picked(profile) for profile in truth)
        if count < threshold:
            low, high = bounds(matrix, known, np.array([float(picked(p)) for p in profiles]))
            yield Hidden(cell, count, threshold, low, high, len(returns))


def bounds(
    matrix: csr_matrix, known: NDArray[np.float64], goal: NDArray[np.float64]
) -> tuple[float, float]:
    results = [linprog(sign * goal, A_eq=matrix, b_eq=known, method="highs") for sign in (1, -1)]
    assert all(result.status == 0 for result in results), (
        "the published numbers contradict each other"
    )
    return results[0].fun, -results[1].fun


def system(
    release: Release, profiles: list[tuple[Codes, ...]]
) -> tuple[csr_matrix, NDArray[np.float64]]:
    rows, known = zip(*equations(release, profiles), strict=True)
    return csr_matrix(np.array(rows, dtype=float)), np.array(known, dtype=float)


def equations(
    release: Release, profiles: list[tuple[Codes, ...]]
) -> Iterator[tuple[list[bool], int]]:
    names = [question.name for question in release.codebook.asked()]

    def row(*terms: tuple[str, frozenset[str]]) -> list[bool]:
        holds = holder(names, list(terms))
        return [holds(profile) for profile in profiles]

    assert release.returns is not None
    yield row(), release.returns
    for table in release.tables:
        if table.total is not None:
            is_asked = frozenset(coarse(all_codes(release.codebook, table.name))) - {NOT_ASKED}
            yield row((table.name, is_asked)), table.total
        for part in table.slices:
            yield row((table.name, coarse(part.codes))), part.count
    for crossing in release.crossings:
        if crossing.withheld is not Withheld.NO:
            continue
        for group, total, counts in zip(
            crossing.row_groups, crossing.row_totals, crossing.counts, strict=True
        ):
            yield row((crossing.rows, coarse(group))), total
            for column, count in zip(crossing.column_groups, counts, strict=True):
                if count == UNPUBLISHED:
                    continue
                yield (
                    row((crossing.rows, coarse(group)), (crossing.columns, coarse(column))),
                    count,
                )


def holder(names: list[str], terms: list[tuple[str, frozenset[str]]]) -> Holds:
    places = [(names.index(name), codes) for name, codes in terms]
    return lambda profile: all(not codes.isdisjoint(profile[place]) for place, codes in places)


def coarse(codes: Codes) -> frozenset[str]:
    """The codes that the reader knows to be possible."""
    return frozenset(code for code in codes if code not in MISSING or code in {SILENT, NOT_ASKED})


def all_codes(codebook: Codebook, name: str) -> Codes:
    question = codebook.question(name)
    return (*(option.code for option in question.options), *MISSING)


def profiles_of(codebook: Codebook) -> Iterator[tuple[Codes, ...]]:
    """Every set of answers that one person could have given."""
    questions = codebook.asked()
    for profile in product(*(list(patterns(question)) for question in questions)):
        by_name = dict(zip((q.name for q in questions), profile, strict=True))
        if all(fits(question, by_name) for question in questions):
            yield profile


def fits(question: Question, profile: dict[str, Codes]) -> bool:
    if question.asked_if is None:
        return True
    is_asked = not question.asked_if.codes.isdisjoint(profile[question.asked_if.question])
    return is_asked == (profile[question.name] != (NOT_ASKED,))


def patterns(question: Question) -> Iterator[Codes]:
    codes = [option.code for option in question.options]
    yield (SILENT,)
    if question.asked_if:
        yield (NOT_ASKED,)
    if question.kind is not Kind.MANY:
        yield from ((code,) for code in codes)
        return
    alone = {option.code for option in question.options if option.alone}
    for size in range(1, (question.most or len(codes)) + 1):
        for chosen in combinations(codes, size):
            if size == 1 or alone.isdisjoint(chosen):
                yield chosen


def profile_of(codebook: Codebook, given: Return) -> tuple[Codes, ...]:
    answers = [given.answer(question) for question in codebook.asked()]
    return tuple(
        tuple(coarse((answer.value,)))
        if isinstance(answer, Missing)
        else answer
        if isinstance(answer, tuple)
        else (str(answer),)
        for answer in answers
    )


def cells(release: Release) -> Iterator[tuple[Cell, int]]:
    """Every cell, at the level of single answers, of every table that the release is about."""
    threshold = {table.name: table.threshold for table in release.tables}
    for name in threshold:
        for code in cell_codes(release.codebook, name):
            yield ((name, code),), own_threshold(release, name)
    for crossing in release.crossings:
        pair = crossing.rows, crossing.columns
        for codes in product(*(cell_codes(release.codebook, name) for name in pair)):
            yield tuple(zip(pair, codes, strict=True)), crossing.threshold


def own_threshold(release: Release, name: str) -> int:
    return 10 if release.codebook.question(name).sensitive else 5


def cell_codes(codebook: Codebook, name: str) -> list[str]:
    """Single answers, and having given none; not being asked is an answer to the filter's question."""
    return [*(option.code for option in codebook.question(name).options), SILENT]
