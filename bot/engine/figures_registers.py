"""One register, two side by side, and lists of registers and bodies."""

from collections.abc import Sequence
from typing import Final

from bot.engine.figures_law import law
from bot.engine.figures_voice import Figures, Voice, bullets, join
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source
from bot.knowledge.totals import costs

MAIN: Final = ("engtech", "icttech", "rscitech", "rittech")
NAMED: Final = 12  # bodies of a register in the list of bodies
FEW: Final = 6  # bodies of a register in the text about it


def about_register(voice: Voice, register: Register) -> Figures:
    """What a register is for, who keeps it, its level, what it costs and what comes after."""
    text = join(
        law(voice, register),
        _title(voice, register),
        voice.text(register.in_plain_words) if not register.must_register else "",
        voice.say("figures.doubtful") if register.status == "doubtful" else "",
        bullets(_lines(voice, register)),
        voice.say("figures.ask-register"),
    )
    return Figures(text, _pages(voice, register))


def compare_registers(voice: Voice, registers: Sequence[Register]) -> Figures:
    """Two or three registers, each with the same few lines."""
    names = voice.listed([voice.title(register) for register in registers])
    blocks = [law(voice, register) for register in registers]
    blocks.append(voice.say("figures.compare-title", names=names))
    for register in registers:
        about = voice.text(register.in_plain_words)
        blocks.append(f"{_title(voice, register)}\n\n{bullets([about, *_lines(voice, register)])}")
    blocks.append(voice.say("figures.compare-pick-register"))
    sources = tuple(source for register in registers for source in _pages(voice, register))
    return Figures(join(*blocks), sources)


def all_registers(voice: Voice) -> str:
    """Every register in a line, those the law demands first."""
    ordered = sorted(voice.bodies.registers, key=lambda register: not register.must_register)
    rows = []
    for register in ordered:
        if register.must_register:
            places = voice.listed(register.applies_in)
            rows.append(voice.say("figures.registers-law", register=register.name, places=places))
        else:
            about = voice.text(register.in_plain_words).split(". ")[0].rstrip(".")
            doubt = voice.say("figures.doubtful") if register.status == "doubtful" else ""
            said = f"{about}. {doubt}".strip()
            rows.append(
                voice.say("figures.registers-row", register=voice.title(register), about=said)
            )
    return join(bullets(rows), voice.say("figures.registers-ask"))


def all_bodies(voice: Voice) -> str:
    """The bodies that award the main titles, cut to what can be read; how to ask for the rest."""
    head = voice.say("figures.bodies-title", count=len(voice.bodies.bodies))
    rows = []
    for one in MAIN:
        names = _awarding(voice, one)
        if not names or one not in voice.bodies.register_by_id:
            continue
        title = voice.bodies.register_by_id[one].title
        bodies, more = ", ".join(names[:NAMED]), len(names) - NAMED
        rows.append(
            voice.say("figures.bodies-row-more", register=title, bodies=bodies, count=more)
            if more > 0
            else voice.say("figures.bodies-row", register=title, bodies=bodies)
        )
    return join(head, bullets(rows), voice.say("figures.bodies-ask"))


def _awarding(voice: Voice, register: str) -> list[str]:
    """The bodies that award a register by their own account or the regulator's."""
    return [
        body.acronym
        for body in voice.bodies.awarding(register)
        if (licence := body.licence(register))
        and licence.is_direct
        and licence.licence_evidence in {"own-site", "regulator"}
    ]


def _title(voice: Voice, register: Register) -> str:
    if register.post_nominals:
        return voice.say(
            "figures.register-title", register=register.post_nominals, name=register.name
        )
    return voice.say("figures.register-title-plain", name=register.name)


def _lines(voice: Voice, register: Register) -> list[str]:
    keeper, _ = voice.regulator(register)
    names = _awarding(voice, register.id)
    lines = [voice.say("figures.kept-by", regulator=keeper), _level(voice, register)]
    if names:
        key = "figures.awarded-by" if len(names) > FEW else "figures.awarded-by-one"
        lines.append(voice.say(key, bodies=", ".join(names[:FEW])))
    lines.append(_cost(voice, register))
    following = register.next_register
    letters = f" ({following.post_nominals})" if following.post_nominals else ""
    lines.append(voice.say("figures.next-up", next=f"{following.name}{letters}"))
    return lines


def _level(voice: Voice, register: Register) -> str:
    level = register.level
    if level.rqf is None:
        return ""
    if level.scqf is None:
        return voice.say("figures.level", level=level.rqf)
    return voice.say("figures.level-scotland", level=level.rqf, scqf=level.scqf)


def _cost(voice: Voice, register: Register) -> str:
    found = costs(voice.bodies, register, None)
    prices = found.held.get("register-yearly", ())
    if not prices:
        return voice.say("figures.cost-none-register")
    amount, when = voice.pounds(prices[0].amount), voice.price_when(prices[0])
    said = voice.say("figures.register-yearly", amount=amount, when=when)
    return f"{said} {voice.say('figures.membership-too')}" if found.needs_membership else said


def _pages(voice: Voice, register: Register) -> tuple[Source, ...]:
    page = register.level.page or register.page
    if page is None:
        return ()
    return (voice.source(page, voice.say("figures.topic-register"), None),)
