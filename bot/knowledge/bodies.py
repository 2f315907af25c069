"""`bodies.yaml`: registers, professional bodies, what they award and what they cost."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from bot.knowledge.backing import AsOf, Backed, Links, Shown, Stated, Url
from bot.knowledge.money import Price
from bot.knowledge.registers import Lines, Register
from bot.knowledge.shapes import Line, Shape, Slug, Words

Group = Literal["register-fees", "body-fees", "licences", "tax-relief", "rules", "contacts"]
LicenceEvidence = Literal["own-site", "regulator", "third-party", "none-found"]


class FactGroup(Shape):
    """Facts that an editor looks up together: when somebody last did, and when to do it next."""

    what: Line
    checked_at: date | None
    review_by: date


class Regulator(Backed):
    """Who owns registers."""

    id: Slug
    name: Line
    acronym: Line | None = None
    owns: tuple[Slug, ...]
    website: Url | None = None
    role: Line


class FeeTable(Backed):
    """What a council charges for its titles, year by year."""

    id: Slug
    how_charged: Line
    first_year_rule: Shown | None = None
    advice: Line
    undated_note: Line | None = None
    fees: tuple[Price, ...]


class RuleOfThumb(Backed):
    """What reps were told it comes to."""

    text: Line
    amount: float
    per: Literal["month", "year"]
    as_of: AsOf | None
    note: Line | None = None


class RegisterFeeRelief(Shape):
    """A register fee that HMRC's list names."""

    registers: tuple[Slug, ...] = ()
    listed_as: Line
    covers: Line
    note: Line | None = None


class ListFile(Backed):
    """HMRC's list, as it was read."""

    what: Line
    as_of: AsOf
    names: int
    not_in_file: tuple[Slug, ...]
    different_name_only: tuple[Slug, ...]


class TaxRules(Backed):
    """How tax relief on fees works."""

    rule: Line
    not_covered: Lines
    worth: Line
    backdating: Line
    evidence_needed: Line
    part_paid: Line
    large_claims: Line
    register_fees: tuple[RegisterFeeRelief, ...]
    list_file: ListFile
    check: Line
    claim_page: Url
    claim_page_note: Line


class Sector(Shape):
    """A field of work.

    Attributes:
        words: How people say it, in the singular.
        bodies: A list made by hand; none means the bodies that name this sector.
    """

    id: Slug
    title: Words
    words: Lines
    bodies: tuple[Slug, ...] = ()


class Licence(Backed):
    """A register that a body gives, and whose word for it we have."""

    gives: Slug
    route: Line
    licence_evidence: LicenceEvidence
    evidence_year: AsOf | None = None
    note: Line | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody says so; else people are sent to the regulator's list."""
        return self.licence_evidence != "none-found"

    @property
    def is_own(self) -> bool:
        """Whether the body keeps the register itself, by its own account or the regulator's."""
        vouched = self.licence_evidence in {"own-site", "regulator"}
        return vouched and self.route.startswith(("owner", "statutory"))

    @property
    def is_direct(self) -> bool:
        """Whether the body awards it itself, not through another one."""
        return self.route in {"licensed", "owner", "statutory regulator"}


class Grade(Backed):
    """The grade of membership for technicians."""

    name: Line
    post_nominals: Line | None = None
    as_of: AsOf | None = None
    note: Line | None = None


class Contact(Backed):
    """How to reach a body."""

    phone: Line | None = None
    email: Line | None = None
    about: Line | None = None
    as_of: AsOf | None = None


class Discount(Backed):
    """Who pays less, and how much; `as_of` is None where the page carries no date."""

    who: Words
    what: Words
    as_of: AsOf | None


class Apprenticeship(Backed):
    """What a body does for apprentices."""

    free_membership: bool | None = None
    approves_schemes: bool | None = None
    science_council_short_form: bool | None = None
    as_of: AsOf | None = None
    note: Line | None = None


class BodyTax(Backed):
    """What HMRC's list showed of a body.

    Attributes:
        on_list_3: None where only another name was found.
        listed_as: The name to type into HMRC's search, where it differs.
    """

    relief: Literal["yes", "likely", "unclear"]
    on_list_3: bool | None
    known_from: Literal["hmrc-file", "own-site", "third-party"]
    as_of: AsOf
    listed_as: Line | None = None
    from_tax_year_starting: int | None = None
    note: Line | None = None


class Body(Shape):
    """A professional body.

    Attributes:
        also: Other names, short forms and old names.
        acronym_clashes: `lower-case` where the acronym is an everyday word in small letters;
            `always` where it means something else in capitals too.
        kind: What it is, where it is no ordinary licensed body.
        missing: What was looked for and not found. Silence never means free.
    """

    id: Slug
    name: Line
    acronym: Line
    also: Lines = ()
    acronym_clashes: Literal["lower-case", "always"] | None = None
    kind: Line | None = None
    website: Url | None = None
    suits: Words
    sectors: tuple[Slug, ...]
    keywords: Lines = ()
    registers: tuple[Licence, ...] = ()
    technician_grade: Grade | None = None
    process: Stated | None = None
    contact: Contact | None = None
    fees: tuple[Price, ...] = ()
    fee_notes: tuple[Stated, ...] = ()
    discounts: tuple[Discount, ...] = ()
    payment_options: tuple[Shown, ...] = ()
    apprenticeship: Apprenticeship | None = None
    tax_relief: BodyTax
    notes: tuple[Stated, ...] = ()
    missing: Lines = ()
    more_sources: Links = ()

    def licence(self, register: str) -> Licence | None:
        """Its licence for a register, where it is said to have one."""
        return next((one for one in self.registers if one.gives == register), None)


class Bodies(Shape):
    """`bodies.yaml`."""

    version: Literal[1] = 1
    compiled_at: date
    groups: Mapping[Group, FactGroup]
    never_show_hosts: tuple[Line, ...]
    regulators: tuple[Regulator, ...]
    registers: tuple[Register, ...]
    fee_tables: tuple[FeeTable, ...]
    rule_of_thumb: RuleOfThumb
    tax_relief: TaxRules
    sectors: tuple[Sector, ...]
    bodies: tuple[Body, ...]
    unconfirmed: Lines = ()

    @cached_property
    def register_by_id(self) -> Mapping[str, Register]:
        """Registers by id, in file order."""
        return {register.id: register for register in self.registers}

    @cached_property
    def body_by_id(self) -> Mapping[str, Body]:
        """Bodies by id, in file order."""
        return {body.id: body for body in self.bodies}

    @cached_property
    def sector_by_id(self) -> Mapping[str, Sector]:
        """Sectors by id, in file order."""
        return {sector.id: sector for sector in self.sectors}

    @cached_property
    def regulator_by_id(self) -> Mapping[str, Regulator]:
        """Regulators by id, in file order."""
        return {regulator.id: regulator for regulator in self.regulators}

    def in_sector(self, sector: str) -> tuple[Body, ...]:
        """The bodies of a sector, in the order in which they are offered."""
        chosen = self.sector_by_id[sector].bodies
        if chosen:
            return tuple(self.body_by_id[body] for body in chosen)
        return tuple(body for body in self.bodies if sector in body.sectors)

    def awarding(self, register: str) -> tuple[Body, ...]:
        """The bodies said to give a register, whatever the evidence, in file order."""
        return tuple(body for body in self.bodies if body.licence(register))
