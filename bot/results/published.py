"""What a release is: the only thing about a survey's answers that may leave the store."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.errors import ResultsError
from bot.results.counting import MISSING, Codes
from bot.results.shapes import Codebook

MIXED: Final = "mixed"


class Withheld(StrEnum):
    """Why a table shows no numbers."""

    NO = "no"
    TOO_FEW = "too-few"  # too few answers, or too much alike, to show even two groups
    FILTER = "filter"  # who was asked would give away an answer that is hidden elsewhere


@dataclass(frozen=True, slots=True)
class Slice:
    """One line of a table: the answers that are counted together, and how many gave them."""

    codes: Codes
    count: int

    @property
    def is_missing(self) -> bool:
        """Whether nobody in it gave an answer."""
        return all(code in MISSING for code in self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How one question was answered.

    Attributes:
        name: Of the question.
        threshold: No number below it is shown, nor can be worked out.
        total: How many were asked; None where that is withheld.
        slices: What is shown. They add up to `total`, unless several answers could be given.
        hidden: Codes that are not shown at all; only where several answers could be given.
        withheld: Why there is nothing to see.
    """

    name: str
    threshold: int
    total: int | None
    slices: tuple[Slice, ...] = ()
    hidden: Codes = ()
    withheld: Withheld = Withheld.NO

    @property
    def base(self) -> int:
        """How many answered, as far as it can be told: what percentages are of."""
        return (self.total or 0) - sum(part.count for part in self.slices if part.is_missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable:
    """Two questions crossed.

    Attributes:
        rows: Names the question whose groups are the rows.
        columns: Names the question whose groups are the columns.
        threshold: No number below it is shown, nor can be worked out.
        row_groups: Codes that each row stands for.
        row_totals: How many returns each row holds.
        column_groups: Codes that each column stands for.
        counts: One tuple per row. A row adds up to its total, unless several answers could be given.
        withheld: Why there is nothing to see.
    """

    rows: str
    columns: str
    threshold: int
    row_groups: tuple[Codes, ...] = ()
    row_totals: tuple[int, ...] = ()
    column_groups: tuple[Codes, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    withheld: Withheld = Withheld.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedArea:
    """What the map of the workplace said of an area that returns can belong to.

    Attributes:
        code: Of the area, in the codebook.
        technicians: On the map that day, as far as all may see; None where the map has changed too much.
        awareness: How much they know of registration, as the map has it: a code of its own, `MIXED`
            where its parts differ, empty where it is not known.
    """

    code: str
    technicians: int | None
    awareness: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Everything that is ever published of a survey. Made once, when it closes, and then kept.

    Attributes:
        codebook: The survey as it was asked.
        closed_on: The day it closed.
        threshold: No number below it is shown.
        returns: Complete returns; None where there are fewer than the threshold.
        tables: One for each question, in order.
        on_paper: How many of them were typed in from paper slips; None where that is few or none.
        crossings: The pairs that were chosen before the survey closed.
        mapped: Technicians on the map of the workplace that day, as far as all may see; None without one.
        areas: The same of each area that was asked for.
        awareness: Names the question that asks people how much they know, which the map says too.
    """

    codebook: Codebook
    closed_on: date
    threshold: int
    returns: int | None
    tables: tuple[Table, ...] = ()
    crossings: tuple[CrossTable, ...] = ()
    on_paper: int | None = None
    mapped: int | None = None
    areas: tuple[MappedArea, ...] = ()
    awareness: str = ""

    @property
    def response(self) -> int | None:
        """Returns for every hundred on the map; None without a map, or where it would be over 100."""
        if not self.mapped or self.returns is None or self.returns > self.mapped:
            return None
        return percent(self.returns, self.mapped)

    def table(self, name: str) -> Table:
        """The table of a question.

        Raises:
            ResultsError: There is none.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise ResultsError(f"there is no table of {name!r}: name a question of the survey")


def percent(count: int, base: int) -> int:
    """A share in whole per cent, halves up. Made of published numbers only, so it adds nothing.

    Raises:
        ResultsError: The base is not positive.
    """
    if base <= 0:
        raise ResultsError("a share needs a base: leave it out where nobody answered")
    return (200 * count + base) // (2 * base)
