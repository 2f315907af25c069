"""A register or grade that a technician can hold: its rules, routes, level and own fees."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.knowledge.backing import AsOf, Backed, Shown, Stated, as_list
from bot.knowledge.money import Part, Price
from bot.knowledge.shapes import Line, Slug, Words

Lines = Annotated[tuple[Line, ...], BeforeValidator(as_list)]


class Level(Backed):
    """The level of learning a register goes with; every number may be missing."""

    rqf: int | None = None
    scqf: int | None = None
    cqfw: int | None = None
    sfia: int | None = None
    note: Line | None = None


class Standard(Backed):
    """The document people are measured against."""

    name: Line
    edition: Line | None = None
    published: Line | None = None
    in_force_by: Line | None = None


class Areas(Backed):
    """A list of short lines, such as the areas of competence."""

    areas: Lines
    note: Line | None = None


class Route(Backed):
    """One way onto a register."""

    id: Slug
    summary: Line


class Renewal(Backed):
    """What keeps a place on a register."""

    every_months: int | None = None
    due: Line | None = None
    summary: Line | None = None


class Cpd(Backed):
    """The rules for learning that a registered person keeps up."""

    must_record: bool | None = None
    minimum: Lines = ()
    summary: Line | None = None


class Count(Backed):
    """How many there were, and when; `as_of` is None where the page carries no date."""

    about: Line
    count: float
    as_of: AsOf | None
    note: Line | None = None


class Since(Backed):
    """When something began."""

    when: AsOf
    note: Line | None = None


class NextRegister(Backed):
    """What comes after a register; with an `id` where it is one of ours."""

    id: Slug | None = None
    name: Line
    post_nominals: Line | None = None
    then: Line | None = None
    note: Line | None = None


class Register(Backed):
    """A register or grade that a technician can hold.

    Attributes:
        also: Other ways to write its name.
        jobs: Jobs that by themselves mean this register, where the law says so.
        owner: The body that owns it, where no council does.
        must_register: Whether the law demands it.
        pay_first_year: The parts a person pays in the first year.
        pay_each_year: The parts a person pays every year after.
        status: `doubtful` where we do not know that it still exists.
        missing: What was looked for and not found.
    """

    id: Slug
    name: Line
    post_nominals: Line | None = None
    also: Lines = ()
    jobs: Lines = ()
    regulator: Slug | None = None
    owner: Slug | None = None
    kind: Literal["voluntary", "accredited voluntary", "statutory", "voluntary membership grade"]
    technician_level: Line | None = None
    must_register: bool = False
    status: Literal["doubtful"] | None = None
    in_plain_words: Words
    applies_in: Lines = ()
    not_in: Shown | None = None
    legal: Stated | None = None
    level: Level
    standard: Standard | None = None
    competence_areas: Areas | None = None
    role_families: Areas | None = None
    scopes: Areas | None = None
    routes: tuple[Route, ...] = ()
    no_experience_only_route: bool = False
    assessment: Stated | None = None
    renewal: Renewal | None = None
    cpd: Cpd | None = None
    counts: tuple[Count, ...] = ()
    launched: Since | None = None
    psa_accredited_since: Since | None = None
    run_by: Areas | None = None
    next_register: NextRegister
    pay_first_year: tuple[Part, ...]
    pay_each_year: tuple[Part, ...]
    missing: Lines = ()
    fees: tuple[Price, ...] = ()
    fee_notes: tuple[Stated, ...] = ()
    payment_options: tuple[Shown, ...] = ()
    notes: tuple[Stated, ...] = ()

    @property
    def title(self) -> str:
        """The shortest name people know it by: its letters, or its name."""
        return self.post_nominals or self.name
