"""A workplace as it is mapped: its areas, up to four levels deep, and every figure with where it comes from.

Nothing is ever overwritten. A figure that is said anew stands beside the earlier ones; an area that is
merged into another keeps its row, and its figures count there; so every change can be taken back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, NewType

from bot.language.normalising import normalise
from bot.results.workplace import Provenance

WorkplaceId = NewType("WorkplaceId", str)
AreaId = NewType("AreaId", str)
FigureId = NewType("FigureId", str)
Path = tuple[str, ...]  # names from the top, such as ("Site A", "Lab 2", "Nights")

LEVELS: Final = 4  # site, department, team, shift
NAME_LIMIT: Final = 80  # characters of one name
AREAS_LIMIT: Final = 500  # areas of one workplace
HEADS_LIMIT: Final = 100_000  # technicians of one area, as the flow has it
BETWEEN: Final = ">"  # stands between the names of a path, where people write one


class Item(StrEnum):
    """What is asked of each area; the area itself is the answer to "where"."""

    TECHNICIANS = "technicians"
    WHAT_THEY_DO = "what_they_do"
    REGISTERED = "registered"
    AWARENESS = "awareness"
    NEEDS = "needs"
    BARRIERS = "barriers"
    BENEFITS = "benefits"
    ACCREDITED = "accredited"
    ENCOURAGED = "encouraged"


NUMBERS: Final = frozenset({Item.TECHNICIANS, Item.REGISTERED})
CODES: Final[Mapping[Item, tuple[str, ...]]] = {  # as the flow `workplace-map` has them
    Item.AWARENESS: ("good", "some", "none"),
    Item.NEEDS: ("body", "process", "cost", "other", "none"),
    Item.BARRIERS: (
        *("cost", "time", "how", "benefit", "not_qualified", "employer", "paperwork"),
        *("other", "none"),
    ),
    Item.BENEFITS: ("proof", "letters", "learning", "jobs", "pay", "other", "none"),
    Item.ACCREDITED: ("accredited", "not_accredited", "no_scheme"),
    Item.ENCOURAGED: ("encouraged", "not_encouraged"),
}
SEVERAL: Final = frozenset({Item.NEEDS, Item.BARRIERS, Item.BENEFITS})
ALONE: Final = "none"  # of several codes: goes with no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said of one item: a number or a range, codes, or words.

    Attributes:
        low: The number, or the low end of a range.
        high: The high end; the same as `low` where it is one number.
        provenance: How a number is known.
    """

    low: int | None = None
    high: int | None = None
    codes: tuple[str, ...] = ()
    words: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One item of one area, as somebody said it once.

    Attributes:
        by: Who said it; None where it was imported at the machine, or they have been forgotten since.
        settles: Whether they chose it with the other figures in sight.
        source: The run or the import it came with, which can be taken back as one.
    """

    id: FigureId
    area: AreaId
    item: Item
    told: Told
    at: datetime
    by: str | None = None
    settles: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area.

    Attributes:
        parent: The area it lies in; None at the top.
        merged_into: The area it turned out to be; None for itself.
        is_gone: Whether it was taken off the map.
    """

    id: AreaId
    name: str
    added_at: datetime
    parent: AreaId | None = None
    merged_into: AreaId | None = None
    is_gone: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A place that is mapped."""

    id: WorkplaceId
    name: str


@dataclass(frozen=True, kw_only=True)
class WorkMap:
    """The map of one workplace. Without slots, so that what is worked out of it is kept.

    Attributes:
        areas: In the order in which they were added, with those that are merged or gone.
        figures: All of them, oldest first.
    """

    workplace: Workplace
    areas: tuple[Area, ...] = ()
    figures: tuple[Figure, ...] = ()

    @cached_property
    def area_by_id(self) -> Mapping[AreaId, Area]:
        """Every area, with those that are merged or gone."""
        return {area.id: area for area in self.areas}

    @cached_property
    def live(self) -> tuple[Area, ...]:
        """The areas there are, each below the one it lies in, else in the order they were added."""
        return tuple(self._below(None))

    def home(self, area: AreaId) -> AreaId:
        """The area that one has been merged into, however often; itself where it was not."""
        seen: set[AreaId] = set()
        while (into := self.area_by_id[area].merged_into) is not None and area not in seen:
            seen.add(area)
            area = into
        return area

    def parent(self, area: Area) -> AreaId | None:
        """The live area that one lies in."""
        return self.home(area.parent) if area.parent is not None else None

    def children(self, parent: AreaId | None) -> tuple[Area, ...]:
        """The live areas directly below one, or at the top."""
        return self._children.get(parent, ())

    def path(self, area: AreaId) -> Path:
        """The names from the top down to an area."""
        names: list[str] = []
        at: AreaId | None = self.home(area)
        while at is not None and len(names) < LEVELS:
            one = self.area_by_id[at]
            names.insert(0, one.name)
            at = self.parent(one)
        return tuple(names)

    def find(self, path: Path) -> Area | None:
        """The live area of a path, whatever its capitals and signs."""
        return self._area_by_path.get(folded(path))

    def told(self, area: AreaId, item: Item) -> tuple[Figure, ...]:
        """Every figure of an item of an area, newest first."""
        return self._told.get((area, item), ())

    def _below(self, parent: AreaId | None) -> Iterator[Area]:
        for area in self.children(parent):
            yield area
            yield from self._below(area.id)

    @cached_property
    def _children(self) -> Mapping[AreaId | None, tuple[Area, ...]]:
        found: dict[AreaId | None, list[Area]] = {}
        for area in self.areas:
            if area.merged_into is None and not self._is_gone(area):
                found.setdefault(self.parent(area), []).append(area)
        return {parent: tuple(areas) for parent, areas in found.items()}

    def _is_gone(self, area: Area) -> bool:
        """Whether it, or something it lies in, was taken off the map."""
        at: AreaId | None = area.id
        for _ in range(LEVELS + 1):
            if at is None:
                return False
            one = self.area_by_id[self.home(at)]
            if one.is_gone:
                return True
            at = one.parent
        return True  # deeper than any map, or a ring: neither is shown

    @cached_property
    def _area_by_path(self) -> Mapping[Path, Area]:
        return {folded(self.path(area.id)): area for area in reversed(self.live)}

    @cached_property
    def _told(self) -> Mapping[tuple[AreaId, Item], tuple[Figure, ...]]:
        found: dict[tuple[AreaId, Item], list[Figure]] = {}
        for figure in sorted(self.figures, key=lambda one: (one.at, one.id), reverse=True):
            if figure.area in self.area_by_id:
                found.setdefault((self.home(figure.area), figure.item), []).append(figure)
        return {slot: tuple(figures) for slot, figures in found.items()}


def parse_path(text: str) -> Path | None:
    """The names of "Site A > Lab 2 > Nights"; None where there are none, too many, or one is too long."""
    names = tuple(" ".join(name.split()) for name in text.split(BETWEEN))
    if not 1 <= len(names) <= LEVELS or any(not fold(n) or len(n) > NAME_LIMIT for n in names):
        return None
    return names


def path_text(path: Path) -> str:
    """A path as people write it; `parse_path` reads it back."""
    return f" {BETWEEN} ".join(path)


def fold(name: str) -> str:
    """A name without what makes no difference: capitals, accents, signs, spaces.

    A name of signs alone, such as an emoji, stands for itself.
    """
    return normalise(name) or "".join(name.split())


def folded(path: Path) -> Path:
    """A path, each of its names folded."""
    return tuple(fold(name) for name in path)
