"""A release by area: who answered where, beside what the map of the workplace says.

Everything here is made of published numbers, so it tells nothing that the release does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.results.counting import Codes
from bot.results.limits import SHOWN_FROM
from bot.results.published import MIXED, CrossTable, Release, Withheld
from bot.results.shapes import AREA

TENTHS: Final = 10  # a share of so few people is told in steps of ten per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLine:
    """One area, or some that are counted together.

    Attributes:
        codes: Of the areas.
        returns: How many came from there.
        technicians: On the map; None where that is not known of all of them.
        awareness: As the map has it; empty where it is not known.
        is_most: Whether some of the returns may be of people from elsewhere.
    """

    codes: Codes
    returns: int
    technicians: int | None
    awareness: str
    is_most: bool = False

    @property
    def share(self) -> int | None:
        """Returns for every hundred technicians, to the nearest ten; None for nearly all, or more."""
        if self.technicians is None or self.returns + SHOWN_FROM > self.technicians:
            return None
        return (self.returns * TENTHS * 2 // self.technicians + 1) // 2 * TENTHS


def area_lines(release: Release) -> tuple[AreaLine, ...]:
    """The returns of each area, with the map beside them; none where areas are not shown."""
    if not release.codebook.areas or release.returns is None:
        return ()
    return tuple(_line(release, part.codes, part.count) for part in release.table(AREA).slices)


def area_crossings(release: Release) -> Iterator[CrossTable]:
    """The questions that are counted by area, where they can be shown."""
    for cross in release.crossings:
        if cross.rows == AREA and cross.withheld is Withheld.NO:
            yield cross


def row_lines(release: Release, cross: CrossTable) -> tuple[AreaLine, ...]:
    """The rows of a crossing by area, as lines of their own."""
    rows = zip(cross.row_groups, cross.row_totals, strict=True)
    return tuple(_line(release, group, total) for group, total in rows)


def _line(release: Release, codes: Codes, returns: int) -> AreaLine:
    """Who works elsewhere or did not say is counted with an area where they are few."""
    found = [one for one in release.areas if one.code in codes]
    counts = [one.technicians for one in found if one.technicians is not None]
    verdicts = {one.awareness for one in found}
    return AreaLine(
        codes=codes,
        returns=returns,
        technicians=sum(counts) if found and len(counts) == len(found) else None,
        awareness=verdicts.pop() if len(verdicts) == 1 else MIXED if verdicts else "",
        is_most=len(found) < len(codes),
    )
