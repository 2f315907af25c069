"""How many of those who were mapped sent a return, area by area (the map beside the survey)."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.results.counting import Codes
from bot.results.published import Release, Withheld, percent
from bot.results.shapes import AREA


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The returns of one area, or of several areas that are shown as one.

    Attributes:
        areas: Their codes; the missing ones stand for returns without an area.
        returns: As the release shows them.
        mapped: Technicians on the map; None where an area is not mapped, or where they are so few that
            the number is not shown.
        share: Returns per hundred mapped; None without `mapped`, or where it would be over 100: then the
            map is out of date.
        change: Percentage points since the last round; None where one of the two is not shown.
    """

    areas: Codes
    returns: int
    mapped: int | None = None
    share: int | None = None
    change: int | None = None


def rates(
    release: Release, headcount_by_area: Mapping[str, int], before: tuple[Rate, ...] = ()
) -> tuple[Rate, ...]:
    """Response rates in the groups of areas that the release shows.

    Args:
        release: With areas; without, the answer is empty.
        headcount_by_area: From the map, by code of the area.
        before: The rates of the last round.
    """
    if not release.codebook.areas or release.returns is None:
        return ()
    table = release.table(AREA)
    if table.withheld is not Withheld.NO:
        return ()
    earlier = {rate.areas: rate.share for rate in before}
    known = {area.code for area in release.codebook.areas}
    found = []
    for part in table.slices:
        heads = _heads(part.codes, known, headcount_by_area, release.threshold)
        share = percent(part.count, heads) if heads and part.count <= heads else None
        last = earlier.get(part.codes)
        change = None if share is None or last is None else share - last
        found.append(
            Rate(areas=part.codes, returns=part.count, mapped=heads, share=share, change=change)
        )
    return tuple(found)


def _heads(
    codes: Codes, known: set[str], headcount_by_area: Mapping[str, int], threshold: int
) -> int | None:
    """Heads of all areas of a group; None where one is not mapped, or they are too few."""
    areas = [code for code in codes if code in known]
    if not areas or any(area not in headcount_by_area for area in areas):
        return None
    heads = sum(headcount_by_area[area] for area in areas)
    return heads if heads >= threshold else None
