"""What one person pays for a register, through a body or without naming one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.money import Part, Price, Total, Who, add_up, for_part, newest
from bot.knowledge.registers import Register

BODY_FIRST_YEAR: Final[tuple[Part, ...]] = ("application", "membership")
BODY_EACH_YEAR: Final[tuple[Part, ...]] = ("membership",)
OPTIONAL: Final[tuple[Part, ...]] = ("surcharge",)  # paid where it exists, not missed elsewhere
PARTS: Final[tuple[Part, ...]] = (
    "application",
    "membership",
    "register-entry",
    "register-yearly",
    "surcharge",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The newest dated price of every part, and what they come to.

    Attributes:
        register: None for a body that gives none of ours.
        body: None where no body was named.
        held: Dated prices by part; application and joining stand under one part.
        general: Parts whose price is the register's own, not this body's.
        first_year: None where nothing dated is held.
        each_year: The years after the first; None where nothing dated is held.
    """

    register: Register | None
    body: Body | None
    held: Mapping[Part, tuple[Price, ...]]
    general: frozenset[Part]
    first_year: Total | None
    each_year: Total | None

    @property
    def needs_membership(self) -> bool:
        """Whether a membership is among the things to pay each year."""
        return "membership" in _each_year(self.register)

    @property
    def prices(self) -> tuple[Price, ...]:
        """Every price that is held, in the order people pay them."""
        return tuple(price for part in PARTS for price in self.held.get(part, ()))


def costs(bodies: Bodies, register: Register | None, body: Body | None) -> Costs:
    """What a register costs through a body.

    Args:
        bodies: Everything that is held.
        register: None for the membership of a body alone.
        body: None for what the register costs wherever a person joins.
    """
    own = _own_prices(register, body)
    common = register_prices(bodies, register) if register else ()
    held: dict[Part, tuple[Price, ...]] = {}
    general: set[Part] = set()
    for part in PARTS:
        ours, theirs = for_part(own, part), for_part(common, part)
        chosen = _newer(ours, theirs) if part.startswith("register") else ours or theirs
        if chosen:
            held[part] = chosen
            if chosen is not ours:
                general.add(part)
    totals = [
        price
        for price in (*own, *common)
        if price.covers and price.who == "technician" and (price in own or general >= _own(price))
    ]
    return Costs(
        register=register,
        body=body,
        held=held,
        general=frozenset(general),
        first_year=_total(_first_year(register), held, totals, "first-year-total"),
        each_year=_total(_each_year(register), held, totals, "yearly-total"),
    )


def register_prices(bodies: Bodies, register: Register) -> tuple[Price, ...]:
    """The prices a register has wherever a person joins: its own, and its council's table."""
    tables = (price for table in bodies.fee_tables for price in table.fees)
    listed = (price for price in tables if register.id in price.registers)
    return (*register.fees, *listed)


def undated(bodies: Bodies, costs: Costs) -> tuple[Price, ...]:
    """Prices from pages without a date that tell more than the dated ones: later, or the only ones."""
    common = register_prices(bodies, costs.register) if costs.register else ()
    seen: dict[tuple[Part, Decimal], Price] = {}
    for price in (*_own_prices(costs.register, costs.body), *common):
        if price.as_of is None and price.who == "technician" and _tells_more(price, costs):
            seen.setdefault((price.part, price.amount), price)
    return tuple(seen.values())


def _tells_more(price: Price, costs: Costs) -> bool:
    dated = costs.held.get(price.part, ())
    if price.part not in PARTS:
        return False
    return not dated or (price.not_before or 0) > max(int(one.year or 0) for one in dated)


def prices_for(body: Body, who: Who) -> tuple[Price, ...]:
    """The newest dated prices of a body for one group of people, one for each grade and part."""
    groups: dict[tuple[str, str | None, str], list[Price]] = {}
    for price in body.fees:
        if price.who == who and price.as_of and not price.part.endswith("-total"):
            what = price.what.en if price.what else ""
            groups.setdefault((price.part, price.grade, what), []).append(price)
    found = (newest(group) for group in groups.values())
    return tuple(price for price in found if price)


def _own_prices(register: Register | None, body: Body | None) -> tuple[Price, ...]:
    register_id = register.id if register else None
    return tuple(price for price in (body.fees if body else ()) if price.is_for(register_id))


def _own(total: Price) -> frozenset[Part]:
    """The parts of a register's total that must not be this body's own: its membership."""
    return frozenset(part for part in total.covers if part == "membership")


def _newer(ours: tuple[Price, ...], theirs: tuple[Price, ...]) -> tuple[Price, ...]:
    best = newest((*ours, *theirs))
    return theirs if best is not None and best in theirs and best not in ours else ours


def _first_year(register: Register | None) -> tuple[Part, ...]:
    return register.pay_first_year if register else BODY_FIRST_YEAR


def _each_year(register: Register | None) -> tuple[Part, ...]:
    return register.pay_each_year if register else BODY_EACH_YEAR


def _total(
    expected: Sequence[Part],
    held: Mapping[Part, Sequence[Price]],
    totals: Iterable[Price],
    kind: Part,
) -> Total | None:
    more = [part for part in OPTIONAL if held.get(part) and "membership" in expected]
    return add_up([*more, *expected], held, [total for total in totals if total.part == kind])
