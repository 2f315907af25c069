"""R42 where a survey asks for the area: no small number of any area can be worked out."""

from dataclasses import replace

import pytest

from bot.results import releasing
from bot.results.by_area import AreaLine, area_lines
from bot.results.published import MIXED, MappedArea, Withheld
from bot.results.releasing import Limits
from bot.results.shapes import AREA, Codebook
from tests.results.areas import codebook, random_areas
from tests.results.attack import Hidden, attack
from tests.results.surveys import complete, released


def small(seeds: range) -> tuple[int, int, list[Hidden]]:
    """How many small numbers were attacked, how many are published by area, and which gave way."""
    hidden, shown = [], 0
    for seed in seeds:
        book, returns, pairs = random_areas(seed)
        release = released(book, returns, *pairs)
        hidden += list(attack(release, returns))
        shown += sum(len(row) for cross in release.crossings for row in cross.counts)
        for cross in release.crossings:
            assert all(n >= 10 for row in cross.counts for n in row)
        assert all(line.returns >= 10 for line in area_lines(release))
    return len(hidden), shown, [one for one in hidden if not one.is_safe]


def test_no_small_number_of_an_area_can_be_worked_out() -> None:
    hidden, shown, found = small(range(25))
    assert hidden > 300
    assert shown > 40
    assert found == []


@pytest.mark.long
def test_no_small_number_of_an_area_can_be_worked_out_of_three_hundred_surveys() -> None:
    hidden, shown, found = small(range(25, 325))
    assert hidden > 3000
    assert shown > 400
    assert found == []


def test_the_attack_breaks_areas_that_keep_the_smaller_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who was not asked about interest is registered, which is sensitive: by area it needs ten too."""

    def plain(self: Limits, book: Codebook, *names: str) -> int:
        return self.plain

    monkeypatch.setattr(releasing.Limits, "of", plain)
    hidden = [
        one
        for seed in range(8)
        for book, returns, pairs in [random_areas(seed)]
        for one in attack(released(book, returns, *pairs), returns)
    ]
    assert any(not one.is_safe for one in hidden if len(one.cell) == 1)


def test_who_was_not_asked_counts_as_what_the_filter_asks() -> None:
    book = codebook(2)
    assert Limits().of(book, "interest") == 10
    assert Limits().of(book, "titles") == 5
    assert Limits().of(book, AREA, "heard") == 10


def line(returns: int, technicians: int | None) -> AreaLine:
    return AreaLine(codes=("a",), returns=returns, technicians=technicians, awareness="")


@pytest.mark.parametrize(
    ("returns", "technicians", "share"),
    [
        (10, 40, 30), (10, 20, 50), (14, 100, 10), (15, 100, 20), (30, 40, 80),
        (36, 40, None), (41, 40, None), (12, None, None), (15, 20, 80), (10, 1000, 0),
    ],
)  # fmt: skip
def test_a_share_of_an_area_comes_in_tens_and_never_says_that_nearly_all_answered(
    returns: int, technicians: int | None, share: int | None
) -> None:
    assert line(returns, technicians).share == share


def mapped_area(code: str, technicians: int | None, awareness: str = "") -> MappedArea:
    return MappedArea(code=code, technicians=technicians, awareness=awareness)


def test_a_group_has_the_map_beside_it_only_where_the_map_still_has_all_of_it() -> None:
    book = codebook(3)
    some = {"a": 12, "b": 4, "c": 14, "else": 3}
    returns = [
        complete({"heard": "well", "registered": "no", "interest": "soon"}, area)
        for area, count in some.items()
        for _ in range(count)
    ]
    release = released(book, returns)
    mapped = (mapped_area("a", 40, "good"), mapped_area("b", 20, "none"), mapped_area("c", None))
    lines = area_lines(replace(release, areas=mapped))
    assert release.table(AREA).withheld is Withheld.NO
    assert sum(one.returns for one in lines) == 33
    for one in lines:
        assert one.is_most is bool({"else", "skipped"} & set(one.codes))
        if "c" in one.codes:
            assert one.technicians is None
        if set(one.codes) == {"a", "b"}:
            assert (one.technicians, one.awareness) == (60, MIXED)
