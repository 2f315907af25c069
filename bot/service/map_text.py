"""A tree of a map as JSON, for the command line, which may not read the store of another process."""

from dataclasses import asdict
from datetime import date
from typing import Any

from bot.results.workplace import Heads, MapNode, Provenance


def tree_text(node: MapNode) -> dict[str, Any]:
    """A tree as JSON can hold it; `parse_tree` gives it back equal."""
    written = asdict(node)
    written["mapped_at"] = node.mapped_at.isoformat() if node.mapped_at else None
    written["children"] = [tree_text(child) for child in node.children]
    return written


def parse_tree(written: Any) -> MapNode:
    """The tree that was written."""
    heads = written["heads"]
    return MapNode(
        names=tuple(written["names"]),
        level=written["level"],
        heads=Heads(heads["low"], heads["high"], Provenance(heads["provenance"]))
        if heads
        else None,
        registered=written["registered"],
        mapped_at=date.fromisoformat(written["mapped_at"]) if written["mapped_at"] else None,
        children=tuple(parse_tree(child) for child in written["children"]),
    )
