"""The tables of the first two steps, as SQL. A released step never changes."""

from typing import Final

PEOPLE: Final = (
    """CREATE TABLE install (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    )""",
    """CREATE TABLE branch (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE person (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL REFERENCES branch (id),
        audience TEXT,
        language TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE identity (
        channel TEXT NOT NULL,
        account TEXT NOT NULL,
        branch TEXT NOT NULL REFERENCES branch (id),
        person TEXT NOT NULL REFERENCES person (id),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (channel, account)
    )""",
    "CREATE INDEX identity_person ON identity (person)",
    """CREATE TABLE role (
        person TEXT NOT NULL REFERENCES person (id),
        name TEXT NOT NULL,
        branch TEXT NOT NULL REFERENCES branch (id),
        granted_by TEXT NOT NULL,
        granted_at INTEGER NOT NULL,
        PRIMARY KEY (person, name)
    )""",
)

JOINING: Final = (
    """CREATE TABLE invite (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL REFERENCES branch (id),
        code_hash TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER,
        used_by TEXT
    )""",
    "CREATE INDEX invite_used_by ON invite (used_by)",
    "CREATE INDEX invite_expires_at ON invite (expires_at)",
    """CREATE TABLE join_try (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX join_try_person_at ON join_try (person, at)",
    "CREATE INDEX join_try_at ON join_try (at)",
    """CREATE TABLE consent (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT NOT NULL,
        purpose TEXT NOT NULL,
        wording_hash TEXT NOT NULL,
        given_at INTEGER NOT NULL,
        withdrawn_at INTEGER
    )""",
    "CREATE INDEX consent_person_purpose ON consent (person, purpose)",
)

TURNS: Final = (
    """CREATE TABLE session (
        person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
        branch TEXT NOT NULL REFERENCES branch (id),
        version INTEGER NOT NULL,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX session_updated_at ON session (updated_at)",
    """CREATE TABLE inbound_key (
        key TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX inbound_key_at ON inbound_key (at)",
    """CREATE TABLE outbox (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT,
        seq INTEGER NOT NULL,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        place TEXT NOT NULL,
        lane TEXT NOT NULL,
        policy TEXT NOT NULL,
        body TEXT NOT NULL,
        status TEXT NOT NULL,
        tries INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        lease_owner TEXT,
        lease_until INTEGER,
        receipt TEXT,
        error TEXT,
        made_at INTEGER NOT NULL,
        ended_at INTEGER
    )""",
    "CREATE INDEX outbox_status_seq ON outbox (status, seq)",
    "CREATE INDEX outbox_person ON outbox (person)",
    "CREATE INDEX outbox_ended_at ON outbox (ended_at)",
    """CREATE TABLE opt_out (
        person TEXT NOT NULL,
        topic TEXT NOT NULL,
        branch TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (person, topic)
    )""",
)

LEARNING: Final = (
    """CREATE TABLE miss (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        words TEXT NOT NULL,
        outcome TEXT NOT NULL,
        candidates TEXT NOT NULL,
        chosen TEXT,
        asker TEXT NOT NULL,
        status TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX miss_at ON miss (at)",
    "CREATE INDEX miss_branch_status ON miss (branch, status)",
    """CREATE TABLE feedback (
        person TEXT NOT NULL,
        about TEXT NOT NULL,
        branch TEXT NOT NULL,
        entry TEXT,
        helpful INTEGER NOT NULL,
        why TEXT,
        at INTEGER NOT NULL,
        PRIMARY KEY (person, about)
    )""",
    "CREATE INDEX feedback_at ON feedback (at)",
    """CREATE TABLE review (
        entry TEXT NOT NULL,
        branch TEXT NOT NULL,
        review_by TEXT NOT NULL,
        shown INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (entry, branch)
    )""",
    """CREATE TABLE audit (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        detail TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX audit_at ON audit (at)",
    """CREATE TABLE tombstone (
        identity_hash TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
)

QUESTIONS: Final = (  # of the second step
    """CREATE TABLE question (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT NOT NULL,
        channel TEXT NOT NULL,
        words TEXT NOT NULL,
        name TEXT,
        back_of TEXT,
        status TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        told_at INTEGER,
        ended_at INTEGER
    )""",
    "CREATE INDEX question_person ON question (person)",
    "CREATE INDEX question_branch_status_asked_at ON question (branch, status, asked_at)",
    "CREATE INDEX question_asked_at ON question (asked_at)",
    """CREATE TABLE take (
        question TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT NOT NULL,
        words TEXT,
        signed TEXT,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX take_person ON take (person)",
    "CREATE INDEX take_at ON take (at)",
    """CREATE TABLE reply (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        person TEXT,
        asked TEXT NOT NULL,
        words TEXT NOT NULL,
        status TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX reply_branch_status ON reply (branch, status)",
    "CREATE INDEX reply_person ON reply (person)",
    "CREATE INDEX reply_at ON reply (at)",
    """CREATE TABLE miss_group (
        id TEXT NOT NULL PRIMARY KEY,
        branch TEXT NOT NULL,
        words TEXT NOT NULL,
        status TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX miss_group_branch ON miss_group (branch)",
    "CREATE INDEX miss_group_at ON miss_group (at)",
)
