"""Taking in what somebody says of a workplace: new areas, new figures, and what that disagrees with.

One function for a filled-in run, an import and the command line, so that all of them keep the same
promises: nothing is overwritten, and the same again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.mapping.standing import Rival, rival_of, says_same
from bot.mapping.workplace import (
    AREAS_LIMIT,
    Area,
    AreaId,
    Figure,
    FigureId,
    Item,
    Path,
    Told,
    WorkMap,
    folded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody says of one area; nothing told only puts the area on the map.

    Attributes:
        at: When that was so, where it was not now.
        line: Of the file it was read from; 0 for none.
    """

    path: Path
    told: Mapping[Item, Told] = field(default_factory=dict)
    at: datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who says it, when, and with what: the same for all notes of one run or import.

    Attributes:
        seed: Chance, for ids; the same seed gives the same ids.
        is_fresh: Whether the same said again is kept as seen anew; an import does not.
    """

    by: str | None
    at: datetime
    seed: str
    source: str
    is_fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What came of it.

    Attributes:
        work_map: The map afterwards.
        areas: Areas that were not on it before.
        figures: Figures that were added.
        same: How many said nothing new.
        rivals: What now disagrees with somebody else, and did not before.
        beyond: Notes there was no room for.
    """

    work_map: WorkMap
    areas: tuple[Area, ...] = ()
    figures: tuple[Figure, ...] = ()
    same: int = 0
    rivals: tuple[Rival, ...] = ()
    beyond: tuple[Note, ...] = ()


def record(work_map: WorkMap, notes: Sequence[Note], stamp: Stamp) -> Recorded:
    """Take notes in.

    Args:
        work_map: As it is now.
        notes: In order; of two about one item of one area the later one is shown.
        stamp: Who, when, with what.
    """
    draft = _Draft(work_map, stamp)
    for note in notes:
        draft.add(note)
    after = replace(
        work_map,
        areas=(*work_map.areas, *draft.areas),
        figures=(*work_map.figures, *draft.figures),
    )
    slots = sorted({(figure.area, figure.item) for figure in draft.figures})
    torn = (rival_of(after, *slot) for slot in slots)
    return Recorded(
        work_map=after,
        areas=tuple(draft.areas),
        figures=tuple(draft.figures),
        same=draft.same,
        rivals=tuple(rival for rival in torn if rival),
        beyond=tuple(draft.beyond),
    )


class _Draft:
    """A map that grows, note by note."""

    def __init__(self, work_map: WorkMap, stamp: Stamp) -> None:
        self._map = work_map
        self._stamp = stamp
        self._area_by_path = {folded(work_map.path(one.id)): one.id for one in work_map.live}
        self._told: dict[tuple[AreaId, Item], list[Figure]] = {}
        self.areas: list[Area] = []
        self.figures: list[Figure] = []
        self.beyond: list[Note] = []
        self.same = 0

    def add(self, note: Note) -> None:
        """Take one note in; one there is no room for is kept apart."""
        unknown = [d for d in range(1, len(note.path) + 1) if not self._find(note.path[:d])]
        if len(self._area_by_path) + len(unknown) > AREAS_LIMIT:
            self.beyond.append(note)
            return
        for depth in unknown:
            self._add_area(note.path[:depth])
        area = self._area_by_path[folded(note.path)]
        for item, told in note.told.items():
            self._add_figure(area, item, told, note.at or self._stamp.at)

    def _find(self, path: Path) -> AreaId | None:
        return self._area_by_path.get(folded(path))

    def _add_area(self, path: Path) -> None:
        name = "\0".join(folded(path))
        made = Area(
            id=AreaId(_id("a", self._stamp.seed, self._map.workplace.id, name)),
            name=path[-1],
            added_at=self._stamp.at + timedelta(microseconds=len(self.areas)),
            parent=self._find(path[:-1]) if len(path) > 1 else None,
            source=self._stamp.source,
        )
        self.areas.append(made)
        self._area_by_path[folded(path)] = made.id

    def _add_figure(self, area: AreaId, item: Item, told: Told, at: datetime) -> None:
        known = self._told.setdefault((area, item), list(self._map.told(area, item)))
        if not _is_new(known, told, at, self._stamp):
            self.same += 1
            return
        made = Figure(
            id=FigureId(_id("f", self._stamp.seed, area, item, str(len(self.figures)))),
            area=area,
            item=item,
            told=told,
            at=_after(known, at),
            by=self._stamp.by,
            source=self._stamp.source,
        )
        self.figures.append(made)
        known.insert(0, made)
        known.sort(key=lambda one: (one.at, one.id), reverse=True)


def _is_new(known: Sequence[Figure], told: Told, at: datetime, stamp: Stamp) -> bool:
    """Whether a figure says something: another value, or the same seen again on a later day.

    Args:
        known: What was said before, newest first.
        told: What is said.
        at: Of when.
        stamp: By whom.
    """
    if stamp.is_fresh:
        shown = known[:1]
        return not any(
            _is_equal(one.told, told) and one.by == stamp.by and one.at.date() == at.date()
            for one in shown
        )
    of_day = [figure for figure in known if figure.at.date() == at.date()]
    return not any(_is_equal(figure.told, told) for figure in (*known[:1], *of_day))


def _after(known: Sequence[Figure], at: datetime) -> datetime:
    """The moment, or just after what was said in the very same one, so that the later word is shown."""
    taken = {figure.at for figure in known}
    while at in taken:
        at += timedelta(microseconds=1)
    return at


def _is_equal(one: Told, other: Told) -> bool:
    return says_same(one, other) and one.provenance == other.provenance


def _id(kind: str, *parts: str) -> str:
    """An id that the same parts always give, and no others."""
    return kind + blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def settle(work_map: WorkMap, rival: Rival, chosen: Figure, stamp: Stamp) -> Figure:
    """The figure that ends a disagreement: what one of the two said, by who chose, and now."""
    made = _id("f", stamp.seed, rival.area, rival.item, "settled")
    both = (rival.shown, rival.other)
    return replace(
        chosen,
        id=FigureId(made),
        area=work_map.home(rival.area),
        at=max(stamp.at, _after(both, rival.shown.at)),
        by=stamp.by,
        settles=True,
        source=stamp.source,
    )
