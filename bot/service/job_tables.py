"""The tables of what is due, and of the files that go with replies."""

from typing import Final

from bot.service.table import INTEGER, TEXT, Personal, Table

DUE_JOB = Table(  # only `service/jobs.py` changes `status`
    name="due_job",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "kind": TEXT,
        "subject": TEXT,
        "person": TEXT,
        "payload": TEXT,
        "status": TEXT,
        "due_at": INTEGER,
        "tries": INTEGER,
        "lease_owner": TEXT,
        "lease_until": INTEGER,
        "error": TEXT,
        "made_at": INTEGER,
        "ended_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person", "lease_owner", "lease_until", "error", "ended_at"}),
    indexes=(("status", "due_at"), ("person",), ("ended_at",)),
    personal=Personal(
        column="person",
        on_forget="delete",
        shown_as="What the bot is to do for you",
        hidden=("lease_owner", "lease_until", "error"),
    ),
    kept=("jobs", "ended_at"),
)
FILE = Table(  # bytes as base64: a store holds text and numbers only
    name="file",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "name": TEXT,
        "media_type": TEXT,
        "content": TEXT,
        "made_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person"}),
    indexes=(("person",), ("made_at",)),
    personal=Personal(  # what a file says stands in other rows, which are shown
        column="person", on_forget="delete", shown_as="Files made for you", hidden=("content",)
    ),
    kept=("files", "made_at"),
)
JOB_TABLES: Final = (DUE_JOB, FILE)
