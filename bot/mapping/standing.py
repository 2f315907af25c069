"""What is known of an area now: the newest figure, others that say something else, totals with ranges."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.mapping.workplace import AreaId, Figure, Item, Told, WorkMap
from bot.results.workplace import Heads, Provenance

ONE_ROUND: Final = timedelta(days=90)  # figures so close together should say the same


@dataclass(frozen=True, slots=True)
class Rival:
    """Two people said different things of one item within one round, and nobody has chosen.

    Attributes:
        shown: The newer one, which is shown.
        other: The newest one of somebody else.
    """

    area: AreaId
    item: Item
    shown: Figure
    other: Figure


@dataclass(frozen=True, slots=True)
class Total:
    """Technicians of several areas together.

    Attributes:
        heads: From the least to the most; None where nothing is known.
        guessed: How many of every hundred were not counted, in whole per cent; 0 where nothing is known.
    """

    heads: Heads | None
    guessed: int = 0


def current(work_map: WorkMap, area: AreaId, item: Item) -> Figure | None:
    """The figure that is shown: the newest."""
    return next(iter(work_map.told(area, item)), None)


def heads_of(told: Told) -> Heads | None:
    """A number that was said, with how it is known; a range is told apart by its ends."""
    if told.low is None or told.high is None:
        return None
    how = told.provenance or Provenance.ESTIMATED
    return Heads(told.low, told.high, Provenance.RANGE if told.low != told.high else how)


def own_heads(work_map: WorkMap, area: AreaId) -> Heads | None:
    """Technicians as they were given for this very area."""
    figure = current(work_map, area, Item.TECHNICIANS)
    return heads_of(figure.told) if figure else None


def heads_below(work_map: WorkMap, area: AreaId | None) -> Heads | None:
    """The sum of the areas directly below one, each with what lies below it."""
    found = [heads_in(work_map, child.id) for child in work_map.children(area)]
    return added([heads for heads in found if heads])


def heads_in(work_map: WorkMap, area: AreaId | None) -> Heads | None:
    """Technicians in an area with all that lies in it; None for the workplace at the top.

    A number given for an area counts everybody there, so those of the areas in it are not added to it;
    where they come to more than it, they are believed.
    """
    own = own_heads(work_map, area) if area is not None else None
    below = heads_below(work_map, area)
    if own is None or below is None:
        return own or below
    low, high = max(own.low, below.low), max(own.high, below.high)
    return own if (low, high) == (own.low, own.high) else Heads(low, high, below.provenance)


def registered_in(work_map: WorkMap, area: AreaId | None) -> int | None:
    """How many of them are on a register; None unless it is known of everybody."""
    figure = current(work_map, area, Item.REGISTERED) if area is not None else None
    if figure is not None and figure.told.low is not None and figure.told.high is not None:
        return (figure.told.low + figure.told.high) // 2
    if area is not None and own_heads(work_map, area) is not None:
        return 0 if is_empty(work_map, area) else None
    below = [registered_in(work_map, child.id) for child in work_map.children(area)]
    known = [count for count in below if count is not None]
    return sum(known) if known and len(known) == len(below) else None


def added(parts: list[Heads]) -> Heads | None:
    """The sum of several numbers: the least with the least, the most with the most."""
    if not parts:
        return None
    low, high = sum(one.low for one in parts), sum(one.high for one in parts)
    ways = {one.provenance for one in parts}
    mixed = Provenance.RANGE if low != high else Provenance.ESTIMATED
    return Heads(low, high, ways.pop() if len(ways) == 1 else mixed)


def total(work_map: WorkMap) -> Total:
    """All technicians on the map, and how much of that nobody has counted."""
    heads = heads_in(work_map, None)
    if heads is None:
        return Total(None)
    parts = list(counted_parts(work_map))
    guessed = sum(p.middle for p in parts if p.provenance is not Provenance.COUNTED)
    whole = sum(part.middle for part in parts)
    return Total(heads, round(100 * guessed / whole) if whole else 0)


def counted_parts(work_map: WorkMap, area: AreaId | None = None) -> Iterator[Heads]:
    """The numbers that the total is made of, each person in one of them."""
    whole = heads_in(work_map, area)
    own = own_heads(work_map, area) if area is not None else None
    if own is not None and whole == own:
        yield own
        return
    for child in work_map.children(area):
        yield from counted_parts(work_map, child.id)


def rivals(work_map: WorkMap) -> tuple[Rival, ...]:
    """Everything that two people disagree about, in the order of the map."""
    found = (
        rival_of(work_map, area.id, item)
        for area in work_map.live
        for item in Item
        if item is not Item.WHAT_THEY_DO
    )
    return tuple(rival for rival in found if rival)


def rival_of(work_map: WorkMap, area: AreaId, item: Item) -> Rival | None:
    """Whether somebody else said something else of an item, lately, and nobody has chosen since."""
    shown = current(work_map, area, item)
    if shown is None or shown.settles:
        return None
    for other in work_map.told(area, item)[1:]:
        if shown.at - other.at > ONE_ROUND:
            return None
        if other.by != shown.by and not says_same(other.told, shown.told):
            return Rival(area, item, shown, other)
        if other.settles:
            return None
    return None


def says_same(one: Told, other: Told) -> bool:
    """Whether two people said the same, however they know it."""
    return (one.low, one.high, set(one.codes), one.words) == (
        other.low,
        other.high,
        set(other.codes),
        other.words,
    )


def is_empty(work_map: WorkMap, area: AreaId) -> bool:
    """Whether there are no technicians, so that nothing more is to be asked."""
    heads = own_heads(work_map, area)
    return heads is not None and heads.high == 0
