"""Who may award what, and whose word we have for it. Nothing is called licensed without a page."""

from collections.abc import Sequence
from typing import Final

from bot.engine.figures_law import law
from bot.engine.figures_voice import Figures, Voice, begin, join, link
from bot.knowledge.bodies import Body, Licence
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source

_SHORT: Final = {
    "own-site": "gives",
    "regulator": "gives",
    "third-party": "told",
    "none-found": "unsure",
}


def licence_lines(voice: Voice, body: Body) -> list[str]:
    """Every register of a body, with the evidence, a line each."""
    registers = voice.bodies.register_by_id
    known = [
        _line(voice, registers[one.gives], one) for one in body.registers if one.gives in registers
    ]
    return known or [voice.say("figures.gives-nothing")]


def in_short(voice: Voice, body: Body) -> str:
    """The registers of a body in a sentence or two, without pages."""
    registers = voice.bodies.register_by_id
    titles: dict[str, list[str]] = {}
    for one in body.registers:
        if one.gives in registers:
            titles.setdefault(_short(one), []).append(voice.title(registers[one.gives]))
    if not titles:
        return voice.say("figures.short-none")
    said = [
        voice.say(f"figures.short.{key}", registers=voice.listed(titles[key]))
        for key in ("runs", "gives", "told", "route", "unsure")
        if key in titles
    ]
    if any(registers[one.gives].status for one in body.registers if one.gives in registers):
        said.append(voice.say("figures.doubtful"))
    return " ".join(said)


def who_awards(voice: Voice, register: Register) -> Figures:
    """The bodies that award a register, by whose word we have for it."""
    keeper, site = voice.regulator(register)
    where = link(site) if site else keeper
    bodies = voice.bodies.awarding(register.id)
    sure = _acronyms(bodies, register, "own-site", "regulator")
    told = _acronyms(bodies, register, "third-party")
    through = _through_others(bodies, register)
    blocks = [
        law(voice, register),
        voice.say("figures.awards-title", register=voice.title(register)),
        _awarded_surely(voice, register, sure),
        voice.say("figures.awards-told", bodies=", ".join(told)) if told else "",
        voice.say("figures.awards-route", bodies=", ".join(through)) if through else "",
    ]
    if not sure and not told:
        blocks.append(voice.say("figures.awards-none", register=voice.title(register)))
    if register.status == "doubtful":
        blocks.append(voice.say("figures.doubtful"))
    check = "figures.awards-ask" if register.owner or not bodies else "figures.awards-check"
    blocks.append(voice.say(check, regulator=keeper, site=where))
    if sure or told:
        blocks.append(voice.say("figures.name-one"))
    return Figures(join(*blocks), _pages(voice, bodies, register))


def _awarded_surely(voice: Voice, register: Register, acronyms: Sequence[str]) -> str:
    if not acronyms:
        return ""
    names = ", ".join(acronyms)
    if register.owner:
        return voice.say("figures.awards-own", bodies=names)
    keeper, _ = voice.regulator(register)
    return voice.say("figures.awards-sure", regulator=keeper, bodies=names)


def _short(licence: Licence) -> str:
    if licence.is_own:
        return "runs"
    if licence.is_known and not licence.is_direct:
        return "route"
    return _SHORT[licence.licence_evidence]


def _line(voice: Voice, register: Register, licence: Licence) -> str:
    regulator, site = voice.regulator(register)
    where = link(site) if site else regulator
    title = voice.title(register)
    if not licence.is_known:
        said = voice.say("figures.gives-unsure", register=title, regulator=regulator, site=where)
    elif licence.is_own:
        said = voice.say("figures.runs", register=title)
    else:
        evidence = _evidence(voice, licence, register)
        said = (
            voice.say("figures.gives", register=title, evidence=evidence)
            if licence.is_direct
            else voice.say(
                "figures.gives-by-route",
                register=begin(title),
                route=licence.route,
                evidence=evidence,
            )
        )
    if register.status == "doubtful":
        said = f"{said} {voice.say('figures.doubtful')}"
    return said


def _evidence(voice: Voice, licence: Licence, register: Register) -> str:
    """Whose word we have for it, and from when."""
    keeper, _ = voice.regulator(register)
    if licence.licence_evidence == "own-site":
        said = voice.say("figures.evidence-own-site")
    elif licence.licence_evidence == "regulator":
        said = voice.say("figures.evidence-regulator", regulator=keeper)
    elif register.owner:
        said = voice.say("figures.evidence-outside-own")
    else:
        said = voice.say("figures.evidence-outside", regulator=keeper)
    if licence.evidence_year is None:
        return said
    return voice.say("figures.dated", text=said, when=voice.when(licence.evidence_year))


def _acronyms(bodies: Sequence[Body], register: Register, *evidence: str) -> list[str]:
    return [
        body.acronym
        for body in bodies
        if (licence := body.licence(register.id))
        and licence.is_direct
        and licence.licence_evidence in evidence
    ]


def _through_others(bodies: Sequence[Body], register: Register) -> list[str]:
    return [
        body.acronym
        for body in bodies
        if (licence := body.licence(register.id))
        and not (licence.is_direct or licence.is_own)
        and licence.is_known
    ]


def _pages(voice: Voice, bodies: Sequence[Body], register: Register) -> tuple[Source, ...]:
    """The regulator's own pages first; at most three."""
    licences = [licence for body in bodies if (licence := body.licence(register.id))]
    licences.sort(key=lambda licence: licence.licence_evidence != "regulator")
    found = {one.page: one.evidence_year for one in licences if one.page and one.is_known}
    topic = voice.say("figures.topic-licence")
    return tuple(voice.source(url, topic, found[url]) for url in list(found)[:3])
