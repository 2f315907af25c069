"""R42: nobody who reads everything published can work out a small number, or that it is small."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from bot.results import crossing, releasing, tabulating
from bot.results.counting import Codes
from bot.results.crossing import Pair
from bot.results.grouping import Groups
from bot.results.published import Release, Slice
from bot.results.releasing import Limits
from bot.results.several import Items
from bot.results.shapes import Codebook
from tests.results.attack import UNPUBLISHED, Hidden, attack
from tests.results.surveys import random_survey, released

Weaken = Callable[[Release], Release]


def attacked(seed: int, weaken: Weaken = lambda release: release) -> tuple[Release, list[Hidden]]:
    codebook, returns, pairs = random_survey(seed)
    release = weaken(released(codebook, returns, *pairs))
    return release, list(attack(release, returns)) if release.returns else []


def recovered(seeds: range) -> tuple[int, int, list[tuple[int, Hidden]]]:
    """How many small numbers were attacked, how many were published, and those that gave way."""
    found: list[tuple[int, Hidden]] = []
    hidden = numbers = 0
    for seed in seeds:
        release, ranges = attacked(seed)
        hidden += len(ranges)
        numbers += sum(len(table.slices) for table in release.tables)
        numbers += sum(len(row) for crossing in release.crossings for row in crossing.counts)
        found += [(seed, one) for one in ranges if not one.is_safe]
    return hidden, numbers, found


def test_no_small_number_of_forty_surveys_can_be_worked_out() -> None:
    hidden, numbers, found = recovered(range(40))
    assert hidden > 300
    assert numbers > 200
    assert found == []


@pytest.mark.long
def test_no_small_number_of_a_thousand_surveys_can_be_worked_out() -> None:
    hidden, numbers, found = recovered(range(1000))
    assert hidden > 8000
    assert numbers > 5000
    assert found == []


def alone(codes: Codes, counts: Mapping[str, int], threshold: int, *, ordered: bool) -> Groups:
    return tuple((code,) for code in codes)


def large_only(release: Release) -> Release:
    """Take out the small numbers and nothing else: what is called primary suppression."""
    return replace(
        release,
        tables=tuple(
            replace(table, slices=tuple(s for s in table.slices if s.count >= table.threshold))
            for table in release.tables
        ),
        crossings=tuple(
            replace(
                crossing,
                counts=tuple(
                    tuple(n if n >= crossing.threshold else UNPUBLISHED for n in row)
                    for row in crossing.counts
                ),
            )
            for crossing in release.crossings
        ),
    )


def test_the_attack_breaks_tables_whose_small_answers_are_only_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabulating, "grouped", alone)
    ranges = [one for seed in range(12) for one in attacked(seed, large_only)[1]]
    assert sum(one.high - one.low < 1e-6 for one in ranges) > 10
    assert any(one.high - one.low < 1e-6 and one.count > 0 for one in ranges)


def test_the_attack_breaks_crossings_whose_cells_are_only_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crossing, "_small", lambda counts, threshold: False)
    ranges = [one for seed in range(12) for one in attacked(seed, large_only)[1]]
    exact = [one for one in ranges if one.high - one.low < 1e-6]
    assert any(len(one.cell) == 2 and one.count > 0 for one in exact)


def unsafe(seeds: Sequence[int]) -> list[Hidden]:
    return [one for seed in seeds for one in attacked(seed)[1] if not one.is_safe]


def test_the_attack_breaks_a_release_that_forgets_who_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabulating, "_is_clean", lambda *known: True)
    assert any(one.high - one.low < 1e-6 for one in unsafe([1, 4, 17]))


def test_the_attack_breaks_a_release_whose_rows_keep_the_smaller_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def own(codebook: Codebook, pairs: Sequence[Pair], limits: Limits) -> dict[str, int]:
        return {q.name: limits.of(codebook, q.name) for q in codebook.asked()}

    monkeypatch.setattr(releasing, "_thresholds", own)
    assert unsafe([4, 24, 28])


def test_the_attack_breaks_ticks_that_are_counted_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def large(
        items: Items, counts: Mapping[Codes, int], total: int, threshold: int, most: int | None
    ) -> tuple[Slice, ...]:
        every = (*items.exclusive, *items.free)
        return tuple(Slice(item, counts[item]) for item in every if counts[item] >= threshold)

    monkeypatch.setattr(tabulating, "shown", large)
    monkeypatch.setattr(crossing, "shown", large)
    assert unsafe([7, 8, 13])
