"""Prices that say how old they are, and sums of them that hide nothing.

A price without a date is never in a sum. A sum knows the years it was made of, and the parts for
which nothing is held. A total that a page states wins over one of ours of the same age.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from bot.knowledge.backing import AsOf, Backed, begins
from bot.knowledge.shapes import Line, Slug, Words

Part = Literal[
    "application",
    "joining",
    "membership",
    "register-entry",
    "register-yearly",
    "surcharge",
    "interview",
    "other",
    "first-year-total",
    "yearly-total",
]
Who = Literal["technician", "apprentice", "reduced", "other"]
Pounds = Annotated[Decimal, Field(ge=0, lt=100_000, decimal_places=2)]

_SAME: Final[Mapping[Part, tuple[Part, ...]]] = {"application": ("application", "joining")}


class Price(Backed):
    """What something costs, in pounds, and the day from which a page says so.

    Attributes:
        part: What is paid for.
        who: For whom; `technician` is the grade that goes with a technician register.
        registers: The registers it is for; none means any.
        titles: A title that is no register of ours, such as CEng.
        as_of: A year, month or day; None where the page carries no date.
        not_before: For an undated one: the earliest year that fits, by our judgement.
        basis: `derived` where we worked it out, by the `formula`.
        covers: The parts inside a stated total.
        may_include: Parts that may be inside this price; the page does not say.
        pro_rata: Whether those who join in mid-year pay only for the rest of it.
    """

    part: Part
    who: Who = "technician"
    registers: tuple[Slug, ...] = ()
    titles: Line | None = None
    grade: Line | None = None
    what: Words | None = None
    amount: Pounds
    as_of: AsOf | None
    not_before: int | None = None
    period: Line | None = None
    basis: Literal["stated", "derived"] = "stated"
    formula: Line | None = None
    covers: tuple[Part, ...] = ()
    may_include: tuple[Part, ...] = ()
    pro_rata: bool = False
    note: Line | None = None

    @property
    def year(self) -> str | None:
        """The year it is true for, such as "2019"; None where the page carries no date."""
        return self.as_of[:4] if self.as_of else None

    def is_for(self, register: str | None) -> bool:
        """Whether it counts for a register; a price for other titles counts for none."""
        if self.titles:
            return False
        return not self.registers or register in self.registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum of dated prices.

    Attributes:
        amount: Pounds.
        prices: What was added; a stated total stands for the parts it covers.
        missing: Parts for which no dated price is held.
        unclear: Parts that may be inside one of the prices already.
    """

    amount: Decimal
    prices: tuple[Price, ...]
    missing: tuple[Part, ...] = ()
    unclear: tuple[Part, ...] = ()

    @property
    def years(self) -> tuple[str, ...]:
        """The years of what was added, oldest first, each once."""
        return tuple(sorted({price.year for price in self.prices if price.year}))

    @property
    def is_whole_year(self) -> bool:
        """Whether somebody who joins in mid-year pays less than this."""
        return any(price.pro_rata for price in self.prices)

    @property
    def is_least(self) -> bool:
        """Whether there is more to pay than this."""
        return bool(self.missing or self.unclear)


def newest(prices: Iterable[Price]) -> Price | None:
    """The dated price that began last; of equals the first."""
    dated = [price for price in prices if price.as_of]
    return max(dated, key=lambda price: begins(price.as_of or ""), default=None)


def for_part(prices: Iterable[Price], part: Part, who: Who = "technician") -> tuple[Price, ...]:
    """The newest dated price of a part; of application and joining, both.

    Returns:
        None, one, or two prices.
    """
    kept = [price for price in prices if price.who == who]
    found = (newest(p for p in kept if p.part == same) for same in _SAME.get(part, (part,)))
    return tuple(price for price in found if price)


def add_up(
    expected: Sequence[Part], held: Mapping[Part, Sequence[Price]], stated: Iterable[Price] = ()
) -> Total | None:
    """The best total of the expected parts.

    Args:
        expected: The parts a person pays.
        held: Dated prices by part; a part may have two, or none.
        stated: Totals that a page states, with the parts they cover.

    Returns:
        The one with the fewest unknown parts, then the newest, then the stated one. None where no
        dated price is held at all.
    """
    ways = [_sum(expected, held, total) for total in stated if total.as_of and total.covers]
    ways.append(_sum(expected, held, None))
    known = [way for way in ways if way.prices]
    return max(known, key=_merit, default=None)


def _merit(total: Total) -> tuple[int, str]:
    return -len(total.missing) - len(total.unclear), total.years[-1]


def _sum(
    expected: Sequence[Part], held: Mapping[Part, Sequence[Price]], stated: Price | None
) -> Total:
    covered = stated.covers if stated else ()
    used: list[Price] = [stated] if stated else []
    paid = [part for part in expected if part not in covered]
    inside = {
        within for part in paid for price in held.get(part, ()) for within in price.may_include
    }
    missing: list[Part] = []
    unclear: list[Part] = []
    for part in paid:
        if part in inside:
            unclear.append(part)
        elif prices := [price for price in held.get(part, ()) if price.as_of]:
            used += prices
        else:
            missing.append(part)
    amount = sum((price.amount for price in used), Decimal(0))
    return Total(amount=amount, prices=tuple(used), missing=tuple(missing), unclear=tuple(unclear))
