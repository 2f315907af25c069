"""The map in the few values that a plan is built from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.mapping.coverage import counting, is_asked, is_old, mapped_at
from bot.mapping.standing import Total, own_heads, registered_in, total
from bot.mapping.tally import Rank, tally
from bot.mapping.tree import rest_of
from bot.mapping.workplace import Area, AreaId, Item, WorkMap, path_text
from bot.results.workplace import Heads


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSummary:
    """One area.

    Attributes:
        name: Its path, such as "Lab 2 > Nights".
        heads: Its technicians, each in one area only; None where nobody has counted or guessed.
        asked: Whether anybody has asked them what they know and need.
        is_old: Whether the number is older than half a year.
        mapped_at: When the number was last said.
    """

    id: AreaId
    name: str
    heads: Heads | None = None
    asked: bool = False
    is_old: bool = False
    mapped_at: datetime | None = None

    @property
    def technicians(self) -> int | None:
        """The number of technicians; of a range its middle."""
        return self.heads.middle if self.heads else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a plan needs of a map; for those who map the workplace, so whole.

    Attributes:
        areas: In the order of the map; their technicians add up to the total.
        total: All technicians, with the share that nobody has counted.
        registered: How many are on a register; None unless it is known of everybody.
        unmapped: Areas without a number.
        barriers: Named in most areas first.
    """

    workplace: str
    areas: tuple[AreaSummary, ...] = ()
    total: Total
    registered: int | None = None
    unmapped: tuple[AreaSummary, ...] = ()
    barriers: tuple[Rank, ...] = ()


def summarise(work_map: WorkMap, now: datetime) -> Summary:
    """The map as a plan needs it, at a time."""
    areas = tuple(_areas(work_map, now))
    return Summary(
        workplace=work_map.workplace.name,
        areas=areas,
        total=total(work_map),
        registered=registered_in(work_map, None),
        unmapped=tuple(area for area in areas if area.heads is None),
        barriers=tally(work_map, Item.BARRIERS),
    )


def _areas(work_map: WorkMap, now: datetime) -> Iterator[AreaSummary]:
    count = {area.id for area in counting(work_map)}
    for area in work_map.live:
        if area.id in count:
            yield _area(work_map, area, own_heads(work_map, area.id), now)
        elif own_heads(work_map, area.id) and (others := rest_of(work_map, area.id)):
            yield _area(work_map, area, others, now)


def _area(work_map: WorkMap, area: Area, heads: Heads | None, now: datetime) -> AreaSummary:
    return AreaSummary(
        id=area.id,
        name=path_text(work_map.path(area.id)),
        heads=heads,
        asked=is_asked(work_map, area.id),
        is_old=is_old(work_map, area.id, now),
        mapped_at=mapped_at(work_map, area.id),
    )
