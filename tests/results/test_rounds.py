"""Two rounds of one survey: what has changed, and that the later one gives nothing of the earlier away."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from bot.results.counting import MISSING, Codes
from bot.results.keeping import parse_release, release_text
from bot.results.published import Release, Withheld
from bot.results.releasing import make_release
from bot.results.rounds import ALIKE, changes, common
from bot.results.shapes import Codebook, Kind, Question, Return
from tests.results.attack import Hidden, cells, equations, holder, profile_of, profiles_of
from tests.results.surveys import CLOSED, complete, one, options, released, said

PAIR = ("x", "y")


def two_rounds(seed: int) -> tuple[Codebook, list[Return], list[Return], int]:
    """Nearly the same people twice: some change their mind, a few come or go; and how many did."""
    chance = random.Random(seed)
    book = Codebook(
        title="Twice",
        version="1",
        questions=(one("x", "a", "b", "c"), one("y", "a", "b", "c", scale=chance.random() < 0.3)),
    )

    def anybody() -> Return:
        lean = chance.random() ** 2
        place = [min(int(abs(chance.gauss(lean, 0.4)) * 3), 2) for _ in PAIR]
        return complete({name: "abc"[at] for name, at in zip(PAIR, place, strict=True)})

    first = [anybody() for _ in range(chance.randint(12, 60))]
    changed = chance.randint(0, 4)
    second = [anybody() if place < changed else given for place, given in enumerate(first)]
    come, go = chance.randint(0, 3), chance.randint(0, 3)
    second = second[: len(second) - go] + [anybody() for _ in range(come)]
    return book, first, second, changed + come + go


def attack_both(
    first: Release, second: Release, returns: list[Return], moved: int
) -> Iterator[Hidden]:
    """The range of each small number of the first round, for a reader of both who knows how few moved."""
    profiles = list(profiles_of(first.codebook))
    names = [question.name for question in first.codebook.asked()]
    size = len(profiles) + 1  # the last one: they took no part
    rows, known = [], []
    for release, is_first in ((first, True), (second, False)):
        for row, number in equations(release, profiles):
            given = np.array([*row, False], dtype=float)
            rows.append(np.repeat(given, size) if is_first else np.tile(given, size))
            known.append(float(number))
    matrix, off = csr_matrix(np.array(rows)), csr_matrix([1.0 - np.eye(size).ravel()])
    truth = [profile_of(first.codebook, given) for given in returns]
    for cell, threshold in cells(first):
        picked = holder(names, [(name, frozenset({code})) for name, code in cell])
        count = sum(picked(profile) for profile in truth)
        if count < threshold:
            goal = np.repeat(np.array([*(picked(p) for p in profiles), False], dtype=float), size)
            ends = [
                linprog(sign * goal, A_eq=matrix, b_eq=known, A_ub=off, b_ub=[moved])
                for sign in (1, -1)
            ]
            assert all(end.status == 0 for end in ends)
            yield Hidden(cell, count, threshold, ends[0].fun, -ends[1].fun, len(returns))


def attacked(seeds: range, *, is_held: bool) -> list[Hidden]:
    found: list[Hidden] = []
    for seed in seeds:
        book, first, second, moved = two_rounds(seed)
        before = released(book, first, PAIR)
        held = before if is_held else None
        after = make_release(book, second, closed_on=CLOSED, pairs=[PAIR], before=held)
        if before.returns is not None and after.returns is not None:
            found += attack_both(before, after, first, moved)
    return found


def test_a_second_round_gives_no_small_number_of_the_first_away() -> None:
    """Not even to somebody who knows how many have changed their mind, came or went."""
    ranges = attacked(range(12), is_held=True)
    assert len(ranges) > 50
    assert [one for one in ranges if not one.is_safe] == []


@pytest.mark.long
def test_a_second_round_gives_no_small_number_of_the_first_away_in_two_hundred() -> None:
    ranges = attacked(range(12, 212), is_held=True)
    assert len(ranges) > 800
    assert [one for one in ranges if not one.is_safe] == []


@pytest.mark.parametrize("is_held", [True, False])
def test_the_attack_breaks_a_second_round_with_groups_of_its_own(*, is_held: bool) -> None:
    """Four said c; when a fifth comes, groups of their own would show five, and so tell of the four."""
    book = Codebook(title="S", version="1", questions=(one("x", "a", "b", "c"),))
    first = [complete(answer) for answer in said("x", a=15, b=12, c=4, skipped=7)]
    before = released(book, first)
    second = [*first, complete({"x": "c"})]
    held = before if is_held else None
    after = make_release(book, second, closed_on=CLOSED, before=held)
    (hidden,) = [one for one in attack_both(before, after, first, 1) if one.cell == (("x", "c"),)]
    assert hidden.is_safe is is_held
    assert attacked(range(44, 45), is_held=True)
    assert any(not one.is_safe for one in attacked(range(44, 45), is_held=False))


def test_many_more_returns_are_other_people_and_get_groups_of_their_own() -> None:
    book = Codebook(title="S", version="1", questions=(one("x", "a", "b", "c"),))

    def of(**counts: int) -> list[Return]:
        return [complete({"x": code}) for code, n in counts.items() for _ in range(n)]

    before = released(book, of(a=9, b=9, c=2))

    def groups(returns: list[Return]) -> set[frozenset[str]]:
        later = make_release(book, returns, closed_on=CLOSED, before=before)
        return {frozenset(part.codes) - set(MISSING) for part in later.table("x").slices}

    assert groups(of(a=12, b=12, c=12)) == {frozenset("a"), frozenset("bc")}
    assert groups(of(a=12, b=12, c=12 + ALIKE)) == {frozenset("a"), frozenset("b"), frozenset("c")}


def test_ticks_that_were_hidden_stay_hidden_while_they_may_be_the_same_people() -> None:
    ticks = Question(name="m", label="m?", kind=Kind.MANY, options=options("p", "q", "r"))
    book = Codebook(title="S", version="1", questions=(ticks,))

    def of(r: int, more: int = 0) -> list[Return]:
        people = range(40 + more)
        every = [("p", range(20)), ("q", range(15, 40 + more)), ("r", range(r))]
        return [complete({"m": tuple(c for c, who in every if at in who)}) for at in people]

    def shown(returns: list[Return], held: Release | None = None) -> set[str]:
        release = make_release(book, returns, closed_on=CLOSED, before=held)
        return {part.codes[0] for part in release.table("m").slices}

    before = released(book, of(2))
    assert shown(of(2)) == {"p", "q"}
    assert shown(of(9)) == {"p", "q", "r"}
    assert shown(of(9), before) == {"p", "q"}
    assert shown(of(9, ALIKE), before) == {"p", "q", "r"}


def test_changes_are_made_of_the_two_releases_alone_and_add_up() -> None:
    seen = 0
    for seed in range(30):
        book, first, second, _ = two_rounds(seed)
        before = released(book, first, PAIR)
        after = make_release(book, second * 2, closed_on=CLOSED, pairs=[PAIR], before=before)
        found = list(changes(after, before))
        kept = list(
            changes(parse_release(release_text(after)), parse_release(release_text(before)))
        )
        assert found == kept
        for change in found:
            seen += 1
            now, then = after.table(change.name), before.table(change.name)
            assert sum(step.count for step in change.steps) == now.total
            assert sum(step.before for step in change.steps) == then.total
            assert all(min(step.count, step.before) >= 5 for step in change.steps)
            assert all((step.points or 0) == (step.share or 0) - (step.before_share or 0)
                       for step in change.steps)  # fmt: skip
    assert seen > 10


def test_a_question_that_was_put_in_other_words_is_not_compared() -> None:
    book = Codebook(title="S", version="1", questions=(one("x", "a", "b"),))
    given = [complete({"x": code}) for code in "ab" for _ in range(9)]
    before, after = released(book, given), released(book, given)
    assert [change.name for change in changes(after, before)] == ["x"]
    asked = replace(book.questions[0], label="Another question?")
    other = released(replace(book, questions=(asked,)), given)
    assert list(changes(other, before)) == []
    assert list(changes(after, released(book, given[:3]))) == []
    assert before.table("x").withheld is Withheld.NO


@st.composite
def partitions(draw: st.DrawFn) -> tuple[Codes, ...]:
    cuts = draw(st.permutations("abcdefg"))
    ends = sorted({0, 7, *draw(st.lists(st.integers(1, 6), max_size=6))})
    return tuple(tuple(cuts[low:high]) for low, high in pairwise(ends))


@given(partitions(), partitions())
def test_common_groups_are_the_finest_that_split_neither(
    one_way: tuple[Codes, ...], other: tuple[Codes, ...]
) -> None:
    found = common(one_way, other)
    assert sorted(code for group in found for code in group) == sorted("abcdefg")
    for group in (*one_way, *other):
        assert sum(not set(group).isdisjoint(each) for each in found) == 1
    back = {frozenset(group) for group in common(other, one_way)}
    assert {frozenset(group) for group in found} == back
    assert common(found, one_way) == found
