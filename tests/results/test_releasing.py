"""What a release shows, joins and withholds."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ResultsError
from bot.results.counting import MISSING
from bot.results.keeping import parse_release, release_text
from bot.results.published import Release, Table, Withheld, percent
from bot.results.releasing import Limits
from bot.results.shapes import (
    Codebook,
    Filter,
    Kind,
    Option,
    Question,
    Return,
    Span,
    State,
)
from bot.results.summaries import spread
from tests.results.surveys import complete, one, options, random_survey, released, said

HEARD = one("heard", "yes", "no", "maybe")


def survey(*questions: Question, areas: tuple[Option, ...] = ()) -> Codebook:
    return Codebook(title="Survey", version="1", questions=questions, areas=areas)


def table_of(question: Question, **count_by_code: int) -> Table:
    returns = [complete(answers) for answers in said(question.name, **count_by_code)]
    return released(survey(question), returns).table(question.name)


def lines(table: Table) -> list[tuple[set[str], int]]:
    return [(set(part.codes) - set(MISSING), part.count) for part in table.slices]


def test_large_answers_are_shown_and_small_ones_joined() -> None:
    table = table_of(HEARD, yes=15, no=12, maybe=3)
    assert lines(table) == [({"yes"}, 15), ({"no", "maybe"}, 15)]


def test_reasons_for_no_answer_are_apart_when_there_are_enough() -> None:
    table = table_of(HEARD, yes=15, no=12, maybe=9, dont_know=10, skipped=7)
    assert [(part.codes[0], part.count) for part in table.slices if part.is_missing] == [
        ("dont-know", 10),
        ("skipped", 7),
    ]
    assert (table.total, table.base) == (53, 36)


def test_few_without_an_answer_join_the_nearest_answer() -> None:
    table = table_of(HEARD, yes=15, no=12, maybe=9, skipped=2)
    assert table.slices[-1].codes == ("maybe", *MISSING)
    assert table.slices[-1].count == 11


@pytest.mark.parametrize(
    "counts", [{"yes": 20}, {"yes": 18, "no": 2}, {"yes": 4, "no": 4}, {"yes": 0}, {"yes": 1}]
)
def test_what_cannot_be_split_in_two_is_withheld(counts: dict[str, int]) -> None:
    returns = [complete(answers) for answers in said("heard", **counts)]
    release = released(survey(HEARD), returns)
    if release.returns is None:
        assert len(returns) < 5
        assert release.tables == ()
    else:
        assert release.table("heard").withheld is Withheld.TOO_FEW
        assert release.table("heard").slices == ()


def test_a_sensitive_question_needs_ten() -> None:
    table = table_of(one("pay", "low", "high", sensitive=True), low=9, high=30)
    assert table.withheld is Withheld.TOO_FEW
    assert table_of(one("pay", "low", "high"), low=9, high=30).withheld is Withheld.NO


def test_a_scale_is_only_joined_to_its_neighbours() -> None:
    scale = one("often", "never", "some", "often", "always", scale=True)
    table = table_of(scale, never=2, some=9, often=8, always=3)
    assert lines(table) == [({"never", "some"}, 11), ({"often", "always"}, 11)]


def test_no_setting_goes_below_three() -> None:
    with pytest.raises(ResultsError, match="3"):
        Limits(plain=2)
    with pytest.raises(ResultsError):
        Limits(plain=10, sensitive=5)


def test_partial_and_test_returns_never_count() -> None:
    answers = said("heard", yes=10, no=10)
    returns = [complete(one_of) for one_of in answers]
    others = [
        Return(answers={"heard": "maybe"}, state=state, version="1")
        for state in (State.PARTIAL, State.TEST)
        for _ in range(20)
    ]
    assert released(survey(HEARD), returns + others) == released(survey(HEARD), returns)


def test_a_ring_of_tables_is_refused_and_the_pair_is_named() -> None:
    book = survey(HEARD, one("b", "yes", "no"), one("c", "yes", "no"))
    with pytest.raises(ResultsError, match="'heard' with 'c'"):
        released(book, [], ("heard", "b"), ("b", "c"), ("heard", "c"))


def test_a_filter_closes_a_ring_too() -> None:
    after = one("after", "yes", "no", asked_if=Filter("heard", frozenset({"yes"})))
    book = survey(HEARD, after, areas=options("a", "b"))
    with pytest.raises(ResultsError, match="ring"):
        released(book, [], ("area", "heard"), ("area", "after"))


def test_a_question_whose_filter_would_split_a_group_is_withheld() -> None:
    after = one("after", "yes", "no", asked_if=Filter("heard", frozenset({"yes", "maybe"})))
    book = survey(HEARD, after)
    few = [complete({**a, "after": "yes"}) for a in said("heard", yes=9, no=9, maybe=3)]
    assert released(book, few).table("after").withheld is Withheld.FILTER
    asked = [complete({**a, "after": b}) for a in said("heard", yes=9) for b in ("yes", "no")]
    enough = asked + [complete({**a, "after": "yes"}) for a in said("heard", no=9, maybe=7)]
    table = released(book, enough).table("after")
    assert (table.withheld, table.total) == (Withheld.FILTER, None)
    only_yes = one("after", "yes", "no", asked_if=Filter("heard", frozenset({"yes"})))
    table = released(survey(HEARD, only_yes), enough).table("after")
    assert (table.withheld, table.total) == (Withheld.NO, 18)


def years(*numbers: float | Span) -> Table:
    question = Question(name="years", label="Years?", kind=Kind.NUMBER)
    return released(survey(question), [complete({"years": n}) for n in numbers]).table("years")


def test_numbers_are_counted_in_bands() -> None:
    table = years(*[1] * 6, *[3] * 9, *[7] * 12, *[15] * 9, *[30] * 6, *[Span(20, 30)] * 6)
    assert [part.count for part in table.slices] == [6, 9, 12, 9, 12]
    assert table.slices[2].codes == ("band-4",)


def test_the_middle_is_a_band_and_told_only_where_it_does_not_hang_on_silence() -> None:
    found = spread(years(*[3] * 9, *[7] * 12, *[15] * 9, *[30] * 12))
    assert found is not None
    assert found.middle is not None
    assert found.middle.codes == ("band-4",)
    assert (found.lower, found.upper) == (None, None)
    assert spread(years(*[3] * 4, *[7] * 3)) is None


def test_an_unknown_answer_is_an_error_that_names_the_question() -> None:
    with pytest.raises(ResultsError, match="'heard'"):
        released(survey(HEARD), [complete({"heard": "perhaps"})])


def test_a_release_is_kept_as_text_and_read_back() -> None:
    for seed in range(20):
        codebook, returns, pairs = random_survey(seed)
        release = released(codebook, returns, *pairs)
        assert parse_release(release_text(release)) == release
    with pytest.raises(ResultsError):
        parse_release("{}")


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_percentages_are_whole_and_halves_go_up(count: int, base: int) -> None:
    assert abs(percent(count, base) - 100 * count / base) <= 0.5
    assert percent(1, 8) == 13


def numbers(release: Release) -> Iterator[tuple[int, int]]:
    for table in release.tables:
        yield from ((part.count, table.threshold) for part in table.slices)
        if table.total is not None:
            yield table.total, release.threshold
    for crossing in release.crossings:
        yield from ((n, crossing.threshold) for row in crossing.counts for n in row)


@given(st.integers(0, 100_000))
def test_no_number_under_its_limit_is_in_a_release_and_all_add_up(seed: int) -> None:
    codebook, returns, pairs = random_survey(seed)
    release = released(codebook, returns, *pairs)
    assert all(count >= threshold for count, threshold in numbers(release))
    for table in release.tables:
        if table.slices and codebook.question(table.name).kind is not Kind.MANY:
            assert sum(part.count for part in table.slices) == table.total
    for crossing in release.crossings:
        if crossing.counts and codebook.question(crossing.columns).kind is not Kind.MANY:
            assert [sum(row) for row in crossing.counts] == [*crossing.row_totals]


@pytest.mark.parametrize("scale", [False, True])
def test_who_knows_the_method_still_cannot_tell_a_small_number(scale: bool) -> None:
    """All ways in which 17 people can answer: equal releases leave five or more numbers for each."""
    book = survey(one("q", "a", "b", "c", scale=scale))
    worlds: dict[str, list[tuple[int, ...]]] = {}
    for a, b, c in product(range(18), repeat=3):
        silent = 17 - a - b - c
        if silent >= 0:
            answers = said("q", a=a, b=b, c=c, skipped=silent)
            release = released(book, [complete(answer) for answer in answers])
            worlds.setdefault(release_text(release), []).append((a, b, c, silent))
    assert len(worlds) > 10
    for same in worlds.values():
        for place in range(4):
            values = {world[place] for world in same}
            assert min(values) >= 5 or len(values) >= 5, same
