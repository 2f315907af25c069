"""Areas and figures as rows of the store, and back."""

from bot.mapping.rows import decode_told, encode_told
from bot.mapping.workplace import Area, AreaId, Figure, FigureId, Item, WorkplaceId
from bot.messages import BranchId
from bot.service.clock import micros, moment
from bot.service.ports import Row


def place_of(area: Area) -> dict[str, str | int | None]:
    """The columns of an area that can be changed."""
    return {
        "name": area.name,
        "parent": area.parent,
        "merged_into": area.merged_into,
        "is_gone": int(area.is_gone),
    }


def area_of(row: Row) -> Area:
    """The area of a row."""
    return Area(
        id=AreaId(str(row["id"])),
        name=str(row["name"]),
        added_at=moment(int(row["added_at"] or 0)),
        parent=AreaId(str(row["parent"])) if row["parent"] else None,
        merged_into=AreaId(str(row["merged_into"])) if row["merged_into"] else None,
        is_gone=bool(row["is_gone"]),
        source=str(row["source"]),
    )


def area_row(area: Area, branch: BranchId, workplace: WorkplaceId) -> Row:
    """The row of a new area."""
    return {
        "id": area.id,
        "branch": branch,
        "workplace": workplace,
        **place_of(area),
        "source": area.source,
        "added_at": micros(area.added_at),
    }


def figure_of(row: Row) -> Figure:
    """The figure of a row."""
    how = str(row["provenance"]) if row["provenance"] else None
    return Figure(
        id=FigureId(str(row["id"])),
        area=AreaId(str(row["area"])),
        item=Item(str(row["item"])),
        told=decode_told(str(row["said"]), how),
        at=moment(int(row["at"] or 0)),
        by=str(row["person"]) if row["person"] else None,
        settles=bool(row["settles"]),
        source=str(row["source"]),
    )


def figure_row(figure: Figure, branch: BranchId, workplace: WorkplaceId) -> Row:
    """The row of a new figure."""
    how = figure.told.provenance
    return {
        "id": figure.id,
        "branch": branch,
        "workplace": workplace,
        "area": figure.area,
        "item": figure.item.value,
        "said": encode_told(figure.told),
        "provenance": how.value if how else None,
        "settles": int(figure.settles),
        "source": figure.source,
        "person": figure.by,
        "at": micros(figure.at),
        "undone_at": None,
    }
