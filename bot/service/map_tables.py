"""The tables of the workplace map: places, areas, figures, who maps what, and what was changed.

Figures are about a workplace and stay when somebody is forgotten; that they came from them does not.
"""

from typing import Final

from bot.service.table import INTEGER, TEXT, Personal, Table

WORKPLACE = Table(
    name="workplace",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "name": TEXT,
        "folded": TEXT,
        "created_at": INTEGER,
    },
    key=("id",),
    unique=(("branch", "folded"),),
    references={"branch": "branch"},
)
AREA = Table(  # a merged one, or one that is gone, keeps its row: so it can come back
    name="area",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "workplace": TEXT,
        "name": TEXT,
        "parent": TEXT,
        "merged_into": TEXT,
        "is_gone": INTEGER,
        "source": TEXT,
        "added_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"parent", "merged_into"}),
    indexes=(("workplace",),),
    references={"workplace": "workplace"},
)
AREA_FIGURE = Table(  # never changed but to be taken back; the newest one is shown
    name="area_figure",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "workplace": TEXT,
        "area": TEXT,
        "item": TEXT,
        "said": TEXT,
        "provenance": TEXT,
        "settles": INTEGER,
        "source": TEXT,
        "person": TEXT,
        "at": INTEGER,
        "undone_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"provenance", "person", "undone_at"}),
    indexes=(("workplace", "undone_at"), ("source",), ("person",), ("at",)),
    personal=Personal(
        column="person", on_forget="blank", shown_as="Figures you put on a workplace map"
    ),
    kept=("filled-in", "at"),
)
MAPPER = Table(  # who has a map in hand; only who has recorded something sees all of it
    name="mapper",
    columns={
        "person": TEXT,
        "workplace": TEXT,
        "branch": TEXT,
        "since_at": INTEGER,
        "used_at": INTEGER,
    },
    key=("person", "workplace"),
    optional=frozenset({"since_at"}),
    indexes=(("used_at",),),
    personal=Personal(column="person", on_forget="delete", shown_as="Workplaces you map"),
    kept=("filled-in", "used_at"),
)
AREA_CHANGE = Table(  # so that each can be taken back: one area before and after, or one source
    name="area_change",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "workplace": TEXT,
        "kind": TEXT,
        "area": TEXT,
        "before": TEXT,
        "after": TEXT,
        "source": TEXT,
        "person": TEXT,
        "at": INTEGER,
        "undone_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"area", "before", "after", "source", "person", "undone_at"}),
    indexes=(("workplace", "at"), ("person",), ("at",)),
    personal=Personal(
        column="person", on_forget="blank", shown_as="Changes you made to a workplace map"
    ),
    kept=("filled-in", "at"),
)
MAP_TABLES: Final = (WORKPLACE, AREA, AREA_FIGURE, MAPPER, AREA_CHANGE)
