"""Tax relief: what HMRC's list showed of a body, and where to look today. Never advice."""

from collections.abc import Sequence

from bot.engine.figures_voice import Figures, Voice, bullets, join, link
from bot.knowledge.bodies import Body, RegisterFeeRelief
from bot.knowledge.shapes import Source


def overview(voice: Voice) -> str:
    """How many bodies the list named, those it did not, and the register fees on it."""
    bodies = voice.bodies.bodies
    listed = voice.bodies.tax_relief.list_file
    named = [body for body in bodies if body.tax_relief.on_list_3]
    other = [body.acronym for body in bodies if body.tax_relief.on_list_3 is None]
    absent = [body.acronym for body in bodies if body.tax_relief.on_list_3 is False]
    fees = [
        title for one in voice.bodies.tax_relief.register_fees for title in _titles(voice, one)
    ]
    lines = [
        voice.say(
            "figures.tax-named",
            when=voice.when(listed.as_of),
            count=len(named),
            all=len(bodies),
        ),
        voice.say("figures.tax-other-names", bodies=voice.listed(other)) if other else "",
        voice.say("figures.tax-absent", bodies=voice.listed(absent)) if absent else "",
        voice.say("figures.tax-register-fees", registers=voice.listed(fees)) if fees else "",
    ]
    return join(bullets(lines), _check(voice), voice.say("figures.tax-name-one"))


def of_bodies(voice: Voice, bodies: Sequence[Body]) -> Figures:
    """What the list showed of each body and of its register fee."""
    blocks: list[str] = []
    for body in bodies:
        blocks += [voice.say("figures.tax-title", body=body.acronym), _showed(voice, body)]
        if body.tax_relief.listed_as and body.tax_relief.relief != "unclear":
            blocks.append(voice.say("figures.tax-type", listed=body.tax_relief.listed_as))
        blocks += _register_fees(voice, body)
    needs_law = all(_is_statutory(voice, body) for body in bodies)
    rules = "figures.tax-rules-law" if needs_law else "figures.tax-rules"
    return Figures(join(*blocks, voice.say(rules), _check(voice)), _sources(voice))


def _showed(voice: Voice, body: Body) -> str:
    tax = body.tax_relief
    when = voice.when(tax.as_of)
    if tax.relief == "unclear" and tax.listed_as:
        return voice.say(
            "figures.tax-body-other-name", body=body.name, when=when, listed=tax.listed_as
        )
    if tax.relief == "likely":
        return voice.say(
            "figures.tax-body-likely", body=body.name, when=when, listed=tax.listed_as or ""
        )
    return voice.say(f"figures.tax-body.{tax.relief}", body=body.name, when=when)


def _register_fees(voice: Voice, body: Body) -> list[str]:
    """The register fees on the list that go with a body, where another name stands for them."""
    given = {one.gives for one in body.registers if one.is_known}
    lines = []
    for fee in voice.bodies.tax_relief.register_fees:
        titles = _titles(voice, fee, given)
        if titles and fee.listed_as != body.name:
            registers = voice.listed(titles)
            lines.append(
                voice.say("figures.tax-register", registers=registers, listed=fee.listed_as)
            )
    return lines


def _titles(voice: Voice, fee: RegisterFeeRelief, among: set[str] | None = None) -> list[str]:
    known = voice.bodies.register_by_id
    return [
        voice.title(known[one])
        for one in fee.registers
        if one in known and (among is None or one in among)
    ]


def _is_statutory(voice: Voice, body: Body) -> bool:
    known = voice.bodies.register_by_id
    return any(known[one.gives].must_register for one in body.registers if one.gives in known)


def _check(voice: Voice) -> str:
    return voice.say("figures.tax-check", site=link(voice.bodies.tax_relief.claim_page))


def _sources(voice: Voice) -> tuple[Source, ...]:
    tax = voice.bodies.tax_relief
    topic = voice.say("figures.topic-tax")
    made = voice.source(tax.claim_page, topic, tax.list_file.as_of)
    return (made.model_copy(update={"evidence": next(iter(tax.list_file.evidence), None)}),)
