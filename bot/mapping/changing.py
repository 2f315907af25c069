"""Changing the areas of a map: a new name, another place, two that are one, one that is no more.

Each change is one area before and after; so each can be taken back, and none touches a figure.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.mapping.workplace import LEVELS, Area, AreaId, Path, WorkMap


class Kind(StrEnum):
    """What was done to a map."""

    RENAME = "rename"
    MERGE = "merge"
    REMOVE = "remove"
    RECORD = "record"


class Refusal(StrEnum):
    """Why an area cannot be changed so."""

    TAKEN = "taken"  # there is an area of that name already: merge them
    NO_PARENT = "no-parent"  # it would lie in an area that is not on the map
    TOO_DEEP = "too-deep"
    INSIDE_ITSELF = "inside-itself"


@dataclass(frozen=True, slots=True)
class Edit:
    """One area before and after."""

    kind: Kind
    before: Area
    after: Area


def rename(work_map: WorkMap, area: Area, path: Path) -> Edit | Refusal:
    """Give an area another name, or another place: a path of several names says where it is to lie.

    A bare name changes nothing but the name.
    """
    parent = work_map.parent(area)
    whole = path if len(path) > 1 or parent is None else (*work_map.path(parent), path[0])
    there = work_map.find(whole)
    if there is not None and there.id != area.id:
        return Refusal.TAKEN
    target = work_map.find(whole[:-1]) if len(whole) > 1 else None
    if len(whole) > 1 and target is None:
        return Refusal.NO_PARENT
    if target is not None and _lies_in(work_map, target.id, area.id):
        return Refusal.INSIDE_ITSELF
    if len(whole) + _depth_below(work_map, area.id) > LEVELS:
        return Refusal.TOO_DEEP
    after = replace(area, name=whole[-1], parent=target.id if target else None)
    return Edit(Kind.RENAME, area, after)


def merge(work_map: WorkMap, area: Area, into: Area) -> Edit | Refusal:
    """Say that an area is another one: figures of both count there, the newest shown."""
    if area.id == into.id or _lies_in(work_map, into.id, area.id):
        return Refusal.INSIDE_ITSELF
    if len(work_map.path(into.id)) + _depth_below(work_map, area.id) > LEVELS:
        return Refusal.TOO_DEEP
    return Edit(Kind.MERGE, area, replace(area, merged_into=into.id))


def remove(area: Area) -> Edit:
    """Take an area off the map, with what lies in it."""
    return Edit(Kind.REMOVE, area, replace(area, is_gone=True))


def applied(work_map: WorkMap, edit: Edit) -> WorkMap:
    """The map after a change."""
    areas = tuple(edit.after if one.id == edit.before.id else one for one in work_map.areas)
    return replace(work_map, areas=areas)


def _lies_in(work_map: WorkMap, area: AreaId, outer: AreaId) -> bool:
    at: AreaId | None = area
    while at is not None:
        if at == outer:
            return True
        at = work_map.parent(work_map.area_by_id[at])
    return False


def _depth_below(work_map: WorkMap, area: AreaId) -> int:
    below = work_map.children(area)
    return 1 + max(_depth_below(work_map, child.id) for child in below) if below else 0
