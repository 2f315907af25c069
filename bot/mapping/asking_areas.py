"""Which areas of a map a survey may ask people to choose from, and what the map says of them later.

An area is asked for only where it has so many technicians that a return from it is one of many, and
that results can be shown of it at all. Smaller ones are asked together with their neighbours.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.mapping.standing import current
from bot.mapping.tree import outside
from bot.mapping.workplace import AreaId, Item, WorkMap
from bot.results.limits import SENSITIVE_FROM, SHOWN_FROM
from bot.results.published import MIXED
from bot.results.workplace import MapNode, joined_until

ASKED_FROM: Final = (
    2 * SENSITIVE_FROM
)  # technicians: if half of them answer, something can be shown
MOST: Final = 12  # areas; more are no question for a chat


def areas_to_ask(work_map: WorkMap) -> tuple[MapNode, ...]:
    """The areas that may be chosen from, each with `ASKED_FROM` technicians or more; none where they are few.

    They are unions of what all may see of the map, so nothing follows from laying both side by side.
    """
    found = _parts(outside(work_map, SHOWN_FROM, ""))
    return tuple(one for one in found if one.ids)[:MOST]


def _parts(node: MapNode) -> list[MapNode]:
    """What an area falls into; nothing where that is fewer than two parts."""
    known = [child for child in node.children if child.heads is not None]
    split = [part for child in known for part in (_parts(child) or [child])]
    joined = joined_until(split, ASKED_FROM)
    return joined if len(joined) > 1 else []


def technicians_in(work_map: WorkMap, ids: frozenset[str]) -> int | None:
    """Technicians of some areas together as all may see it; None where the map shows them otherwise now."""
    wanted = _homes(work_map, ids)
    found = list(_within(outside(work_map, SHOWN_FROM, ""), wanted))
    if not wanted or wanted != {one for node in found for one in node.ids}:
        return None
    return sum(node.heads.middle for node in found if node.heads)


def awareness_in(work_map: WorkMap, ids: frozenset[str]) -> str:
    """How much the people of some areas know of registration, in one word for all of them.

    Returns:
        A code of the map, `MIXED` where what is below differs, empty where nobody has said.
    """
    wanted = _homes(work_map, ids)
    said = {
        code
        for area in work_map.live
        if wanted & set(_upwards(work_map, area.id))
        and (figure := current(work_map, area.id, Item.AWARENESS))
        for code in figure.told.codes
    }
    return said.pop() if len(said) == 1 else MIXED if said else ""


def _homes(work_map: WorkMap, ids: frozenset[str]) -> set[str]:
    known = (AreaId(one) for one in ids if AreaId(one) in work_map.area_by_id)
    return {work_map.home(one) for one in known}


def _upwards(work_map: WorkMap, area: AreaId) -> Iterator[str]:
    at: AreaId | None = area
    while at is not None:
        yield at
        at = work_map.parent(work_map.area_by_id[at])


def _within(node: MapNode, wanted: set[str]) -> Iterator[MapNode]:
    """The topmost parts of a tree that hold nothing but these areas."""
    if node.ids and node.heads is not None and set(node.ids) <= wanted:
        yield replace(node, children=())
        return
    for child in node.children:
        yield from _within(child, wanted)
