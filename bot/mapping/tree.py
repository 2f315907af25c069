"""The map as the tree that pictures and lists are made of; whole, or as it may leave the team."""

from datetime import date, datetime

from bot.mapping.coverage import mapped_at
from bot.mapping.standing import heads_below, heads_in, own_heads, registered_in
from bot.mapping.workplace import Area, AreaId, WorkMap
from bot.results.workplace import Heads, MapNode, Provenance, for_outside


def whole(work_map: WorkMap) -> MapNode:
    """Everything, for those who map this workplace."""
    below = tuple(_node(work_map, area, 1) for area in work_map.children(None))
    return MapNode(
        names=(work_map.workplace.name,),
        heads=heads_in(work_map, None),
        registered=registered_in(work_map, None),
        children=below,
    )


def outside(work_map: WorkMap, threshold: int, rest: str) -> MapNode:
    """What may leave the team: no small number, nor one to be worked out.

    Where an area counts more people than the areas in it, the others are an area of their own first: else
    taking one number from the other would tell how many they are.

    Args:
        work_map: The map.
        threshold: The least number shown.
        rest: What to call the others.
    """
    return for_outside(_with_rest(whole(work_map), rest), threshold)


def _node(work_map: WorkMap, area: Area, level: int) -> MapNode:
    return MapNode(
        names=(area.name,),
        ids=(area.id,),
        level=level,
        heads=heads_in(work_map, area.id),
        registered=registered_in(work_map, area.id),
        mapped_at=_day(mapped_at(work_map, area.id)),
        children=tuple(_node(work_map, child, level + 1) for child in work_map.children(area.id)),
    )


def _with_rest(node: MapNode, rest: str) -> MapNode:
    children = tuple(_with_rest(child, rest) for child in node.children)
    known = [child for child in children if child.heads is not None]
    if node.heads is not None and known:
        low = node.heads.low - sum(child.heads.low for child in known if child.heads)
        high = node.heads.high - sum(child.heads.high for child in known if child.heads)
        if low > 0 or high > 0:
            others = Heads(max(low, 0), max(low, high), Provenance.RANGE)
            children = (*children, _rest_of(node, known, others, rest))
    return MapNode(
        names=node.names,
        ids=node.ids,
        level=node.level,
        heads=node.heads,
        registered=node.registered,
        mapped_at=node.mapped_at,
        children=children,
    )


def _rest_of(node: MapNode, known: list[MapNode], heads: Heads, rest: str) -> MapNode:
    """The people of an area who are in none of the areas below it."""
    counts = [child.registered for child in known]
    told = [count for count in counts if count is not None]
    registered = None
    if node.registered is not None and len(told) == len(counts):
        registered = max(node.registered - sum(told), 0)
    return MapNode(names=(rest,), level=node.level + 1, heads=heads, registered=registered)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def rest_of(work_map: WorkMap, area: AreaId) -> Heads | None:
    """People counted for an area who are in none of the areas below it; None where there are none."""
    own, below = own_heads(work_map, area), heads_below(work_map, area)
    if own is None or below is None:
        return own
    low, high = own.low - below.high, own.high - below.low
    return Heads(max(low, 0), high, own.provenance) if high > 0 else None
