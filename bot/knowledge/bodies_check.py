"""What `bodies.yaml` must keep beyond its shape: every name leads somewhere, no page is unfit to show."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import get_args
from urllib.parse import urlsplit

from bot.errors import Problem
from bot.knowledge.bodies import Bodies, Group
from bot.knowledge.money import Price
from bot.knowledge.shapes import Shape
from bot.knowledge.yaml_text import Path

Mistake = tuple[Path, str, str]


def body_problems(
    bodies: Bodies, line: Callable[[Path], int], file: str = "bodies.yaml"
) -> tuple[Problem, ...]:
    """Every mistake that the shapes cannot see.

    Args:
        bodies: The whole file, parsed.
        line: The line of a value, by its path.
        file: Its name, for messages.

    Returns:
        In file order.
    """
    rules = (_doubled, _references, _price_mistakes, _unfit_pages, _groups)
    found = [mistake for rule in rules for mistake in rule(bodies)]
    problems = (
        Problem(file=file, line=line(path), what=what, fix=fix) for path, what, fix in found
    )
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _doubled(bodies: Bodies) -> Iterator[Mistake]:
    shelves: Mapping[str, Sequence[str]] = {
        "registers": [register.id for register in bodies.registers],
        "bodies": [body.id for body in bodies.bodies],
        "sectors": [sector.id for sector in bodies.sectors],
        "regulators": [regulator.id for regulator in bodies.regulators],
    }
    for shelf, ids in shelves.items():
        for place, one in enumerate(ids):
            if one in ids[:place]:
                yield (shelf, place, "id"), f"The id `{one}` stands twice.", "Give each its own."


def _references(bodies: Bodies) -> Iterator[Mistake]:
    registers, known = bodies.register_by_id, bodies.body_by_id
    for n, regulator in enumerate(bodies.regulators):
        yield from _unknown(regulator.owns, registers, "register", ("regulators", n, "owns"))
    for n, register in enumerate(bodies.registers):
        path: Path = ("registers", n)
        yield from _unknown(
            [register.regulator], bodies.regulator_by_id, "regulator", (*path, "regulator")
        )
        yield from _unknown([register.owner], known, "body", (*path, "owner"))
        yield from _unknown([register.next_register.id], registers, "register", (*path, "id"))
    for n, sector in enumerate(bodies.sectors):
        yield from _unknown(sector.bodies, known, "body", ("sectors", n, "bodies"))
    for n, body in enumerate(bodies.bodies):
        path = ("bodies", n)
        yield from _unknown(body.sectors, bodies.sector_by_id, "sector", (*path, "sectors"))
        gives = [licence.gives for licence in body.registers]
        yield from _unknown(gives, registers, "register", (*path, "registers"))
    tax: Path = ("tax_relief", "list_file")
    listed = bodies.tax_relief.list_file
    yield from _unknown(listed.not_in_file, known, "body", (*tax, "not_in_file"))
    yield from _unknown(listed.different_name_only, known, "body", (*tax, "different_name_only"))
    for n, fee in enumerate(bodies.tax_relief.register_fees):
        where: Path = ("tax_relief", "register_fees", n, "registers")
        yield from _unknown(fee.registers, registers, "register", where)


def _unknown(
    names: Iterable[str | None], known: Collection[str], kind: str, path: Path
) -> Iterator[Mistake]:
    for name in names:
        if name is not None and name not in known:
            yield path, f"There is no {kind} `{name}`.", "Check the spelling, or add it."


def _price_mistakes(bodies: Bodies) -> Iterator[Mistake]:
    for path, price in _prices(bodies):
        yield from _unknown(
            price.registers, bodies.register_by_id, "register", (*path, "registers")
        )
        if price.part.endswith("-total") and not price.covers:
            fix = "Add `covers:` with the parts."
            yield path, "This total does not say what it takes in.", fix
        if not price.source:
            yield path, "This price has no page behind it.", "Add `source:`."
        if price.basis == "derived" and not price.formula:
            yield path, "We worked this price out, but not how.", "Add `formula:`."


def _prices(bodies: Bodies) -> Iterator[tuple[Path, Price]]:
    shelves: Mapping[str, Sequence[tuple[Price, ...]]] = {
        "registers": [register.fees for register in bodies.registers],
        "fee_tables": [table.fees for table in bodies.fee_tables],
        "bodies": [body.fees for body in bodies.bodies],
    }
    for shelf, owners in shelves.items():
        for n, fees in enumerate(owners):
            yield from (((shelf, n, "fees", place), price) for place, price in enumerate(fees))


def _unfit_pages(bodies: Bodies) -> Iterator[Mistake]:
    """Every address a person could be shown that is on a host we never show."""
    for path, key, address in _addresses(bodies, ()):
        host = urlsplit(address).hostname or ""
        if key != "evidence" and host in bodies.never_show_hosts:
            what = f"`{host}` is never shown to people."
            yield path, what, "Move the address to `evidence:`."


def _addresses(value: object, path: Path, key: str = "") -> Iterator[tuple[Path, str, str]]:
    match value:
        case Shape():
            for name in type(value).model_fields:
                yield from _addresses(getattr(value, name), (*path, name), name)
        case tuple():
            for place, inner in enumerate(value):
                yield from _addresses(inner, (*path, place), key)
        case str() if value.startswith(("http://", "https://")):
            yield path, key, value
        case _:
            pass


def _groups(bodies: Bodies) -> Iterator[Mistake]:
    for group in get_args(Group):
        if group not in bodies.groups:
            yield ("groups",), f"The group `{group}` is missing.", "Add it with its dates."
