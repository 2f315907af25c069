"""The tables of the workplace map, as SQL. A released step never changes."""

from typing import Final

WORKPLACE_MAP: Final = (
    """CREATE TABLE workplace (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL REFERENCES branch (id),
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (branch, folded)
    )""",
    """CREATE TABLE area (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        workplace TEXT NOT NULL REFERENCES workplace (id),
        name TEXT NOT NULL,
        parent TEXT,
        merged_into TEXT,
        is_gone INTEGER NOT NULL,
        source TEXT NOT NULL,
        added_at INTEGER NOT NULL
    )""",
    "CREATE INDEX area_workplace ON area (workplace)",
    """CREATE TABLE area_figure (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        workplace TEXT NOT NULL,
        area TEXT NOT NULL,
        item TEXT NOT NULL,
        said TEXT NOT NULL,
        provenance TEXT,
        settles INTEGER NOT NULL,
        source TEXT NOT NULL,
        person TEXT,
        at INTEGER NOT NULL,
        undone_at INTEGER
    )""",
    "CREATE INDEX area_figure_workplace_undone_at ON area_figure (workplace, undone_at)",
    "CREATE INDEX area_figure_source ON area_figure (source)",
    "CREATE INDEX area_figure_person ON area_figure (person)",
    "CREATE INDEX area_figure_at ON area_figure (at)",
    """CREATE TABLE mapper (
        person TEXT NOT NULL,
        workplace TEXT NOT NULL,
        branch TEXT NOT NULL,
        since_at INTEGER,
        used_at INTEGER NOT NULL,
        PRIMARY KEY (person, workplace)
    )""",
    "CREATE INDEX mapper_used_at ON mapper (used_at)",
    """CREATE TABLE area_change (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        workplace TEXT NOT NULL,
        kind TEXT NOT NULL,
        area TEXT,
        before TEXT,
        after TEXT,
        source TEXT,
        person TEXT,
        at INTEGER NOT NULL,
        undone_at INTEGER
    )""",
    "CREATE INDEX area_change_workplace_at ON area_change (workplace, at)",
    "CREATE INDEX area_change_person ON area_change (person)",
    "CREATE INDEX area_change_at ON area_change (at)",
)
