"""The tables of broadcasts: where they go, what they say, and what became of every recipient."""

from typing import Final

from bot.service.table import INTEGER, REAL, TEXT, Personal, Table

# A channel or group. Who added it is told whether the channel confirmed that they may post there.
DESTINATION = Table(
    name="destination",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "channel": TEXT,
        "address": TEXT,
        "name": TEXT,
        "status": TEXT,
        "added_by": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"added_by"}),
    unique=(("channel", "address"),),
    indexes=(("branch",), ("added_by",)),
    references={"branch": "branch"},
    personal=Personal(
        column="added_by", on_forget="blank", shown_as="Places you added for broadcasts"
    ),
)
DESTINATION_ROLE = Table(  # who may send there: the role, and this list
    name="destination_role",
    columns={"destination": TEXT, "role": TEXT, "branch": TEXT},
    key=("destination", "role"),
    references={"destination": "destination"},
)
BROADCAST = Table(  # `planned_at` names the time that was begun last, `next_at` the one to come
    name="broadcast",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "author": TEXT,
        "status": TEXT,
        "texts": TEXT,
        "ready": TEXT,
        "gaps": TEXT,
        "kind": TEXT,
        "topic": TEXT,
        "audience": TEXT,
        "button": TEXT,
        "plan": TEXT,
        "urgent": TEXT,
        "hash": TEXT,
        "approved": TEXT,
        "planned_at": INTEGER,
        "next_at": INTEGER,
        "cursor": TEXT,
        "is_late": INTEGER,
        "changed_at": INTEGER,
    },
    key=("id",),
    optional=frozenset(
        {
            "author",
            "kind",
            "audience",
            "button",
            "plan",
            "approved",
            "planned_at",
            "next_at",
            "cursor",
        }
    ),
    indexes=(("branch", "changed_at"), ("author", "status"), ("changed_at",)),
    references={"branch": "branch"},
    personal=Personal(column="author", on_forget="blank", shown_as="Broadcasts you wrote"),
    kept=("broadcasts", "changed_at"),
)
# One row for everybody it was meant for, also for whoever was left out; its id is that of the outbox.
DELIVERY = Table(
    name="delivery",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "broadcast": TEXT,
        "planned_at": INTEGER,
        "person": TEXT,
        "fate": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"person"}),
    indexes=(("broadcast", "planned_at", "fate"), ("person", "at"), ("at",)),
    personal=Personal(column="person", on_forget="blank", shown_as="Broadcasts to you"),
    kept=("deliveries", "at"),
)
PACE = Table(  # how many messages a channel may send at once now; all processes share it
    name="pace",
    columns={"channel": TEXT, "tokens": REAL, "at": INTEGER},
    key=("channel",),
)
AUDIT_LINK = Table(  # the lines of the audit log, each tied to the one before it
    name="audit_link",
    columns={"seq": INTEGER, "line": TEXT, "branch": TEXT, "hash": TEXT, "at": INTEGER},
    key=("seq",),
    unique=(("line",),),
    indexes=(("at",),),
    kept=("audit", "at"),
)
BROADCAST_TABLES: Final = (
    DESTINATION,
    DESTINATION_ROLE,
    BROADCAST,
    DELIVERY,
    PACE,
    AUDIT_LINK,
)
