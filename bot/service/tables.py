"""Every table, in one place: its columns, its keys, and what it holds about people.

This is the registry of personal data too. A table with a column that leads to a person says so in
`personal`, and with it what `/mydata` shows, what `/forget` does, and how long a row is kept. A test
walks the registry, the adapters and the privacy code, so that a new table cannot be forgotten.

Ids are text, times are integer microseconds since 1970 in UTC, JSON is text: the same on every store.
"""

from collections.abc import Mapping
from typing import Final

from bot.service.broadcast_tables import BROADCAST_TABLES
from bot.service.chat_tables import INBOX, LINK_CODE
from bot.service.job_tables import JOB_TABLES
from bot.service.map_tables import MAP_TABLES
from bot.service.plan_tables import PLAN_TABLES
from bot.service.run_tables import RUN_TABLES
from bot.service.table import INTEGER, TEXT, Personal, Table

INSTALL = Table(  # of this install: the key of pseudonyms, and its public addresses
    name="install", columns={"name": TEXT, "value": TEXT}, key=("name",)
)
BRANCH = Table(
    name="branch", columns={"id": TEXT, "name": TEXT, "created_at": INTEGER}, key=("id",)
)
PERSON = Table(
    name="person",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "audience": TEXT,
        "language": TEXT,
        "created_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"audience"}),
    references={"branch": "branch"},
    personal=Personal(column="id", on_forget="delete", shown_as="You, as this bot knows you"),
)
IDENTITY = Table(
    name="identity",
    columns={
        "channel": TEXT,
        "account": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "created_at": INTEGER,
    },
    key=("channel", "account"),
    indexes=(("person",),),
    references={"person": "person", "branch": "branch"},
    personal=Personal(column="person", on_forget="delete", shown_as="Your chat accounts"),
)
ROLE = Table(
    name="role",
    columns={
        "person": TEXT,
        "name": TEXT,
        "branch": TEXT,
        "granted_by": TEXT,
        "granted_at": INTEGER,
    },
    key=("person", "name"),
    references={"person": "person", "branch": "branch"},
    personal=Personal(column="person", on_forget="delete", shown_as="Your roles"),
)
INVITE = Table(  # only a hash of the code is kept
    name="invite",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "code_hash": TEXT,
        "role": TEXT,
        "made_by": TEXT,
        "made_at": INTEGER,
        "expires_at": INTEGER,
        "used_at": INTEGER,
        "used_by": TEXT,
        "plan": TEXT,
    },
    key=("id",),
    optional=frozenset({"used_at", "used_by", "plan"}),
    unique=(("code_hash",),),
    indexes=(("used_by",), ("expires_at",)),
    references={"branch": "branch"},
    personal=Personal(
        column="used_by", on_forget="blank", shown_as="Codes you used", hidden=("code_hash",)
    ),
    kept=("join-codes", "expires_at"),
)
# Tries of a code, to slow down guessing; being forgotten takes none of them back.
JOIN_TRY = Table(
    name="join_try",
    columns={"id": TEXT, "branch": TEXT, "person": TEXT, "at": INTEGER},
    key=("id",),
    optional=frozenset({"person"}),
    indexes=(("person", "at"), ("at",)),
    personal=Personal(column="person", on_forget="blank", shown_as="Times you tried a code"),
    kept=("join-tries", "at"),
)
CONSENT = Table(
    name="consent",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "purpose": TEXT,
        "wording_hash": TEXT,
        "given_at": INTEGER,
        "withdrawn_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"withdrawn_at"}),
    indexes=(("person", "purpose"),),
    personal=Personal(column="person", on_forget="delete", shown_as="What you agreed to"),
    kept=("consents", "given_at"),
)
SESSION = Table(  # the secret signs this person's buttons
    name="session",
    columns={
        "person": TEXT,
        "branch": TEXT,
        "version": INTEGER,
        "state": TEXT,
        "updated_at": INTEGER,
    },
    key=("person",),
    indexes=(("updated_at",),),
    references={"person": "person", "branch": "branch"},
    personal=Personal(column="person", on_forget="delete", shown_as="Where our talk stands"),
    kept=("idle-sessions", "updated_at"),
)
INBOUND_KEY = Table(
    name="inbound_key",
    columns={"key": TEXT, "branch": TEXT, "at": INTEGER},
    key=("key",),
    indexes=(("at",),),
    kept=("message-keys", "at"),
)
OUTBOX = Table(  # only `service/outbox.py` changes `status`
    name="outbox",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "seq": INTEGER,
        "channel": TEXT,
        "address": TEXT,
        "place": TEXT,
        "lane": TEXT,
        "policy": TEXT,
        "body": TEXT,
        "status": TEXT,
        "tries": INTEGER,
        "due_at": INTEGER,
        "lease_owner": TEXT,
        "lease_until": INTEGER,
        "receipt": TEXT,
        "error": TEXT,
        "made_at": INTEGER,
        "ended_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person", "lease_owner", "lease_until", "receipt", "error", "ended_at"}),
    indexes=(("status", "seq"), ("person",), ("ended_at",)),
    personal=Personal(
        column="person",
        on_forget="delete",
        shown_as="Messages to you",
        hidden=("lease_owner", "lease_until", "error"),
    ),
    kept=("outbox", "ended_at"),
)
UNREACHABLE = Table(  # places that cannot be written to, until somebody writes from them
    name="unreachable",
    columns={
        "channel": TEXT,
        "address": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "since_at": INTEGER,
    },
    key=("channel", "address"),
    optional=frozenset({"person"}),
    indexes=(("person",), ("since_at",)),
    references={"branch": "branch"},
    personal=Personal(
        column="person", on_forget="delete", shown_as="That we cannot reach you there"
    ),
    kept=("unreachable", "since_at"),
)
FLOOD = Table(  # how fast a person, or everybody in a shared place, has written; see `flood.py`
    name="flood",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "empty_at": INTEGER,
        "unread": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person"}),
    indexes=(("person",), ("empty_at",)),
    personal=Personal(column="person", on_forget="delete", shown_as="How fast you wrote"),
    kept=("pace", "empty_at"),
)
OPT_OUT = Table(
    name="opt_out",
    columns={"person": TEXT, "topic": TEXT, "branch": TEXT, "at": INTEGER},
    key=("person", "topic"),
    personal=Personal(column="person", on_forget="delete", shown_as="What you said no to"),
)
MISS = Table(  # scrubbed words and no person: `asker` is a keyed hash that changes every month
    name="miss",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "words": TEXT,
        "outcome": TEXT,
        "candidates": TEXT,
        "chosen": TEXT,
        "asker": TEXT,
        "status": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"chosen"}),
    indexes=(("at",), ("branch", "status")),
    kept=("misses", "at"),
)
FEEDBACK = Table(
    name="feedback",
    columns={
        "person": TEXT,
        "about": TEXT,
        "branch": TEXT,
        "entry": TEXT,
        "helpful": INTEGER,
        "why": TEXT,
        "at": INTEGER,
    },
    key=("person", "about"),
    optional=frozenset({"entry", "why"}),
    indexes=(("at",),),
    personal=Personal(column="person", on_forget="delete", shown_as="Your votes on answers"),
    kept=("feedback", "at"),
)
REVIEW = Table(  # entries that were shown after their review date
    name="review",
    columns={"entry": TEXT, "branch": TEXT, "review_by": TEXT, "shown": INTEGER, "at": INTEGER},
    key=("entry", "branch"),
)
# A question to the reps of the branch. Its words are kept because the person agreed to that.
QUESTION = Table(
    name="question",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "channel": TEXT,
        "words": TEXT,
        "name": TEXT,
        "back_of": TEXT,
        "status": TEXT,
        "asked_at": INTEGER,
        "told_at": INTEGER,
        "ended_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"name", "back_of", "told_at", "ended_at"}),
    indexes=(("person",), ("branch", "status", "asked_at"), ("asked_at",)),
    personal=Personal(column="person", on_forget="delete", shown_as="Your questions to the reps"),
    kept=("questions", "asked_at"),
)
# Which rep has a question in hand, and what they have written. Their name goes with the row.
TAKE = Table(
    name="take",
    columns={
        "question": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "words": TEXT,
        "signed": TEXT,
        "at": INTEGER,
    },
    key=("question",),
    optional=frozenset({"words", "signed"}),
    indexes=(("person",), ("at",)),
    personal=Personal(column="person", on_forget="delete", shown_as="Questions you took as a rep"),
    kept=("questions", "at"),
)
# A reply as a draft for the editors: scrubbed, and nothing in it leads to whoever asked.
REPLY = Table(
    name="reply",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "asked": TEXT,
        "words": TEXT,
        "status": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person"}),
    indexes=(("branch", "status"), ("person",), ("at",)),
    personal=Personal(column="person", on_forget="blank", shown_as="Your replies, as drafts"),
    kept=("replies", "at"),
)
# A group of alike misses that editors have looked at: the words it began with, and what they decided.
MISS_GROUP = Table(
    name="miss_group",
    columns={"id": TEXT, "branch": TEXT, "words": TEXT, "status": TEXT, "at": INTEGER},
    key=("id",),
    indexes=(("branch",), ("at",)),
    kept=("triage", "at"),
)
AUDIT = Table(  # who is a pseudonym; no words that anybody wrote
    name="audit",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "who": TEXT,
        "what": TEXT,
        "detail": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    indexes=(("at",),),
    kept=("audit", "at"),
)
TOMBSTONE = (
    Table(  # keyed hashes of forgotten accounts, so that a restored backup forgets them again
        name="tombstone",
        columns={"identity_hash": TEXT, "branch": TEXT, "at": INTEGER},
        key=("identity_hash",),
        kept=("tombstones", "at"),
    )
)

TABLES: Final[tuple[Table, ...]] = (
    INSTALL,
    BRANCH,
    PERSON,
    IDENTITY,
    ROLE,
    INVITE,
    JOIN_TRY,
    LINK_CODE,
    CONSENT,
    SESSION,
    INBOUND_KEY,
    INBOX,
    OUTBOX,
    UNREACHABLE,
    FLOOD,
    OPT_OUT,
    MISS,
    FEEDBACK,
    REVIEW,
    QUESTION,
    TAKE,
    REPLY,
    MISS_GROUP,
    *RUN_TABLES,
    *PLAN_TABLES,
    *MAP_TABLES,
    *JOB_TABLES,
    *BROADCAST_TABLES,
    AUDIT,
    TOMBSTONE,
)
TABLE_BY_NAME: Final[Mapping[str, Table]] = {table.name: table for table in TABLES}
