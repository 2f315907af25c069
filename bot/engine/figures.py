"""Answers computed from `bodies.yaml`: tables below FAQ entries, and lookups.

Every figure stands with its year, or with the words that the page carries no date.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.engine import (
    figures_bodies,
    figures_fees,
    figures_finder,
    figures_licences,
    figures_registers,
    figures_tax,
    figures_young,
)
from bot.engine.figures_costs import cost_of_body
from bot.engine.figures_voice import Figures, Voice
from bot.faq.lookup import Kind, Lookup
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.content import Content
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source

FEES: Final = "fees:"
FINDER: Final = "finder:"
KEYS: Final = ("fees", "tax", "bodies", "registers")


def knows(key: str, bodies: Bodies) -> bool:
    """Whether `show` has a table for a key.

    One of `KEYS`, `fees:` and ids of registers, or `finder:` with ids of fields, a `/`, and ids of
    registers; either of these two may be left out.
    """
    if key.startswith(FINDER):
        sectors, registers = _finder_ids(key)
        are_known = all(one in bodies.sector_by_id for one in sectors)
        return are_known and all(one in bodies.register_by_id for one in registers)
    if key.startswith(FEES):
        ids = _ids(key)
        return bool(ids) and all(one in bodies.register_by_id for one in ids)
    return key in KEYS


def show(key: str, content: Content, now: datetime, language: str = "en") -> str:
    """The table of an entry's `show:` key.

    Args:
        key: See `knows`.
        content: Its bodies and wording are used.
        now: Figures are old or fresh against this.
        language: Of the person.

    Returns:
        Light Markdown; empty for a key without a table, or where no bodies are held.
    """
    if content.bodies is None or not knows(key, content.bodies):
        return ""
    mark = (key, now.date(), language)
    if mark not in content.tables:
        voice = _voice(content, content.bodies, now, language)
        content.tables[mark] = _table(key, voice)
    return content.tables[mark]


def _table(key: str, voice: Voice) -> str:
    if key.startswith(FEES):
        return figures_fees.of_registers(voice, _ids(key))
    if key.startswith(FINDER):
        return figures_finder.found(voice, *_finder_ids(key))
    match key:
        case "fees":
            return figures_fees.overview(voice)
        case "tax":
            return figures_tax.overview(voice)
        case "bodies":
            return figures_registers.all_bodies(voice)
        case _:
            return figures_registers.all_registers(voice)


def compose(lookup: Lookup, content: Content, now: datetime, language: str = "en") -> Figures:
    """The answer to a lookup, with the pages its figures come from.

    Args:
        lookup: What was asked; ids that are no longer held are passed over.
        content: Its bodies and wording are used.
        now: Figures are old or fresh against this.
        language: Of the person.

    Returns:
        Empty where nothing of what was asked is held.
    """
    if content.bodies is None:
        return Figures("")
    voice = _voice(content, content.bodies, now, language)
    known = content.bodies
    bodies = [known.body_by_id[one] for one in lookup.bodies if one in known.body_by_id]
    registers = [
        known.register_by_id[one] for one in lookup.registers if one in known.register_by_id
    ]
    if lookup.kind is Kind.BODIES_FOR_SECTOR:
        sectors = [known.sector_by_id[one] for one in lookup.sectors if one in known.sector_by_id]
        return figures_bodies.for_sector(voice, sectors, bodies, registers)
    if not bodies and not registers:
        return Figures("")
    found = _answer(voice, lookup.kind, bodies, registers)
    return found if found.sources else replace(found, sources=_homes(voice, bodies, registers))


def _answer(voice: Voice, kind: Kind, bodies: list[Body], registers: list[Register]) -> Figures:
    match kind:
        case Kind.COMPARE if len(bodies) > 1:
            return figures_bodies.compare(voice, bodies)
        case Kind.COMPARE if registers:
            return figures_registers.compare_registers(voice, registers)
        case Kind.TAX_OF_BODY if bodies:
            return figures_tax.of_bodies(voice, bodies)
        case Kind.APPRENTICE_PRICE if bodies:
            return figures_young.apprentice_price(voice, bodies[0])
        case Kind.COST_OF_BODY if bodies:
            return cost_of_body(voice, bodies[0], registers)
        case Kind.COST_OF_REGISTER if registers:
            return figures_fees.cost_of_register(voice, registers[0])
        case Kind.WHO_AWARDS if registers:
            return figures_licences.who_awards(voice, registers[0])
        case Kind.ABOUT_REGISTER if registers:
            return figures_registers.about_register(voice, registers[0])
        case _:
            return figures_bodies.about_body(voice, bodies[0]) if bodies else Figures("")


def _homes(voice: Voice, bodies: list[Body], registers: list[Register]) -> tuple[Source, ...]:
    """The sites of what was asked about, where no page of theirs was used."""
    topic = voice.say("figures.topic-body")
    sites = [body.website for body in bodies] + [voice.regulator(one)[1] for one in registers]
    return tuple(voice.source(site, topic, None) for site in dict.fromkeys(sites) if site)


def _voice(content: Content, bodies: Bodies, now: datetime, language: str) -> Voice:
    return Voice(bodies=bodies, wording=content.wording, language=language, today=now.date())


def _finder_ids(key: str) -> tuple[list[str], list[str]]:
    """Fields and registers of `finder:FIELDS/REGISTERS`."""
    sectors, _, registers = key.removeprefix(FINDER).partition("/")
    return _split(sectors), _split(registers)


def _split(ids: str) -> list[str]:
    return [one.strip() for one in ids.split(",") if one.strip()]


def _ids(key: str) -> list[str]:
    return _split(key.removeprefix(FEES))
