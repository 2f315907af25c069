"""A workplace as a tree of areas, and what of it may leave those who mapped it."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Provenance(StrEnum):
    """How a number of technicians is known."""

    COUNTED = "counted"
    ESTIMATED = "estimated"
    TOLD = "told"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Heads:
    """How many technicians there are, and how that is known.

    Attributes:
        low: The number, or the low end of a range.
        high: The high end of a range; the same as `low` otherwise.
        provenance: Counted, estimated, told or range.
    """

    low: int
    high: int
    provenance: Provenance

    @property
    def middle(self) -> int:
        """One number for a bar and a share."""
        return (self.low + self.high) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """One area with what lies below it.

    Attributes:
        names: What it is called; several where areas are shown as one.
        level: 0 for the workplace, then site, department, team.
        heads: Technicians there, with those of all areas below; None where it is not mapped.
        registered: How many of them are registered; None where it is not known or not shown.
        mapped_at: The day it was last mapped.
        children: Areas below it, in order.
        ids: Of the areas it stands for; none for people who are in none.
    """

    names: tuple[str, ...]
    level: int = 0
    heads: Heads | None = None
    registered: int | None = None
    mapped_at: date | None = None
    children: tuple["MapNode", ...] = ()
    ids: tuple[str, ...] = field(default=(), compare=False)


def for_outside(node: MapNode, threshold: int) -> MapNode:
    """The map as it may leave the team that made it: no small number, nor one to be worked out.

    Small areas are joined to a neighbour, with nothing shown below them. Who is registered is shown for the
    areas below one another only where it can be shown for all of them, or the last could be worked out.

    Args:
        node: The whole map.
        threshold: The least number shown.
    """
    if node.heads is not None and node.heads.low < threshold:
        return replace(node, heads=None, registered=None, children=())
    own = node if _may_tell(node, threshold) else replace(node, registered=None)
    children = _joined(node.children, threshold)
    if own.registered is None or not all(_may_tell(child, threshold) for child in children):
        children = [_without_registered(child) for child in children]
    return replace(own, children=tuple(for_outside(child, threshold) for child in children))


def _may_tell(node: MapNode, threshold: int) -> bool:
    if node.heads is None or node.registered is None:
        return False
    return threshold <= node.registered <= node.heads.low - threshold


def _without_registered(node: MapNode) -> MapNode:
    below = tuple(_without_registered(child) for child in node.children)
    return replace(node, registered=None, children=below)


def _joined(children: tuple[MapNode, ...], threshold: int) -> list[MapNode]:
    """Join mapped areas until none is small; areas that are not mapped stay as they are."""
    mapped = [child for child in children if child.heads is not None]
    rest = [child for child in children if child.heads is None]
    return [*joined_until(mapped, threshold), *rest]


def joined_until(mapped: list[MapNode], threshold: int) -> list[MapNode]:
    """Join areas with a number to their neighbours until none is small; nothing of a single small one."""
    joined = list(mapped)
    while any(_is_small(node, threshold) for node in joined):
        if len(joined) == 1:
            return []
        place = next(i for i, node in enumerate(joined) if _is_small(node, threshold))
        first = min(place, len(joined) - 2)
        joined[first : first + 2] = [_union(joined[first], joined[first + 1])]
    return joined


def _is_small(node: MapNode, threshold: int) -> bool:
    return node.heads is not None and node.heads.low < threshold


def _union(one: MapNode, other: MapNode) -> MapNode:
    assert one.heads is not None  # noqa: S101 - only mapped areas are joined
    assert other.heads is not None  # noqa: S101 - see above
    low, high = one.heads.low + other.heads.low, one.heads.high + other.heads.high
    same = one.heads.provenance == other.heads.provenance
    provenance = one.heads.provenance if same else Provenance.ESTIMATED
    known = one.registered is not None and other.registered is not None
    return MapNode(
        names=(*one.names, *other.names),
        ids=(*one.ids, *other.ids),
        level=one.level,
        heads=Heads(low, high, provenance),
        registered=(one.registered or 0) + (other.registered or 0) if known else None,
        mapped_at=min((d for d in (one.mapped_at, other.mapped_at) if d), default=None),
    )
