"""The tables of one person's chats: codes that join two of them, and what waits for its turn."""

from bot.service.table import INTEGER, TEXT, Personal, Table

# Codes that join two chats of one person; only a hash of each is kept, and it is gone once used.
LINK_CODE = Table(
    name="link_code",
    columns={
        "id": TEXT,
        "code_hash": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "expires_at": INTEGER,
    },
    key=("id",),
    unique=(("code_hash",),),
    indexes=(("person",), ("expires_at",)),
    personal=Personal(
        column="person",
        on_forget="delete",
        shown_as="Codes you made to join another chat",
        hidden=("code_hash",),
    ),
    kept=("link-codes", "expires_at"),
)
# What was said and waits for its turn, as it was said: for seconds, and only while the store is busy.
INBOX = Table(
    name="inbox",
    columns={
        "key": TEXT,
        "branch": TEXT,
        "channel": TEXT,
        "account": TEXT,
        "person": TEXT,
        "seq": INTEGER,
        "body": TEXT,
        "at": INTEGER,
    },
    key=("key",),
    optional=frozenset({"person"}),
    indexes=(("channel", "account", "seq"), ("seq",), ("person",), ("at",)),
    personal=Personal(
        column="person", on_forget="delete", shown_as="What you said that waits for its turn"
    ),
    kept=("inbox", "at"),
)
