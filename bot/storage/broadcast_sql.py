"""The tables of the step that brought broadcasts, as SQL. A released step never changes."""

from typing import Final

BROADCASTS: Final = (
    """CREATE TABLE destination (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL REFERENCES branch (id),
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        added_by TEXT,
        at INTEGER NOT NULL,
        UNIQUE (channel, address)
    )""",
    "CREATE INDEX destination_branch ON destination (branch)",
    "CREATE INDEX destination_added_by ON destination (added_by)",
    """CREATE TABLE destination_role (
        destination TEXT NOT NULL REFERENCES destination (id),
        role TEXT NOT NULL,
        branch TEXT NOT NULL,
        PRIMARY KEY (destination, role)
    )""",
    """CREATE TABLE broadcast (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL REFERENCES branch (id),
        author TEXT,
        status TEXT NOT NULL,
        texts TEXT NOT NULL,
        ready TEXT NOT NULL,
        gaps TEXT NOT NULL,
        kind TEXT,
        topic TEXT NOT NULL,
        audience TEXT,
        button TEXT,
        plan TEXT,
        urgent TEXT NOT NULL,
        hash TEXT NOT NULL,
        approved TEXT,
        planned_at INTEGER,
        next_at INTEGER,
        cursor TEXT,
        is_late INTEGER NOT NULL,
        changed_at INTEGER NOT NULL
    )""",
    "CREATE INDEX broadcast_branch_changed_at ON broadcast (branch, changed_at)",
    "CREATE INDEX broadcast_author_status ON broadcast (author, status)",
    "CREATE INDEX broadcast_changed_at ON broadcast (changed_at)",
    """CREATE TABLE delivery (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        broadcast TEXT NOT NULL,
        planned_at INTEGER NOT NULL,
        person TEXT,
        fate TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX delivery_broadcast_planned_at_fate ON delivery (broadcast, planned_at, fate)",
    "CREATE INDEX delivery_person_at ON delivery (person, at)",
    "CREATE INDEX delivery_at ON delivery (at)",
    """CREATE TABLE pace (
        channel TEXT NOT NULL PRIMARY KEY,
        tokens REAL NOT NULL,
        at INTEGER NOT NULL
    )""",
    """CREATE TABLE audit_link (
        seq INTEGER NOT NULL PRIMARY KEY,
        line TEXT NOT NULL UNIQUE,
        branch TEXT NOT NULL,
        hash TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX audit_link_at ON audit_link (at)",
    """CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_link_stays BEFORE UPDATE ON audit_link
        BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
)
