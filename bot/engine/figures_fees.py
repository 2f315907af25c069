"""What registers cost, whichever body a person joins: the rule of thumb, the parts, an example."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bot.engine.figures_costs import amount_of, old_prices, price_line, totals
from bot.engine.figures_law import law
from bot.engine.figures_voice import Figures, Voice, begin, bullets, join, link
from bot.knowledge.backing import begins
from bot.knowledge.bodies import Body
from bot.knowledge.money import Part, Price
from bot.knowledge.registers import Register
from bot.knowledge.totals import Costs, costs, register_prices, undated

OVERVIEW: Final = ("engtech", "icttech", "rscitech", "rittech")
MEMBERSHIPS: Final = 5  # bodies whose price is named; others are named when asked
UNDATED: Final = 2  # undated prices that are named

_FEE_PARTS: Final[tuple[Part, ...]] = (
    "application",
    "register-entry",
    "register-yearly",
    "membership",
)


def overview(voice: Voice) -> str:
    """The rule of thumb, the newest register fees, one worked example, and how old they are."""
    registers = _known(voice, OVERVIEW)
    thumb = voice.bodies.rule_of_thumb
    found = [costs(voice.bodies, register, None) for register in registers]
    return join(
        voice.say("figures.thumb", amount=f"{thumb.amount:g}"),
        _register_fees(voice, found),
        voice.say("figures.plus-membership"),
        _example(voice, registers),
        old_prices(voice, _shown(found), None),
        voice.say("figures.ask-which-body"),
    )


def of_registers(voice: Voice, ids: Sequence[str]) -> str:
    """The newest fees of some registers, membership prices that are held, and an example."""
    registers = _known(voice, ids)
    found = [costs(voice.bodies, register, None) for register in registers]
    members = tuple(_memberships(voice, registers))
    prices = (*_shown(found), *(price for _, price in members))
    return join(
        *(law(voice, register) for register in registers),
        _register_fees(voice, found),
        *(_complete_totals(voice, one) for one in found),
        voice.say("figures.usual-parts") if not all(one.held for one in found) else "",
        _membership_lines(voice, members),
        _example(voice, registers),
        *_undated(voice, found),
        old_prices(voice, prices, None),
        _who_to_ask(voice, registers, prices),
    )


def cost_of_register(voice: Voice, register: Register) -> Figures:
    """What one register costs."""
    title = voice.say("figures.register-cost-title", register=voice.title(register))
    found = costs(voice.bodies, register, None)
    members = tuple(price for _, price in _memberships(voice, [register]))
    sources = voice.price_sources((*_shown([found]), *members))
    demanded = law(voice, register)
    body = of_registers(voice, [register.id])
    return Figures(join(demanded, title, body.removeprefix(demanded)), sources)


def _known(voice: Voice, ids: Sequence[str]) -> list[Register]:
    known = voice.bodies.register_by_id
    return [known[one] for one in ids if one in known]


def _shown(found: Sequence[Costs]) -> tuple[Price, ...]:
    return tuple(price for one in found for part in _FEE_PARTS for price in one.held.get(part, ()))


def _register_fees(voice: Voice, found: Sequence[Costs]) -> str:
    rows = []
    for one in found:
        if one.register is None:
            continue
        parts = ", ".join(_fee_parts(voice, one)) or voice.say("figures.fee-none")
        rows.append(
            voice.say(
                "figures.register-fee", register=begin(voice.title(one.register)), parts=parts
            )
        )
    return f"{voice.say('figures.register-fees')}\n\n{bullets(rows)}"


def _fee_parts(voice: Voice, found: Costs) -> Iterator[str]:
    for part in _FEE_PARTS:
        for price in found.held.get(part, ()):
            amount, when = amount_of(voice, price), voice.price_when(price)
            yield voice.say(f"figures.fee-part.{part}", amount=amount, when=when)
    if found.register and found.held and _lacks(found, "register-entry"):
        yield voice.say("figures.entry-not-held")


def _lacks(found: Costs, part: Part) -> bool:
    register = found.register
    return register is not None and part in register.pay_first_year and part not in found.held


def _complete_totals(voice: Voice, found: Costs) -> str:
    """The totals, where they need no body to be named."""
    if not found.held or _lacks(found, "membership"):
        return ""
    said = totals(voice, found)
    return f"{voice.say('figures.portal-totals')}\n\n{said}" if found.needs_membership else said


def _memberships(voice: Voice, registers: Sequence[Register]) -> Iterator[tuple[Body, Price]]:
    """The bodies that award one of these and whose membership price is held, newest first."""
    held: list[tuple[Body, Price]] = []
    for body in voice.bodies.bodies:
        for register in registers:
            licence = body.licence(register.id)
            if licence is None or not licence.is_known:
                continue
            found = costs(voice.bodies, register, body)
            own = () if "membership" in found.general else found.held.get("membership", ())
            held += [(body, price) for price in own[:1]]
            break
    held.sort(key=lambda pair: begins(pair[1].as_of or "1000"), reverse=True)
    yield from held[:MEMBERSHIPS]


def _membership_lines(voice: Voice, members: Sequence[tuple[Body, Price]]) -> str:
    if not members:
        return ""
    rows = [price_line(voice, voice.name(body), price) for body, price in members]
    head = voice.say("figures.member-prices")
    return f"{head}\n\n{bullets(rows)}\n\n{voice.say('figures.more-prices')}"


def _undated(voice: Voice, found: Sequence[Costs]) -> Iterator[str]:
    seen: dict[Decimal, Price] = {}
    for one in found:
        for price in undated(voice.bodies, one):
            seen.setdefault(price.amount, price)
    for price in list(seen.values())[:UNDATED]:
        what = voice.text(price.what) if price.what else voice.say(f"figures.part.{price.part}")
        yield voice.say("figures.undated", amount=voice.pounds(price.amount), what=what)


def _who_to_ask(voice: Voice, registers: Sequence[Register], prices: Sequence[Price]) -> str:
    """Who sets the price where there is one owner; else which body is meant."""
    owners = {voice.regulator(register) for register in registers if register.owner}
    keepers = {voice.regulator(register) for register in registers if not prices}
    if len(asked := owners or keepers) == 1:
        owner, site = asked.pop()
        return voice.say("figures.owner-price", owner=owner, site=link(site) if site else owner)
    return voice.say("figures.ask-which-body")


def _example(voice: Voice, registers: Sequence[Register]) -> str:
    """The newest first-year and yearly totals that a page states for the same year."""
    found = max(
        _examples(voice, registers), key=lambda one: begins(one[2].as_of or "1000"), default=None
    )
    if found is None:
        return ""
    register, body, first, after = found
    through = (
        voice.say("figures.example-through", register=voice.title(register), body=body.acronym)
        if body
        else voice.say("figures.example-portal", register=voice.title(register))
    )
    own = body.fees if body else register_prices(voice.bodies, register)
    pool = [price for price in own if price.who == "technician" and price.as_of == first.as_of]
    inside = [
        next((p for p in pool if p.part == part and p.is_for(register.id)), None)
        for part in first.covers
    ]
    parts = [
        voice.say(f"figures.example-part.{price.part}", amount=amount_of(voice, price))
        for price in inside
        if price
    ]
    return voice.say(
        "figures.example",
        what=through,
        year=voice.price_when(first),
        parts=voice.listed(parts),
        first=voice.pounds(first.amount),
        after=voice.pounds(after.amount),
    )


def _examples(
    voice: Voice, registers: Sequence[Register]
) -> Iterator[tuple[Register, Body | None, Price, Price]]:
    for register in registers:
        if register.owner or "membership" not in register.pay_each_year:
            continue
        shelves: list[tuple[Body | None, Sequence[Price]]] = [
            (None, register_prices(voice.bodies, register))
        ]
        shelves += [(body, body.fees) for body in voice.bodies.awarding(register.id)]
        for body, prices in shelves:
            wanted = {*register.pay_first_year}
            first, after = _stated(prices, "first-year-total"), _stated(prices, "yearly-total")
            if first and after and first.as_of == after.as_of and wanted <= {*first.covers}:
                yield register, body, first, after


def _stated(prices: Sequence[Price], part: Part) -> Price | None:
    found = (price for price in prices if price.part == part and price.who == "technician")
    return next(found, None)
