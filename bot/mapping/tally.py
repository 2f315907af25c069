"""Which barriers and benefits come up in how many areas: what a plan should take on first."""

from dataclasses import dataclass

from bot.mapping.standing import current, own_heads
from bot.mapping.workplace import ALONE, AreaId, Item, WorkMap


@dataclass(frozen=True, slots=True)
class Rank:
    """One barrier or benefit.

    Attributes:
        code: As the flow has it.
        areas: Where it was named.
        heads: Technicians of those areas, as far as they are known; not all of them need have named it.
    """

    code: str
    areas: tuple[AreaId, ...]
    heads: int


def tally(work_map: WorkMap, item: Item) -> tuple[Rank, ...]:
    """The codes of barriers, benefits or needs: named in most areas first, then by technicians there."""
    areas_by_code: dict[str, list[AreaId]] = {}
    for area in work_map.live:
        figure = current(work_map, area.id, item)
        for code in figure.told.codes if figure else ():
            if code != ALONE:
                areas_by_code.setdefault(code, []).append(area.id)
    ranked = [
        Rank(code, tuple(areas), sum(_heads(work_map, area) for area in areas))
        for code, areas in areas_by_code.items()
    ]
    return tuple(sorted(ranked, key=lambda one: (-len(one.areas), -one.heads, one.code)))


def _heads(work_map: WorkMap, area: AreaId) -> int:
    heads = own_heads(work_map, area)
    return heads.middle if heads else 0
