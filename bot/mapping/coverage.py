"""How much of a workplace is mapped, what is missing, and which area to map next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.mapping.standing import current, is_empty, own_heads, rivals
from bot.mapping.workplace import Area, AreaId, Item, WorkMap

OLD: Final = timedelta(days=183)  # half a year: people have moved on
ASKED: Final = (Item.AWARENESS, Item.NEEDS, Item.BARRIERS, Item.BENEFITS)  # known only by asking
NO_SCHEME: Final = "no_scheme"  # of accredited: nobody to be encouraged


class Why(StrEnum):
    """Why an area is the next to map."""

    NEVER = "never"
    DISAGREE = "disagree"
    OLD = "old"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Next:
    """The one area to map next."""

    area: AreaId
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far the map is.

    Attributes:
        counting: The areas that count, in the order of the map: one that only holds others does not.
        mapped: Those with a number of technicians.
        old: Those of them whose number is older than half a year.
        never: Those without.
        partly: Those with a number that lack something else.
    """

    counting: tuple[AreaId, ...] = ()
    mapped: tuple[AreaId, ...] = ()
    old: tuple[AreaId, ...] = ()
    never: tuple[AreaId, ...] = ()
    partly: tuple[AreaId, ...] = ()


def counting(work_map: WorkMap) -> tuple[Area, ...]:
    """The areas that are mapped one by one.

    Those with nothing below them, and those that have a number of their own while nothing below has.
    """
    return tuple(area for area in work_map.live if _counts(work_map, area.id))


def _counts(work_map: WorkMap, area: AreaId) -> bool:
    if not work_map.children(area):
        return True
    return own_heads(work_map, area) is not None and not is_known_below(work_map, area)


def is_known_below(work_map: WorkMap, area: AreaId) -> bool:
    """Whether anything that lies in an area has a number of its own."""
    return any(
        own_heads(work_map, child.id) is not None or is_known_below(work_map, child.id)
        for child in work_map.children(area)
    )


def coverage(work_map: WorkMap, now: datetime) -> Coverage:
    """How far a map is at a time."""
    areas = [area.id for area in counting(work_map)]
    mapped = [area for area in areas if own_heads(work_map, area) is not None]
    return Coverage(
        counting=tuple(areas),
        mapped=tuple(mapped),
        old=tuple(area for area in mapped if is_old(work_map, area, now)),
        never=tuple(area for area in areas if area not in mapped),
        partly=tuple(area for area in mapped if missing(work_map, area)),
    )


def mapped_at(work_map: WorkMap, area: AreaId) -> datetime | None:
    """When the number of technicians was last said; None where it never was."""
    figure = current(work_map, area, Item.TECHNICIANS)
    return figure.at if figure else None


def is_old(work_map: WorkMap, area: AreaId, now: datetime) -> bool:
    """Whether a number is there, and older than half a year."""
    at = mapped_at(work_map, area)
    return at is not None and now - at > OLD


def is_asked(work_map: WorkMap, area: AreaId) -> bool:
    """Whether anybody has asked them what they know, need, or think of it."""
    return any(current(work_map, area, item) for item in ASKED)


def missing(work_map: WorkMap, area: AreaId) -> tuple[Item, ...]:
    """The items of an area that nobody has said yet, as far as they are to be asked there."""
    if is_empty(work_map, area):
        return ()
    accredited = current(work_map, area, Item.ACCREDITED)
    has_none = accredited is not None and NO_SCHEME in accredited.told.codes
    return tuple(
        item
        for item in Item
        if current(work_map, area, item) is None and not (item is Item.ENCOURAGED and has_none)
    )


def next_area(work_map: WorkMap, now: datetime) -> Next | None:
    """The one area to map next; None where the map is whole and fresh.

    First what was never mapped, then what two people disagree about, what is old, what lacks something.
    """
    far = coverage(work_map, now)
    torn = [rival.area for rival in rivals(work_map)]
    oldest = sorted(far.old, key=lambda area: mapped_at(work_map, area) or now)
    for areas, why in (
        (far.never, Why.NEVER),
        (torn, Why.DISAGREE),
        (oldest, Why.OLD),
        (far.partly, Why.MISSING),
    ):
        if areas:
            return Next(areas[0], why)
    return None
