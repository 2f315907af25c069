"""What a body or a register costs: the parts, the totals, how old they are, and where to ask."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.engine.figures_law import law
from bot.engine.figures_voice import Figures, Voice, begin, bullets, join, link
from bot.knowledge.bodies import Body, Discount
from bot.knowledge.money import Part, Price, Total
from bot.knowledge.registers import Register
from bot.knowledge.totals import PARTS, Costs, costs, prices_for, undated

DISCOUNTS: Final = 3  # lower prices that are named; the body knows the rest
GRADES: Final = 4  # other grades that are named
UNDATED: Final = 2  # undated prices that are named


def cost_of_body(voice: Voice, body: Body, wanted: Sequence[Register]) -> Figures:
    """What a body costs, for the register that was named or the first it gives.

    Args:
        voice: How to say it.
        body: Which.
        wanted: Registers that were named; those it does not give are sent to the regulator's list.
    """
    given = _given(voice, body)
    register = next((one for one in wanted if one in given), given[0] if given else None)
    found = costs(voice.bodies, register, body)
    held = _holds_membership(found)
    text = join(
        law(voice, register) if register else "",
        _title(voice, body, register),
        _doubts(voice, body, register, wanted),
        bullets(_lines(voice, found)),
        _no_membership(voice, body, held=held),
        totals(voice, found),
        old_prices(voice, _shown(found), body),
        _undated_lines(voice, found),
        _other_grades(voice, body, register, held=held),
        _lower_prices(voice, body),
    )
    return Figures(text, voice.price_sources(_shown(found)))


def totals(voice: Voice, found: Costs) -> str:
    """First year and later years; nothing where the largest part is not held."""
    if found.needs_membership and not found.held.get("membership"):
        return ""
    first, after = found.first_year, found.each_year
    lines: list[str] = []
    if first:
        lines.append(_total(voice, "first-year", first))
        if first.is_whole_year:
            lines[0] += f" {voice.say('figures.whole-year')}"
    if after:
        lines.append(_total(voice, "each-year" if first else "each-year-only", after))
    return "\n\n".join(lines)


def old_prices(voice: Voice, prices: Sequence[Price], body: Body | None) -> str:
    """That prices are old, where they are; and where to ask for today's."""
    old = [price for price in prices if voice.is_stale([price])]
    said = ""
    amounts = {(price.amount, price.as_of) for price in old}
    if len(amounts) == 1:
        price = old[0]
        amount, when = voice.pounds(price.amount), voice.price_when(price)
        said = voice.say("figures.stale-one", amount=amount, when=when)
    elif old:
        years = sorted({price.year for price in old if price.year})
        said = voice.say("figures.stale-many", years=voice.listed(years))
    if body is None:
        return said
    is_fresh = bool(prices) and not old
    return f"{said} {_where_to_ask(voice, body, is_fresh=is_fresh)}".strip()


def _where_to_ask(voice: Voice, body: Body, *, is_fresh: bool) -> str:
    site = voice.site(body)
    if not site:
        return voice.say("figures.ask-price-plain", body=body.acronym)
    key = "figures.check-price" if is_fresh else "figures.ask-price"
    return voice.say(key, body=body.acronym, site=site)


def part_name(voice: Voice, price: Price) -> str:
    """What a price is for, as a line begins."""
    what = voice.text(price.what) if price.what else voice.say(f"figures.part.{price.part}")
    return f"{what} ({price.grade})" if price.grade else what


def amount_of(voice: Voice, price: Price) -> str:
    """The amount, or that it was free."""
    return voice.pounds(price.amount) if price.amount else voice.say("figures.free")


def price_line(voice: Voice, what: str, price: Price) -> str:
    """One price on a line, with its year."""
    amount, when = amount_of(voice, price), voice.price_when(price)
    return voice.say("figures.line", what=what, amount=amount, when=when)


def discount_line(voice: Voice, one: Discount) -> str:
    """One lower price: for whom, how much, and when that was."""
    who, what = begin(voice.text(one.who)), voice.text(one.what)
    return voice.say("figures.discount", who=who, what=what, when=voice.when(one.as_of))


def _title(voice: Voice, body: Body, register: Register | None) -> str:
    name = voice.name(body)
    if register is None:
        return voice.say("figures.cost-title-body", body=name)
    if "membership" not in register.pay_each_year:
        return voice.say("figures.cost-title-register", body=name)
    return voice.say("figures.cost-title", body=name, register=voice.title(register))


def _given(voice: Voice, body: Body) -> list[Register]:
    known = voice.bodies.register_by_id
    return [known[licence.gives] for licence in body.registers if licence.gives in known]


def _doubts(
    voice: Voice, body: Body, register: Register | None, wanted: Sequence[Register]
) -> str:
    """Registers that nothing we read says it gives."""
    lines = [_unknown(voice, one, body) for one in wanted if not body.licence(one.id)]
    licence = body.licence(register.id) if register else None
    if register and licence and not licence.is_known:
        lines.append(_unsure(voice, register))
    return "\n\n".join(lines)


def _unknown(voice: Voice, register: Register, body: Body) -> str:
    """That a body is not known to give a register at all."""
    regulator, site = voice.regulator(register)
    return voice.say(
        "figures.gives-unknown",
        register=voice.title(register),
        body=body.acronym,
        regulator=regulator,
        site=link(site) if site else regulator,
    )


def _unsure(voice: Voice, register: Register) -> str:
    """That a body is said to give a register, and no page says so."""
    regulator, site = voice.regulator(register)
    return voice.say(
        "figures.gives-unsure",
        register=voice.title(register),
        regulator=regulator,
        site=link(site) if site else regulator,
    )


def _expected(found: Costs) -> tuple[Part, ...]:
    """The parts a person meets, in the order in which they pay them."""
    met = {*found.held} | {*_parts_to_pay(found)}
    return tuple(part for part in PARTS if part in met)


def _parts_to_pay(found: Costs) -> tuple[Part, ...]:
    if found.register is None:
        return ("membership",)
    return (*found.register.pay_first_year, *found.register.pay_each_year)


def _lines(voice: Voice, found: Costs) -> Iterable[str]:
    for part in _expected(found):
        prices = found.held.get(part, ())
        if part == "membership" and part in found.general:
            portal = voice.say("figures.portal-membership")
            yield from (price_line(voice, portal, price) for price in prices)
        elif prices:
            yield from (price_line(voice, part_name(voice, price), price) for price in prices)
        else:
            yield voice.say("figures.line-unknown", what=voice.say(f"figures.part.{part}"))


def _shown(found: Costs) -> tuple[Price, ...]:
    return tuple(price for part in _expected(found) for price in found.held.get(part, ()))


def _holds_membership(found: Costs) -> bool:
    """Whether this body's own membership price is held, or none is needed."""
    if not found.needs_membership:
        return True
    return "membership" in found.held and "membership" not in found.general


def _no_membership(voice: Voice, body: Body, *, held: bool) -> str:
    if held:
        return ""
    return voice.say("figures.no-membership", body=body.acronym)


def _total(voice: Voice, kind: str, total: Total) -> str:
    """A total, what it leaves out, and what may be inside it."""
    least = "-least" if total.is_least else ""
    amount, years = voice.pounds(total.amount), voice.years(total.years)
    said = voice.say(f"figures.total.{kind}{least}", amount=amount, years=years)
    if total.missing:
        said += " " + voice.say("figures.left-out", parts=_parts(voice, total.missing))
    if total.unclear:
        said += " " + voice.say("figures.may-be-inside", parts=_parts(voice, total.unclear))
    return said


def _parts(voice: Voice, parts: Sequence[Part]) -> str:
    return voice.listed([voice.say(f"figures.missing.{part}") for part in parts])


def _undated_lines(voice: Voice, found: Costs) -> str:
    lines = []
    for price in undated(voice.bodies, found)[:UNDATED]:
        what = part_name(voice, price)
        lines.append(voice.say("figures.undated", amount=voice.pounds(price.amount), what=what))
    return "\n\n".join(lines)


def _other_grades(voice: Voice, body: Body, register: Register | None, *, held: bool) -> str:
    grades = [price for price in prices_for(body, "other") if price.part == "membership"]
    if held or not grades or register is None:
        return ""
    said = [
        voice.say(
            "figures.grade",
            grade=_grade(voice, price),
            amount=amount_of(voice, price),
            when=voice.price_when(price),
        )
        for price in grades[:GRADES]
    ]
    return voice.say(
        "figures.other-grades", grades=voice.listed(said), register=voice.title(register)
    )


def _grade(voice: Voice, price: Price) -> str:
    what = voice.text(price.what) if price.what else ""
    return f"{price.grade or ''} {what}".strip() or part_name(voice, price)


def _lower_prices(voice: Voice, body: Body) -> str:
    lines = [discount_line(voice, one) for one in body.discounts[:DISCOUNTS]]
    for option in body.payment_options:
        text, when = voice.text(option.text), voice.when(option.as_of)
        lines.append(voice.say("figures.pay-options", text=text.rstrip("."), when=when))
    if not lines:
        return ""
    return f"{voice.say('figures.discounts')}\n\n{bullets(lines)}"
