"""Where a body finder ends: the bodies that fit somebody's work, what each costs, and what is not known."""

from collections.abc import Sequence
from typing import Final

from bot.engine.figures_bodies import laws, pages_of, ranked, tax_line
from bot.engine.figures_licences import in_short
from bot.engine.figures_voice import Voice, bullets, join
from bot.knowledge.bodies import Body, Sector
from bot.knowledge.money import Part, Total
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source
from bot.knowledge.totals import Costs, costs

SHOWN: Final = 3  # bodies that are worked out; the others are named


def found(voice: Voice, sector_ids: Sequence[str], register_ids: Sequence[str]) -> str:
    """The bodies for some fields of work and registers, as light Markdown; empty where there are none."""
    sectors = [voice.bodies.sector_by_id[one] for one in sector_ids]
    registers = [voice.bodies.register_by_id[one] for one in register_ids]
    bodies = _bodies(voice, sectors, registers)
    if not bodies:
        return voice.say("finder.none")
    shown, more = bodies[:SHOWN], bodies[SHOWN:]
    priced = [(body, _costs(voice, body, registers)) for body in shown]
    return join(
        *laws(voice, shown),
        voice.say("finder.title"),
        *(_block(voice, body, cost) for body, cost in priced),
        voice.say("finder.more", bodies=", ".join(body.acronym for body in more)) if more else "",
        _unknown(voice, priced),
        _pages(voice, shown, [cost for _, cost in priced if _is_priced(cost)]),
    )


def _bodies(voice: Voice, sectors: list[Sector], registers: list[Register]) -> list[Body]:
    """Those of the fields, the likeliest first; without a field, those that give a register."""
    wanted = [one.id for one in registers]
    if sectors:
        among = ranked(voice, sectors, (), registers)
        return sorted(among, key=lambda body: _place(body, wanted))
    giving = [body for one in registers for body in voice.bodies.awarding(one.id)]
    return list({body.id: body for body in giving}.values())


def _place(body: Body, wanted: Sequence[str]) -> int:
    """How far down the wanted registers the first stands that a body awards itself."""
    own = [
        wanted.index(one.gives) for one in body.registers if one.gives in wanted and one.is_direct
    ]
    return min(own, default=len(wanted))


def _costs(voice: Voice, body: Body, registers: list[Register]) -> Costs:
    """What a body costs with the first of the registers that it gives, else with the first it has."""
    given = [one.gives for one in body.registers]
    wanted = [one for one in registers if one.id in given]
    known = voice.bodies.register_by_id
    others = [known[one] for one in given if one in known]
    return costs(voice.bodies, next(iter([*wanted, *others]), None), body)


def _block(voice: Voice, body: Body, cost: Costs) -> str:
    lines = [in_short(voice, body), *_totals(voice, cost), tax_line(voice, body)]
    return f"**{voice.name(body)}**\n\n{bullets(lines)}"


def _totals(voice: Voice, cost: Costs) -> list[str]:
    """The first year and each year after it; that there is no price where the largest part is not held."""
    if not _is_priced(cost):
        return [voice.say("finder.no-price")]
    totals = (("first", cost.first_year), ("each", cost.each_year))
    return [_total(voice, kind, total) for kind, total in totals if total]


def _total(voice: Voice, kind: str, total: Total) -> str:
    least = "-least" if total.is_least else ""
    amount, years = voice.pounds(total.amount), voice.years(total.years)
    line = voice.say(f"figures.cost-line.{kind}{least}", amount=amount, years=years)
    doubts = (
        ("figures.left-out", total.missing),
        ("figures.may-be-inside", total.unclear),
    )
    more = [voice.say(key, parts=_parts(voice, parts)) for key, parts in doubts if parts]
    return " ".join((line, *more))


def _parts(voice: Voice, parts: Sequence[Part]) -> str:
    return voice.listed([voice.say(f"figures.missing.{part}") for part in parts])


def _is_priced(cost: Costs) -> bool:
    has_membership = "membership" in cost.held and "membership" not in cost.general
    has_total = cost.first_year is not None or cost.each_year is not None
    return has_total and (has_membership or not cost.needs_membership)


def _unknown(voice: Voice, priced: list[tuple[Body, Costs]]) -> str:
    """What the person has to ask, since it is not held."""
    without = [body.acronym for body, cost in priced if not _is_priced(cost)]
    lines = [voice.say("finder.unknown-price", bodies=voice.listed(without))] if without else []
    if any(voice.is_stale(cost.prices) for _, cost in priced if _is_priced(cost)):
        lines.append(voice.say("finder.unknown-now"))
    lines.append(voice.say("finder.unknown-accepted"))
    return f"{voice.say('finder.unknown')}\n\n{bullets(lines)}"


def _pages(voice: Voice, bodies: list[Body], cost: list[Costs]) -> str:
    """The pages that all of it comes from, each with its date."""
    prices = [price for one in cost for price in one.prices]
    sources = [*(page for body in bodies for page in pages_of(voice, body)[:1])]
    sources += voice.price_sources(prices)
    rows = {source.url: _page(voice, source) for source in sources}
    return f"{voice.say('finder.pages')}\n\n{bullets(rows.values())}"


def _page(voice: Voice, source: Source) -> str:
    when = source.as_of or voice.say("figures.no-date")
    return voice.say("finder.page", title=source.title, url=source.url or "", when=when)
