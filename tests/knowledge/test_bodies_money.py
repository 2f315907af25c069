"""Money that is honest: no undated figure in a sum, no years mixed in silence, unknown parts named."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.backing import begins, is_stale
from bot.knowledge.bodies import Bodies
from bot.knowledge.content import parse_file
from bot.knowledge.money import Part, Price, Total, add_up, for_part, newest
from bot.knowledge.totals import Costs, costs, prices_for, register_prices, undated

FILE: Final = Path(__file__).parents[2] / "knowledge" / "bodies.yaml"
BODIES: Final = parse_file(Bodies, FILE.read_text(encoding="utf-8"), "bodies.yaml")
PAIRS: Final = tuple(
    (body.id, licence.gives) for body in BODIES.bodies for licence in body.registers
)
PARTS: Final[tuple[Part, ...]] = (
    "application",
    "membership",
    "register-entry",
    "register-yearly",
)


def price(part: Part, amount: str, as_of: str | None, **more: object) -> Price:
    return Price.model_validate(
        {"part": part, "amount": amount, "as_of": as_of, "source": "https://a.org/", **more}
    )


def costs_of(body: str, register: str | None = None) -> Costs:
    found = BODIES.body_by_id[body]
    first = found.registers[0].gives if found.registers else None
    wanted = BODIES.register_by_id.get(register or first or "")
    return costs(BODIES, wanted, found)


def shown(total: Total | None) -> tuple[str, tuple[str, ...], bool] | None:
    return (f"{total.amount:.2f}", total.years, total.is_least) if total else None


@pytest.mark.parametrize(
    ("body", "first", "after"),
    [
        ("cibse", ("211.90", ("2019",), False), ("163.40", ("2019",), False)),
        ("rct", ("80.00", ("2024",), False), ("48.00", ("2024",), False)),
        ("gphc", None, ("138.00", ("2025",), False)),
        ("gdc", ("130.95", ("2020", "2026"), False), ("108.00", ("2026",), False)),
        ("institute-of-corrosion", ("99.00", ("2016",), False), ("84.00", ("2016",), False)),
        ("iet", ("158.00", ("2015",), True), ("158.00", ("2015",), True)),
        ("cabe", ("233.90", ("2019", "2025"), False), ("169.40", ("2019",), False)),
        (
            "institute-of-water",
            ("164.40", ("2023", "2025"), False),
            ("136.40", ("2023", "2025"), False),
        ),
        ("ciwem", ("149.90", ("2017", "2019"), True), ("132.00", ("2017",), True)),
        ("ahcs", ("40.00", ("2023",), True), ("40.00", ("2023",), False)),
    ],
)
def test_totals_of_bodies(body: str, first: object, after: object) -> None:
    found = costs_of(body)
    assert shown(found.first_year) == first
    assert shown(found.each_year) == after


@pytest.mark.parametrize(
    ("register", "first", "after"),
    [
        ("rscitech", ("104.40", ("2023", "2025"), False), ("76.40", ("2023",), False)),
        ("engtech", ("17.90", ("2019",), True), ("19.40", ("2019",), True)),
        ("rittech", None, None),
    ],
)
def test_totals_of_registers(register: str, first: object, after: object) -> None:
    found = costs(BODIES, BODIES.register_by_id[register], None)
    assert shown(found.first_year) == first
    assert shown(found.each_year) == after


def test_a_part_that_may_be_inside_is_not_added_and_is_named() -> None:
    after = costs_of("iet").each_year
    assert after is not None
    assert after.unclear == ("register-yearly",)


def test_a_total_of_the_portal_does_not_stand_for_a_body_with_a_price_of_its_own() -> None:
    found = costs_of("institute-of-water")
    assert "membership" not in found.general
    assert found.first_year is not None
    assert found.first_year.amount > Decimal(96)


def test_an_undated_price_is_told_only_where_it_tells_more() -> None:
    assert {one.amount for one in undated(BODIES, costs_of("cibse"))} == {
        Decimal("56.00"),
        Decimal("20.66"),
    }
    assert undated(BODIES, costs_of("gdc")) == ()  # older than the dated ones


def test_the_newest_price_of_each_grade_is_listed() -> None:
    grades = [one.grade for one in prices_for(BODIES.body_by_id["iet"], "apprentice")]
    assert grades == ["Student or apprentice, one year", "Student or apprentice, whole course"]


@pytest.mark.parametrize(("body", "register"), PAIRS, ids=str)
def test_no_total_holds_an_undated_price_and_every_unknown_part_is_named(
    body: str, register: str
) -> None:
    found = costs_of(body, register)
    wanted = BODIES.register_by_id[register]
    for total, parts in (
        (found.first_year, wanted.pay_first_year),
        (found.each_year, wanted.pay_each_year),
    ):
        if total is None:
            continue
        assert all(one.as_of for one in total.prices)
        inside = {part for one in total.prices for part in (one.part, *one.covers)}
        inside |= {"application" for one in total.prices if one.part == "joining"}
        assert {*parts} <= inside | {*total.missing} | {*total.unclear}


def test_a_price_for_other_titles_counts_for_no_register() -> None:
    chartered = [one for table in BODIES.fee_tables for one in table.fees if one.titles]
    assert len(chartered) >= 10
    for register in BODIES.registers:
        assert not {*map(id, chartered)} & {*map(id, register_prices(BODIES, register))}


# The arithmetic, on made-up prices.

AMOUNTS = st.decimals(min_value=0, max_value=500, places=2)
YEARS = st.sampled_from(["2015", "2019", "2023", "2025", "2025-09", "2026"])


@st.composite
def held_prices(draw: st.DrawFn) -> dict[Part, tuple[Price, ...]]:
    held: dict[Part, tuple[Price, ...]] = {}
    for part in draw(st.lists(st.sampled_from(PARTS), unique=True)):
        as_of = draw(st.none() | YEARS)
        inside = draw(st.lists(st.sampled_from(PARTS), max_size=1))
        held[part] = (price(part, str(draw(AMOUNTS)), as_of, may_include=inside),)
    return held


@given(held_prices(), st.lists(st.sampled_from(PARTS), unique=True, min_size=1))
def test_a_sum_adds_dated_prices_only_and_accounts_for_every_part(
    held: dict[Part, tuple[Price, ...]], expected: list[Part]
) -> None:
    total = add_up(expected, held)
    if total is None:
        outside = [part for part in expected if not _inside(expected, held, part)]
        assert not any(one.as_of for part in outside for one in held.get(part, ()))
        return
    assert all(one.as_of for one in total.prices)
    assert total.amount == sum((one.amount for one in total.prices), Decimal(0))
    told = [*(one.part for one in total.prices), *total.missing, *total.unclear]
    assert sorted(told) == sorted(expected)
    assert {*total.years} == {(one.as_of or "")[:4] for one in total.prices}
    assert total.is_least == bool(total.missing or total.unclear)


def _inside(expected: list[Part], held: dict[Part, tuple[Price, ...]], part: Part) -> bool:
    return any(part in one.may_include for other in expected for one in held.get(other, ()))


@given(AMOUNTS, AMOUNTS, st.sampled_from(["2018", "2020", "2022"]))
def test_a_stated_total_wins_over_ours_of_the_same_year(
    part: Decimal, whole: Decimal, year: str
) -> None:
    held: dict[Part, tuple[Price, ...]] = {"membership": (price("membership", str(part), "2020"),)}
    stated = price("yearly-total", str(whole), year, covers=["membership"])
    total = add_up(["membership"], held, [stated])
    assert total is not None
    assert total.amount == (part if year == "2018" else whole)


def test_an_undated_total_is_never_used() -> None:
    stated = price("yearly-total", "5", None, covers=["membership"])
    assert add_up(["membership"], {}, [stated]) is None


def test_applying_and_joining_are_one_part_and_both_are_paid() -> None:
    prices = [price("application", "10", "2020"), price("joining", "5", "2021")]
    assert [one.amount for one in for_part(prices, "application")] == [Decimal(10), Decimal(5)]


def test_the_newest_price_is_the_one_that_began_last() -> None:
    old, new = price("membership", "1", "2023"), price("membership", "2", "2023-10-01")
    assert newest([old, new]) is new
    assert newest([price("membership", "3", None)]) is None


@pytest.mark.parametrize(
    ("as_of", "began"),
    [
        ("2019", date(2019, 1, 1)),
        ("2025-09", date(2025, 9, 1)),
        ("2023-10-01", date(2023, 10, 1)),
        ("2022-Q4", date(2022, 10, 1)),
    ],
)
def test_a_date_begins(as_of: str, began: date) -> None:
    assert begins(as_of) == began


@pytest.mark.parametrize("as_of", ["19", "2019-13", "2019-1", "c. 2019", "2023-02-30", ""])
def test_what_is_no_date_is_refused(as_of: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        begins(as_of)


@pytest.mark.parametrize(
    ("as_of", "today", "stale"),
    [
        ("2025", date(2026, 1, 1), False),
        ("2025", date(2026, 1, 2), True),
        ("2025-09", date(2026, 9, 1), False),
        ("2025-09", date(2026, 9, 2), True),
        ("2026", date(2026, 11, 21), False),
        ("2027", date(2026, 11, 21), False),
    ],
)
def test_a_price_is_stale_after_twelve_months(as_of: str, today: date, *, stale: bool) -> None:
    assert is_stale(as_of, today) is stale
