"""One body, several side by side, and the bodies of a field of work."""

from collections.abc import Sequence
from typing import Final

from bot.engine.figures_law import law
from bot.engine.figures_licences import in_short, licence_lines
from bot.engine.figures_voice import Figures, Voice, bullets, join
from bot.knowledge.bodies import Body, Sector
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source
from bot.knowledge.totals import costs

SHOWN: Final = 6  # bodies of a field that are described; the others are named
_RANK: Final = {"own-site": 0, "regulator": 0, "third-party": 1, "none-found": 2}


def about_body(voice: Voice, body: Body) -> Figures:
    """Who a body is for, what it awards, what it costs, and how to reach it."""
    lines = [
        _suits(voice, body),
        *licence_lines(voice, body),
        _grade(voice, body),
        _cost(voice, body),
        tax_line(voice, body),
        *_contacts(voice, body),
    ]
    text = join(
        *laws(voice, [body]),
        voice.say("figures.body-title", body=voice.name(body)),
        bullets(lines),
        voice.say("figures.ask-more"),
    )
    return Figures(text, pages_of(voice, body))


def compare(voice: Voice, bodies: Sequence[Body]) -> Figures:
    """Two or three bodies, each with the same few lines."""
    names = voice.listed([body.acronym for body in bodies])
    blocks = [*laws(voice, bodies), voice.say("figures.compare-title", names=names)]
    for body in bodies:
        head = voice.say("figures.compare-body", body=voice.name(body))
        lines = [
            _suits(voice, body),
            in_short(voice, body),
            _cost(voice, body),
            tax_line(voice, body),
        ]
        if body.website:
            lines.append(voice.say("figures.website", site=voice.site(body)))
        blocks.append(f"{head}\n\n{bullets(lines)}")
    blocks.append(voice.say("figures.compare-pick"))
    sources = tuple(source for body in bodies for source in pages_of(voice, body)[:1])
    return Figures(join(*blocks), sources)


def for_sector(
    voice: Voice, sectors: Sequence[Sector], first: Sequence[Body], registers: Sequence[Register]
) -> Figures:
    """The bodies of a field of work, those with the best evidence first.

    Args:
        voice: How to say it.
        sectors: The fields that were named.
        first: Bodies whose own words were used; they lead.
        registers: Only bodies that give one of these, where any does.
    """
    found = ranked(voice, sectors, first, registers)
    if not found:
        return Figures(voice.say("figures.sector-none"))
    titles = [voice.text(sector.title) for sector in sectors]
    shown, more = found[:SHOWN], found[SHOWN:]
    rows = [
        voice.say(
            "figures.sector-body",
            body=voice.name(body),
            suits=voice.text(body.suits),
            gives=in_short(voice, body),
        )
        for body in shown
    ]
    text = join(
        *laws(voice, found),
        voice.say("figures.sector-title", sector=voice.listed(titles))
        if titles
        else voice.say("figures.sector-title-plain"),
        bullets(rows),
        voice.say("figures.sector-more", bodies=", ".join(body.acronym for body in more))
        if more
        else "",
        voice.say("figures.sector-start"),
    )
    return Figures(text, tuple(source for body in shown for source in pages_of(voice, body)[:1]))


def ranked(
    voice: Voice, sectors: Sequence[Sector], first: Sequence[Body], registers: Sequence[Register]
) -> list[Body]:
    """Those named first, then those whose licence somebody vouches for and whose field it is most."""
    among = [body for sector in sectors for body in voice.bodies.in_sector(sector.id)]
    lead = {body.id for body in first}
    merged = list({body.id: body for body in (*first, *among)}.values())
    wanted = {register.id for register in registers}
    giving = [body for body in merged if wanted & {one.gives for one in body.registers}]
    ids = [sector.id for sector in sectors]
    return sorted(
        giving or merged, key=lambda body: (body.id not in lead, _rank(body), _place(body, ids))
    )


def _rank(body: Body) -> int:
    return min((_RANK[one.licence_evidence] for one in body.registers), default=2)


def _place(body: Body, sectors: Sequence[str]) -> int:
    """How far down a body's own list the field stands; 0 for a list made by hand."""
    return min((body.sectors.index(one) for one in sectors if one in body.sectors), default=0)


def laws(voice: Voice, bodies: Sequence[Body]) -> list[str]:
    """What the law demands in the field of these bodies."""
    known = voice.bodies.register_by_id
    given = dict.fromkeys(one.gives for body in bodies for one in body.registers)
    return [law(voice, known[one]) for one in given if one in known]


def _suits(voice: Voice, body: Body) -> str:
    return voice.say("figures.suits", suits=voice.text(body.suits))


def _grade(voice: Voice, body: Body) -> str:
    grade = body.technician_grade
    if grade is None:
        return ""
    letters = f" ({grade.post_nominals})" if grade.post_nominals else ""
    return voice.say("figures.grade-for-technicians", grade=f"{grade.name}{letters}")


def _cost(voice: Voice, body: Body) -> str:
    """What it costs in a line: the first year, or else each year."""
    known = voice.bodies.register_by_id
    register = next((known[one.gives] for one in body.registers if one.gives in known), None)
    found = costs(voice.bodies, register, body)
    if found.needs_membership and (
        "membership" not in found.held or "membership" in found.general
    ):
        return voice.say("figures.cost-none")
    for kind, total in (("first", found.first_year), ("each", found.each_year)):
        if total:
            least = "-least" if total.is_least else ""
            amount, years = voice.pounds(total.amount), voice.years(total.years)
            return voice.say(f"figures.cost-line.{kind}{least}", amount=amount, years=years)
    return voice.say("figures.cost-none")


def tax_line(voice: Voice, body: Body) -> str:
    """What the list for tax relief showed of a body, in a line."""
    tax = body.tax_relief
    return voice.say(f"figures.tax-line.{tax.relief}", when=voice.when(tax.as_of))


def _contacts(voice: Voice, body: Body) -> list[str]:
    lines = [voice.say("figures.website", site=voice.site(body))] if body.website else []
    contact = body.contact
    if contact is None:
        return lines
    if contact.phone:
        lines.append(_dated(voice, voice.say("figures.phone", phone=contact.phone), contact.as_of))
    if contact.email:
        lines.append(_dated(voice, voice.say("figures.email", email=contact.email), contact.as_of))
    return lines


def _dated(voice: Voice, line: str, as_of: str | None) -> str:
    if as_of is None:
        return line
    return voice.say("figures.dated", text=line, when=voice.when(as_of))


def pages_of(voice: Voice, body: Body) -> tuple[Source, ...]:
    """The pages that say what it awards, else its website."""
    topic = voice.say("figures.topic-licence")
    found = {one.page: one.evidence_year for one in body.registers if one.page and one.is_known}
    pages = [voice.source(url, topic, year) for url, year in list(found.items())[:2]]
    if not pages and body.website:
        pages = [voice.source(body.website, voice.say("figures.topic-body"), None)]
    return tuple(pages)
