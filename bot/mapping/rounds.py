"""What has changed since the map was last made: each area beside what it said in the round before."""

from dataclasses import dataclass
from datetime import date

from bot.mapping.standing import ONE_ROUND, heads_of
from bot.mapping.workplace import AreaId, Item, WorkMap
from bot.results.workplace import Heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Technicians of an area in two rounds.

    Attributes:
        low: The least they may have grown by; below zero where they are fewer.
        high: The most.
    """

    area: AreaId
    before: Heads
    after: Heads
    before_at: date
    after_at: date

    @property
    def low(self) -> int:
        """The least that it may have grown by."""
        return self.after.low - self.before.high

    @property
    def high(self) -> int:
        """The most that it may have grown by."""
        return self.after.high - self.before.low


def changes(work_map: WorkMap) -> tuple[Change, ...]:
    """Every area that was mapped in two rounds, in the order of the map."""
    found = (change_of(work_map, area.id) for area in work_map.live)
    return tuple(change for change in found if change)


def change_of(work_map: WorkMap, area: AreaId) -> Change | None:
    """What is shown now beside the newest figure of an earlier round; None without one."""
    told = work_map.told(area, Item.TECHNICIANS)
    if not told:
        return None
    now = told[0]
    earlier = next((one for one in told[1:] if now.at - one.at > ONE_ROUND), None)
    before = heads_of(earlier.told) if earlier else None
    after = heads_of(now.told)
    if earlier is None or before is None or after is None:
        return None
    return Change(
        area=area,
        before=before,
        after=after,
        before_at=earlier.at.date(),
        after_at=now.at.date(),
    )
